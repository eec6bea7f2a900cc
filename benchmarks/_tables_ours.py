"""The steps as workflows; run by the engine as a person runs them, with a worker process and an empty store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from peephole.engine.run import RunResult, run
from peephole.engine.store import Store
from peephole.workflow.document import Document

EDGES = [100.0, 250.0, 500.0, 750.0]


def document(nodes: dict[str, tuple[str, dict[str, Any]]], *wires: str) -> Document:
    blocks = {name: {"type": kind, "settings": settings} for name, (kind, settings) in nodes.items()}
    return Document.model_validate({"nodes": blocks, "wires": list(wires)})


def chain(sales: Path, articles: Path, *, descending: bool = True) -> Document:
    """Read, filter, join, bin, group, pivot, sort."""
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "sales": ("read_parquet", {"path": str(sales)}),
        "articles": ("read_parquet", {"path": str(articles)}),
        "filter": ("filter_rows", {"where": "amount > 20 AND margin > -100"}),
        "join": ("join", {"keys": [{"left": "article", "right": "article"}]}),
        "bin": ("bin", {"column": "amount", "method": "edges", "edges": EDGES, "name": "size"}),
        "group": (
            "group_by",
            {
                "keys": ["region", "shop", "size"],
                "compute": [
                    {"column": "amount", "function": "sum", "name": "turnover"},
                    {"column": "margin", "function": "mean", "name": "margin"},
                ],
            },
        ),
        "pivot": ("pivot", {"rows": ["region", "shop"], "columns": "size", "value": "turnover", "function": "sum"}),
        "sort": ("sort", {"by": [{"column": "region"}, {"column": "shop", "descending": descending}]}),
    }
    return document(
        nodes,
        "sales.table -> filter.table",
        "filter.table -> join.left",
        "articles.table -> join.right",
        "join.table -> bin.table",
        "bin.table -> group.table",
        "group.table -> pivot.table",
        "pivot.table -> sort.table",
    )


SINGLE: dict[str, tuple[str, dict[str, Any]]] = {
    "normalise": ("normalise", {"columns": ["amount", "margin"], "method": "z-score"}),
    "partition": ("partition", {"fraction": 0.7}),
    "lag": ("lag", {"shifts": [{"column": "amount"}], "groups": ["article"], "order_by": ["id"]}),
    "distinct": ("remove_duplicates", {"columns": ["article", "shop", "day"]}),
    "full sort": ("sort", {"by": [{"column": "day"}, {"column": "amount"}]}),
    "group by text": ("group_by", {"keys": ["text"], "compute": [{"column": "amount", "function": "sum"}]}),
}


def single(step: str, source: Path) -> Document:
    """Read, and one node whose result is stored."""
    return document({"read": ("read_parquet", {"path": str(source)}), "step": SINGLE[step]}, "read.table -> step.table")


def joined(source: Path, other: Path) -> Document:
    """Two large tables joined by their ids."""
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "left": ("read_parquet", {"path": str(source)}),
        "right": ("read_parquet", {"path": str(other)}),
        "join": ("join", {"keys": [{"left": "id", "right": "id"}]}),
    }
    return document(nodes, "left.table -> join.left", "right.table -> join.right")


def measured(made: Document, folder: Path) -> RunResult:
    """Run it; raises SystemExit where it fails."""
    result = run(made, store=Store(folder / "store"))
    if result.status != "done":
        raise SystemExit(f"the run failed: {[str(p) for p in result.problems.values()]}")
    return result


def work(step: str, sales: Path, articles: Path, folder: Path) -> int:
    """One step; gives the rows that came out."""
    made = (
        chain(sales, articles)
        if step == "chain"
        else joined(sales, articles)
        if step == "join"
        else single(step, sales)
    )
    result = measured(made, folder)
    last = "sort" if step == "chain" else "join" if step == "join" else "step"
    return sum(int(o.facts.get("rows", 0)) for o in result.nodes[last].outputs.values())
