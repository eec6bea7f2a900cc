"""The table nodes against pandas, Orange and hand-written SQL; beyond memory; and the mining nodes against scikit-learn.

Run it: python -m benchmarks.tables [--rows 1e6 1e7] [--parts single again ...] [--anew]. Each figure is kept in
docs/benchmarks/tables.json as soon as it is there, with the machine and how idle that was, so that a long run can be cut and
taken up again; with --anew what is asked for takes the place of what is kept. The page docs/benchmarks/tables.md is written
from it. One row more of how time grows: --parts growth --growth 1e8.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import _machine, _results, _tables_page
from benchmarks._tables_data import make, make_articles

ROOT = Path(__file__).resolve().parent.parent
KEPT = _results.DOCS / "tables.json"
LIMIT = 2 * 2**30
MOST_MEMORY = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 3 // 4
CONTESTANTS = ("Peephole", "SQL", "pandas", "Orange")


class Measured:
    """What has been measured so far, kept after each figure.  anew: measure again what is there already."""

    def __init__(self, path: Path | None, *, anew: bool = False) -> None:
        self._path = path
        self._anew = anew
        self.data: dict[str, Any] = (_results.read(path) if path else None) or {}

    def get(self, key: str, measure: Callable[[], dict[str, Any]]) -> None:
        """Measure it, unless there is a figure to keep; with the machine, and how idle that was just before."""
        if key in self.data and not self._anew:
            return
        print(key, flush=True)
        idle = _machine.idle()
        self.data[key] = measure() | {"machine": _machine.machine(), "idle": idle}
        if self._path is not None:
            _results.keep(self._path, self.data)


def once(who: str, step: str, sales: Path, articles: Path, *, limit: int = 0, minutes: float = 20) -> dict[str, Any]:
    """One run in a process of its own; what goes wrong is told in `failed`."""
    python = os.environ.get("PEEPHOLE_ORANGE_PYTHON", sys.executable) if who == "Orange" else sys.executable
    command = [python, "-m", "benchmarks.tables_once", who, step, str(sales), str(articles)]
    command += ["--limit", str(limit)] if limit else []
    command += ["--scratch", str(sales.parent)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=minutes * 60, check=False)
    except subprocess.TimeoutExpired:
        return {"failed": f"not done after {minutes:g} minutes"}
    if done.returncode != 0 and ("MemoryError" in done.stderr or "malloc of size" in done.stderr):
        return {"failed": "does not fit into memory"}
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        killed = done.returncode < 0
        return {"failed": "killed" if killed else (lines[-1][:120] if lines else f"exit code {done.returncode}")}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def several(who: str, step: str, sales: Path, articles: Path, runs: int) -> dict[str, Any]:
    """The median of several runs; where the first fails, that."""
    limit = MOST_MEMORY if who == "pandas" else 0  # it would take along what else runs on the machine
    found = [once(who, step, sales, articles, limit=limit)]
    if "failed" not in found[0]:
        found += [once(who, step, sales, articles, limit=limit) for _ in range(runs - 1)]
    failed = next((f for f in found if "failed" in f), None)
    if failed is not None:
        return failed
    return {
        "seconds": statistics.median(f["seconds"] for f in found),
        "peak": statistics.median(f["peak"] for f in found),
        "rows": found[0]["rows"],
        "runs": runs,
    }


def against_others(
    kept: Measured,
    folder: Path,
    sizes: list[int],
    steps: list[str],
    runs: int,
    contestants: Sequence[str] = CONTESTANTS,
) -> None:
    """Every contestant in turn, each step, each size."""
    articles = make_articles(folder)
    for rows in sizes:
        sales = make(folder, rows)
        for step in steps:
            for who in contestants:
                if who == "Orange" and (rows > 1_000_000 or not _orange()):
                    continue
                kept.get(f"{step}/{rows}/{who}", lambda w=who, s=step, f=sales: several(w, s, f, articles, runs))


def _orange() -> bool:
    return "PEEPHOLE_ORANGE_PYTHON" in os.environ or importlib.util.find_spec("Orange") is not None


def beyond_memory(kept: Measured, folder: Path, rows: int) -> None:
    """Group by text, join and sort of wide rows under a hard limit of 2 GB."""
    wide = make(folder, rows, wide=True)
    keys = make(folder, rows * 17 // 40, wide=True)
    for step, source, other in (("group by text", keys, keys), ("full sort", wide, wide), ("join", wide, keys)):
        for who in ("Peephole", "SQL", "pandas"):
            kept.get(
                f"beyond/{step}/{rows}/{who}",
                lambda w=who, s=step, a=source, b=other: once(w, s, a, b, limit=LIMIT, minutes=12),
            )


def again(kept: Measured, folder: Path, rows: int) -> None:
    """A second run with nothing changed, and one with a setting near the end changed."""
    from benchmarks._tables_ours import chain, measured

    sales, articles = make(folder, rows), make_articles(folder)

    def seconds() -> dict[str, Any]:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            path = Path(place) / "chain.peep.json"
            path.write_text(json.dumps(chain(sales, articles)), encoding="utf-8")
            found = {"first": _command(path), "again": statistics.median(_command(path) for _ in range(3))}
            late = chain(sales, articles, descending=False)
            path.write_text(json.dumps(late), encoding="utf-8")
            found["late"] = _command(path)
            first = measured(chain(sales, articles), Path(place) / "other")
            changed = measured(late, Path(place) / "other")
            ran = [name for name, node in changed.nodes.items() if not node.cached]
            return found | {"ran": ran, "nodes": len(first.nodes)}

    kept.get(f"again/{rows}", seconds)


def warm(kept: Measured, folder: Path, rows: int, runs: int) -> None:
    """The chain run again in one session of the studio, and SQL in a process that has run it before."""
    from benchmarks import _tables_warm

    sales, articles = make(folder, rows), make_articles(folder)
    kept.get(f"warm/{rows}", lambda: _tables_warm.warm(sales, articles, folder, runs))


def _command(path: Path) -> float:
    """Wall seconds of a `peephole run`, from the shell's point of view."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "peephole.cli.main", "run", str(path)],
        check=True,
        capture_output=True,
        env=os.environ | {"PEEPHOLE_STORE": str(path.parent / "store")},
    )
    return time.perf_counter() - start


def mining(kept: Measured, data: Path, rows: int, columns: int, chosen: Sequence[str], runs: int) -> None:
    """The learners against scikit-learn called by hand.  chosen: which; none: all."""
    from benchmarks.tables_mining import LEARNERS, files

    both = files(data, rows, columns)
    for learner in chosen or LEARNERS:
        for who in ("node", "hand"):
            kept.get(f"mining/{learner}/{rows}x{columns}/{who}", lambda n=learner, w=who: _learn(n, w, both, runs))


def _learn(learner: str, who: str, files: Sequence[Path], runs: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.tables_mining", learner, who, *map(str, files)]
    env = os.environ | {"OMP_WAIT_POLICY": "PASSIVE"}
    found = []
    for _ in range(runs):
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True, env=env)
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return {key: statistics.median(f[key] for f in found) for key in ("seconds", "peak")}


PARTS = ("single", "again", "warm", "mining", "growth", "beyond")


def main() -> None:
    """Measure what is asked for and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=float, nargs="+", default=[1e6, 1e7])
    parser.add_argument(
        "--steps", nargs="+", default=_tables_page.STEPS, choices=_tables_page.STEPS, help="of the part `single`"
    )
    parser.add_argument("--growth", type=float, nargs="+", default=[1e5, 1e6, 1e7, 1e8])
    parser.add_argument("--beyond", type=float, default=4e7, help="rows of the tables that do not fit into 2 GB")
    parser.add_argument("--learn", type=int, nargs=2, default=[100_000, 50], metavar=("ROWS", "COLUMNS"))
    parser.add_argument("--learners", nargs="+", default=[], help="of the part `mining`; all where none is named")
    parser.add_argument("--parts", nargs="+", default=PARTS, choices=PARTS)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--data", type=Path, default=ROOT / "artefacts" / "benchmark-tables")
    parser.add_argument(
        "--kept", type=Path, default=KEPT, help="where figures are kept, and the page beside them; '-' for nowhere"
    )
    parser.add_argument("--anew", action="store_true", help="measure again also what is kept")
    args = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an ordinary installation keeps compiled modules
    kept = Measured(None if str(args.kept) == "-" else args.kept, anew=args.anew)
    sizes = [int(rows) for rows in args.rows]
    if "single" in args.parts:
        against_others(kept, args.data, sizes, args.steps, args.runs)
    if "again" in args.parts:
        again(kept, args.data, sizes[-1])
    if "warm" in args.parts:
        warm(kept, args.data, sizes[-1], max(args.runs, 9))
    if "mining" in args.parts:
        mining(kept, args.data, *args.learn, args.learners, args.runs)
    if "growth" in args.parts:
        growing = [int(rows) for rows in args.growth]
        against_others(kept, args.data, growing, ["chain"], args.runs, ("Peephole", "SQL", "pandas"))
    if "beyond" in args.parts:
        beyond_memory(kept, args.data, int(args.beyond))
    page = _tables_page.page(kept.data)
    print(page)
    if str(args.kept) != "-":
        args.kept.with_suffix(".md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
