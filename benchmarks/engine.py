"""What the engine itself costs, and the flagship workflow against the same steps written by hand.

Run it: python -m benchmarks.engine [--quick]. It writes docs/benchmarks/engine.md. Every figure is the median of
several runs; the flagship and the script run in turn, each in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks._machine import machine
from peephole.engine.catalog import catalog
from peephole.engine.plan import make_plan
from peephole.engine.run import run
from peephole.engine.store import Store
from peephole.tables.engines import engine_version
from peephole.workflow import files
from peephole.workflow.document import Document, NodeBlock, Wire

ROOT = Path(__file__).resolve().parent.parent
FLAGSHIP = ROOT / "templates" / "flight-delays" / "flight-delays.peep.json"
PAGE = ROOT / "docs" / "benchmarks" / "engine.md"


def chain(nodes: int, source: Path) -> Document:
    """A reader and a chain of light formulas."""
    blocks = {"n0": NodeBlock(type="read_parquet", settings={"path": str(source)})}
    wires = []
    for i in range(1, nodes + 1):
        blocks[f"n{i}"] = NodeBlock(type="formula", settings={"name": "n", "expression": f"n + {i}"})
        wires.append(Wire(f"n{i - 1}", "table", f"n{i}", "table"))
    return Document(nodes=blocks, wires=tuple(wires))


def fan_out(nodes: int, source: Path) -> Document:
    """A reader and many light formulas side by side, each with a result of its own."""
    blocks = {"n0": NodeBlock(type="read_parquet", settings={"path": str(source)})}
    for i in range(1, nodes + 1):
        blocks[f"n{i}"] = NodeBlock(type="formula", settings={"name": "n", "expression": f"n + {i}"})
    return Document(nodes=blocks, wires=tuple(Wire("n0", "table", f"n{i}", "table") for i in range(1, nodes + 1)))


@contextmanager
def scratch() -> Iterator[tuple[Store, Path]]:
    """An empty store and a Parquet file of a thousand rows."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.parquet"
        pq.write_table(pa.table({"n": list(range(1000)), "k": [i % 7 for i in range(1000)]}), source)
        yield Store(Path(folder) / "store"), source


def median(measure: Callable[[], float], runs: int) -> float:
    """The median of several measurements."""
    return statistics.median(measure() for _ in range(runs))


def seconds_of_run(make: Callable[[int, Path], Document], nodes: int) -> float:
    """Wall seconds of one fresh run, the worker's start included."""
    with scratch() as (store, source):
        document = make(nodes, source)
        start = time.perf_counter()
        result = run(document, store=store)
        seconds = time.perf_counter() - start
        if result.status != "done":
            raise SystemExit(f"the run failed: {result.problems}")
        return seconds


def overhead(runs: int) -> list[str]:
    """Cost of one more light node, in chains and side by side."""
    base = median(lambda: seconds_of_run(chain, 1), runs)
    lines = [
        f"A run of one light node takes {base:.2f} s, nearly all of it the start of the worker process.",
        "",
        "| workflow | seconds | ms for each further node | aim |",
        "|---|---|---|---|",
    ]
    for name, make, nodes in [
        ("chain of 10", chain, 10),
        ("chain of 100", chain, 100),
        ("chain of 1000", chain, 1000),
        ("fan-out of 100, each result stored", fan_out, 100),
    ]:
        seconds = median(lambda make=make, nodes=nodes: seconds_of_run(make, nodes), runs)
        lines.append(f"| {name} | {seconds:.2f} | {(seconds - base) / (nodes - 1) * 1000:.1f} | < 5 |")
    return lines


def planning(runs: int) -> list[str]:
    """Planning a thousand nodes: nothing stored yet, and everything stored."""
    specs, engine = catalog().specs, engine_version("duckdb")
    with scratch() as (store, source):
        document = chain(1000, source)

        def plan_once() -> float:
            start = time.perf_counter()
            make_plan(document, specs, folder=Path.cwd(), store=store, engine=engine)
            return time.perf_counter() - start

        fresh = median(plan_once, runs * 3)
        run(document, store=store)
        stored = median(plan_once, runs * 3)
    return [
        "| planning 1000 nodes | ms | aim |",
        "|---|---|---|",
        f"| nothing stored | {fresh * 1000:.0f} | < 50 |",
        f"| everything stored | {stored * 1000:.0f} | < 50 |",
    ]


def command(*arguments: str, store: Path) -> float:
    """Wall seconds of a `peephole run`, from the shell's point of view."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "peephole.cli.main", "run", *arguments],
        check=True,
        capture_output=True,
        env=os.environ | {"PEEPHOLE_STORE": str(store)},
    )
    return time.perf_counter() - start


def by_hand() -> dict[str, float]:
    """Seconds of each part of the script written with pandas and scikit-learn."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.flagship_by_hand"],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env=os.environ | {"OMP_WAIT_POLICY": "PASSIVE"},  # as our worker sets it: on a busy machine it is much faster
    )
    seconds: dict[str, float] = json.loads(done.stdout.splitlines()[-1])["seconds"]
    return seconds | {"process": time.perf_counter() - start}


def flagship(runs: int) -> list[str]:
    """The flagship and the script in turn; then the flagship with nothing changed."""
    ours, theirs, again, late = [], [], [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            store = Path(folder) / "store"
            ours.append(command(str(FLAGSHIP), store=store))
            theirs.append(by_hand()["process"])
            again.extend(command(str(FLAGSHIP), store=store) for _ in range(3))
            late.append(command(str(FLAGSHIP), "--set", "score_tree.positive=on time", store=store))
    other = statistics.median(theirs)
    rows = [("the script with pandas and scikit-learn", theirs, ""), ("`peephole run`, empty store", ours, "ratio ≤ 1")]
    rows += [
        ("`peephole run` again, nothing changed", again, "< 0.5 s"),
        ("`peephole run`, a late setting changed", late, ""),
    ]
    return [
        "| flight-delays, the whole process from the shell | seconds | ratio | aim |",
        "|---|---|---|---|",
        *(
            f"| {name} | {statistics.median(s):.2f} | {statistics.median(s) / other:.2f} | {aim} |"
            for name, s, aim in rows
        ),
        "",
        f"{len(files.load(FLAGSHIP).nodes)} nodes, 336,776 flights. The script keeps nothing and draws nothing;",
        "`peephole run` also stores its results (so that the second run has nothing to do) and makes eight figures.",
    ]


def main() -> None:
    """Measure everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one run of each, nothing written")
    quick = parser.parse_args().quick
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an ordinary installation keeps compiled modules
    runs = 1 if quick else 3
    parts = [
        "# The engine",
        "",
        f"`make bench-engine`; {machine()}.",
        "",
        *overhead(runs),
        "",
        *planning(runs),
        "",
        *flagship(runs),
        "",
    ]
    page = "\n".join(parts)
    print(page)
    if not quick:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
