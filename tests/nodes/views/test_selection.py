"""Choosing in a drawing: each bar, slice, cell and box gives the rows that it stands for, as a table that flows on."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from peephole.core.errors import SettingError
from peephole.nodes.views.bar_chart import bar_chart
from peephole.nodes.views.heat_map import heat_map
from peephole.nodes.views.histogram import histogram
from peephole.nodes.views.pie_chart import pie_chart
from peephole.nodes.views.scatter_plot import scatter_plot

FRAMES = pytest.mark.parametrize("frame", [pa.Table.from_pandas, pl.from_pandas])


@pytest.fixture
def data() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    n = 400
    return pd.DataFrame(
        {
            "kind": rng.choice(["a", "b", "ä", None], n),
            "flag": rng.choice([True, False], n),
            "count": rng.integers(0, 4, n),
            "wide": rng.integers(0, 5000, n),
            "value": rng.normal(size=n).round(6),
            "day": [dt.date(2020, 1, 1) + dt.timedelta(days=int(d)) for d in rng.integers(0, 900, n)],
            "moment": pd.Timestamp("2020-02-29 10:30") + pd.to_timedelta(rng.integers(0, 90_000, n), "min"),
        }
    )


def areas(figure) -> list[dict]:
    return json.loads(json.dumps(figure.option))["peephole"]["select"]["areas"]


def count(table) -> int:
    return len(table)


@FRAMES
@pytest.mark.parametrize("x", ["kind", "flag", "count", "wide", "value", "day", "moment"])
def test_each_bar_gives_its_rows(data, frame, x):
    rows = frame(data)
    figure = bar_chart(rows, x=x).figure
    heights = [h or 0 for h in figure.data.column("rows").to_pylist()]
    found = [count(bar_chart(rows, x=x, selection=[area]).selected) for area in areas(figure)]
    assert found == heights
    assert sum(found) == len(data)


@FRAMES
def test_a_part_of_a_bar_is_where_its_bar_and_its_group_meet(data, frame):
    rows = frame(data)
    figure = histogram(rows, column="value", group="kind", bins=8).figure
    parts = figure.option["peephole"]["select"]["series"]
    assert list(parts) == [s["name"] for s in figure.option["series"]]
    for name, part in parts.items():
        heights = figure.data.column(name).to_pylist()
        chosen = [histogram(rows, column="value", selection=[{**a, **part}]).selected for a in areas(figure)]
        assert [count(c) for c in chosen] == heights


@FRAMES
def test_slices_and_cells_give_their_rows(data, frame):
    rows = frame(data)
    pie = pie_chart(rows, column="kind").figure
    assert [count(pie_chart(rows, column="kind", selection=[a]).selected) for a in areas(pie)] == (
        pie.data.column("rows").to_pylist()
    )
    heat = heat_map(rows, x="kind", y="day", most=10).figure
    found = [count(heat_map(rows, x="kind", y="day", selection=[a]).selected) for a in areas(heat)]
    assert found == heat.data.column("rows").to_pylist()


def test_what_is_taken_together_cannot_be_chosen(data):
    figure = pie_chart(pa.Table.from_pandas(data), column="count", most=2).figure
    assert areas(figure)[-1] is None


@FRAMES
def test_boxes_in_a_scatter_plot(data, frame):
    rows = frame(data)
    marked = scatter_plot(rows, x="moment", y="value").figure.option["peephole"]["select"]
    assert marked == {"kind": "brush", "x": "moment", "y": "value"}
    boxes = [
        {"ranges": {"moment": {"at_least": "2020-03-01T00:00:00", "at_most": "2020-03-20"}, "value": {"at_least": 0}}},
        {"ranges": {"value": {"below": -1.5}}, "values": {"kind": ["ä", None]}},
    ]
    got = scatter_plot(rows, x="moment", y="value", selection=boxes).selected
    assert isinstance(got, type(rows))
    m, v, k = data["moment"], data["value"], data["kind"]
    wanted = ((m >= "2020-03-01") & (m <= "2020-03-20") & (v >= 0)) | ((v < -1.5) & (k.isna() | (k == "ä")))
    assert sorted(pa.table(got).column("value").to_pylist()) == sorted(data[wanted]["value"])
    assert 0 < wanted.sum() < len(data)


@FRAMES
def test_nothing_chosen_gives_no_rows_and_all_columns(data, frame):
    got = scatter_plot(frame(data), x="value", y="count").selected
    assert count(got) == 0
    assert pa.table(got).column_names == list(data.columns)


def test_a_selection_that_no_longer_fits_is_named(data):
    with pytest.raises(SettingError, match="of another type"):
        scatter_plot(data, x="value", y="count", selection=[{"ranges": {"value": {"at_least": "2020-01-01"}}}])
    with pytest.raises(SettingError, match="no limits"):
        scatter_plot(data, x="value", y="count", selection=[{}])
    with pytest.raises(SettingError, match='there is no column "valu"'):
        scatter_plot(data, x="value", y="count", selection=[{"values": {"valu": [1]}}])
