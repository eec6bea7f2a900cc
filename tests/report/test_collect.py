"""A report from a real run: what was stored is read back as far as a page shows it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from peephole.core.types import Figure
from peephole.engine.catalog import catalog
from peephole.engine.run import RunResult, run
from peephole.engine.store import Store
from peephole.figures.charts import points
from peephole.report.charts import arranged, fitted
from peephole.report.collect import MOST_POINTS, PEEK, chart, collect, scores_of, table_head
from peephole.report.from_document import draw_document, sketch_of
from peephole.report.model import Chart, Column, Score, TableHead, Text
from peephole.report.page import compared, render
from peephole.workflow.document import Document
from peephole.workflow.text import loads

T = "peephole_testnodes/"
DOCUMENT = loads(
    json.dumps(
        {
            "format": "peephole-workflow",
            "version": 1,
            "title": "A small one",
            "nodes": {
                "numbers": {"type": f"{T}numbers", "settings": {"rows": 40}, "pinned": True},
                "part": {
                    "type": "component",
                    "title": "Together",
                    "inside": {
                        "nodes": {"add": {"type": f"{T}add"}, "sum": {"type": f"{T}group_sum"}},
                        "wires": [".table -> add.table", "add.table -> sum.table", "sum.table -> .table"],
                    },
                },
                "fail": {"type": f"{T}fail", "note": "It *cannot* work."},
                "after": {"type": f"{T}add"},
                "new": {"type": "of_the_future"},
            },
            "wires": [
                "numbers.table -> part.table",
                "numbers.table -> fail.table",
                "fail.table -> after.table",
                "numbers.table -> new.whatever",
            ],
        }
    ),
    "small",
)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    return run(DOCUMENT, store=Store(tmp_path_factory.mktemp("store")))


def test_states_outputs_and_failures_are_told(result: RunResult) -> None:
    report = collect(DOCUMENT, result, source="small.peep.json", engine="duckdb")
    nodes = {n.id: n for n in report.nodes}
    assert (report.title, report.status, report.engine.split()[0]) == ("A small one", "failed", "DuckDB")
    assert [nodes[i].state for i in ("numbers", "part/sum", "fail", "after")] == ["done", "done", "failed", "skipped"]
    assert nodes["fail"].failure is not None
    assert nodes["fail"].failure.remedy == "Do it otherwise."
    assert nodes["after"].failure is None
    assert nodes["numbers"].settings == (("rows", "40"),)
    head = nodes["part/sum"].outputs[0].parts[0]
    assert isinstance(head, TableHead)
    assert (head.total, [c.name for c in head.columns]) == (7, ["k", "n"])
    assert all(c.type for c in head.columns)
    assert "__row__" not in render(report)


def test_what_is_done_for_the_first_time_does_not_say_that_it_has_not_run(result: RunResult) -> None:
    assert result.nodes["numbers"].reason == "it has no result yet"  # that was why it ran
    nodes = {n.id: n for n in collect(DOCUMENT, result).nodes}
    assert [nodes[i].reason for i in ("numbers", "part/sum")] == ["", ""]
    assert nodes["after"].reason


def test_a_component_is_one_box_with_the_state_that_matters(result: RunResult) -> None:
    boxes = {b.id: b for b in sketch_of(DOCUMENT, catalog().specs, result.nodes).boxes}
    part = boxes["part"]
    assert (part.title, part.state, part.facts, part.summary) == ("Together", "done", "7 × 2", "2 nodes inside")
    assert [(d.name, d.type and d.type.name) for d in part.inputs + part.outputs] == [("table", "Table")] * 2
    assert (boxes["new"].state, [d.name for d in boxes["new"].inputs]) == ("unknown", ["whatever"])


def test_a_document_is_drawn_without_a_run() -> None:
    ET.fromstring(draw_document(DOCUMENT, catalog().specs))
    ET.fromstring(draw_document(Document(), {}))


def test_a_result_that_is_gone_does_not_spoil_the_page(tmp_path: Path) -> None:
    store = Store(tmp_path)
    lost = run(DOCUMENT, store=store)
    store.clear()
    report = collect(DOCUMENT, lost)
    assert any(isinstance(p, Text) for n in report.nodes for o in n.outputs for p in o.parts)
    render(report)


def arrow(**columns: list[Any]) -> pa.Table:
    return pa.table(columns)


def test_scores_are_short_lists_of_names_and_numbers() -> None:
    assert scores_of(table_head(arrow(metric=["F1"], value=[0.5]), 1)) == (Score("F1", 0.5),)
    assert scores_of(table_head(arrow(r2=[0.5], rmse=[1.5]), 1)) == (Score("r2", 0.5), Score("rmse", 1.5))
    assert scores_of(table_head(arrow(metric=["F1"], value=[0.5]), 100)) == ()
    assert scores_of(table_head(arrow(metric=["F1"], rows=[5]), 1)) == ()
    assert scores_of(TableHead((Column("a"),), (), 0)) == ()


def test_scores_of_the_same_names_stand_together() -> None:
    a, b, c = (Score("F1", 0.1),), (Score("F1", 0.2),), (Score("R2", 0.3),)
    groups = compared([("x", a), ("y", c), ("z", b)])  # type: ignore[list-item]
    assert [[found for _, found in group] for group in groups] == [[a, b], [c]]


def figure(rows: int) -> Figure:
    return points(arrow(x=list(range(rows)), y=list(range(rows))), x="x", y="y", title="Dots")


def test_a_figure_that_only_a_browser_can_draw_has_no_still_picture() -> None:
    foreign = Figure({"series": [{"type": "gauge"}], "dataset": [{}]}, arrow(x=[1]), "Gauge")
    assert (chart(foreign).svg, chart(foreign).option is not None) == ("", True)


def test_too_many_points_are_thinned_and_that_is_said() -> None:
    few, many = chart(figure(5)), chart(figure(2 * MOST_POINTS + 1))
    assert (few.title, few.note) == ("Dots", "")
    assert few.option is not None
    assert "title" not in few.option
    assert many.option is not None
    assert len(many.option["dataset"][0]["source"]) <= MOST_POINTS
    assert "40,001 points" in many.note


def test_a_still_picture_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = chart(figure(5), tmp_path).svg
    assert first.lstrip().startswith("<?xml")
    monkeypatch.setattr("peephole.figures.static.svg", None)
    assert chart(figure(5), tmp_path).svg == first
    assert [p.suffix for p in tmp_path.iterdir()] == [".svg"]


def test_colour_scales_go_below_the_drawing() -> None:
    before = {"visualMap": {"right": 0, "min": -1.5, "max": 2, "text": ["share", ""]}, "grid": {"right": 110}}
    after = fitted(before)
    assert after["visualMap"]["orient"] == "horizontal"
    assert after["visualMap"]["text"] == ["2  share", "−1.5"]
    assert "right" not in after["visualMap"]
    assert after["grid"]["right"] == 24
    assert before["grid"] == {"right": 110}
    assert fitted({}) == {}


def test_charts_stand_in_pairs_and_wide_ones_alone() -> None:
    half, wide = Chart("a", {}), Chart("b", {"xAxis": {"data": list(range(24))}})
    assert arranged([half, wide, half]) == [False, True, False]
    assert arranged([half, half, half]) == [False, False, True]
    assert arranged([]) == []


def test_tables_on_the_way_are_shorter(result: RunResult) -> None:
    open_ended = DOCUMENT.model_copy(update={"nodes": {i: b.with_(pinned=False) for i, b in DOCUMENT.nodes.items()}})
    numbers = next(n for n in collect(open_ended, result).nodes if n.id == "numbers")
    head = numbers.outputs[0].parts[0]
    assert isinstance(head, TableHead)
    assert len(head.rows) == PEEK


def test_a_page_of_rows_has_its_title_and_all_the_rows_asked_for(tmp_path: Path) -> None:
    rows = {"columns": [{"name": "n", "type": "integer"}, {"name": "s", "type": "text"}]}
    nodes = {
        "rows": {"type": "table_by_hand", "settings": rows | {"rows": [[i, "long " * 20] for i in range(90)]}},
        "page": {"type": "table_view", "settings": {"rows": 80, "title": "Sales 😀"}},
    }
    document = Document.model_validate({"nodes": nodes, "wires": ["rows.table -> page.table"]})
    done = run(document, store=Store(tmp_path / "store"))
    (page,) = [o for n in collect(document, done).nodes if n.id == "page" for o in n.outputs]
    (table,) = [p for p in page.parts if isinstance(p, TableHead)]
    assert (table.title, len(table.rows), table.total) == ("Sales 😀", 80, 80)
    html = render(collect(document, done))
    assert "Sales 😀" in html
    assert 'class=" long"' in html
