"""Two tabs on one workflow agree, whoever edits."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, expect
from studio_page import SAVED, Editor

START = {
    "title": "Shared",
    "nodes": {"hand": {"type": "table_by_hand", "version": 1, "title": "By hand"}},
    "layout": {"hand": [0, 0]},
}


def test_two_tabs_agree(editor: Editor, context: BrowserContext) -> None:
    one = editor.open(START)
    other = Editor(context.new_page(), editor.served, "two-tabs-other")
    other.show(one)
    editor.add("sort", (0.8, 0.2))
    expect(other.nodes).to_have_count(2)
    other.node("Sort").click()
    other.page.keyboard.press("F2")
    other.page.get_by_role("textbox", name="Title", exact=True).first.fill("In order")
    other.page.keyboard.press("Enter")
    expect(editor.node("In order")).to_be_visible()
    editor.wire(("By hand", "table"), ("In order", "table"))
    expect(other.wires).to_have_count(1)
    other.page.get_by_role("button", name="Undo", exact=True).click()  # the last step, whoever did it
    expect(editor.wires).to_have_count(0)
    editor.page.get_by_role("button", name="Redo", exact=True).click()
    expect(other.wires).to_have_count(1)
    other.shot("end")
    assert other.errors == []


def test_edits_at_the_same_time_lose_nothing(editor: Editor, context: BrowserContext) -> None:
    one = editor.open(START)
    other = Editor(context.new_page(), editor.served, "two-tabs-same-time")
    other.show(one)
    for tab, title in ((editor, "From the first"), (other, "From the second")):
        tab.page.get_by_label("Title of the workflow").fill(title)
    editor.page.keyboard.press("Enter")
    other.page.keyboard.press("Enter")
    for tab in (editor, other):
        tab.node("By hand").click()
    for _ in range(5):
        editor.page.keyboard.press("Shift+ArrowRight")
        other.page.keyboard.press("Shift+ArrowDown")
    expect(editor.page.get_by_text(SAVED)).to_be_visible()
    expect(other.page.get_by_text(SAVED)).to_be_visible()
    title = editor.document()["title"]  # that of whichever came last
    assert title in ("From the first", "From the second")
    for tab in (editor, other):
        expect(tab.page.get_by_label("Title of the workflow")).to_have_value(title)
    layout = editor.document()["layout"]["hand"]
    place = f"translate({layout[0]}px, {layout[1]}px)"
    for tab in (editor, other):  # "Saved" may be told before the other's last step has come
        expect(tab.node("By hand")).to_have_attribute("style", re.compile(re.escape(place)))
    assert other.errors == []


def test_what_one_tab_runs_the_other_watches(editor: Editor, context: BrowserContext) -> None:
    slow = {"type": "peephole_testnodes/slow", "version": 1, "title": "Slow", "settings": {"seconds": 10.0}}
    numbers = {"type": "peephole_testnodes/numbers", "version": 1, "title": "Numbers"}
    one = editor.open(
        {
            "title": "Watched",
            "nodes": {"numbers": numbers, "slow": slow},
            "wires": ["numbers.table -> slow.table"],
            "layout": {"numbers": [0, 0], "slow": [320, 0]},
        }
    )
    other = Editor(context.new_page(), editor.served, "two-tabs-watching")
    other.show(one)
    editor.page.get_by_role("button", name="Run", exact=True).click()
    other.expect_state("Slow", "Running")
    expect(other.page.get_by_role("progressbar", name="Progress of the run")).to_be_visible()
    other.expect_state("Slow", "Done")
