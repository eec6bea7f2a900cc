"""What the page says of itself: how a run ended, how a node of the list is added, where typing goes."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect
from studio_page import LONG, Editor

ROWS = {"type": "table_by_hand", "title": "Rows"}
SETTINGS = {"columns": [{"name": "a", "type": "integer"}], "rows": [[1]]}


def test_a_run_says_how_it_ended_until_the_next_edit(editor: Editor) -> None:
    editor.page.set_viewport_size({"width": 1280, "height": 720})
    editor.open({"nodes": {"rows": {**ROWS, "settings": SETTINGS}}})
    page = editor.page
    said = page.locator("[data-area=top]").get_by_role("status")
    run = page.get_by_role("button", name="Run", exact=True)
    run.click()
    expect(said.filter(has_text=re.compile(r"^Done in \d+\.\d s: 1 node ran$"))).to_be_visible(timeout=LONG)
    editor.shot("done")
    run.click()
    again = said.filter(has_text="Done: all results were there already")
    expect(again).to_be_visible(timeout=LONG)
    editor.node("Rows").click()
    page.keyboard.press("p")
    expect(again).to_have_count(0, timeout=5000)  # of itself it goes after fifteen seconds


def test_run_can_be_pressed_once_the_workflow_is_there(editor: Editor) -> None:
    one = editor.open({"nodes": {"rows": {**ROWS, "settings": SETTINGS}}})
    page, held = editor.page, list[Route]()
    fetched = re.compile(f"/api/documents/{one}$")

    def hold(route: Route) -> None:
        held.append(route)

    page.route(fetched, hold)
    with page.expect_request(fetched):
        page.reload()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_disabled()
    held[0].continue_()
    editor.arrived()
    editor.run()


def test_a_click_in_the_node_list_marks_and_a_double_click_adds_wired(editor: Editor) -> None:
    editor.page.set_viewport_size({"width": 1280, "height": 720})
    editor.open({"nodes": {"rows": {**ROWS, "settings": SETTINGS}}})
    page = editor.page
    editor.node("Rows").click()
    palette = page.get_by_role("navigation", name="Nodes", exact=True)
    palette.get_by_role("searchbox").fill("sort")
    entry = palette.get_by_role("button", name=re.compile(r"^Sort\b")).first
    entry.click()
    expect(entry).to_have_attribute("data-marked", "true")
    expect(palette.get_by_text("Double-click, Enter or drag adds it")).to_be_visible()
    expect(editor.nodes).to_have_count(1)
    editor.shot("marked")
    entry.dblclick()
    expect(editor.nodes).to_have_count(2)
    expect(editor.wires).to_have_count(1)
    assert editor.document()["wires"] == ["rows.table -> sort.table"]


def test_choosing_a_data_set_begins_in_its_search(editor: Editor) -> None:
    editor.open({"nodes": {"data": {"type": "data_set", "title": "Data"}}})
    editor.node("Data").click()
    editor.page.get_by_role("button", name=re.compile("Choose a data set")).click()
    dialog = editor.page.get_by_role("dialog")
    expect(dialog.get_by_role("searchbox", name="Search data sets")).to_be_focused()


def test_what_is_still_to_be_chosen_is_said_without_red_and_what_does_not_count_is_not_asked(editor: Editor) -> None:
    rows = {**ROWS, "settings": SETTINGS}
    nodes = {
        "rows": rows,
        "join": {"type": "join", "title": "Join"},
        "mend": {"type": "missing_values", "title": "Mend", "settings": {"mend": [{"how": "mean"}]}},
    }
    wires = ["rows.table -> join.left", "rows.table -> mend.table"]
    editor.open({"nodes": nodes, "wires": wires, "layout": {"rows": [0, 0], "join": [300, 0], "mend": [300, 200]}})
    page = editor.page
    editor.expect_state("Join", "Needs a wire")
    editor.wire(("Rows", "table"), ("Join", "right"))
    editor.node("Join").click(position={"x": 60, "y": 12})
    page.get_by_role("button", name="Add key pair").click()
    lacks = editor.node("Join").get_by_role("button", name="No column is chosen.")  # the studio has seen it, too
    expect(lacks).to_have_attribute("data-tone", "todo")
    for side in ("left", "right"):
        field = page.locator(f'[data-path="keys[0].{side}"]')
        expect(field.get_by_text("Choose a column.")).to_be_visible()
        expect(field).to_have_attribute("data-wrong", "false")
        expect(field.get_by_role("combobox")).to_have_attribute("aria-invalid", "false")
    editor.shot("join")
    editor.node("Mend").click(position={"x": 60, "y": 12})
    how = page.locator('[data-path="mend[0].how"]').get_by_role("combobox")
    expect(how).to_be_visible()
    expect(page.locator('[data-path="mend[0].value"]')).to_have_count(0)
    how.select_option("constant")
    expect(page.locator('[data-path="mend[0].value"]')).to_be_visible()
    editor.shot("mend")
