from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import FormulaError
from peephole.nodes.rows.filter_rows import filter_rows


@given(data=st.data())
def test_keeps_the_true_ones_in_order(on, random_rows, data):
    rows = data.draw(random_rows)
    kept = [r for r in rows if (r["v"] is not None and r["v"] > 1) or r["k"] == "a"]
    assert on.rows(filter_rows(on.frame(rows), where="v > 1 or k = 'a'")) == kept


def test_misspelt_column_is_named_with_the_nearest(on):
    with pytest.raises(FormulaError, match=r'no column "kk".*Did you mean "k"') as caught:
        filter_rows(on.frame([]), where="g > 1 and kk = 'a'")
    assert caught.value.position == 10
    assert caught.value.setting == "where"


def test_a_number_is_no_condition(on):
    with pytest.raises(FormulaError, match="not true or false"):
        filter_rows(on.frame([]), where="g + 1")
