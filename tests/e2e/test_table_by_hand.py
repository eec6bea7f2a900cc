"""A table typed in cell by cell, and pasted from a spreadsheet."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect
from studio_page import Editor

START: dict[str, Any] = {"title": "Typed", "nodes": {"hand": {"type": "table_by_hand"}}, "layout": {"hand": [0, 0]}}
COLUMNS = [
    {"name": "city", "type": "text"},
    {"name": "people", "type": "integer"},
    {"name": "height", "type": "number"},
    {"name": "founded", "type": "date"},
]
ROWS = [
    ["Linz", 210118, 266.5, "0799-01-31"],
    ["Lugano", 62315, None, "1100-05-01"],
    ["Wels", 65482, 317, None],
]
PASTED = "\r\n".join(
    [
        "city\tpeople\theight\tfounded",
        "Linz\t210118\t266.5\t0799-01-31",
        "Lugano\t62315\t\t1100-05-01",
        "Wels\t65482\t317\t",
        "",
    ]
)


def sheet(editor: Editor) -> Locator:
    return editor.page.get_by_role("grid", name="Cells of Table by hand")


def cell(editor: Editor, row: int, column: int) -> Locator:
    """A cell, from 1 on."""
    return sheet(editor).locator(f'[role=gridcell][data-path="rows[{row - 1}][{column - 1}]"]')


def settings(editor: Editor) -> dict[str, Any]:
    (one,) = editor.document()["nodes"].values()
    return dict(one["settings"])


def paste(editor: Editor, text: str) -> None:
    editor.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    editor.page.keyboard.press("Control+V")


def shown_below(editor: Editor) -> list[list[str]]:
    """What lies at the port."""
    panel = editor.page.get_by_role("region", name="What lies at the port")
    lines = panel.get_by_role("row").filter(has=editor.page.get_by_role("gridcell"))
    expect(lines).to_have_count(3)
    return [lines.nth(i).get_by_role("gridcell").all_inner_texts() for i in range(3)]


def test_typed_in_and_run(editor: Editor) -> None:
    page = editor.page
    editor.open(START)
    editor.node("Table by hand").click()
    page.get_by_role("textbox", name="New column", exact=True).click()
    for name in ("city", "people", "height", "founded"):
        page.keyboard.type(name)
        page.keyboard.press("Tab")
    cell(editor, 1, 1).click()
    for row in ROWS:
        for index, value in enumerate(row):
            page.keyboard.type("" if value is None else str(value))
            page.keyboard.press("Enter" if index == len(row) - 1 else "Tab")
    assert settings(editor) == {"columns": COLUMNS, "rows": ROWS}
    hidden = "e => e.getBoundingClientRect().left - e.parentElement.firstElementChild.getBoundingClientRect().right"
    assert cell(editor, 4, 1).evaluate(hidden) >= -1  # it has come out from under the row's number
    editor.shot("typed")
    editor.run()
    editor.expect_state("Table by hand", "Done")
    below = shown_below(editor)
    assert [line[0] for line in below] == ["Linz", "Lugano", "Wels"]
    assert [line[3] for line in below][:2] == ["0799-01-31", "1100-05-01"]


def test_pasted_and_corrected(editor: Editor) -> None:
    page = editor.page
    editor.open(START)
    editor.node("Table by hand").click()
    cell(editor, 1, 1).click()
    paste(editor, PASTED)
    expect(page.get_by_text("The first pasted row gave the names.")).to_be_visible()
    assert settings(editor) == {"columns": COLUMNS, "rows": ROWS}
    editor.run()
    assert [line[0] for line in shown_below(editor)] == ["Linz", "Lugano", "Wels"]

    cell(editor, 1, 2).click()
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    expect(cell(editor, 1, 2)).to_have_attribute("data-wrong", "true")
    expect(page.get_by_text("Row 1: “many” does not fit the column “people”.")).to_be_visible()
    editor.shot("misfit")
    assert settings(editor)["rows"][0][1] == "many"
    editor.answered(lambda: page.keyboard.press("Control+Z"))  # the cell, not its last letter
    assert settings(editor)["rows"] == ROWS

    page.get_by_label("Type of people").select_option("text")
    assert settings(editor)["rows"][0] == ["Linz", "210118", 266.5, "0799-01-31"]
    cell(editor, 1, 1).click()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+C")
    assert page.evaluate("navigator.clipboard.readText()") == "Linz\t210118\nLugano\t62315"
    cell(editor, 3, 4).click()
    page.keyboard.press("Control+V")
    more = settings(editor)
    assert more["columns"][4] == {"name": "column_5", "type": "integer"}
    assert more["rows"][2:] == [["Wels", "65482", 317, "Linz", 210118], [None, None, None, "Lugano", 62315]]
    page.get_by_role("button", name="Choose row 3").click()
    page.get_by_role("button", name="Remove row 3").click()
    page.get_by_role("button", name="Remove column height").click()
    assert [row[0] for row in settings(editor)["rows"]] == ["Linz", "Lugano", None]
    assert [one["name"] for one in settings(editor)["columns"]] == ["city", "people", "founded", "column_5"]


def test_pasted_where_the_names_stand(editor: Editor) -> None:
    editor.open(START)
    editor.node("Table by hand").click()
    editor.page.get_by_role("textbox", name="New column", exact=True).click()
    paste(editor, PASTED)
    expect(cell(editor, 3, 1)).to_have_text("Wels")
    assert settings(editor) == {"columns": COLUMNS, "rows": ROWS}


def test_cells_pasted_onto_the_canvas(editor: Editor) -> None:
    editor.open({"title": "Nothing yet"})
    editor.canvas.focus()
    paste(editor, PASTED)
    expect(editor.nodes).to_have_count(1)
    assert settings(editor) == {"columns": COLUMNS, "rows": ROWS}
    editor.canvas.focus()
    paste(editor, "only words")
    expect(editor.page.get_by_text("What was pasted is neither")).to_be_visible()
    expect(editor.nodes).to_have_count(1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_in_the_way_of_anybody(editor: Editor, theme: str) -> None:
    page = editor.page
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    rows = [[*ROWS[0]], ["Lugano", "many", None, "soon"], *([ROWS[2]] * 500)]
    hand = {"type": "table_by_hand", "settings": {"columns": COLUMNS, "rows": rows}}
    editor.open({**START, "nodes": {"hand": hand}})
    editor.node("Table by hand").click()
    for where in ("beside", "large"):
        if where == "large":
            page.get_by_role("button", name="Show larger").click()
        cell(editor, 2, 1).click()
        page.keyboard.press("Shift+ArrowRight")
        editor.shot(where)
        found = Axe().run(page)
        bad = [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
        assert [f"{one['id']}: {[node['html'][:200] for node in one['nodes'][:3]]}" for one in bad] == []
    page.keyboard.press("Control+End")
    page.keyboard.press("Home")
    expect(cell(editor, 503, 1).get_by_role("textbox")).to_be_focused()
    page.keyboard.type("Graz")
    page.keyboard.press("Enter")
    expect(cell(editor, 503, 1)).to_have_text("Graz")
    assert settings(editor)["rows"][502] == ["Graz", None, None, None]
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Show larger")).to_be_focused()
