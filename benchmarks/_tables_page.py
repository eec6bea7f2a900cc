"""The page docs/benchmarks/tables.md, written from what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks._results import table

STEPS = ("chain", "normalise", "partition", "lag", "distinct")
OTHERS = ("SQL", "pandas", "Orange")


Figures = Mapping[str, Mapping[str, Any]]
QUIET = 90  # per cent of the processor that nobody uses


def page(data: Figures) -> str:
    """The whole page."""
    parts = ["# Tables", "", "`make bench-tables`", ""]
    parts += [
        "Peephole runs a workflow as a person does: by `peephole run`, which starts a worker process, writes results to an empty",
        "store and looks at them. pandas and SQL read the same Parquet files and write one. Times are of whole processes, with",
        "imports, the start of Python itself left aside.",
        "Orange's chain is filter and group only, and its partition takes the first rows: the rest it cannot do in this form.",
        "",
    ]
    chain = {key: value for key, value in data.items() if key.startswith("chain/")}
    singles = {key: value for key, value in data.items() if key.split("/")[0] in STEPS and _in_first_table(key)}
    for title, made, figures in (
        ("## Against pandas, Orange and hand-written SQL", _against(data), singles),
        ("## How time grows (the whole chain)", _growth(data), {k: v for k, v in chain.items() if "Orange" not in k}),
        ("## A second run, and a late change", _again(data), _part(data, "again")),
        ("## Run again in one session, as at the canvas", _warm(data), _part(data, "warm")),
        ("## Beyond memory: a hard limit of 2 GB", _beyond(data), _part(data, "beyond")),
        ("## Mining nodes against scikit-learn by hand", _mining(data), _part(data, "mining")),
    ):
        if made:
            parts += [title, "", *made, "", *conditions(figures), ""]
    return "\n".join(parts)


def _part(data: Figures, name: str) -> Figures:
    return {key: value for key, value in data.items() if key.startswith(f"{name}/")}


def conditions(figures: Figures) -> list[str]:
    """On what machine, and beside what other work, the figures of a section were measured: a line for each answer."""
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for key, figure in figures.items():
        rows.setdefault(_row(key), []).append(figure)
    told: dict[tuple[str, str], list[str]] = {}
    for row, found in rows.items():
        beside, idle = _beside(found)
        where = str(found[0].get("machine", "a machine not recorded"))
        told.setdefault((beside, where), []).append(f"{row} ({idle})" if idle else row)
    lines = [f"Measured {beside}, on {machine}" for beside, machine in told]
    if len(lines) < 2 and not any("(" in row for names in told.values() for row in names):
        return [f"{line}." for line in lines]
    return [f"- {line}: {', '.join(names)}." for line, names in zip(lines, told.values(), strict=True)]


def _row(key: str) -> str:
    """The row of a table that a figure stands in, in words."""
    parts = key.split("/")
    if parts[0] in ("beyond", "mining"):
        return parts[1]
    if parts[0] == "warm":
        return "the session"
    return "the second run" if parts[0] == "again" else f"{_short(int(parts[1]))} {parts[0]}"


def _beside(figures: list[Mapping[str, Any]]) -> tuple[str, str]:
    """What else the machine did, and how idle it was at the busiest moment, where that says something."""
    idle = [figure["idle"] for figure in figures if figure.get("idle") is not None]
    if len(idle) < len(figures):
        return next((str(f["beside"]) for f in figures if "beside" in f), "beside nobody knows what"), ""
    if min(idle) >= QUIET:
        return f"while nothing else ran (more than {QUIET} % of the processor idle before each figure)", ""
    return "beside other work (so many per cent of the processor were idle before)", f"{min(idle):.0f}"


def _split(data: Mapping[str, Any], prefix: str = "") -> dict[tuple[str, int], dict[str, dict[str, Any]]]:
    """Figures by (step, rows) and contestant."""
    found: dict[tuple[str, int], dict[str, dict[str, Any]]] = {}
    for key, value in data.items():
        parts = key.split("/")
        if prefix:
            if parts[0] != prefix:
                continue
            parts = parts[1:]
        if len(parts) == 3 and parts[1].isdigit() and (prefix or parts[0] not in ("beyond", "mining")):
            found.setdefault((parts[0], int(parts[1])), {})[parts[2]] = value
    return found


def _against(data: Mapping[str, Any]) -> list[str]:
    rows = []
    for (step, size), found in sorted(
        _split(data).items(), key=lambda item: (item[0][1], item[0][0] != "chain", item[0][0])
    ):
        if not 1_000_000 <= size <= 10_000_000 or "Peephole" not in found:
            continue
        ours = found["Peephole"]
        cells: list[object] = [_short(size), step, _figure(ours)]
        for who in OTHERS:
            cells.append(_figure(found[who]) if who in found else "")
        cells += [_ratio(found.get("pandas"), ours), _ratio(ours, found.get("SQL")), _memory(ours, found.get("pandas"))]
        rows.append(cells)
    ratios = ["pandas / ours (aim ≥ 4)", "ours / SQL (aim ≤ 1.2)", "memory: ours / pandas (aim < 0.5)"]
    heads = ["rows", "step", "Peephole", *OTHERS, *ratios]
    return table(heads, rows).splitlines() if rows else []


def _in_first_table(key: str) -> bool:
    return 1_000_000 <= int(key.split("/")[1]) <= 10_000_000


def _figure(found: Mapping[str, Any]) -> str:
    if "failed" in found:
        return str(found["failed"])
    return f"{found['seconds']:.1f} s, {found['peak'] / 2**20:.0f} MiB"


def _short(rows: int) -> str:
    return f"{rows:.0e}".replace("e+0", "e")


def _ratio(above: Mapping[str, Any] | None, below: Mapping[str, Any] | None) -> str:
    if not above or not below or "seconds" not in above or "seconds" not in below:
        return ""
    return f"{above['seconds'] / below['seconds']:.2f}"


def _memory(ours: Mapping[str, Any], other: Mapping[str, Any] | None) -> str:
    if not other or "peak" not in other or "peak" not in ours:
        return ""
    return f"{ours['peak'] / other['peak']:.2f}"


def _growth(data: Mapping[str, Any]) -> list[str]:
    found = sorted((size, who) for (step, size), who in _split(data).items() if step == "chain")
    shown = ("Peephole", "SQL", "pandas")
    rows = [[_short(size), *(_figure(who[n]) if n in who else "" for n in shown)] for size, who in found]
    return table(["rows", "Peephole", "SQL", "pandas"], rows).splitlines() if len(rows) > 2 else []


def _again(data: Mapping[str, Any]) -> list[str]:
    rows = []
    for key, found in data.items():
        if key.startswith("again/"):
            size = _short(int(key.split("/")[1]))
            rows += [
                [size, "first run", f"{found['first']:.2f}", ""],
                [size, "again, nothing changed", f"{found['again']:.2f}", "< 0.5"],
                [
                    size,
                    f"the sort's direction changed; ran again: {', '.join(found['ran'])}",
                    f"{found['late']:.2f}",
                    "",
                ],
            ]
    return table(["rows", "`peephole run` of the chain", "seconds", "aim"], rows).splitlines() if rows else []


def _warm(data: Mapping[str, Any]) -> list[str]:
    rows = []
    for key, found in data.items():
        if key.startswith("warm/"):
            size, ratio = _short(int(key.split("/")[1])), f"{found['ours'] / found['sql']:.2f}"
            rows += [
                [
                    size,
                    "Peephole: the filter changed, the whole chain runs, in a worker that is there",
                    f"{found['ours']:.2f}",
                    ratio,
                ],
                [size, "SQL by hand, the same change, in a process that has run it before", f"{found['sql']:.2f}", ""],
            ]
    return table(["rows", "the chain", "seconds", "ours / SQL (aim ≤ 1.2)"], rows).splitlines() if rows else []


def _beyond(data: Mapping[str, Any]) -> list[str]:
    rows = []
    for (step, size), found in _split(data, "beyond").items():
        keys = f", {size * 17 // 40:.1e} keys" if step == "group by text" else ""
        told = [_figure(found[who]) if who in found else "" for who in ("Peephole", "SQL", "pandas")]
        rows.append([f"{step}, {size:.0e} rows{keys}".replace("e+0", "e"), *told])
    return table(["step", "Peephole", "SQL", "pandas"], rows).splitlines() if rows else []


def _mining(data: Mapping[str, Any]) -> list[str]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for key, value in data.items():
        parts = key.split("/")
        if parts[0] == "mining":
            found.setdefault((parts[1], parts[2]), {})[parts[3]] = value
    rows = []
    for (learner, size), both in found.items():
        if {"node", "hand"} <= both.keys():
            node, hand = both["node"], both["hand"]
            seconds = [node["seconds"], hand["seconds"], node["seconds"] / hand["seconds"]]
            rows.append([learner, size, *(f"{s:.2f}" for s in seconds), f"{node['peak'] / hand['peak']:.2f}"])
    heads = ["learner", "rows x columns", "node, s", "by hand, s", "time (aim ≤ 1.1)", "peak memory (aim ≤ 1.3)"]
    said = [
        "Both read the same Parquet file and write the tables that come out; the model stays in memory. By hand is pandas",
        "and scikit-learn with as little as gives the same: medians for missing numbers where the learner needs them,",
        "scaling, weights in the columns' own units, scores, clusters and centres. The nodes also look for categories,",
        "dates, infinite and constant values, and linear models for gaps that tell something. Imports are left aside.",
        "",
    ]
    return [*said, *table(heads, rows).splitlines()] if rows else []
