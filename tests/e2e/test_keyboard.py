"""A workflow built, wired, set, run and looked at by the keyboard alone: no pointer is touched."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect
from studio_page import Editor

ROWS = "name,points,result\n" + "\n".join(f"p{n},{n % 10},{'yes' if n % 10 > 5 else 'no'}" for n in range(60))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def add_next(editor: Editor, key: str, what: str) -> None:
    """The search palette, by its key; the first that is found."""
    press(editor.page, key)
    search = editor.page.get_by_role("combobox", name="Add a node")
    expect(search).to_be_focused()
    editor.page.keyboard.type(what)
    press(editor.page, "Enter")
    expect(search).to_be_hidden()


def to_setting(editor: Editor, label: str) -> None:
    """Go on with Tab until the setting has the focus."""
    field = editor.page.get_by_label(label, exact=True).first
    for _ in range(60):
        if field.evaluate("one => one === document.activeElement || one.contains(document.activeElement)"):
            return
        press(editor.page, "Tab")
    raise AssertionError(f'"{label}" is not reached with Tab')


def test_a_workflow_is_built_by_keyboard_alone(editor: Editor) -> None:
    (editor.served.folder / "points.csv").write_text(ROWS)
    page = editor.page
    expect(page.get_by_role("heading", name="Templates")).to_be_visible()
    fresh = page.get_by_role("button", name="New workflow")
    for _ in range(12):
        if fresh.evaluate("one => one === document.activeElement"):
            break
        press(page, "Tab")
    press(page, "Enter")
    expect(editor.canvas).to_be_visible()
    press(page, "Tab")  # the first stop leads past all panels, to the canvas
    press(page, "Enter")
    expect(editor.canvas).to_be_focused()

    add_next(editor, "/", "read csv")
    press(page, "Enter")
    to_setting(editor, "Path")
    page.keyboard.type(str(Path(editor.served.folder) / "points.csv"))
    press(page, "Tab")
    expect(page.get_by_text("60 rows").first).to_be_visible()
    editor.shot("read")
    back_to_canvas(editor)

    add_next(editor, "Tab", "partition")
    expect(editor.wires).to_have_count(1)
    add_next(editor, "Tab", "decision tree")
    expect(editor.wires).to_have_count(2)
    press(page, "Enter")
    to_setting(editor, "Target")
    page.keyboard.type("result")
    press(page, "Enter", "Escape")
    back_to_canvas(editor)
    add_next(editor, "Tab", "predict")
    expect(editor.wires).to_have_count(3)

    # the other half of the rows, which the model has not seen: "connect to ..."
    press(page, "c")
    page.keyboard.type("partition test")
    press(page, "Enter")
    expect(editor.wires).to_have_count(4)
    expect(editor.node("Predict")).to_be_focused()

    add_next(editor, "Tab", "score")
    press(page, "Enter")
    to_setting(editor, "Target")
    page.keyboard.type("result")
    press(page, "Enter", "Escape")
    back_to_canvas(editor)
    editor.shot("built")
    press(page, "Control+Enter")
    editor.expect_state("Score", "Done")
    editor.shot("scored")

    press(page, "ArrowLeft")
    expect(editor.node("Predict")).to_be_focused()
    press(page, "Shift+ArrowDown", "F2")
    page.keyboard.type("What it says")
    press(page, "Enter")
    expect(editor.node("What it says")).to_be_focused()
    press(page, "Delete")
    expect(editor.node("What it says")).to_have_count(0)
    press(page, "Control+z")
    expect(editor.node("What it says")).to_be_visible()
    assert len(editor.document()["wires"]) == 5
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keyboard and mouse")).to_be_visible()
    editor.shot("help")
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def back_to_canvas(editor: Editor) -> None:
    """F6 goes round the parts of the window."""
    for _ in range(6):
        if editor.canvas.evaluate("one => one.contains(document.activeElement)"):
            return
        press(editor.page, "F6")
    raise AssertionError("F6 does not lead to the canvas")
