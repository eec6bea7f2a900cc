"""Colours chosen once go with the table, through queries, groups and stored results, into every drawing."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from engine_flows import plan_of

from peephole.core.colours import Colouring, chosen_colours
from peephole.engine.run import run
from peephole.engine.store import Store
from peephole.figures.palette import colours_for, scale_for
from peephole.nodes.views.bar_chart import bar_chart
from peephole.nodes.views.box_plot import box_plot
from peephole.nodes.views.heat_map import heat_map
from peephole.nodes.views.pie_chart import pie_chart
from peephole.nodes.views.scatter_plot import scatter_plot
from peephole.ports.figure import FigureCodec
from peephole.workflow.document import Document

RED, BLUE, GREEN = "#AA0000", "#0000AA", "#00AA00"
ROWS = pa.table({"k": ["a", "b", "a", "c"], "g": ["x", "x", "y", "y"], "v": [1.0, 2.0, 3.0, 4.0]})


def document(colour: str) -> Document:
    nodes = {
        "read": {"type": "read_parquet", "settings": {"path": "rows.parquet"}},
        "colours": {"type": "colours", "settings": {"column": "k", "values": {"a": colour}}},
        "group": {
            "type": "group_by",
            "settings": {"keys": ["k", "g"], "compute": [{"function": "count", "name": "n"}]},
        },
        "bars": {"type": "bar_chart", "settings": {"x": "g", "y": ["n"], "group": "k"}},
        "before": {"type": "bar_chart", "settings": {"x": "g", "group": "k"}},
    }
    wires = ["read.table -> colours.table", "colours.table -> group.table", "group.table -> bars.table"]
    return Document.model_validate({"nodes": nodes, "wires": [*wires, "read.table -> before.table"]})


def colour_of(figure, name):
    return next(s["itemStyle"]["color"] for s in figure.option["series"] if s["name"] == name)


def test_colours_reach_the_drawings_that_follow_and_only_these(tmp_path):
    pq.write_table(ROWS, tmp_path / "rows.parquet")
    store = Store(tmp_path / "store")
    path = tmp_path / "a.peep.json"
    result = run(document(RED), path=path, store=store)
    figure = {n: FigureCodec().load(result.nodes[n].outputs["figure"].folder) for n in ("bars", "before")}
    assert colour_of(figure["bars"], "a") == RED
    assert colour_of(figure["before"], "a") != RED
    again = run(document(BLUE), path=path, store=store)
    assert again.nodes["before"].cached
    assert again.nodes["bars"].reason == "the colours changed"
    assert colour_of(FigureCodec().load(again.nodes["bars"].outputs["figure"].folder), "a") == BLUE


def test_a_later_choice_counts_and_a_wire_cannot_choose():
    plan = plan_of(document(RED))
    assert plan.steps["group"].colours == {"k": Colouring({"a": RED})}
    assert plan.steps["before"].colours == {}
    assert "colours" not in plan.steps["group"].made_from
    assert plan.steps["bars"].made_from["colours"] == {"k": {"values": {"a": RED}, "scale": ()}}


def test_views_use_them():
    chosen = {"k": Colouring({"a": RED, "b": BLUE}), "v": Colouring(scale=("#000000", "#FFFFFF"))}
    with chosen_colours(chosen):
        assert colour_of(scatter_plot(ROWS, x="v", y="v", colour="k").figure, "b") == BLUE
        assert pie_chart(ROWS, column="k").figure.option["series"][0]["color"][0] == RED
        bars = bar_chart(ROWS, x="k", order="by label").figure.option["series"][0]
        assert bars["color"][:2] == [RED, BLUE]
        assert box_plot(ROWS, y=["v"], group="k").option["series"][0]["color"][:2] == [RED, BLUE]
        heat = heat_map(ROWS, x="k", y="g", value="v").figure.option["visualMap"]["inRange"]["color"]
        assert (heat[0], heat[-1]) == ("#000000", "#FFFFFF")
        shades = scatter_plot(ROWS, x="v", y="v", colour="v").figure.option["series"]
        assert [shades[0]["itemStyle"]["color"], shades[-1]["itemStyle"]["color"]] == ["#000000", "#FFFFFF"]


def test_what_is_not_chosen_gets_a_colour_that_is_free():
    assert colours_for(["a", "b"]) == ["#0072B2", "#E69F00"]
    with chosen_colours({"k": Colouring({"b": "#0072b2"})}):
        assert colours_for(["a", "b", "c"], "k") == ["#E69F00", "#0072b2", "#009E73"]
        assert colours_for(["a", "b", "c"], "renamed") == ["#E69F00", "#0072b2", "#009E73"]
    with chosen_colours({"v": Colouring(scale=("#000000", "#FF0000", "#FFFFFF"))}):
        assert scale_for("v", ["#1"] * 5) == ("#000000", "#800000", "#FF0000", "#FF8080", "#FFFFFF")
        assert scale_for("w", ["#112233"]) == ("#112233",)


@pytest.mark.parametrize("colour", ["red", "#12345", "#GG0000"])
def test_a_colour_is_written_in_one_way(colour):
    from peephole.core.errors import SettingError
    from peephole.nodes.columns.colours import colours

    with pytest.raises(SettingError, match="values"):
        colours(ROWS, column="k", values={"a": colour})
