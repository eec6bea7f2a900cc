"""The chain as the studio runs it: a worker that lives on, a setting near the start changed again and again."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks._tables_others import sql_of
from benchmarks._tables_ours import chain


def warm(sales: Path, articles: Path, scratch: Path, runs: int) -> dict[str, Any]:
    """Seconds until a changed run is over, and of hand-written SQL in a process that has run it before; in turn."""
    import duckdb

    from peephole.engine.process import WorkerProcess
    from peephole.engine.run import run
    from peephole.engine.store import Store
    from peephole.workflow.document import Document

    ours, theirs = [], []
    with TemporaryDirectory(dir=scratch) as folder, duckdb.connect() as connection:
        store, out = Store(Path(folder) / "store"), Path(folder) / "out.parquet"
        worker = WorkerProcess()
        try:
            for turn in range(runs + 1):  # the first makes both ready
                least = 20 + turn
                document = Document.model_validate(chain(sales, articles, least=least))
                start = time.perf_counter()
                found = run(document, store=store, worker=worker)
                ours.append(time.perf_counter() - start)
                if found.status != "done" or any(node.cached for name, node in found.nodes.items() if name == "sort"):
                    raise SystemExit(f"the chain did not run: {found.problems}")
                text = sql_of("chain", sales, articles, least=least)
                start = time.perf_counter()
                connection.execute(f"COPY ({text}) TO '{out}' (FORMAT parquet, COMPRESSION lz4_raw)")
                theirs.append(time.perf_counter() - start)
        finally:
            worker.close()
    return {"ours": statistics.median(ours[1:]), "sql": statistics.median(theirs[1:]), "runs": runs}
