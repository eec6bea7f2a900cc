"""Rows that do not fit into memory, under a hard limit on it."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import duckdb
import pytest

from peephole.engine import resources

LIMIT = 600 * 2**20
SORTED = """
    import resource, sys
    from pathlib import Path
    resource.setrlimit(resource.RLIMIT_DATA, (int(sys.argv[2]), int(sys.argv[2])))
    from peephole.engine.run import run
    from peephole.engine.store import Store
    from peephole.workflow.document import Document
    folder = Path(sys.argv[1])
    read = {"type": "read_parquet", "settings": {"path": str(folder / "wide.parquet")}}
    sort = {"type": "sort", "settings": {"by": [{"column": "text"}]}}
    document = {"nodes": {"r": read, "s": sort}, "wires": ["r.table -> s.table"]}
    result = run(Document.model_validate(document), store=Store(folder / "store"))
    places = [str(output.folder) for output in result.nodes["s"].outputs.values()]
    print(result.status, [str(p) for p in result.problems.values()], *places, sep="|")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="uses RLIMIT_DATA")
def test_a_sort_beyond_a_hard_limit(tmp_path):
    rows = 4_000_000
    with duckdb.connect() as made:
        query = f"SELECT i, md5(i::VARCHAR) AS text, md5((i * 7)::VARCHAR) AS other FROM range({rows}) t(i)"
        made.execute(f"COPY ({query}) TO '{tmp_path}/wide.parquet' (FORMAT parquet)")
    command = [sys.executable, "-c", textwrap.dedent(SORTED), tmp_path, str(LIMIT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    status, problems, *places = done.stdout.strip().split("|")
    assert (status, problems) == ("done", "[]"), done.stderr
    (folder,) = places
    with duckdb.connect() as made:
        stored = f"(SELECT * FROM read_parquet('{folder}/table.parquet') ORDER BY __row__)"
        texts = made.execute(
            f"SELECT count(*), count(*) FILTER (text < before), max(__row__) FROM "
            f"(SELECT *, lag(text) OVER (ORDER BY __row__) AS before FROM {stored})"
        ).fetchall()
        assert texts == [(rows, 0, rows - 1)]
        assert made.execute(f"SELECT sum(i) FROM {stored}").fetchall() == [(rows * (rows - 1) // 2,)]


def test_without_a_limit_of_its_own_the_allocator_is_left_alone(monkeypatch):
    monkeypatch.setattr(resources.resource, "getrlimit", lambda _: (resources.resource.RLIM_INFINITY,) * 2)
    assert resources.own_limit() is None
    assert resources.allocator() == {}
    monkeypatch.setattr(resources.resource, "getrlimit", lambda _: (2**31, 2**31))
    assert resources.own_limit() == 2**31
    assert "retain:false" in resources.allocator()["DUCKDB_JE_MALLOC_CONF"]
