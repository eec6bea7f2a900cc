"""Titles and notes: what is typed is kept a moment later, as one step; while a workflow opens its name stands already."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Route, expect
from studio_page import SAVED, Editor

ROWS: dict[str, Any] = {"type": "table_by_hand", "title": "Rows"}
NOTE = {"text": "Old note"}
FLOW: dict[str, Any] = {
    "title": "Old title",
    "nodes": {"rows": ROWS},
    "notes": {"note": NOTE},
    "layout": {"rows": [0, 0], "note": [300, 0, 200, 120]},
}
TOP = {"x": 60, "y": 12}


def test_what_was_typed_and_not_left_outlives_a_reload_and_is_one_step(editor: Editor) -> None:
    page = editor.page
    editor.open(FLOW)
    field = page.get_by_label("Title of the workflow")
    field.press("End")
    field.press_sequentially(" and more", delay=60)
    expect(page).to_have_title("Old title and more · Peephole")
    assert editor.document()["title"] == "Old title and more"

    editor.node("Rows").click(position=TOP)
    page.keyboard.press("F2")
    editor.canvas.get_by_role("textbox", name="Title", exact=True).press_sequentially("Two words", delay=60)
    expect(page.get_by_role("textbox", name=re.compile("Title of this"))).to_have_value("Two words")
    editor.shot("typing")
    editor.reload()
    assert editor.document()["nodes"]["rows"]["title"] == "Two words"
    expect(field).to_have_value("Old title and more")

    editor.canvas.focus()
    for left in ("Old title and more", "Old title"):
        editor.answered(lambda: page.keyboard.press("Control+z"))
        expect(field).to_have_value(left)
    assert editor.document()["nodes"]["rows"]["title"] == "Rows"


def test_escape_takes_back_what_was_typed_and_leaves_no_step(editor: Editor) -> None:
    page = editor.page
    editor.open(FLOW)
    field = page.get_by_label("Title of the workflow")
    field.fill("Something else")
    expect(page).to_have_title("Something else · Peephole")
    field.press("Escape")
    expect(page).to_have_title("Old title · Peephole")
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()
    assert editor.document()["title"] == "Old title"


def test_a_note_is_kept_while_it_is_typed(editor: Editor) -> None:
    page = editor.page
    editor.open(FLOW)
    page.get_by_text("Old note").dblclick()
    text = page.get_by_role("textbox", name="Note", exact=True)
    text.press("End")
    text.press_sequentially(", and new words", delay=40)
    expect(text).to_have_value("Old note, and new words")
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_enabled()
    editor.reload()
    expect(page.get_by_text("Old note, and new words")).to_be_visible()


def test_while_a_workflow_opens_its_name_stands_in_the_bar(editor: Editor) -> None:
    page, held = editor.page, list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    one = editor.open(FLOW)
    fetched = re.compile(f"/api/documents/{one}$")
    bar = page.locator("[data-area=top]")

    page.route(fetched, hold)
    page.reload()
    expect(bar.get_by_text("Old title", exact=True)).to_be_visible()
    expect(bar.get_by_text("Untitled")).to_have_count(0)
    expect(bar.get_by_text(SAVED)).to_have_count(0)
    expect(page).to_have_title("Old title · Peephole")
    editor.shot("loading")

    page.goto("about:blank")  # another way here: nothing is known of it
    held.clear()
    with page.expect_request(fetched):
        page.goto(f"{editor.served.origin}/d/{one}")
    expect(bar.get_by_text("Opening ...", exact=True)).to_be_visible()
    editor.shot("unknown")
    held.pop().continue_()
    page.unroute(fetched)
    editor.arrived()
    expect(page.get_by_label("Title of the workflow")).to_have_value("Old title")

    page.get_by_role("link", name="Start page").click()
    page.route(fetched, hold)
    with page.expect_request(fetched):
        page.get_by_role("button", name=re.compile("^Old title")).click()
    expect(bar.get_by_text("Old title", exact=True)).to_be_visible()
    held.pop().continue_()
    page.unroute(fetched)
    editor.arrived()
