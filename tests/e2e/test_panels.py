"""The panels round the canvas: they open when they are needed, keep the person's size, and leave the canvas room."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, expect
from studio_page import Editor, middle

SORT: dict[str, Any] = {"type": "sort", "settings": {"by": [{"column": "a"}]}}
PART: dict[str, Any] = {"type": "component", "title": "Part", "inside": {"nodes": {"sort": SORT}}}
WIDE: dict[str, Any] = {
    "title": "Panels",
    "nodes": {"hand": {"type": "table_by_hand", "title": "Rows"}, "part": PART},
    "layout": {"hand": [0, 0], "part": [300, 560]},
}


def box_of(locator: Locator) -> dict[str, float]:
    box = locator.bounding_box()
    assert box is not None
    return dict(box)


def view_of(editor: Editor) -> tuple[float, float, float]:
    """Where the sheet's origin is on the screen (left, top), and the zoom."""
    read = "one => { const { a, e, f } = new DOMMatrix(getComputedStyle(one).transform); return [e, f, a]; }"
    left, top, zoom = editor.page.locator(".react-flow__viewport").evaluate(read)
    area = box_of(editor.canvas)
    return area["x"] + left, area["y"] + top, zoom


def below(editor: Editor) -> Locator:
    return editor.page.get_by_role("region", name="What lies at the port")


def double_clicked(editor: Editor) -> bool:
    """Double-click what lies where the panel will be. False where the machine was too busy to be as quick as a hand."""
    part = box_of(editor.node("Part"))
    assert part["y"] > 900 - 300, "it lies where the panel will be"
    times = "window.pressed = []; addEventListener('pointerdown', (one) => window.pressed.push(one.timeStamp), true);"
    editor.page.evaluate(f"() => {{ {times} }}")
    editor.page.mouse.dblclick(part["x"] + 60, part["y"] + 12, delay=30)
    first, second = editor.page.evaluate("window.pressed")
    return bool(second - first < 350)


def test_the_panel_below_opens_with_the_first_choice_and_keeps_its_size(editor: Editor) -> None:
    editor.open(WIDE)
    page = editor.page
    expect(below(editor)).to_contain_text("Choose a node")
    assert box_of(below(editor))["height"] < 50
    editor.node("Rows").click(position={"x": 60, "y": 12})
    edge = page.get_by_role("separator", name="Height of the panel below")
    expect(edge).to_be_visible()
    editor.settle()
    assert abs(box_of(below(editor))["height"] - 300) < 4
    for _ in range(5):
        edge.press("ArrowUp")
    assert abs(box_of(below(editor))["height"] - 380) < 4

    editor.reload()
    assert box_of(below(editor))["height"] < 50
    editor.node("Rows").click(position={"x": 60, "y": 12})
    expect(edge).to_be_visible()
    editor.settle()
    assert abs(box_of(below(editor))["height"] - 380) < 4

    page.get_by_role("button", name="Fold the panel").click()
    editor.canvas.click(position={"x": 20, "y": 20})
    editor.node("Rows").click(position={"x": 60, "y": 12})
    expect(page.get_by_role("button", name="Open the panel")).to_be_visible()
    editor.settle()
    assert box_of(below(editor))["height"] < 50


def test_the_panel_does_not_slide_under_a_double_click(editor: Editor) -> None:
    editor.open(WIDE)
    page = editor.page
    while not double_clicked(editor):
        editor.reload()
    expect(page.get_by_role("navigation", name="Where you are")).to_contain_text("Part")

    editor.reload()
    page.mouse.click(*middle(editor.node("Part")))
    edge = page.get_by_role("separator", name="Height of the panel below")
    expect(edge).to_be_visible()
    editor.settle()
    moved = box_of(editor.node("Part"))
    assert moved["y"] + moved["height"] <= box_of(edge)["y"], "what was chosen is moved into sight"


def test_a_narrow_window_folds_the_panels_and_a_wide_one_brings_them_back(editor: Editor) -> None:
    editor.open(WIDE)
    page = editor.page
    palette = page.get_by_role("navigation", name="Nodes", exact=True)
    settings = page.get_by_role("complementary", name="Settings")
    expect(palette).to_be_visible()
    expect(settings).to_be_visible()
    page.set_viewport_size({"width": 800, "height": 900})
    expect(palette).to_be_hidden()
    expect(settings).to_be_hidden()
    assert box_of(editor.canvas)["width"] == 800

    page.get_by_role("button", name="Show the settings").click()
    expect(settings).to_be_visible()
    assert box_of(editor.canvas)["width"] == 800, "it lies over the canvas"
    page.get_by_role("button", name="Show everything").click()
    editor.settle()
    free = box_of(settings)["x"]
    bar = box_of(page.get_by_role("toolbar", name="View"))
    for title in ("Rows", "Part"):
        box = box_of(editor.node(title))
        assert box["x"] + box["width"] <= free
        assert box["y"] + box["height"] <= bar["y"]
    editor.shot("narrow")
    page.get_by_role("button", name="Show the nodes").click()
    expect(palette).to_be_visible()
    expect(settings).to_be_hidden()
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(palette).to_be_visible()
    expect(settings).to_be_visible()


def test_enter_in_the_node_search_adds_the_first_hit(editor: Editor) -> None:
    editor.open()
    search = editor.page.get_by_role("searchbox", name="Search nodes")
    search.fill("filter ro")
    search.press("Enter")
    expect(editor.node("Filter rows")).to_be_visible()
    for what, count in (("no such node", 1), ("sort", 2)):  # had the first added one, there would be three
        search.fill(what)
        search.press("Enter")
        expect(editor.nodes).to_have_count(count)
    search.fill("Group Loop Start")
    expect(editor.page.get_by_role("navigation", name="Nodes")).to_contain_text("Loops: choose nodes")
    editor.shot("loops")


def test_a_double_click_puts_the_node_where_the_click_was(editor: Editor) -> None:
    editor.open(WIDE)
    for share in ((0.2, 0.75), (0.8, 0.3)):
        editor.settle()
        left, top, zoom = view_of(editor)
        area = box_of(editor.canvas)
        clicked = [
            (area["x"] + share[0] * area["width"] - left) / zoom,
            (area["y"] + share[1] * area["height"] - top) / zoom,
        ]
        before = set(editor.document()["nodes"])
        editor.add("sort", share)
        document = editor.document()
        (made,) = set(document["nodes"]) - before
        editor.settle()  # the canvas moves to make room for the panel below: places are compared on the sheet
        box, zoom = box_of(editor.nodes.last), view_of(editor)[2]
        for place, click, side in zip(document["layout"][made], clicked, ("width", "height"), strict=True):
            assert place < click < place + box[side] / zoom
        expect(editor.nodes.last).to_be_in_viewport()


def test_what_a_node_lacks_is_said_once_in_each_place(editor: Editor) -> None:
    editor.open({"title": "Lacks", "nodes": {"join": {"type": "join"}, "data": {"type": "data_set"}}})
    page = editor.page
    lack = 'Nothing is connected to "left".'
    expect(editor.node("Join").get_by_text(lack)).to_have_count(1)
    editor.node("Join").click(position={"x": 60, "y": 12})
    settings = page.get_by_role("complementary", name="Settings")
    expect(settings.get_by_text(lack)).to_have_count(1)
    expect(below(editor)).to_contain_text("cannot run yet")
    expect(below(editor).get_by_text(lack)).to_have_count(0)
    editor.node("Data set").click(position={"x": 60, "y": 12})
    expect(settings.locator("code").first).to_have_text("peephole data list")
    expect(settings.get_by_text(re.compile("`"))).to_have_count(0)
