from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import FormulaError
from peephole.nodes.columns.one_to_many import one_to_many
from peephole.nodes.columns.rule_engine import rule_engine

RULES = [{"when": "v > 2", "then": "'high'"}, {"when": "b", "then": "'yes'"}, {"when": "v > 0", "then": "k"}]


@given(data=st.data())
def test_the_first_rule_that_fits(on, random_rows, data):
    rows = data.draw(random_rows)
    otherwise = data.draw(st.sampled_from([None, "'other'"]))
    found = on.rows(rule_engine(on.frame(rows), rules=RULES, otherwise=otherwise, name="r"))
    for r, f in zip(rows, found, strict=True):
        v = -9 if r["v"] is None else r["v"]
        last = "other" if otherwise else None
        assert f["r"] == ("high" if v > 2 else "yes" if r["b"] else r["k"] if v > 0 else last)


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ({"when": "vv > 1", "then": "1"}, "rules[0].when"),
        ({"when": "v", "then": "1"}, "rules[0].when"),
        ({"when": "v > 1", "then": "kk"}, "rules[0].then"),
    ],
)
def test_formulas_that_are_wrong_say_where(on, rule, path):
    with pytest.raises(FormulaError) as caught:
        rule_engine(on.frame([]), rules=[rule])
    assert caught.value.setting == path


@given(data=st.data(), keep=st.booleans())
def test_a_column_for_each_value(on, random_rows, data, keep):
    rows = data.draw(random_rows)
    found = on.rows(one_to_many(on.frame(rows), columns=["k", "b"], keep=keep))
    names = {None: "missing", "": "empty", True: "true", False: "false", "B": "B", "a": "a", "ä": "ä", "aa": "aa"}
    for r, f in zip(rows, found, strict=True):
        assert {c: f[c] for c in ("gvi" if not keep else "kgvib")} == {
            c: r[c] for c in ("gvi" if not keep else "kgvib")
        }
        assert {n for n, v in f.items() if "=" in n and v == 1} == {f"k={names[r['k']]}", f"b={names[r['b']]}"}
    if rows:
        assert len([n for n in found[0] if "=" in n]) == len({r["k"] for r in rows}) + len({r["b"] for r in rows})
