"""`peephole run` on input that is wrong: what is told says what, where, and what to do."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cli_support import Peephole


def said(peephole: Peephole, folder: Path, *nodes: tuple[str, dict[str, Any]]) -> str:
    """What is told of a chain of nodes that fails."""
    blocks = {f"n{i}": {"type": kind, "settings": settings} for i, (kind, settings) in enumerate(nodes)}
    wires = [f"n{i}.table -> n{i + 1}.table" for i in range(len(nodes) - 1)]
    path = folder / "bad.peep.json"
    path.write_text(json.dumps({"format": "peephole-workflow", "version": 1, "nodes": blocks, "wires": wires}))
    done = peephole("run", str(path))
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout


def test_a_parquet_file_damaged_in_the_middle(peephole: Peephole, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": range(100_000)}), tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(whole[:200] + bytes(1000) + whole[1200:])
    told = said(
        peephole, tmp_path, ("read_parquet", {"path": "a.parquet"}), ("formula", {"name": "b", "expression": "a + 1"})
    )
    assert f'Failed to read file "{tmp_path}/a.parquet"' in told
    assert "See whether it is whole." in told
    assert "store/tmp" not in told, "the file that was being written is not the one that is damaged"


def test_a_node_with_a_misspelt_type(peephole: Peephole, tmp_path: Path) -> None:
    told = said(peephole, tmp_path, ("read_cvs", {"path": "a.csv"}))
    assert 'The node "read_cvs" is not installed.\n' in told
    assert 'Did you mean "read_csv"? Otherwise install the package' in told


@pytest.mark.parametrize(
    ("query", "what", "remedy"),
    [
        ("SELECT b FROM t", "no such column: b.\n", "See how tables and columns are called there."),
        ("SELECT * FROM u", "no such table: u.\n", "See how tables and columns are called there."),
        ("SELECT load_extension('x')", "not authorized.\n", "take out what loads, attaches or changes something"),
    ],
)
def test_a_query_that_does_not_fit_its_database(
    peephole: Peephole, tmp_path: Path, query: str, what: str, remedy: str
) -> None:
    with closing(sqlite3.connect(tmp_path / "s.db")) as database:
        database.execute("CREATE TABLE t(a)")
    told = said(peephole, tmp_path, ("sql_query", {"database": "s.db", "query": query}))
    assert what in told
    assert remedy in told
    assert "LIMIT 0" not in told, "the query is told as it was written, or not at all"


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("k + 1", 'The formula k + 1 does not fit the table: "+" cannot be used with text and integer.\n'),
        ("strptime(k, '%Y')", 'Could not parse string "p" according to format specifier "%Y": Expected a number\n'),
        ("a +", 'The formula cannot be used: near "+".\n'),
    ],
)
def test_formulas_that_cannot_be(peephole: Peephole, tmp_path: Path, expression: str, what: str) -> None:
    (tmp_path / "a.csv").write_text("k,a\np,1\n")
    told = said(
        peephole, tmp_path, ("read_csv", {"path": "a.csv"}), ("formula", {"name": "z", "expression": expression})
    )
    assert what in told
