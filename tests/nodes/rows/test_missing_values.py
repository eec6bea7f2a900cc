from __future__ import annotations

from collections import Counter
from statistics import fmean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import SettingError
from peephole.nodes.rows.missing_values import missing_values


def _filled(rows, column, value):
    return [{**r, column: value if r[column] is None else r[column]} for r in rows]


def _most_frequent(values):
    counted = Counter(values)
    return min((v for v in counted if counted[v] == max(counted.values())), default=None)


@pytest.mark.parametrize("how", ["mean", "median", "most frequent"])
@given(data=st.data())
def test_fills_with_what_the_column_tells(on, random_rows, how, data):
    rows = data.draw(random_rows)
    present = [r["v"] for r in rows if r["v"] is not None]
    of = {"mean": fmean, "median": median, "most frequent": _most_frequent}[how]
    expected = _filled(rows, "v", of(present) if present else None)
    found = on.rows(missing_values(on.frame(rows), mend=[{"columns": ["v"], "how": how}]))
    assert [r["v"] for r in found] == pytest.approx([r["v"] for r in expected])
    assert [r["k"] for r in found] == [r["k"] for r in rows]


@given(data=st.data())
def test_drops_rows(on, random_rows, data):
    rows = data.draw(random_rows)
    found = on.rows(missing_values(on.frame(rows), mend=[{"how": "drop rows"}]))
    assert found == [r for r in rows if None not in r.values()]


@given(data=st.data())
def test_forward_takes_the_value_before(on, random_rows, data):
    rows = data.draw(random_rows)
    expected, last = [], None
    for r in rows:
        last = r["k"] if r["k"] is not None else last
        expected.append(last)
    found = on.rows(missing_values(on.frame(rows), mend=[{"columns": ["k"], "how": "forward"}]))
    assert [r["k"] for r in found] == expected


@given(data=st.data())
def test_most_frequent_text_and_constants_one_after_the_other(on, random_rows, data):
    rows = data.draw(random_rows)
    mend = [{"columns": ["k"], "how": "most frequent"}, {"columns": ["k"], "how": "constant", "value": "none"}]
    most = _most_frequent([r["k"] for r in rows if r["k"] is not None])
    found = on.rows(missing_values(on.frame(rows), mend=mend))
    assert [r["k"] for r in found] == [
        r["k"] if r["k"] is not None else most or ("none" if most is None else most) for r in rows
    ]


def test_a_constant_of_another_type_is_refused(on):
    with pytest.raises(SettingError, match="'x' cannot stand in the column \"g\"") as caught:
        missing_values(on.frame([]), mend=[{"columns": ["g"], "how": "constant", "value": "x"}])
    assert caught.value.setting == "mend[0].value"


def test_text_has_no_mean(on):
    with pytest.raises(SettingError, match="has no mean"):
        missing_values(on.frame([]), mend=[{"columns": ["k"], "how": "mean"}])


def test_by_type_only_these_columns_change(on):
    rows = [{"k": None, "g": None, "v": 1.0, "i": 3, "b": None}, {"k": "a", "g": 4, "v": None, "i": None, "b": True}]
    found = on.rows(missing_values(on.frame(rows), mend=[{"of_type": "number", "how": "mean"}]))
    assert found == [{"k": None, "g": 4, "v": 1.0, "i": 3, "b": None}, {"k": "a", "g": 4, "v": 1.0, "i": 3, "b": True}]
