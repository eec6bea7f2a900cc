from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from peephole.nodes.rows.sort import sort


def _key(value, descending, missing):
    absent = value is None
    return (absent if missing == "last" else not absent, 0 if absent else -value if descending else value)


@given(data=st.data(), descending=st.booleans(), missing=st.sampled_from(["last", "first"]))
def test_sorts_and_keeps_the_order_of_equals(on, random_rows, data, descending, missing):
    rows = data.draw(random_rows)
    by = [{"column": "g", "descending": descending}, {"column": "v"}]
    found = on.rows(sort(on.frame(rows), by=by, missing=missing))
    assert found == sorted(rows, key=lambda r: (_key(r["g"], descending, missing), _key(r["v"], False, missing)))


def test_text_is_ordered_by_its_code_points(on):
    schema = pa.schema({"t": pa.string()})
    rows = [{"t": t} for t in ["b", "B", "ä", "a", "Z", "10", "9"]]
    found = on.rows(sort(on.frame(rows, schema), by=[{"column": "t"}]))
    assert [r["t"] for r in found] == sorted(r["t"] for r in rows)


def test_many_rows_stay_sorted_through_the_next_step(on):
    from peephole.nodes.columns.formula import formula

    schema = pa.schema({"i": pa.int64()})
    rows = [{"i": (n * 7919) % 300_007} for n in range(300_007)]
    found = on.rows(formula(sort(on.frame(rows, schema), by=[{"column": "i"}]), name="j", expression="i + 1"))
    assert [r["j"] for r in found] == list(range(1, 300_008))
