"""An opened network at hand: keys work at once, lines are told and chosen, two networks stay readable, and the way back."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from playwright.sync_api import Page, expect
from studio_page import TRAINING, Editor
from test_unfold_studio import LAYOUT, NODES, WIRES, at_level

# Whether a box for numbers shows five digits.
ROOM = """box => {
  const was = box.value;
  box.value = 88888;
  const fits = box.scrollWidth <= box.clientWidth;
  box.value = was;
  return fits;
}"""


def test_an_opened_network_lies_at_hand_and_the_way_back_leads_to_where_one_was(editor: Editor) -> None:
    page, t = editor.page, np.arange(60)
    frame = pd.DataFrame({"a": np.sin(t / 3), "later": np.sin((t + 1) / 3)})
    frame.to_parquet(editor.served.folder / "waves.parquet")
    editor.open({"nodes": NODES, "wires": WIRES, "layout": LAYOUT})
    editor.run(TRAINING)
    editor.expect_state("Train it", "Done")
    editor.node("Memory").click()
    page.get_by_role("button", name="Zoom out").click()
    editor.settle()
    before = view_of(page)
    page.keyboard.press("o")
    expect(page.locator('.unf-level[data-name="Time"]')).to_be_visible()
    example = page.get_by_role("spinbutton", name="Example")
    assert example.evaluate(ROOM)  # of a long table, all digits
    keys_work_without_focus(page)
    lines_are_told_and_chosen(page)
    editor.shot("unit")
    two_networks_are_readable_beside_the_panel(page)
    editor.shot("compared")
    page.get_by_role("button", name="Back to the workflow").click()
    editor.arrived()
    assert view_of(page) == before
    expect(page.locator(".react-flow__node.selected")).to_have_count(1)
    expect(page.locator(".react-flow__node.selected")).to_contain_text("Memory")


def view_of(page: Page) -> str:
    return page.locator(".react-flow__viewport").get_attribute("style") or ""


def keys_work_without_focus(page: Page) -> None:
    """Right after opening, and after a click on an empty place."""
    slider = page.get_by_role("slider", name="Time step")
    expect(slider).to_have_attribute("aria-valuenow", "4")
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "5")
    page.get_by_role("heading", name="LSTM, 8 steps").click()
    page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuenow", "4")


def lines_are_told_and_chosen(page: Page) -> None:
    """The first unit's line is the uppermost, as in the matrices of the first level."""
    strip = page.locator("canvas.unf-field").last  # of y
    expect(page.locator(".unf-chosen-unit").first).to_be_visible()
    box = strip.bounding_box()
    assert box is not None
    for unit in (1, 4):
        x, y = box["x"] + 2.5 * box["width"] / 8, box["y"] + (unit - 0.5) * box["height"] / 5
        page.mouse.move(x, y)
        expect(page.locator(".unf-pointed")).to_have_text(re.compile(rf"^unit {unit}: y\(3\) = "))
        told = (page.locator(".unf-pointed").text_content() or "").split("= ")[1]
        page.mouse.click(x, y)
        expect(page.locator(".unf-chosen-unit").first).to_have_attribute("data-unit", str(unit))
        at_level(page, "Block")
        expect(page.get_by_role("combobox", name="Unit", exact=True)).to_have_value(str(unit))
        expect(page.locator('[data-shown="value:y@0"]')).to_have_text(told)
        at_level(page, "Time")
        expect(page.locator(".unf-stage")).to_have_attribute("data-moving", "false")


def two_networks_are_readable_beside_the_panel(page: Page) -> None:
    large = page.viewport_size
    assert large is not None
    page.get_by_role("combobox", name="Compare with").select_option("train2")
    at_level(page, "Block")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.get_by_role("button", name="Equation and error").click()
    expect(page.get_by_role("tab", name="Equation")).to_be_visible()
    cards = page.locator(".unf-one")
    expect(cards).to_have_count(2)
    for k in range(2):
        card, switch = (
            cards.nth(k).bounding_box(),
            cards.nth(k).get_by_role("button", name="Space Odyssey").bounding_box(),
        )
        assert card is not None
        assert switch is not None
        assert switch["x"] + switch["width"] <= card["x"] + card["width"]
        drawing = cards.nth(k).locator(".unf-block")
        scale = drawing.evaluate("drawing => drawing.getScreenCTM().a")
        assert 12 * scale >= 7.5  # pixels; letters of the drawing are 12 units high
    cards.first.locator(".unf-block-level").evaluate("level => level.scrollTo(1000, 0)")
    expect(cards.last.locator(".unf-block-level")).not_to_have_js_property("scrollLeft", 0)
    page.set_viewport_size(large)
