"""The canvas makes room: for the panel that rises below it, and for a note that is put there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from studio_page import Editor

# a graph that fills the window: two rows of nodes, one far below the other
HAND = {"type": "table_by_hand"}
NODES = {f"n{i}": {**HAND, "title": f"Node {i}"} for i in range(6)}
PLACES = {f"n{i}": [i % 3 * 320, i // 3 * 340] for i in range(6)}

HEAD = {"x": 40, "y": 12}  # where a node is taken; below it what it lacks leads to its settings


def in_canvas(editor: Editor, title: str) -> bool:
    """Whether a node lies whole within the canvas."""
    editor.settle()
    node, canvas = editor.node(title).bounding_box(), editor.canvas.bounding_box()
    assert node is not None
    assert canvas is not None
    across = canvas["x"] <= node["x"] and node["x"] + node["width"] <= canvas["x"] + canvas["width"]
    return across and canvas["y"] <= node["y"] and node["y"] + node["height"] <= canvas["y"] + canvas["height"]


@pytest.mark.parametrize("title", ["Node 0", "Node 4"])
def test_what_was_seen_whole_stays_seen_when_the_panel_rises(editor: Editor, title: str) -> None:
    editor.page.set_viewport_size({"width": 1280, "height": 720})
    editor.open({"title": "Six", "nodes": NODES, "layout": PLACES})
    editor.page.get_by_role("button", name="Show everything").click()
    editor.settle()
    editor.node(title).click(position=HEAD)
    expect(editor.page.get_by_role("tab", name="Messages")).to_be_visible()
    editor.settle()
    editor.shot("risen")
    assert [one for one in NODES if not in_canvas(editor, NODES[one]["title"])] == []


def test_a_second_click_meets_the_node_that_the_first_has_chosen(editor: Editor) -> None:
    inside = {"nodes": {"hand": HAND}, "wires": [], "notes": {}, "frames": {}, "layout": {"hand": [0, 0]}}
    part = {"type": "component", "title": "A part", "inside": inside}
    editor.page.set_viewport_size({"width": 1280, "height": 720})
    editor.open({"title": "Parts", "nodes": {**NODES, "part": part}, "layout": {**PLACES, "part": [0, 500]}})
    editor.page.get_by_role("button", name="Show everything").click()
    editor.settle()
    editor.node("A part").dblclick(delay=60)
    expect(editor.page.get_by_role("navigation").get_by_text("A part")).to_be_visible()


def test_a_note_comes_to_a_place_that_is_free(editor: Editor) -> None:
    editor.open({"title": "Six", "nodes": NODES, "layout": PLACES})
    expect(editor.node("Node 1").get_by_text("Columns is not set.")).to_be_visible()  # it has grown
    editor.node("Node 0").click(position=HEAD)
    editor.settle()
    editor.page.keyboard.press("n")
    note = editor.page.locator(".react-flow__node-note")
    expect(note).to_be_in_viewport(ratio=1)
    editor.page.keyboard.type("Why")
    editor.page.keyboard.press("Escape")
    editor.shot("note")
    document = editor.document()
    (x, y, width, height), *_ = (document["layout"][one] for one in document["notes"])
    for left, top in PLACES.values():  # with what is said on them, nodes are up to 120 high
        assert x + width <= left or x >= left + 224 or y + height <= top or y >= top + 100
