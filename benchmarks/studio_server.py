"""What a person waits for in the studio, seen from its page: rows of a long table, the effect of a changed setting.

Run it: python -m benchmarks.studio_server [--quick]. It writes docs/benchmarks/studio_server.md. The studio runs in a
process of its own, asked over HTTP and a websocket as a browser does.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import httpx
from websockets.sync.client import ClientConnection, connect

from benchmarks._machine import machine, quiet

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks" / "studio_server.md"
LONG = {
    "nodes": {
        "read": {"type": "read_parquet", "settings": {"path": "long.parquet"}},
        "some": {"type": "filter_rows", "settings": {"where": "k < 500"}},
    },
    "wires": ["read.table -> some.table"],
}
SMALL = {
    "nodes": {
        "read": {"type": "read_csv", "settings": {"path": "small.csv"}},
        "some": {"type": "filter_rows", "settings": {"where": "a > 5"}},
        "means": {"type": "group_by", "settings": {"keys": ["b"], "compute": [{"column": "a", "function": "mean"}]}},
    },
    "wires": ["read.table -> some.table", "some.table -> means.table"],
}
COLUMNS = """i AS id, hash(i) % 1000 AS k, random() AS a, random() * 100 AS b, (hash(i * 7) % 100000) / 7 AS c,
'name ' || (hash(i * 3) % 50000) AS name, ['red', 'green', 'blue'][1 + (i % 3)] AS colour,
DATE '2000-01-01' + (i % 9000)::INTEGER AS day, i % 2 = 0 AS flag, random() AS d, random() AS e, hash(i * 11) % 100 AS f"""

Row = tuple[str, str, str, str]


class Studio:
    """A running studio, asked as its page asks."""

    def __init__(self, address: str) -> None:
        self.host = address.partition("/?")[0]
        self.client = httpx.Client(base_url=self.host, headers={"Origin": self.host}, timeout=600)
        self.client.get(address)

    def open(self, path: Path) -> str:
        """The document's id."""
        return str(self.client.post("/api/documents", json={"path": str(path)}).json()["id"])

    def get(self, one: str, what: str, **query: object) -> httpx.Response:
        """Something of a document; anything but success ends the benchmark."""
        answer = self.client.get(f"/api/documents/{one}/{what}", params={k: str(v) for k, v in query.items()})
        answer.raise_for_status()
        return answer

    @contextmanager
    def page(self, one: str) -> Iterator[ClientConnection]:
        """A page's websocket."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        url = f"{self.host.replace('http', 'ws')}/api/documents/{one}/socket"
        with connect(url, additional_headers={"Cookie": cookie, "Origin": self.host}, max_size=None) as socket:
            yield socket


@contextmanager
def studio(folder: Path) -> Iterator[Studio]:
    """A studio in a process of its own."""
    command = [sys.executable, "-m", "peephole.cli.main", "studio", "--no-browser", "--port", "0"]
    environment = os.environ | {"PEEPHOLE_STUDIO": str(folder / "state"), "PEEPHOLE_STORE": str(folder / "store")}
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        if found is None:
            raise SystemExit("the studio did not start")
        yield Studio(found[0])
    finally:
        process.kill()
        process.communicate()


def until(socket: ClientConnection, fits: Callable[[dict[str, Any]], bool]) -> None:
    """Read messages up to one that fits."""
    while not fits(json.loads(socket.recv(timeout=600))):
        pass


def timed(work: Callable[[], object]) -> float:
    """Seconds that something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def milliseconds(times: list[float]) -> tuple[str, str]:
    """Median and 95th percentile as text."""
    ordered = sorted(times)
    return f"{statistics.median(ordered) * 1000:.0f} ms", f"{ordered[int(len(ordered) * 0.95)] * 1000:.0f} ms"


def long_table(served: Studio, folder: Path, rows: int, runs: int) -> Iterator[Row]:
    """Pages of a stored table that nobody could load."""
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {COLUMNS} FROM range({rows}) t(i)) TO '{folder / 'long.parquet'}'")
    (folder / "long.peep.json").write_text(json.dumps({"format": "peephole-workflow", "version": 1, **LONG}))
    one = served.open(folder / "long.peep.json")
    with served.page(one) as socket:
        socket.send(json.dumps({"do": "run", "targets": ["read"]}))
        until(socket, lambda message: message["is"] == "run" and message["state"] == "idle")

    def page(**query: object) -> float:
        return timed(lambda: served.get(one, "rows/read/table", limit=200, **query))

    page()
    chance = random.Random(0)
    yield (
        "a page anywhere (scroll bar dragged)",
        *milliseconds([page(offset=chance.randrange(rows)) for _ in range(runs)]),
        "150 ms",
    )
    yield (
        "the next page (scrolling)",
        *milliseconds([page(offset=rows // 2 + 200 * i) for i in range(runs)]),
        "150 ms",
    )
    sorts = [page(sort=name) for name in ("a", "-name", "k", "-day", "c")]
    yield ("sorted by a column, first page", *milliseconds(sorts), "")
    yield (
        "then scrolling in its first 10,000 rows",
        *milliseconds([page(sort="a", offset=200 * i) for i in range(min(runs, 49))]),
        "150 ms",
    )
    yield ("sorted, a page in the middle, the first time", *milliseconds([page(sort="a", offset=rows // 2)]), "")
    deep = [page(sort="a", offset=chance.randrange(rows)) for _ in range(runs)]
    yield ("then any page of it", *milliseconds(deep), "150 ms")
    texts = [page(sort="name", offset=rows // 2)]
    yield ("sorted by texts, a page in the middle, the first time", *milliseconds(texts), "")
    deep = [page(sort="name", offset=chance.randrange(rows)) for _ in range(runs)]
    yield ("then any page of it, by texts", *milliseconds(deep), "150 ms")
    yield ("filtered, first page and count", *milliseconds([page(where=f"k < {100 + i}") for i in range(5)]), "")
    ask = ["id", "a", "name"]
    yield (
        "statistics of three columns",
        *milliseconds([timed(lambda c=c: served.get(one, "statistics/read/table", column=c)) for c in ask]),
        "",
    )


def small_table(served: Studio, folder: Path, runs: int) -> Iterator[Row]:
    """From a changed setting to the rows that it changes, two nodes further on."""
    lines = [f"{i},{i % 7},x{i % 50}" for i in range(1000)]
    (folder / "small.csv").write_text("\n".join(["a,b,c", *lines]))
    (folder / "small.peep.json").write_text(json.dumps({"format": "peephole-workflow", "version": 1, **SMALL}))
    one = served.open(folder / "small.peep.json")
    served.get(one, "rows/means/table")
    confirmed: list[float] = []
    shown: list[float] = []
    with served.page(one) as socket:
        for i in range(runs):
            op = {"op": "set", "node": "some", "setting": "where", "value": f"a > {10 + i}"}
            start = time.perf_counter()
            socket.send(json.dumps({"do": "edit", "op": op, "client": f"c{i}", "base": 0}))
            until(socket, lambda message: message["is"] == "edited")
            confirmed.append(time.perf_counter() - start)
            served.get(one, "rows/means/table")
            shown.append(time.perf_counter() - start)
    yield ("a setting changed: confirmed by the server", *milliseconds(confirmed), "100 ms")
    yield ("a setting changed: its effect shown two nodes later", *milliseconds(shown), "200 ms")


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a million rows and few repetitions; nothing is written")
    quick = parser.parse_args().quick
    rows, runs = (1_000_000, 5) if quick else (10_000_000, 60)
    before = quiet()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with studio(folder) as served:
            found = [*small_table(served, folder, runs), *long_table(served, folder, rows, runs)]
    lines = "\n".join(f"| {what} | {middle} | {most} | {bound} |" for what, middle, most, bound in found)
    text = (
        "# The studio's answers\n\n"
        "What the page waits for, over HTTP and a websocket on loopback: a stored table of "
        f"{rows:,} rows and 12 columns, and a chain on a CSV file of 1,000 rows.\n\n"
        "| what | median | 95th percentile | may take |\n|---|---|---|---|\n"
        f"{lines}\n\n{machine()}, {before}\nMade by `python -m benchmarks.studio_server`.\n"
    )
    print(text)
    if not quick:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
