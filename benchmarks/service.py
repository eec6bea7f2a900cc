"""The template churn-service: requests a second and the 99th percentile, against the model alone by hand.

Run it: python -m benchmarks.service [--quick]. It needs wrk, and writes docs/benchmarks/service.md. Both servers run on
loopback, each in a process of its own, and are asked in turn; figures are medians of several rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks._machine import machine
from peephole.engine.run import run
from peephole.engine.store import Store
from peephole.workflow import files

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "templates" / "churn-service" / "churn-service.peep.json"
PAGE = ROOT / "docs" / "benchmarks" / "service.md"
MODEL = "learn"
TOKEN = "benchmark"
CASES = [(1, 1), (1, 4), (100, 1), (1000, 1)]  # rows of a request, connections


def model_folder(store: Path) -> Path:
    """Where the fitted model lies, for the server by hand."""
    done = run(files.load(TEMPLATE), path=TEMPLATE, store=Store(store), targets=[MODEL])
    if done.status != "done":
        sys.exit(f"The model cannot be made: {done.problems}")
    return done.nodes[MODEL].outputs["model"].folder


@contextmanager
def server(command: list[str], folder: Path) -> Iterator[tuple[str, int]]:
    """A server's address and its process's number while it runs."""
    environment = os.environ | {"PEEPHOLE_SERVICE_TOKEN": TOKEN}
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                yield found.group(), process.pid
                break
        else:
            sys.exit(f"{command} did not start")
    finally:
        process.terminate()
        process.wait()


def processor_seconds(pid: int) -> float:
    """What a process has used so far: other load on the machine does not count."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


Figures = tuple[float, float, float]


def ask(server: tuple[str, int], rows: list[dict[str, Any]], connections: int, seconds: int, folder: Path) -> Figures:
    """Requests a second, the 99th percentile of their milliseconds, and the milliseconds of processor time of one."""
    address, pid = server
    script = folder / "ask.lua"
    body = json.dumps({"customers": rows})
    script.write_text(
        f"wrk.method = 'POST'\nwrk.body = [==[{body}]==]\n"
        f"wrk.headers['Authorization'] = 'Bearer {TOKEN}'\nwrk.headers['Content-Type'] = 'application/json'\n"
    )
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "--latency", "-s", str(script)]
    used = processor_seconds(pid)
    said = subprocess.run([*command, f"{address}/run"], capture_output=True, text=True, check=True).stdout
    used = processor_seconds(pid) - used
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit(f"Requests failed:\n{said}")
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said).group(1)  # type: ignore[union-attr]
    requests = int(re.search(r"(\d+) requests in", said).group(1))  # type: ignore[union-attr]
    return float(rate), float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit], 1000 * used / requests


def measure(rounds: int, seconds: int) -> list[dict[str, Any]]:
    """Every case on both servers, in turn."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        store = folder / "store"
        model = model_folder(store)
        sample = run(files.load(TEMPLATE), path=TEMPLATE, store=Store(store), targets=["sample"])
        rows = _rows(sample.nodes["sample"].outputs["table"].folder / "table.parquet", max(r for r, _ in CASES))
        python = [sys.executable, "-P", "-m"]
        own = [*python, "peephole.cli.main", "serve", str(TEMPLATE), "--port", "0", "--store", str(store)]
        by_hand = [*python, "benchmarks._service_by_hand", str(model)]
        with server(own, ROOT) as served, server(by_hand, ROOT) as floor:
            found = []
            for count, connections in CASES:
                figures: dict[str, list[Figures]] = {"own": [], "floor": []}
                for _ in range(rounds):
                    for name, address in (("own", served), ("floor", floor)):
                        figures[name].append(ask(address, rows[:count], connections, seconds, folder))
                medians = {n: tuple(statistics.median(f) for f in zip(*v, strict=True)) for n, v in figures.items()}
                found.append({"rows": count, "connections": connections, **medians})
                print(found[-1], flush=True)
            return found


def _rows(path: Path, count: int) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    return table.drop_columns([n for n in table.column_names if n.startswith("__")]).slice(0, count).to_pylist()


def page(found: list[dict[str, Any]]) -> str:
    """The table as Markdown."""
    lines = [
        "# A workflow as a service",
        "",
        f"`make bench-service`; {machine()}; load average at the end {os.getloadavg()[0]:.1f}. Asked by wrk on loopback.",
        "",
        "The template churn-service (gradient boosting of 100 trees), served by `peephole serve`: each request is checked cell",
        "by cell, cleaned by the same nodes as in training, predicted, decided by a formula, and answered as JSON. Beside it the",
        "floor: a FastAPI endpoint written by hand that checks nothing, cleans in one line, and calls the fitted model.",
        "",
        "Processor time is that of the server's process: it does not depend on what else the machine does, the others do.",
        "",
        "| rows a request | connections | | requests a second | 99th percentile | processor time of a request | of a row |",
        "|---|---|---|---|---|---|---|",
    ]
    for case in found:
        for name, words in (("own", "`peephole serve`"), ("floor", "by hand")):
            rate, slow, used = case[name]
            lines.append(
                f"| {case['rows']} | {case['connections']} | {words} | {rate:.1f} | {slow:.0f} ms "
                f"| {used:.1f} ms | {used / case['rows']:.3f} ms |"
            )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round, nothing written")
    args = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    text = page(measure(1, 2) if args.quick else measure(3, 4))
    print(text)
    if not args.quick:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
