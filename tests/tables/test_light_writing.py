"""What a small result must not cost: a library that nothing needs, a thread of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import narwhals as nw
import pyarrow as pa
import pytest

from peephole.tables.session import open_session

FEW = """
import sys, pyarrow
from pathlib import Path
import narwhals as nw
from peephole.tables.session import current_session
frame = nw.from_native(current_session()._sql("SELECT range AS n FROM range({})"))
print(current_session().write_parquet(frame, Path("few.parquet"), few=True), "pandas" in sys.modules)
"""
POLLER = "query progress"


def names():
    return [thread.name for thread in threading.enumerate()]


@pytest.fixture
def session(tmp_path):
    opened = open_session("duckdb", read=[tmp_path], write=[tmp_path], threads=1, spill=tmp_path / "spill")
    yield opened
    opened.close()


@pytest.mark.parametrize("count", [0, 5])
def test_few_rows_are_written_and_hashed_without_pandas(tmp_path, count):
    done = subprocess.run(
        [sys.executable, "-c", FEW.format(count)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(count), "False"]


def test_one_thread_tells_the_progress_of_all_queries(session, tmp_path):
    frame = session.from_arrow(pa.table({"n": [1]}))
    for number in range(20):
        session.write_parquet(frame, tmp_path / f"{number}.parquet", lambda _: None)
        assert names().count(POLLER) == 1


def test_what_is_over_at_once_tells_nothing(session, tmp_path):
    heard = []
    frame = session.from_arrow(pa.table({"n": [1]}))
    for number in range(40):
        session.write_parquet(frame, tmp_path / f"{number}.parquet", heard.append)
        time.sleep(0.01)  # the thread asks ten times a second: some of these come between
    time.sleep(0.3)
    assert heard == []


def test_two_queries_at_once_are_told_each_to_its_own(tmp_path):
    heard = {}

    def work(name):
        own = open_session("duckdb", write=[tmp_path], threads=1)
        heard[name] = []
        query = "SELECT sum(a.range * b.range % 7)::BIGINT AS n FROM range(10_000) a, range(10_000) b"
        own.write_parquet(
            nw.from_native(own._sql(query)), tmp_path / name, lambda share: heard[name].append((name, share))
        )
        own.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: {told for told, _ in found} for name, found in heard.items()} == {"a": {"a"}, "b": {"b"}}
