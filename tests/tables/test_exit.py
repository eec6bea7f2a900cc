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
