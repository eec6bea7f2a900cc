"""Twenty edits of every kind undone, and done again."""

from __future__ import annotations

from playwright.sync_api import expect
from studio_page import SAVED, Editor

START = {
    "title": "To edit",
    "nodes": {
        "hand": {"type": "table_by_hand", "version": 1, "title": "By hand"},
        "sorted": {"type": "sort", "version": 1, "title": "Sorted"},
    },
    "wires": ["hand.table -> sorted.table"],
    "layout": {"hand": [0, 0], "sorted": [340, 0]},
}


def twenty_edits(editor: Editor) -> None:
    """Each is one step of undo."""
    page = editor.page
    for what, spot in [("Sample", 0.15), ("Filter rows", 0.42), ("Group by", 0.69)]:  # 1 to 3
        editor.add(what, (spot, 0.72))
    editor.add("Select", (0.85, 0.12))  # 4
    editor.settle()
    editor.canvas.focus()
    page.keyboard.press("0")  # the panel below has risen over the first three
    editor.wire(("Sorted", "table"), ("Sample", "table"))  # 5
    editor.wire(("Sample", "table"), ("Filter rows", "table"))  # 6
    editor.wire(("Filter rows", "table"), ("Group by", "table"))  # 7
    editor.node("Select").click()
    for _ in range(2):  # 8, 9: moves of one thing in one go are one step, so something else comes between
        page.keyboard.press("Shift+ArrowUp")
        page.keyboard.press("p")  # 9, 11
    page.keyboard.press("F2")
    page.get_by_role("textbox", name="Title", exact=True).first.fill("Columns")
    page.keyboard.press("Enter")  # 12
    page.keyboard.press("Control+d")  # 13
    page.keyboard.press("Delete")  # 14
    editor.node("Sample").click()
    page.keyboard.press("Control+g")  # 15: a component
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Shift+G")  # 16
    page.keyboard.press("Escape")
    page.keyboard.press("n")  # 17: a note
    page.get_by_label("Note", exact=True).last.fill("**Why** these rows")
    page.keyboard.press("Escape")  # 18: its text
    page.keyboard.press("Control+a")
    page.keyboard.press("l")  # 19: tidied
    page.get_by_label("Title of the workflow").fill("Edited")
    page.keyboard.press("Enter")  # 20
    expect(page.get_by_text(SAVED)).to_be_visible()


def test_twenty_edits_undone_and_done_again(editor: Editor) -> None:
    editor.open(START)
    before = editor.document()
    twenty_edits(editor)
    editor.shot("edited")
    after = editor.document()
    assert after != before
    undo = editor.page.get_by_role("button", name="Undo", exact=True)
    redo = editor.page.get_by_role("button", name="Redo", exact=True)
    steps = 0
    while undo.is_enabled():
        editor.answered(undo.click)
        steps += 1
        expect(redo).to_be_enabled()
        assert steps < 40
    assert steps == 20
    assert editor.document() == before
    editor.shot("undone")
    for _ in range(steps):
        editor.answered(lambda: editor.page.keyboard.press("Control+Shift+Z"))
    expect(redo).to_be_disabled()
    assert editor.document() == after
