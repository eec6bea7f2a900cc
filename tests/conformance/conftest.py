"""What the battery runs on: an example of settings for every node, and one table with every kind of column.

An example is data: examples/*.json, by node type: {"settings": {...}, "inputs": {"port": {"node": "type"}}}. A Table port
that is not named gets the table below; a named one gets what that node's own example gives (with other "settings", where these
are said); a port for many wires takes a list.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from peephole.core.node import NodeSpec, arguments
from peephole.engine.catalog import catalog
from peephole.neural.network import NetworkGraph
from peephole.tables.session import Session, open_session, use_session

SCHEMA = pa.schema(
    {
        "k": pa.string(),
        "g": pa.int64(),
        "v": pa.float64(),
        "b": pa.bool_(),
        "d": pa.date32(),
        "t": pa.timestamp("us"),
        "__row__": pa.int64(),
    }
)
EXAMPLES: dict[str, dict[str, Any]] = {}
for _path in sorted((Path(__file__).parent / "examples").glob("*.json")):
    EXAMPLES.update(json.loads(_path.read_text(encoding="utf-8")))


def sample(count: int) -> list[dict[str, Any]]:
    start = datetime.date(2013, 1, 1)
    rows = [
        {
            "k": ["a", "b", None, "ä"][n % 4],
            "g": None if n % 5 == 0 else n % 3,
            "v": None if n % 7 == 3 else (n * 37 % 50 - 25) / 4,
            "b": [True, False, None][n % 3],
            "d": start + datetime.timedelta(days=n),
            "t": datetime.datetime(2013, 1, 1) + datetime.timedelta(hours=n * 5),
            "__row__": n,
        }
        for n in range(count)
    ]
    return rows


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@dataclass
class Bench:
    """Runs a node's example on one engine, in a folder of its own.  web: where {web} in an example leads."""

    session: Session
    web: str
    rows: pa.Table = field(default_factory=lambda: table(sample(60)))

    def run(
        self, node_type: str, settings: dict[str, Any] | None = None, rows: pa.Table | None = None
    ) -> dict[str, Any]:
        """The outputs by port; frames are not computed yet."""
        spec = catalog().require(node_type).spec
        example = EXAMPLES[node_type]
        written = json.dumps(settings if settings is not None else example.get("settings", {}))
        checked = spec.validate(json.loads(written.replace("{web}", self.web)))
        named = example.get("inputs", {})
        given = [port for port in spec.inputs if port.many or not port.optional or port.name in named]
        values = [v for port in given for v in self._inputs(spec, port.name, rows)]
        from peephole.tables.schema import schema_of

        tables = {p.name: schema_of(v) for p, v in zip(spec.inputs, values, strict=False) if p.type.name == "Table"}
        spec.check_columns(checked, tables)
        result = spec.function(*values, **arguments(checked))
        if not spec.outputs:
            return {}
        found = [result] if len(spec.outputs) == 1 else list(result)
        return {port.name: value for port, value in zip(spec.outputs, found, strict=True)}

    def rows_of(self, frame: Any) -> list[dict[str, Any]]:
        return self.session.first_rows(frame, 10_000).to_pylist()

    def _inputs(self, spec: NodeSpec, port: str, rows: pa.Table | None) -> list[Any]:
        source = EXAMPLES[spec.type].get("inputs", {}).get(port)
        return [self._input(s, rows) for s in (source if isinstance(source, list) else [source])]

    def _input(self, source: dict[str, Any] | None, rows: pa.Table | None) -> Any:
        if source is None:
            return self.session.from_arrow(self.rows if rows is None else rows)
        given = self.run(source["node"], source.get("settings"), rows=rows if source.get("same_rows") else None)
        return given[source["output"]] if "output" in source else next(iter(given.values()))


@pytest.fixture(scope="session")
def examples() -> dict[str, Any]:
    return EXAMPLES


@pytest.fixture(scope="session")
def seen() -> dict[str, Any]:
    """Rows that each node has given, to compare engines and runs."""
    return {}


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample as a file of every kind."""
    folder = tmp_path_factory.mktemp("samples")
    visible = table(sample(60)).drop_columns(["__row__"])
    pq.write_table(visible, folder / "sample.parquet")
    pyarrow.csv.write_csv(visible, folder / "sample.csv")
    visible.to_pandas().to_excel(folder / "sample.xlsx", index=False)
    with contextlib.closing(sqlite3.connect(folder / "sample.db")) as database:
        visible.to_pandas()[["k", "g", "v"]].to_sql("sample", database, index=False)
    lines = [json.dumps(row, default=str) + "\n" for row in visible.to_pylist()]
    visible.to_pandas().to_xml(folder / "sample.xml", index=False, parser="etree")
    (folder / "sample.jsonl").write_text("".join(lines), encoding="utf-8")
    with zipfile.ZipFile(folder / "sample.peepnet", "w") as archive:
        archive.writestr("network.json", NetworkGraph.begin("number_input", columns={"v": "number"}).text())
    return folder


@pytest.fixture(scope="session")
def web(samples: Path) -> Iterator[str]:
    """A web server on loopback that gives these files."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(samples)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


ENGINES = os.environ.get("PEEPHOLE_TEST_ENGINES", "duckdb polars").split()


@pytest.fixture(params=ENGINES)
def bench(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, samples: Path, web: str
) -> Iterator[Bench]:
    monkeypatch.setenv("PEEPHOLE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for file in samples.iterdir():
        shutil.copyfile(file, tmp_path / file.name)
    session = open_session(request.param, read=[tmp_path], write=[tmp_path], threads=2)
    session.folder = tmp_path
    with use_session(session):
        yield Bench(session, web)
    session.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`node_type` goes over every node; `relational` over those whose schema is known before they run."""
    specs = catalog().specs
    ours = {name: s for name, s in specs.items() if s.function.__module__.startswith("peephole.")}
    if "node_type" in metafunc.fixturenames:
        metafunc.parametrize("node_type", sorted(ours))
    if "relational" in metafunc.fixturenames:
        metafunc.parametrize("relational", sorted(n for n, s in ours.items() if s.runs == "engine" and s.inputs))
