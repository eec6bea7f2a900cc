"""The steps as workflows; run by `peephole run` as a person runs them, with a worker process and an empty store."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # else what is imported here would be there before the command begins
    from peephole.engine.run import RunResult

Plain = dict[str, Any]

EDGES = [100.0, 250.0, 500.0, 750.0]


def document(nodes: dict[str, tuple[str, dict[str, Any]]], *wires: str) -> Plain:
    """A workflow as it stands in its file."""
    blocks = {name: {"type": kind, "version": 1, "settings": settings} for name, (kind, settings) in nodes.items()}
    return {"format": "peephole-workflow", "version": 1, "nodes": blocks, "wires": list(wires)}


def chain(sales: Path, articles: Path, *, descending: bool = True, least: float = 20) -> Plain:
    """Read, filter (amounts above `least`), join, bin, group, pivot, sort."""
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "sales": ("read_parquet", {"path": str(sales)}),
        "articles": ("read_parquet", {"path": str(articles)}),
        "filter": ("filter_rows", {"where": f"amount > {least:g} AND margin > -100"}),
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


def single(step: str, source: Path) -> Plain:
    """Read, and one node whose result is stored."""
    return document({"read": ("read_parquet", {"path": str(source)}), "step": SINGLE[step]}, "read.table -> step.table")


def joined(source: Path, other: Path) -> Plain:
    """Two large tables joined by their ids."""
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "left": ("read_parquet", {"path": str(source)}),
        "right": ("read_parquet", {"path": str(other)}),
        "join": ("join", {"keys": [{"left": "id", "right": "id"}]}),
    }
    return document(nodes, "left.table -> join.left", "right.table -> join.right")


def measured(made: Plain, folder: Path) -> RunResult:
    """Run it by the engine; raises SystemExit where it fails."""
    from peephole.engine.run import run
    from peephole.engine.store import Store
    from peephole.workflow.document import Document

    result = run(Document.model_validate(made), store=Store(folder / "store"))
    if result.status != "done":
        raise SystemExit(f"the run failed: {[str(p) for p in result.problems.values()]}")
    return result


def work(step: str, sales: Path, articles: Path, folder: Path) -> int:
    """One step by the command, in this process; gives the rows that came out."""
    made = (
        chain(sales, articles)
        if step == "chain"
        else joined(sales, articles)
        if step == "join"
        else single(step, sales)
    )
    path = folder / "measured.peep.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    from peephole.cli.main import main

    with contextlib.redirect_stdout(io.StringIO()) as told:
        code = main(["run", str(path), "--store", str(folder / "store"), "--json"])
    if code != 0:
        raise SystemExit(f"the run failed: {told.getvalue().splitlines()[-2:]}")
    last = "sort" if step == "chain" else "join" if step == "join" else "step"
    events = map(json.loads, told.getvalue().splitlines())
    end = next(e for e in events if e["event"] == "finished" and e["node"] == last)
    return sum(int(output["facts"].get("rows", 0)) for output in end["outputs"])
