"""A large workflow seen from far: boxes on one sheet are still taken and moved; the overview moves and zooms the view."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from studio_page import Editor, middle

COUNT = 150
# Of the sheet that lies lowest: how many of its pixels are drawn on, of the 64 around a point of the page.
DRAWN = """([x, y]) => {
  const sheet = document.querySelector("[data-canvas] canvas"), box = sheet.getBoundingClientRect();
  const pixels = sheet.getContext("2d").getImageData(x - box.x - 4, y - box.y - 4, 8, 8).data;
  return pixels.filter((value, k) => k % 4 === 3 && value > 0).length;
}"""
# Whether what lies in the middle of a box that is seen is drawn there; true of one that is not seen.
DRAWN_WHERE_IT_LIES = f"""id => {{
  const middle = (one) => {{
    const {{ x, y, width, height }} = one.getBoundingClientRect();
    return [x + width / 2, y + height / 2, x, y, x + width, y + height];
  }};
  const [, , left, top, right, bottom] = middle(document.querySelector("[data-canvas]"));
  const [x, y] = middle(document.querySelector(`.react-flow__node[data-id=${{id}}]`));
  const seen = x > left + 8 && x < right - 8 && y > top + 8 && y < bottom - 8;
  return !seen || ({DRAWN})([x, y]) === 64;
}}"""

# Of the sheet that lies lowest: the mean of red, green and blue at a point of the page, 0 to 255.
BRIGHTNESS = """([x, y]) => {
  const sheet = document.querySelector("[data-canvas] canvas"), box = sheet.getBoundingClientRect();
  const [red, green, blue] = sheet.getContext("2d").getImageData(x - box.x, y - box.y, 1, 1).data;
  return (red + green + blue) / 3;
}"""


def large() -> dict[str, Any]:
    settings = {"columns": [{"name": "a", "type": "integer"}], "rows": [[1]]}
    nodes = {f"n{k}": {"type": "table_by_hand", "title": f"Table {k}", "settings": settings} for k in range(COUNT)}
    return {"nodes": nodes, "layout": {f"n{k}": [k % 15 * 300, k // 15 * 160] for k in range(COUNT)}}


def viewport(page: Page) -> tuple[float, float, float]:
    """Where the canvas stands: x, y, zoom."""
    said = page.locator(".react-flow__viewport").get_attribute("style") or ""
    x, y, zoom = map(float, re.findall(r"-?[\d.]+(?=px|\))", said)[:3])
    return x, y, zoom


def opened(editor: Editor) -> Page:
    page = editor.page
    editor.open(large())
    expect(editor.node("Table 0")).to_be_attached()
    page.get_by_role("button", name="Show everything").click()
    expect(page.locator("[data-canvas] canvas")).to_be_visible()
    editor.settle()
    return page


def expect_drawn(page: Page, at: tuple[float, float], count: int) -> None:
    """Wait until so many of the pixels around a point are drawn on: a sheet is drawn at the next frame."""
    page.wait_for_function(f"at => ({DRAWN})(at) === {count}", arg=list(at))


def expect_brightness(page: Page, at: list[float], what: str) -> None:
    """Wait until a point is as bright as that."""
    page.wait_for_function(f"at => ({BRIGHTNESS})(at) {what}", arg=at)


def test_a_box_far_out_is_moved_and_drawn_where_it_lies(editor: Editor) -> None:
    page = opened(editor)
    node = editor.node("Table 149")
    editor.node("Table 0").click()
    editor.settle()  # the panel below rises, and the canvas makes room
    page.get_by_role("button", name="Show everything").click()
    editor.settle()
    _, _, zoom = viewport(page)
    assert zoom < 0.42
    from_x, from_y = middle(node)
    expect_drawn(page, (from_x, from_y), 64)
    page.mouse.move(from_x, from_y)
    page.mouse.down()
    page.mouse.move(from_x - 20, from_y + 20, steps=4)
    expect(page.locator("[data-canvas] canvas")).to_have_count(2)  # in the hand on a sheet of its own
    page.mouse.move(from_x - 40, from_y + 45, steps=4)
    expect_drawn(page, (from_x, from_y), 0)
    page.mouse.up()
    expect(page.locator("[data-canvas] canvas")).to_have_count(1)
    to_x, to_y = middle(node)
    assert (to_x - from_x, to_y - from_y) == pytest.approx((-40, 45), abs=8)  # a hand's tremble moves nothing
    expect_drawn(page, (to_x, to_y), 64)
    x, y = editor.document()["layout"]["n149"]
    assert (x - 14 * 300, y - 9 * 160) == pytest.approx(((to_x - from_x) / zoom, (to_y - from_y) / zoom), abs=2)
    others = {name: place for name, place in editor.document()["layout"].items() if name != "n149"}
    assert others == {name: place for name, place in large()["layout"].items() if name != "n149"}


def test_pushed_about_far_out_boxes_are_drawn_where_they_lie(editor: Editor) -> None:
    page = opened(editor)
    box = editor.canvas.bounding_box()
    assert box is not None
    start = (box["x"] + 20, box["y"] + box["height"] - 20)
    page.mouse.move(*start)
    page.mouse.down()
    for by in (60, 140, 260):  # on the sheet as it is, and beyond its edge
        page.mouse.move(start[0] + by, start[1] - by / 2, steps=5)
        for one in ("n0", "n48", "n135"):
            page.wait_for_function(DRAWN_WHERE_IT_LIES, arg=one)
    page.mouse.up()


def test_another_theme_is_seen_far_out_whether_the_person_or_the_system_changes_it(editor: Editor) -> None:
    page = opened(editor)
    box = editor.node("Table 48").bounding_box()
    assert box is not None
    corner = [box["x"] + box["width"] - 3, box["y"] + 3]  # where no letters stand
    change = page.get_by_role("button", name=re.compile("^Theme"))
    page.emulate_media(color_scheme="light")
    expect_brightness(page, corner, "> 200")
    page.emulate_media(color_scheme="dark")
    expect_brightness(page, corner, "< 80")
    change.click()  # light
    expect_brightness(page, corner, "> 200")
    change.click()  # dark
    expect_brightness(page, corner, "< 80")


def test_the_overview_moves_and_zooms_the_view(editor: Editor) -> None:
    page = opened(editor)
    page.get_by_role("button", name=re.compile("Natural size")).click()
    editor.settle()
    before = viewport(page)
    overview = page.get_by_role("img", name="Overview")
    x, y = middle(overview)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 10, y + 6, steps=3)
    page.mouse.up()
    editor.settle()
    moved = viewport(page)
    assert moved[2] == before[2] == 1
    right, down = before[0] - moved[0], before[1] - moved[1]
    assert right > 50
    assert down == pytest.approx(right * 0.6, rel=0.05)
    page.mouse.wheel(0, 300)
    expect(page.get_by_role("button", name="Natural size, 66 %")).to_be_visible()
    assert viewport(page)[2] == pytest.approx(2**-0.6, rel=0.01)
