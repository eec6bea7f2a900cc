"""Histogram, box plot, pie, scatter: the drawn numbers agree with numpy and pandas, hard rows give a figure."""

from __future__ import annotations

import datetime as dt
import json
import re

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from peephole.core.errors import ColumnError, DataError, SettingError
from peephole.figures.complete import complete
from peephole.figures.static import svg
from peephole.nodes.views.box_plot import box_plot
from peephole.nodes.views.histogram import histogram
from peephole.nodes.views.pie_chart import pie_chart
from peephole.nodes.views.scatter_plot import scatter_plot

FRAMES = pytest.mark.parametrize("frame", [pd.DataFrame, pl.from_pandas])


@pytest.fixture
def data() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    n = 2000
    return pd.DataFrame(
        {
            "kind": rng.choice(["a", "b", "c", None], n, p=[0.5, 0.3, 0.1, 0.1]),
            "value": rng.gamma(2, 3, n),
            "count": rng.integers(0, 12, n),
            "day": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, n), "D"),
        }
    )


@FRAMES
def test_a_histogram_counts_as_numpy(data, frame):
    figure = histogram(frame(data), column="value", bins=20).figure
    labels = figure.data.column("value").to_pylist()
    edges = [float(text.split(" to ")[0]) for text in labels] + [float(labels[-1].split(" to ")[1])]
    assert len(labels) <= 21
    assert figure.data.column("rows").to_pylist() == np.histogram(data["value"], edges)[0].tolist()


def test_a_histogram_of_whole_numbers_has_whole_ranges(data):
    figure = histogram(data, column="count", bins=12).figure
    assert figure.data.column("count").to_pylist()[:2] == ["0 to 1", "1 to 2"]
    assert figure.data.column("rows").to_pylist() == data["count"].value_counts(sort=False).sort_index().tolist()


def test_a_histogram_by_group_adds_up(data, heard):
    data.loc[0, "value"] = np.inf
    figure = histogram(data, column="value", group="kind").figure
    assert figure.data.column_names == ["value", "a", "b", "c", "missing"]
    sums = {name: sum(figure.data.column(name).to_pylist()) for name in figure.data.column_names[1:]}
    assert sums == data.loc[1:, "kind"].fillna("missing").value_counts().to_dict()
    assert all(s["stack"] == "all" and "barCategoryGap" in s for s in figure.option["series"])
    assert "1 rows have no finite value" in heard.text


@FRAMES
def test_boxes_are_those_of_matplotlib(data, frame):
    from matplotlib.cbook import boxplot_stats

    figure = box_plot(frame(data), y=["value"], group="kind")
    rows = figure.data.to_pylist()
    for name, values in data.fillna({"kind": "missing"}).groupby("kind")["value"]:
        expected = boxplot_stats(values)[0]
        box = next(r for r in rows if r["name"] == name and r["kind"] == "box")
        found = [box[n] for n in ("low", "lower quartile", "median", "upper quartile", "high")]
        assert found == pytest.approx([expected[k] for k in ("whislo", "q1", "med", "q3", "whishi")])
        assert box["rows"] == len(values)
        beyond = [r["value"] for r in rows if r["name"] == name and r["kind"] == "point"]
        assert beyond == pytest.approx(sorted(expected["fliers"]))
    assert figure.option["xAxis"]["data"] == ["a", "b", "c", "missing"]


def test_boxes_of_columns_and_many_points(data, heard):
    tails = pd.DataFrame({"t": np.random.default_rng(1).standard_t(1, 5000), "n": np.arange(5000.0)})
    figure = box_plot(tails, y=["t", "n"])
    assert figure.option["xAxis"]["data"] == ["t", "n"]
    assert "the 500 outermost" in heard.text
    points = [r["value"] for r in figure.data.to_pylist() if r["kind"] == "point"]
    assert len(points) == 500
    assert max(map(abs, points)) == pytest.approx(tails["t"].abs().max())
    with pytest.raises(SettingError, match="one column with a group"):
        box_plot(data, y=["value", "count"], group="kind")
    with pytest.raises(SettingError, match="one column with a group"):
        box_plot(data, y=[])
    with pytest.raises(ColumnError, match="type text"):
        box_plot(data, y=["kind"])


@FRAMES
def test_slices_agree_with_pandas(data, frame):
    figure = pie_chart(frame(data), column="kind", value="value", most=2).figure
    sums = data.fillna({"kind": "missing"}).groupby("kind")["value"].sum().sort_values(ascending=False)
    expected = {**sums.head(2).to_dict(), "all others": sums.iloc[2:].sum()}
    found = dict(zip(*(figure.data.column(c).to_pylist() for c in ("kind", "sum of value")), strict=True))
    assert found == pytest.approx(expected)
    whole = pie_chart(data, column="kind").figure
    assert whole.data.column("rows").to_pylist() == data["kind"].value_counts(dropna=False).tolist()


def test_a_slice_below_zero_is_refused():
    with pytest.raises(DataError, match="below zero"):
        pie_chart(pd.DataFrame({"k": ["a", "b"], "v": [1.0, -2.0]}), column="k", value="v")


def test_points_are_the_rows(data, heard):
    data.loc[3, "value"] = np.nan
    figure = scatter_plot(data, x="count", y="value", colour="kind").figure
    expected = data[data["value"].notna()].fillna({"kind": "missing"})
    found = figure.data.to_pandas().sort_values(["value"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(
        found, expected[["count", "value", "kind"]].sort_values("value").reset_index(drop=True), check_dtype=False
    )
    assert [s["name"] for s in figure.option["series"]] == ["a", "b", "c", "missing"]
    assert "1 rows without both values" in heard.text


def test_many_points_are_thinned_and_numbers_colour_in_ranges(data, heard):
    figure = scatter_plot(data, x="day", y="value", colour="value", most=500).figure
    assert figure.data.num_rows == 500
    assert "one row of 4" in heard.text
    colours = [s["itemStyle"]["color"] for s in figure.option["series"]]
    assert len(colours) == len(set(colours)) <= 8
    assert figure.data.column_names == ["day", "value", "value (2)"]
    assert figure.option["xAxis"]["type"] == "time"


HARD = {
    "no rows": pa.table({"x": pa.array([], pa.float64()), "g": pa.array([], pa.string())}),
    "no values": pa.table({"x": pa.nulls(3, pa.float64()), "g": pa.nulls(3, pa.string())}),
    "one row": pa.table({"x": [1.5], "g": [dt.date(2020, 1, 1)]}),
    "not finite": pa.table({"x": [1.0, float("inf"), float("nan")], "g": [1.0, float("inf"), None]}),
    "strange names": pa.table({"x": [1, 2, 3], "g": ["$a$ $b", "", "line\nbreak"]}),
    "all the same": pa.table({"x": [0.0] * 5, "g": ["k"] * 5}),
    "huge": pa.table({"x": [-1e300, 0.0, 1e300], "g": [True, False, None]}),
}


@pytest.mark.parametrize("rows", HARD.values(), ids=HARD.keys())
def test_hard_rows_give_a_figure_that_can_be_drawn(rows):
    for figure in (
        histogram(rows, column="x").figure,
        histogram(rows, column="x", group="g").figure,
        box_plot(rows, y=["x"]),
        box_plot(rows, y=["x"], group="g"),
        pie_chart(rows, column="g").figure,
        scatter_plot(rows, x="x", y="x", colour="g").figure,
    ):
        json.dumps(complete(figure), allow_nan=False)
        assert svg(figure).rstrip().endswith("</svg>")
        for series in figure.option["series"]:
            named = [n for v in series["encode"].values() for n in (v if isinstance(v, list) else [v])]
            assert set(named) <= set(figure.data.column_names)


def test_the_still_pictures_have_the_words(data):
    for figure, words in (
        (histogram(data, column="value").figure, {"value", "rows", "0 to 1"}),
        (box_plot(data, y=["value"], group="kind"), {"a", "b", "c", "missing", "value", "kind"}),
        (pie_chart(data, column="kind").figure, {"Rows by kind"}),
        (scatter_plot(data, x="count", y="value", colour="kind").figure, {"count", "value", "a", "b", "c", "missing"}),
    ):
        found = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg(figure)))
        assert words <= found
    assert re.search(r"a  \d+\.\d%", svg(pie_chart(data, column="kind").figure))
