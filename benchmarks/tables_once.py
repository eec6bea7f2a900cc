"""One step by one contestant in this process: `python -m benchmarks.tables_once NAME STEP FILE OTHER [--limit BYTES]`.

Prints seconds (from the first import on) and the peak memory of this process and those it started.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path


def main() -> None:
    """Measure and print one line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("who")
    parser.add_argument("step")
    parser.add_argument("sales", type=Path)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--limit", type=int, default=0, help="bytes of memory that a process may ask for")
    parser.add_argument("--scratch", type=Path, default=None)
    args = parser.parse_args()
    if args.limit:
        resource.setrlimit(resource.RLIMIT_DATA, (args.limit, args.limit))
    with tempfile.TemporaryDirectory(dir=args.scratch) as folder:
        start = time.perf_counter()
        if args.who == "Peephole":
            from benchmarks._tables_ours import work
        else:
            from benchmarks._tables_others import CONTESTANTS

            work = CONTESTANTS[args.who]
        rows = work(args.step, args.sales, args.articles, Path(folder))
        seconds = time.perf_counter() - start
    usage = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({"seconds": seconds, "rows": rows, "peak": max(usage) * 1024}))


if __name__ == "__main__":
    main()
