"""A Python program that uses tables and torch ends without a word."""

from __future__ import annotations

import subprocess
import sys

import pytest


def test_no_complaint_at_the_interpreters_exit(tmp_path):
    pytest.importorskip("torch")
    (tmp_path / "t.csv").write_text("a\n1\n")
    code = "import torch; from peephole.nodes.io.read import read_csv; print(read_csv(path='t.csv').collect().shape)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("(1, 1)\n", "")


WATCHED = """
import time
from pathlib import Path
import narwhals as nw
from peephole.tables.session import open_session
session = open_session("duckdb", write=[Path.cwd()], threads=1)
query = "SELECT sum(a.range * b.range % 7)::BIGINT AS n FROM range(10_000) a, range(10_000) b"
heard = []
session.write_parquet(nw.from_native(session._sql(query)), Path("t.parquet"), heard.append)
time.sleep(0.3)
print(len(heard) > 0)
"""


def test_no_complaint_after_progress_was_told(tmp_path):
    done = subprocess.run([sys.executable, "-c", WATCHED], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("True\n", "")
