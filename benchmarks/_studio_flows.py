"""Workflows for measuring the studio: many small nodes, a table whose effect is seen at once, ten million rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

BIG_ROWS = 10_000_000


def many(count: int) -> dict[str, Any]:
    """Rows of nodes, each wired to the next: `count` nodes, a table by hand at the head of each row."""
    across = max(4, int((count * 1.6) ** 0.5))
    nodes: dict[str, Any] = {}
    wires: list[str] = []
    for number in range(count):
        if number % across == 0:
            settings = {"columns": [{"name": "a", "type": "integer"}], "rows": [[1], [2]]}
            nodes[f"n{number}"] = {"type": "table_by_hand", "title": f"Table {number}", "settings": settings}
        else:
            nodes[f"n{number}"] = {"type": "filter_rows", "title": f"Rows {number}", "settings": {"where": "a > 0"}}
            wires.append(f"n{number - 1}.table -> n{number}.table")
    layout = {f"n{i}": [i % across * 296, i // across * 140] for i in range(count)}
    return {"title": f"{count} nodes", "nodes": nodes, "wires": wires, "layout": layout}


def small() -> dict[str, Any]:
    """A table of a hundred rows and the same, sorted."""
    rows = [[(7 * n) % 100] for n in range(100)]
    settings = {"columns": [{"name": "a", "type": "integer"}], "rows": rows}
    by = [{"column": "a", "descending": False}]
    return {
        "title": "Small",
        "nodes": {
            "hand": {"type": "table_by_hand", "title": "By hand", "settings": settings},
            "sorted": {"type": "sort", "title": "Sorted", "settings": {"by": by}},
        },
        "wires": ["hand.table -> sorted.table"],
        "layout": {"hand": [0, 0], "sorted": [320, 0]},
    }


def big(folder: Path) -> dict[str, Any]:
    """Ten million rows of four columns in a Parquet file, and the node that keeps them."""
    columns = "i + 1 AS n, i % 97 AS k, (i * 0.25) AS x, 'row ' || i AS name"
    query = f"COPY (SELECT {columns} FROM range({BIG_ROWS}) t(i)) TO '{folder / 'big.parquet'}' (FORMAT parquet)"
    with duckdb.connect() as connection:
        connection.execute(query)
    read = {"type": "read_parquet", "title": "Big", "pinned": True, "settings": {"path": str(folder / "big.parquet")}}
    return {"title": "Big", "nodes": {"big": read}, "layout": {"big": [0, 0]}}
