from __future__ import annotations

from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import SettingError
from peephole.nodes.rows.lag import lag
from peephole.nodes.rows.rank import rank
from peephole.nodes.rows.rolling import cumulative_sum, rolling

OF = {"mean": fmean, "sum": sum, "min": min, "max": max, "count": len}


def series(rows, column, key="k"):
    """For each row: the values of its group up to it, itself the last."""
    seen, found = {}, []
    for r in rows:
        seen.setdefault(r[key], []).append(r[column])
        found.append(list(seen[r[key]]))
    return found


@given(data=st.data())
def test_lag_and_lead_within_groups(on, random_rows, data):
    rows = data.draw(random_rows)
    shifts = [{"column": "v", "rows": 2}, {"column": "k", "rows": -1, "name": "next"}]
    found = on.rows(lag(on.frame(rows), shifts=shifts, groups=["k"]))
    assert [r["v lag 2"] for r in found] == [([None, None, *s])[-3] for s in series(rows, "v")]
    after = [([None, *s])[-2] for s in series(rows[::-1], "k")][::-1]
    assert [r["next"] for r in found] == after
    assert [{c: r[c] for c in "kgvib"} for r in found] == rows


@pytest.mark.parametrize("function", OF)
@given(data=st.data())
def test_of_the_last_three_rows(on, random_rows, function, data):
    rows = data.draw(random_rows)
    column, at_least = data.draw(st.sampled_from(["v", "g"])), data.draw(st.integers(1, 3))
    compute = [{"column": column, "function": function, "name": "m"}]
    found = on.rows(rolling(on.frame(rows), compute=compute, rows=3, at_least=at_least, groups=["k"]))
    windows = [[v for v in s[-3:] if v is not None] for s in series(rows, column)]
    expected = [OF[function](w) if len(w) >= at_least or function == "count" else None for w in windows]
    assert [r["m"] for r in found] == pytest.approx(expected)


@given(data=st.data())
def test_in_another_order_and_without_groups(on, random_rows, data):
    rows = data.draw(random_rows)
    order = sorted(range(len(rows)), key=lambda i: (rows[i]["i"] is not None, rows[i]["i"] or 0, i))
    found = on.rows(rolling(on.frame(rows), compute=[{"column": "g", "function": "sum"}], rows=2, order_by=["i"]))
    for place, i in enumerate(order):
        window = [rows[j]["g"] for j in order[max(place - 1, 0) : place + 1] if rows[j]["g"] is not None]
        assert found[i]["g moving sum"] == (sum(window) if window else None)


@given(data=st.data())
def test_running_totals(on, random_rows, data):
    rows = data.draw(random_rows)
    found = on.rows(cumulative_sum(on.frame(rows), columns=["v", "i"], groups=["k"]))
    for name in "vi":
        totals = [sum(v for v in s if v is not None) for s in series(rows, name)]
        assert [r[f"{name} total"] for r in found] == totals


def _rank(value, others, method):
    below, same = sum(o < value for o in others), others.count(value)
    return {
        "min": below + 1,
        "max": below + same,
        "average": below + (same + 1) / 2,
        "dense": len({o for o in others if o < value}) + 1,
    }[method]


@pytest.mark.parametrize("method", ["min", "max", "average", "dense", "ordinal"])
@given(data=st.data(), descending=st.booleans())
def test_places_within_groups(on, random_rows, method, data, descending):
    rows = data.draw(random_rows)
    made = rank(on.frame(rows), column="v", method=method, descending=descending, groups=["b"], name="p")
    sign = -1 if descending else 1
    for i, (r, found) in enumerate(zip(rows, on.rows(made), strict=True)):
        group = [(j, sign * o["v"]) for j, o in enumerate(rows) if o["b"] == r["b"] and o["v"] is not None]
        if r["v"] is None:
            assert found["p"] is None
        elif method == "ordinal":
            assert found["p"] == sorted(group, key=lambda p: (p[1], p[0])).index((i, sign * r["v"])) + 1
        else:
            assert found["p"] == _rank(sign * r["v"], [v for _, v in group], method)


def test_settings_that_make_no_sense(on):
    with pytest.raises(SettingError, match="never in a window") as caught:
        rolling(on.frame([]), compute=[{"column": "v"}], rows=2, at_least=3)
    assert caught.value.setting == "at_least"
    with pytest.raises(SettingError, match='"V"'):
        rolling(on.frame([]), compute=[{"column": "v", "name": "V"}])
    with pytest.raises(SettingError, match="two columns"):
        lag(on.frame([]), shifts=[{"column": "v"}, {"column": "v"}])
