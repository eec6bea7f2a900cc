"""axe finds nothing serious on any screen, light and dark."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from studio_page import Editor

FLOW: dict[str, Any] = {
    "title": "Everything on one canvas",
    "nodes": {
        "numbers": {"type": "peephole_testnodes/numbers", "version": 1, "title": "Numbers"},
        "sorted": {"type": "sort", "version": 1, "title": "Sorted", "settings": {"by": [{"column": "nothing"}]}},
        "bars": {"type": "bar_chart", "version": 1, "title": "Bars", "settings": {"x": "k", "y": ["n"]}},
        "failing": {"type": "peephole_testnodes/fail", "version": 1, "title": "Failing"},
        "gone": {"type": "elsewhere/gone", "version": 1, "title": "Not installed"},
    },
    "wires": ["numbers.table -> sorted.table", "numbers.table -> bars.table", "numbers.table -> failing.table"],
    "notes": {"note": {"text": "# Why\n\nA *note* with `code` and a [link](https://example.org)."}},
    "frames": {"frame": {"title": "All of it"}},
    "layout": {
        "numbers": [0, 100],
        "sorted": [320, 0],
        "bars": [320, 160],
        "failing": [320, 320],
        "gone": [640, 0],
        "note": [640, 200, 240, 140],
        "frame": [-40, -60, 980, 560],
    },
}


def check(editor: Editor, what: str) -> None:
    """Nothing serious or critical on the page as it is now."""
    editor.shot(what)
    found = Axe().run(editor.page)
    bad = [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    told = [f"{one['id']}: {one['help']}: {[node['html'][:200] for node in one['nodes'][:3]]}" for one in bad]
    assert told == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_screen(editor: Editor, theme: str) -> None:
    page = editor.page
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    expect(page.get_by_role("heading", name="Templates")).to_be_visible()
    expect(page.locator("main img").first).to_be_visible()
    check(editor, "start")
    editor.open(None, name="empty.peep.json")
    check(editor, "empty")
    editor.open(FLOW)
    editor.run()
    editor.expect_state("Failing", "Failed")
    check(editor, "canvas")
    editor.node("Numbers").click()
    panel = page.get_by_role("region", name="What lies at the port")
    expect(panel.get_by_role("gridcell").first).to_be_visible()
    editor.settle()
    check(editor, "table")
    editor.node("Bars").click()
    expect(panel.get_by_role("img", name="Chart").locator("canvas").first).to_be_visible()
    editor.settle()
    check(editor, "chart")
    editor.node("Sorted").click()
    settings = page.get_by_role("complementary", name="Settings")
    expect(settings.get_by_text('There is no column "nothing"')).to_be_visible()
    editor.settle()
    check(editor, "settings")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Add a node")).to_be_visible()
    check(editor, "search")
    page.keyboard.press("Escape")
    editor.node("Numbers").click()
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("menu")).to_be_visible()
    check(editor, "menu")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.get_by_role("dialog")).to_be_visible()
    check(editor, "connect")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    check(editor, "help")
