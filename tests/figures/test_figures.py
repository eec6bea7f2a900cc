"""Figures: plain JSON, the data inside as they are, and a still picture that says the same."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
import threading
from subprocess import run

import pyarrow as pa
import pytest

from peephole.figures import text
from peephole.figures.charts import bars, heat, lines, points
from peephole.figures.complete import complete
from peephole.figures.static import png, svg

CITIES = ["Aachen", "Bielefeld", "Castrop-Rauxel"]


def bar_figure(**more):
    data = pa.table({"city": CITIES, "mean of rent": [10.5, -2.0, 7.0], "rows": [3.0, 4.0, None]})
    given = {"title": "Rent by city", "x_name": "city", "y_name": "euros", **more}
    return bars(data, x="city", ys=["mean of rent", "rows"], **given)


def line_figure():
    data = pa.table({"day": [dt.date(2024, 1, d) for d in (1, 2, 3)], "EWR": [1.0, None, 3.0], "JFK": [2.0, 2.5, 1.0]})
    return lines(data, x="day", ys=["EWR", "JFK"], kind="time", title="Delay", x_name="day", y_name="minutes")


def heat_figure():
    data = pa.table({"x": ["a", "b"], "y": ["u", "v"], "share": [0.25, 0.75], "text": ["25%", "75%"]})
    names = {"x": "x", "y": "y", "value": "share", "text": "text", "x_name": "said", "y_name": "actual"}
    return heat(data, xs=["a", "b"], ys=["u", "v"], title="Shares", **names)


def roc_figure():
    data = pa.table({"class": ["k", "k", "m", "m"], "false": [0.0, 1.0, 0.0, 1.0], "true": [0.0, 1.0, 0.5, 1.0]})
    given = {"groups": ["k", "m"], "group": "class", "joined": True, "diagonal": (0, 1), "span": (0, 1)}
    return points(data, x="false", y="true", title="ROC", **given)


def scatter_figure():
    data = pa.table({"actual": [1.0, 2.0, 3.0], "said": [1.1, 1.9, 3.2]})
    return points(data, x="actual", y="said", title="Said", diagonal=(1, 3))


ALL = [bar_figure, line_figure, heat_figure, roc_figure, scatter_figure]


@pytest.mark.parametrize("make", ALL)
def test_options_are_plain_and_name_columns_that_are_there(make):
    figure = make()
    assert json.loads(json.dumps(figure.option, allow_nan=False)) == figure.option
    for series in figure.option["series"]:
        for named in series.get("encode", {}).values():
            for name in [named] if isinstance(named, str) else named:
                assert name in figure.data.column_names
        assert series.get("datasetIndex", 0) < len(figure.option["dataset"])
    for axis in ("xAxis", "yAxis"):
        assert figure.option[axis]["name"]


@pytest.mark.parametrize("make", ALL)
def test_complete_holds_the_data_and_leaves_the_figure_alone(make):
    figure = make()
    before = json.dumps(figure.option)
    whole = complete(figure)
    source = whole["dataset"][0]
    assert source["dimensions"] == figure.data.column_names
    assert len(source["source"]) == figure.data.num_rows
    json.dumps(whole, allow_nan=False)
    assert "title" not in complete(figure, title=False)
    assert json.dumps(figure.option) == before


def test_values_become_json():
    assert complete(line_figure())["dataset"][0]["source"][1] == ["2024-01-02", None, 2.5]
    data = pa.table({"x": ["a"], "v": [float("nan")]})
    odd = bars(data, x="x", ys=["v"], title="", x_name="x", y_name="v")
    assert complete(odd)["dataset"][0]["source"] == [["a", None]]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (bar_figure, [*CITIES, "Rent by city", "city", "euros", "mean of rent", "rows"]),
        (lambda: bar_figure(horizontal=True, stacked=True), [*CITIES, "euros"]),
        (line_figure, ["Delay", "minutes", "day", "EWR", "JFK"]),
        (heat_figure, ["25%", "75%", "said", "actual", "share", "u", "v"]),
        (roc_figure, ["ROC", "false", "true", "k", "m", "0.2"]),
        (scatter_figure, ["Said", "actual"]),
    ],
)
def test_the_still_picture_has_the_words(make, words):
    found = re.findall(r"<text[^>]*>([^<]*)</text>", svg(make()))
    assert set(words) <= set(found)


def test_the_still_picture_has_the_bars():
    """One filled shape for each bar, in the colours of the option."""
    figure = bar_figure()
    drawn = svg(figure).lower()
    for series in figure.option["series"]:
        shapes = re.findall(rf"<path d=[^>]*fill: {series['itemStyle']['color'].lower()}", drawn)
        assert len(shapes) == 3 + 1  # and the legend's


def test_the_same_figure_gives_the_same_picture():
    assert svg(line_figure()) == svg(line_figure())
    assert png(line_figure())[:4] == b"\x89PNG"


def test_long_and_many_names_stay_on_the_page():
    names = [f"a rather long name of category {i}" for i in range(60)]
    data = pa.table({"name": names, "rows": [float(i) for i in range(60)]})
    for horizontal in (True, False):
        figure = bars(data, x="name", ys=["rows"], title="t", x_name="name", y_name="rows", horizontal=horizontal)
        drawn = svg(figure)
        assert "a rather long" in drawn
        width = float(re.search(r'viewBox="0 0 ([\d.]+)', drawn).group(1))
        starts = [float(x) for x in re.findall(r'<text[^>]*x="(-?[\d.]+)"', drawn)]
        assert all(0 <= x <= width for x in starts)


def test_titles_may_be_left_to_the_page():
    assert "Rent by city" not in svg(bar_figure(), title=False)


def test_pictures_can_be_drawn_side_by_side():
    expected, found = svg(bar_figure()), []
    threads = [threading.Thread(target=lambda: found.append(svg(bar_figure()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_matplotlib_is_not_imported_before_a_picture_is_drawn_and_pyplot_never():
    code = (
        "import sys, peephole.figures.charts, peephole.figures.static as s, peephole.ports.figure;"
        "assert 'matplotlib' not in sys.modules;"
        "import pyarrow as pa;"
        "s.svg(peephole.figures.charts.bars(pa.table({'a': ['x'], 'b': [1]}), x='a', ys=['b'], title='', x_name='', y_name=''));"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    run([sys.executable, "-c", code], check=True)


def test_texts_of_values():
    assert text.labels([None, float("nan"), True, 3.0, 2.5, dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 1, 5), ""]) == [
        "missing", "missing", "true", "3", "2.5", "2024-01-01", "2024-01-01 05:00", "(blank)",
    ]  # fmt: skip
    assert [text.short(v) for v in (0, 12.0, 1.23456, 12345.6, 1e9, 1e-7, None)] == [
        "0", "12", "1.23", "12,346", "1.00e+09", "1.00e-07", "",
    ]  # fmt: skip
    assert text.shorten("abcdefghijkl", 8) == "abcde…kl"
    assert text.distinct("a", "b", "a", "a") == ["a", "b", "a (2)", "a (3)"]


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.25, "0.25"), (-0.0, "0"), (2015, "2015"), (12_500, "12,500"), (-2.5e6, "-2.5M"), (3e9, "3bn"), (1e20, "1e+20")],
)
def test_the_ends_of_ranges(value, said):
    assert text.edge(value) == said


def test_labels_of_ranges_are_left_out_rather_than_set_slanting():
    data = pa.table({"range": [f"{i},000 to {i + 1},000" for i in range(30)], "rows": [1.0] * 30})
    given = {"x": "range", "ys": ["rows"], "title": "", "x_name": "x", "y_name": "rows"}
    ranges = bars(data, touching=True, **given)
    assert ranges.option["xAxis"]["axisLabel"]["rotate"] == 0
    drawn = svg(ranges)
    assert 3 < len(re.findall(r">\d+,000 to", drawn)) < 30
    assert "rotate(-40" not in drawn
    assert bars(data, ordered=True, **given).option["xAxis"]["axisLabel"]["interval"] == "auto"
    assert bars(data, **given).option["xAxis"]["axisLabel"]["rotate"] == 40


def test_high_values_are_warm_where_values_lie_on_both_sides_of_zero():
    data = pa.table({"x": ["a", "b"], "y": ["u", "v"], "gain": [-1.0, 3.0], "text": ["-1", "3"]})
    names = {"x": "x", "y": "y", "value": "gain", "text": "text", "x_name": "x", "y_name": "y"}
    scale = heat(data, xs=["a", "b"], ys=["u", "v"], title="", **names).option["visualMap"]
    assert (scale["min"], scale["max"]) == (-3.0, 3.0)
    low, high = (
        int(c[1:3], 16) - int(c[5:7], 16) for c in (scale["inRange"]["color"][0], scale["inRange"]["color"][-1])
    )
    assert low < 0 < high  # blue, red


def test_a_legend_of_tiny_faint_points_is_seen_in_the_still_picture():
    data = pa.table({"x": range(6000), "y": range(6000), "of": ["a", "b"] * 3000})
    figure = points(data, x="x", y="y", title="", groups=["a", "b"], group="of")
    marks = re.findall(r'<g id="PathCollection_\d+">.*?</g>', svg(figure).partition('id="legend_1"')[2], re.DOTALL)
    assert len(marks) == 2
    assert not any("opacity" in mark for mark in marks)


def test_an_axis_of_counts_has_no_parts_of_one():
    assert bar_figure(formats={"mean of rent": "integer", "rows": "integer"}).option["yAxis"]["minInterval"] == 1
    assert "minInterval" not in bar_figure(formats={"mean of rent": "number", "rows": "integer"}).option["yAxis"]
