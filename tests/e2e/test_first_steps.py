"""First steps of a person who has never seen the studio: a template, a workflow of one's own, three mistakes."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from studio_page import LONG, Editor, middle, serve

from peephole.core.errors import PeepholeError
from peephole.data import get

MIRROR = Path(__file__).parents[3] / "shared" / "data"


def data(name: str) -> Path:
    """A named data set's file; a machine without it and without a way to fetch it skips the story."""
    if MIRROR.is_dir():
        os.environ.setdefault("PEEPHOLE_DATA_MIRROR", str(MIRROR))
    try:
        return get(name)
    except PeepholeError as error:
        pytest.skip(f"the data set {name} cannot be had here: {error.what}")


@pytest.fixture
def flights(
    tmp_path: Path, shared_store: Path, context: BrowserContext, request: pytest.FixtureRequest
) -> Iterator[Editor]:
    """The start page of a studio whose results other stories may have made before."""
    data("flights")
    with serve(tmp_path, store=shared_store) as studio:
        made = Editor(context.new_page(), studio, request.node.name)
        made.enter()
        yield made
        made.shot("end")
        assert made.errors == []


def test_a_new_user_opens_the_flights_template_runs_it_and_looks_into_it(flights: Editor) -> None:
    page = flights.page
    card = page.get_by_role("button", name=re.compile("^The workflow “Flight delays”"))
    expect(card.get_by_role("img")).to_be_visible()
    flights.shot("1-start")
    card.click()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_enabled()
    flights.shot("2-opened")

    flights.run()
    flights.shot("3-done")

    panel = page.get_by_role("region", name="What lies at the port")
    flights.settle()
    start = middle(flights.port("Output", "table", "Flights that arrived"))
    end = middle(flights.port("Input", "table", "Fill weather gaps"))
    page.mouse.click((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    expect(panel.get_by_role("heading", name="Flights that arrived")).to_be_visible()
    expect(panel.get_by_text("327,346 rows × 26 columns")).to_be_visible(timeout=LONG)
    grid = panel.get_by_role("grid")
    expect(grid.get_by_role("columnheader", name=re.compile("dep_delay"))).to_be_visible()
    flights.shot("4-table")

    flights.canvas.focus()
    page.keyboard.press("0")  # all of it in sight
    flights.node("Score of the tree").click()
    panel.get_by_role("combobox", name="Port").select_option("roc")
    chart = panel.get_by_role("img", name=re.compile("Chart: ROC curve"))
    expect(chart).to_be_visible(timeout=LONG)
    expect(chart.locator("canvas").first).to_be_visible()
    flights.shot("5-roc")


def test_graduate_admission_is_built_from_an_empty_canvas_by_dragging_and_searching(editor: Editor) -> None:
    shutil.copyfile(data("graduate-admission"), editor.served.folder / "admission.csv")
    page = editor.page
    page.get_by_role("button", name="New workflow").click()
    expect(editor.canvas).to_be_visible()
    editor.shot("1-empty")

    page.get_by_role("navigation", name="Nodes").get_by_text("Read CSV", exact=True).drag_to(
        editor.canvas, target_position={"x": 24, "y": 80}
    )
    expect(editor.nodes).to_have_count(1)
    page.get_by_role("button", name="Look for a file").click()
    page.get_by_role("dialog").get_by_text("admission.csv").click()
    page.get_by_role("dialog").get_by_role("button", name="Choose", exact=True).click()
    panel = page.get_by_role("region", name="What lies at the port")
    expect(panel.get_by_text(re.compile(r"\d+ rows × 9 columns"))).to_be_visible(timeout=LONG)
    editor.shot("2-file")

    editor.add("partition", (0.4, 0.12))
    editor.add("linear regression learner", (0.4, 0.62))
    editor.add("predict", (0.72, 0.12))
    editor.add("numeric score", (0.72, 0.62))
    editor.wire(("Read CSV", "table"), ("Partition", "table"))
    editor.wire(("Partition", "train"), ("Linear regression learner", "table"))
    editor.wire(("Linear regression learner", "model"), ("Predict", "model"))
    editor.wire(("Partition", "test"), ("Predict", "table"))
    editor.wire(("Predict", "table"), ("Numeric score", "table"))
    editor.shot("3-wired")

    _choose_target(editor, "Linear regression learner")
    editor.node("Predict").click()
    panel.get_by_role("button", name="Run to here").last.click()
    expect(panel.get_by_text(re.compile("rows × 10 columns"))).to_be_visible(timeout=LONG)
    _choose_target(editor, "Numeric score")
    editor.shot("4-set")

    editor.run()
    editor.expect_state("Numeric score", "Done")
    editor.node("Numeric score").click()
    expect(
        panel.get_by_role("gridcell", name="R²").or_(panel.get_by_text(re.compile(r"^R2$|^R²$"))).first
    ).to_be_visible()
    editor.shot("5-score")


def _choose_target(editor: Editor, title: str) -> None:
    editor.node(title).click()
    target = editor.page.get_by_role("combobox", name="Target")
    target.click()
    target.fill("chance")
    editor.page.get_by_role("option", name=re.compile("Chance of Admit")).first.click()
    expect(target).to_have_value(re.compile("Chance of Admit"))


def test_three_mistakes_are_read_on_the_node_and_mended(editor: Editor) -> None:
    (editor.served.folder / "people.csv").write_text(
        "name,age,income\n" + "".join(f"p{n},{20 + n % 40},{1000 + 37 * n % 900}\n" for n in range(80)),
        encoding="utf-8",
    )
    editor.open(
        {
            "title": "Mistakes",
            "nodes": {
                "read": {"type": "read_csv", "title": "People", "settings": {"path": "people.csv"}},
                "groups": {"type": "k_means", "title": "Groups", "settings": {"columns": ["income"]}},
                "sorted": {"type": "sort", "title": "Sorted"},
            },
            "wires": ["read.table -> groups.table"],
            "layout": {"read": [0, 60], "groups": [320, 0], "sorted": [660, 40]},
        }
    )
    page = editor.page

    # a wrong port
    editor.hold(editor.port("Output", "model", "Groups"), editor.port("Input", "table", "Sorted"))
    expect(page.get_by_text(re.compile("takes a Table, and this is a Model")).first).to_be_visible()
    editor.shot("1-wrong-port")
    page.mouse.up()
    expect(editor.wires).to_have_count(1)
    editor.wire(("Groups", "clustered"), ("Sorted", "table"))

    # a column that is not there
    editor.node("Groups").click()
    columns = page.get_by_role("combobox", name="Columns")
    columns.fill("Age")
    page.keyboard.press("Escape")
    columns.press("Enter")
    settings = page.get_by_role("complementary", name="Settings")
    expect(settings.get_by_text('There is no column "Age"')).to_be_visible()
    expect(editor.node("Groups").get_by_text(re.compile('no column "Age"')).first).to_be_visible()
    editor.shot("2-missing-column")
    settings.get_by_role("button", name="Use “age”").click()
    expect(settings.get_by_text('There is no column "Age"')).to_be_hidden()

    # text where a number belongs
    clusters = page.get_by_role("textbox", name="Clusters")
    clusters.fill("many")
    expect(settings.get_by_text('"many" is not a whole number')).to_be_visible()
    expect(editor.node("Groups").get_by_text(re.compile("Clusters cannot be 'many'")).first).to_be_visible()
    editor.shot("3-no-number")
    clusters.fill("4")
    expect(editor.node("Groups").get_by_text(re.compile("cannot be"))).to_have_count(0)

    editor.node("Groups").click()
    panel = page.get_by_role("region", name="What lies at the port")
    panel.get_by_role("button", name="Run to here").first.click()
    editor.expect_state("Groups", "Done")
    editor.node("Sorted").click()
    settings.get_by_role("button", name="Add sort key").click()
    page.get_by_role("combobox", name=re.compile("Column")).click()
    page.get_by_role("option", name=re.compile("^age")).click()
    editor.run()
    editor.expect_state("Sorted", "Done")
    editor.shot("4-mended")
    assert editor.document()["nodes"]["groups"]["settings"] == {"columns": ["income", "age"], "clusters": 4}
