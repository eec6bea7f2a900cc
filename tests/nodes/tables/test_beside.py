from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import ColumnError, SettingError
from peephole.nodes.tables.beside import append_columns, unmatched_rows

KEYS = [{"left": "k", "right": "k"}, {"left": "g", "right": "g"}]


@given(data=st.data())
def test_rows_stand_beside_each_other_by_their_place(on, random_rows, data):
    left, right = data.draw(random_rows), data.draw(random_rows)
    found = on.rows(append_columns(on.frame(left), on.frame(right)))
    empty = dict.fromkeys("kgvib")
    assert len(found) == max(len(left), len(right))
    for i, row in enumerate(found):
        first, second = (rows[i] if i < len(rows) else empty for rows in (left, right))
        assert row == {**first, **{f"{name}_right": value for name, value in second.items()}}


@given(data=st.data())
def test_what_a_join_leaves_out(on, random_rows, data):
    left, right = data.draw(random_rows), data.draw(random_rows)
    found = unmatched_rows(on.frame(left), on.frame(right), keys=KEYS)
    pairs = [{(r["k"], r["g"]) for r in rows if None not in (r["k"], r["g"])} for rows in (left, right)]
    alone = [
        [r for r in rows if (r["k"], r["g"]) not in other] for rows, other in ((left, pairs[1]), (right, pairs[0]))
    ]
    assert on.rows(found.left_only) == alone[0]
    assert on.rows(found.right_only) == alone[1]
    report = pd.DataFrame(on.rows(found.report)).set_index("side")
    for side, rows, lonely in (("left", left, alone[0]), ("right", right, alone[1])):
        told = report.loc[side].to_dict()
        assert told == {
            "rows": len(rows),
            "matched": len(rows) - len(lonely),
            "unmatched": len(lonely),
            "without key": sum(r["k"] is None or r["g"] is None for r in rows),
        }


def test_keys_are_needed_and_have_to_go_together(on):
    with pytest.raises(SettingError, match="no keys"):
        unmatched_rows(on.frame([]), on.frame([]), keys=[])
    with pytest.raises(ColumnError, match="never equal"):
        unmatched_rows(on.frame([]), on.frame([]), keys=[{"left": "k", "right": "v"}])
