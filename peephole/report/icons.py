"""Small line drawings for nodes, on a 24 by 24 grid: by icon name, else by family, else a plain box."""

from __future__ import annotations

_TABLE = "M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9"
_DRAWINGS: dict[str, str] = {
    "box": "M5 7.5 12 4l7 3.5v9L12 20l-7-3.5zM5 7.5l7 3.5 7-3.5M12 11v9",
    "table": _TABLE,
    "read": "M13 4H6.5v16h11V8.5zM13 4v4.5h4.5M12 11.5v5.5M9.5 14.5 12 17l2.5-2.5",
    "write": "M13 4H6.5v16h11V8.5zM13 4v4.5h4.5M12 17v-5.5M9.5 14 12 11.5l2.5 2.5",
    "database": "M5 6.5c0-1.4 3.1-2.5 7-2.5s7 1.1 7 2.5S15.9 9 12 9 5 7.9 5 6.5zM5 6.5v11"
    "C5 18.9 8.1 20 12 20s7-1.1 7-2.5v-11M5 12c0 1.4 3.1 2.5 7 2.5s7-1.1 7-2.5",
    "filter": "M4 5h16l-6.2 7.2V19l-3.6-1.8v-5z",
    "join": "M9 6.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 1 0 0-11zM15 6.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 1 0 0-11z",
    "concat": "M5 4.5h14v6H5zM5 13.5h14v6H5z",
    "group": "M5 5h5v5H5zM5 14h5v5H5zM10 7.5h3.5v9H10M13.5 12H19M16.5 9.5 19 12l-2.5 2.5",
    "sort": "M8 5v14M5 16l3 3 3-3M13.5 6H20M13.5 11H18M13.5 16h2.5",
    "columns": "M4 5h16v14H4zM9.3 5v14M14.7 5v14",
    "formula": "M16.5 5.5c-2.8-1.2-4 .3-4.4 2.5l-1.7 9c-.4 2-1.5 2.8-3.4 2M8 11h7.5",
    "pivot": "M4 4h5v5H4zM9 4h11v5H9zM4 9h5v11H4zM13 18.5c3.5 0 5-1.5 5-5M16 15l2-2 2 2",
    "bin": "M4 19h16M5.5 19v-4.5h3V19M8.5 19V8h3.5v11M12 19V5h3.5v14M15.5 19v-7h3v7",
    "cast": "M5 8.5h12M14 5.5l3 3-3 3M19 15.5H7M10 12.5l-3 3 3 3",
    "missing": "M5 5h14v14H5zM10 9.7c.2-1.3 1-2 2.1-2 1.2 0 2.1.8 2.1 1.9 0 1.6-2.2 1.7-2.2 3.5M12 16v.1",
    "partition": "M4 12h6M10 12c3 0 3-5.5 6-5.5h4M10 12c3 0 3 5.5 6 5.5h4M17.5 4 20 6.5 17.5 9M17.5 15l2.5 2.5-2.5 2.5",
    "sample": "M5 5h3v3H5zM10.5 5h3v3h-3zM16 5h3v3h-3zM5 10.5h3v3H5zM10.5 10.5h3v3h-3zM16 10.5h3v3h-3z"
    "M5 16h3v3H5zM10.5 16h3v3h-3z",
    "tree": "M12 4.5v4M12 8.5H7v4M12 8.5h5v4M9.5 3.5h5v3h-5zM4.5 12.5h5v3h-5zM14.5 12.5h5v3h-5zM7 15.5v4M17 15.5v4",
    "boost": "M4 18.5 9 13l3.5 3L20 7M15 7h5v5",
    "model": "M12 3.5 19.5 8v8L12 20.5 4.5 16V8zM12 8.5l3.5 2v4L12 16.5l-3.5-2v-4z",
    "predict": "M4 12h9M10 8.5l3.5 3.5L10 15.5M17.5 5v14M20.5 9v6",
    "score": "M12 4a8 8 0 1 0 0 16 8 8 0 1 0 0-16zM12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 1 0 0-7zM12 12v.1",
    "importance": "M4 5.5h14M4 10h10M4 14.5h6.5M4 19h3.5",
    "bar": "M4 20h16M6.5 20v-7M12 20V5M17.5 20v-10",
    "line": "M4 4v16h16M6.5 15.5l4-5 3.5 3L20 6.5",
    "scatter": "M4 4v16h16M8.5 15.5v.1M11 11v.1M14 13.5v.1M15.5 8.5v.1M18.5 6.5v.1M18 11v.1",
    "heatmap": "M4 4h16v16H4zM4 9.3h16M4 14.7h16M9.3 4v16M14.7 4v16",
    "statistics": "M4 19.5c4 0 4.5-14 8-14s4 14 8 14M4 19.5h16",
    "network": "M5.5 8 12 5l6.5 7L12 19l-6.5-3M5.5 8l6.5 4-6.5 4M12 12h6.5",
    "text": "M5 6V5h14v1M12 5v14M9.5 19h5",
    "image": "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 9v.1",
    "clock": "M12 4a8 8 0 1 0 0 16 8 8 0 1 0 0-16zM12 7.5V12l3 2",
    "globe": "M12 4a8 8 0 1 0 0 16 8 8 0 1 0 0-16zM4 12h16M12 4c-5 5-5 11 0 16M12 4c5 5 5 11 0 16",
    "clean": "M13.5 4 9 13.5M6.5 12.5l8 3.5-1.5 4H4.5c1.5-2 2-4.5 2-7.5z",
    "eye": "M3.5 12C6 8 9 6.2 12 6.2S18 8 20.5 12C18 16 15 17.8 12 17.8S6 16 3.5 12zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 1 0 0-5z",
    "report": "M6 4h12v16H6zM9 8h6M9 12h6M9 16h3.5",
    "variable": "M7 5c-2.5 4.5-2.5 9.5 0 14M17 5c2.5 4.5 2.5 9.5 0 14M9.5 9.5l5 5M14.5 9.5l-5 5",
    "note": "M5 5h14v9.5L14.5 19H5zM14.5 19v-4.5H19",
    "loop": "M18.5 9A7 7 0 0 0 6 8M5.5 15A7 7 0 0 0 18 16M18.8 4.8V9h-4.2M5.2 19.2V15h4.2",
}
# Other words for the same thing: node names, families, and icon names that nodes may use.
_ALSO: dict[str, str] = {
    "file": "read", "csv": "read", "io": "read", "input": "read", "parquet": "read", "data": "database", "sql": "database",
    "output": "write", "save": "write", "export": "write", "rows": "table", "tables": "join", "merge": "join",
    "aggregate": "group", "sigma": "group", "select": "columns", "rename": "columns", "function": "formula", "math": "formula",
    "calculator": "formula", "histogram": "bin", "type": "cast", "convert": "cast", "split": "partition", "fork": "partition",
    "branch": "partition", "learn": "model", "learner": "model", "mining": "model", "forest": "tree", "gradient": "boost",
    "gradient_boosting": "boost", "decision_tree": "tree", "apply": "predict", "magic": "predict", "target": "score",
    "scoring": "score", "evaluate": "score", "rank": "importance", "view": "eye", "views": "bar", "chart": "bar",
    "bar-chart": "bar", "chart-bar": "bar", "chart-line": "line", "line-chart": "line", "chart-scatter": "scatter",
    "heat": "heatmap", "heat-map": "heatmap", "heat_map": "heatmap", "grid": "heatmap", "figure": "bar", "stats": "statistics",
    "distribution": "statistics", "neural": "network", "deep": "network", "layers": "network", "lstm": "network",
    "time": "clock", "date": "clock", "calendar": "clock", "web": "globe", "url": "globe", "broom": "clean", "cleaning": "clean",
    "missing_values": "missing", "question": "missing", "page": "report", "control": "loop", "unknown": "missing",
    "hash": "bin", "shuffle": "sample", "dice": "sample",
}  # fmt: skip


def drawing(icon: str, family: str = "") -> str:
    """The `d` of a path to stroke: for an icon name, else for one of its words, else for its family, else a box."""
    for name in (icon, *icon.replace("_", "-").split("-"), family):
        found = _DRAWINGS.get(name) or _DRAWINGS.get(_ALSO.get(name, ""))
        if found:
            return found
    return _DRAWINGS["box"]


def names() -> list[str]:
    """Every icon name that has a drawing of its own."""
    return sorted(_DRAWINGS)
