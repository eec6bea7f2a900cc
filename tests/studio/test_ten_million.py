"""A stored table of ten million rows: any page of it without loading it, sorted and filtered too, and all of it as a file."""

from __future__ import annotations

import io
import json

import duckdb
import pyarrow as pa
import pytest
from studio_support import Studio

from peephole.studio.routes import downloads

ROWS = 10_000_000


@pytest.mark.slow
def test_any_page_of_ten_million_rows(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "_BEAT", 0.02)  # however fast the machine is, it tells how far it is
    with duckdb.connect() as connection:
        query = f"SELECT i AS n, (i * 7919) % {ROWS} AS mixed, i % 100 AS part FROM range({ROWS}) t(i)"
        connection.execute(f"COPY ({query}) TO '{studio.folder / 'long.parquet'}' (FORMAT parquet)")
    nodes = {
        "read": {"type": "read_parquet", "settings": {"path": "long.parquet"}},
        "some": {"type": "filter_rows", "settings": {"where": "part < 50"}},
    }
    one = studio.open_file({"nodes": nodes, "wires": ["read.table -> some.table"]})
    with studio.page(one) as page:
        assert page.run(targets=["read"]) == "done"

    def rows(node: str, rows_in_all: int = ROWS, **query: object) -> pa.Table:
        answer = studio.get(one, f"rows/{node}/table", limit=100, **query)
        assert answer.status_code == 200, answer.text
        assert answer.headers["X-Rows"] == str(rows_in_all)
        assert len(answer.content) < 10_000  # of 240 MB
        return pa.ipc.open_stream(io.BytesIO(answer.content)).read_all()

    for offset in (0, 122_800, 5_000_000, ROWS - 50):
        assert rows("read", offset=offset).column("n").to_pylist() == list(range(offset, min(offset + 100, ROWS)))
    for offset in (0, 9_000, 7_000_000):  # the head, and beyond it
        assert rows("read", sort="mixed", offset=offset).column("mixed").to_pylist() == list(
            range(offset, offset + 100)
        )
    assert rows("read", sort="-mixed").column("mixed").to_pylist() == list(range(ROWS - 1, ROWS - 101, -1))
    filtered = rows("read", ROWS // 100, where="part = 7", offset=500)
    assert filtered.column("n").to_pylist() == list(range(50_007, 60_007, 100))
    preview = rows("some", ROWS // 2)  # not stored: a query on what is
    assert preview.column("n").to_pylist() == [*range(50), *range(100, 150)]
    statistics = studio.get(one, "statistics/read/table", columns="n,part").json()
    assert statistics["rows"] == ROWS
    assert 900_000 < statistics["sampled"] < 1_100_000
    n, part = statistics["columns"]
    assert (n["count"], n["min"], n["max"], n["mean"]) == (ROWS, 0, ROWS - 1, (ROWS - 1) / 2)
    assert n["quantiles"] == pytest.approx([ROWS * q for q in (0.05, 0.25, 0.5, 0.75, 0.95)], rel=0.05)
    assert sum(part["histogram"]["counts"]) == statistics["sampled"]

    address = f"/api/documents/{one}/downloads"
    told = studio.client.post(f"{address}/read/table", params={"sort": "-mixed", "format": "csv"}).text.splitlines()
    assert len(told) > 1  # how far it is, at least once
    count = -1  # the header
    with studio.client.stream("GET", f"{address}/{json.loads(told[-1])['ready']}") as answer:
        for line in answer.iter_lines():
            if count >= 0 and count % 100_000 == 0:
                assert int(line.split(",")[1]) == ROWS - 1 - count
            count += 1
    assert count == ROWS
