"""A fresh node is not ready yet: it says what it lacks, and in red only once the person has been there or wanted it to run."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, expect
from studio_page import Editor

COLUMNS = [{"name": "x", "type": "number"}]
ROWS: dict[str, Any] = {"type": "table_by_hand", "title": "Rows", "settings": {"columns": COLUMNS, "rows": [[1], [2]]}}
TOP = {"x": 60, "y": 12}  # of a box, beside what can be clicked in it


def message(editor: Editor, title: str) -> Locator:
    """What a node says at its foot."""
    return editor.node(title).locator("button[data-tone]")


def test_what_a_fresh_node_lacks_is_said_calmly_until_it_was_left_or_tried(editor: Editor) -> None:
    page = editor.page
    nodes = {
        "rows": ROWS,
        "groups": {"type": "one_to_many", "title": "Groups"},
        "sort": {"type": "sort", "title": "Sorted"},
    }
    layout = {"rows": [0, 0], "groups": [300, 0], "sort": [600, 0]}
    editor.open({"nodes": nodes, "wires": ["rows.table -> groups.table"], "layout": layout})
    form = page.get_by_role("complementary", name="Settings")
    expect(message(editor, "Groups")).to_have_attribute("data-tone", "todo")
    expect(message(editor, "Sorted")).to_have_attribute("data-tone", "todo")

    editor.node("Groups").click(position=TOP)
    columns = form.locator('[data-setting="columns"]')
    expect(columns.get_by_text(re.compile("This is needed|Choose at least one"))).to_be_visible()
    expect(columns).to_have_attribute("data-wrong", "false")
    expect(columns.get_by_role("combobox")).to_have_attribute("aria-invalid", "false")
    editor.shot("fresh")

    columns.get_by_role("combobox").focus()
    form.get_by_role("textbox", name=re.compile("^Title of this")).focus()
    expect(columns).to_have_attribute("data-wrong", "true")
    expect(message(editor, "Groups")).to_have_attribute("data-tone", "bad")
    editor.shot("left")

    editor.node("Sorted").click(position=TOP)
    expect(form.get_by_text('Nothing is connected to "table".')).to_be_visible()
    expect(form.get_by_role("alert")).to_have_count(0)
    expect(message(editor, "Sorted")).to_have_attribute("data-tone", "todo")
    editor.run()
    expect(message(editor, "Sorted")).to_have_attribute("data-tone", "bad")
    expect(form.get_by_role("alert")).to_be_visible()
    editor.shot("tried")


def test_what_was_entered_and_is_wrong_is_red_at_once_on_the_node_too(editor: Editor) -> None:
    nodes = {"rows": ROWS, "groups": {"type": "k_means", "title": "Clusters", "settings": {"columns": ["x"]}}}
    editor.open({"nodes": nodes, "wires": ["rows.table -> groups.table"], "layout": {"groups": [300, 0]}})
    editor.node("Clusters").click(position=TOP)
    field = editor.page.get_by_role("textbox", name="Clusters", exact=True)
    field.fill("many")
    expect(editor.page.locator('[data-setting="clusters"]')).to_have_attribute("data-wrong", "true")
    expect(message(editor, "Clusters")).to_have_attribute("data-tone", "bad")
