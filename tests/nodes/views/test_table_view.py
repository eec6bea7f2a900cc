"""A table to be read: the rows, columns and words that were asked for."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pytest

from peephole.nodes.views.table_view import table_view

DATA = pd.DataFrame({"a": [3, 1, None, 2], "b": ["x", "y", "z", None]})


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.from_pandas])
def test_the_first_rows_in_order(frame):
    found = table_view(frame(DATA), columns=["b", "a"], sort="a", descending=True, rows=2, text="Read *this*.")
    text, table, more = found.parts
    assert text == "Read *this*."
    assert table.to_pydict() == {"b": ["x", None], "a": [3, 2]}
    assert more == "The first 2 of 4 rows."
    assert found.title == "4 rows"


def test_all_rows_need_no_more_words():
    found = table_view(DATA, title="All")
    assert found.title == "All"
    (table,) = found.parts
    assert table.num_rows == 4
    assert table.column_names == ["a", "b"]
