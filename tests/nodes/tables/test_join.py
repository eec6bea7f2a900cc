from __future__ import annotations

from collections import Counter

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import ColumnError, SettingError
from peephole.nodes.tables.join import join


def bag(rows):
    return Counter(tuple(sorted(r.items())) for r in rows)


def joined(left, right, how):
    """The nested loop that a join means; a missing value fits nothing."""
    fits = [(a, b) for a in left for b in right if a["g"] is not None and a["g"] == b["h"]]
    if how == "semi":
        return [a for a in left if any(a is x for x, _ in fits)]
    if how == "anti":
        return [a for a in left if not any(a is x for x, _ in fits)]
    found = [{**a, "v_right": b["v"]} for a, b in fits]
    if how in ("left", "full"):
        found += [{**a, "v_right": None} for a in left if not any(a is x for x, _ in fits)]
    if how in ("right", "full"):
        found += [
            {**dict.fromkeys("kvib"), "g": b["h"], "v_right": b["v"]} for b in right if not any(b is y for _, y in fits)
        ]
    return found


@pytest.mark.parametrize("how", ["inner", "left", "right", "full", "semi", "anti"])
@given(data=st.data())
def test_is_the_nested_loop(on, random_rows, how, data):
    left, right = data.draw(random_rows), data.draw(random_rows)
    other = [{"h": r["g"], "v": r["v"]} for r in right]
    schema = on.schema.empty_table().select(["g", "v"]).rename_columns(["h", "v"]).schema
    found = join(on.frame(left), on.frame(other, schema), keys=[{"left": "g", "right": "h"}], how=how)
    assert bag(on.rows(found)) == bag(joined(left, other, how))


def test_cross_gives_every_pair(on):
    row = {"k": "a", "g": 1, "v": 1.0, "i": 3, "b": None}
    found = on.rows(join(on.frame([row, row]), on.frame([row] * 3), how="cross"))
    assert len(found) == 6
    assert list(found[0]) == ["k", "g", "v", "i", "b", "k_right", "g_right", "v_right", "i_right", "b_right"]


def test_several_keys_and_the_left_ones_names(on):
    rows = [{"k": "a", "g": g, "v": float(g), "i": g % 2, "b": None} for g in range(4)]
    keys = [{"left": "g", "right": "g"}, {"left": "i", "right": "i"}]
    for how in ("inner", "left", "right", "full"):
        found = on.rows(join(on.frame(rows), on.frame(rows), keys=keys, how=how, suffix="2"))
        assert sorted(r["g"] for r in found) == [0, 1, 2, 3]
        assert list(found[0]) == ["k", "g", "v", "i", "b", "k2", "v2", "b2"]


def test_one_left_column_that_must_equal_two(on):
    rows = [{"k": "a", "g": g, "v": 0.0, "i": 2, "b": None} for g in (1, 2)]
    keys = [{"left": "g", "right": "g"}, {"left": "g", "right": "i"}]
    for how, wanted in {"inner": [2], "left": [1, 2], "right": [1, 2], "full": [1, 1, 2]}.items():
        found = on.rows(join(on.frame(rows), on.frame(rows), keys=keys, how=how))
        assert sorted(r["g"] for r in found) == wanted


def test_keys_of_other_types_are_refused(on):
    with pytest.raises(ColumnError, match="never equal"):
        join(on.frame([]), on.frame([]), keys=[{"left": "g", "right": "k"}])


def test_names_that_clash_are_refused(on):
    with pytest.raises(SettingError, match="two columns"):
        join(on.frame([]), on.frame([]), keys=[{"left": "g", "right": "g"}], suffix="")


def test_unknown_key_names_its_side(on):
    with pytest.raises(ColumnError, match=r'no column "gg" in right') as caught:
        join(on.frame([]), on.frame([]), keys=[{"left": "g", "right": "gg"}])
    assert caught.value.setting == "keys[0].right"


def test_frames_of_two_kinds_give_the_first_kind():
    polars, pandas = pl.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [2, 3], "b": ["x", "y"]})
    keys = [{"left": "a", "right": "a"}]
    assert join(polars, pandas, keys=keys).to_dicts() == [{"a": 2, "b": "x"}]
    assert isinstance(join(pandas, polars, keys=keys), pd.DataFrame)
