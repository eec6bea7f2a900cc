"""The start page: a template that was not changed opens again, recent workflows are renamed and taken off the list."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect
from studio_page import SAVED, Editor


def test_an_unchanged_copy_of_a_template_opens_again_and_a_changed_one_stays_beside_the_next(editor: Editor) -> None:
    page = editor.page
    template = page.get_by_role("button", name=re.compile("^The workflow “Flight delays”"))

    def copy() -> str:
        template.click()
        expect(editor.canvas).to_be_visible()
        return page.url

    def back() -> None:
        page.get_by_role("link", name="Start page").click()
        expect(template).to_be_visible()

    first = copy()
    back()
    assert copy() == first
    editor.node("Flights").click()
    page.keyboard.press("Delete")
    expect(page.get_by_text(SAVED)).to_be_visible()
    back()
    assert copy() != first
    back()
    recent = page.get_by_role("listitem").filter(has=page.get_by_role("button", name=re.compile("^More for Flight")))
    expect(recent).to_contain_text(["Flight delays 2", "Flight delays"])
    editor.shot("recent")


def test_recent_workflows_are_renamed_and_removed_but_no_file_goes(editor: Editor) -> None:
    page = editor.page
    editor.open({"title": "Towns"})
    page.get_by_role("link", name="Start page").click()
    page.get_by_role("button", name="More for Towns").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("textbox", name="Title").fill("Cities")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="More for Cities").click()
    file = editor.served.folder / "flow.peep.json"
    assert json.loads(file.read_text())["title"] == "Cities"
    page.get_by_role("menuitem", name="Remove from this list").click()
    expect(page.get_by_role("button", name="More for Cities")).to_have_count(0)
    assert file.is_file()


def test_what_has_no_file_is_deleted_only_once_the_person_says_so(editor: Editor) -> None:
    page = editor.page
    page.get_by_role("button", name="New workflow").click()
    page.get_by_role("textbox", name="Title of the workflow").fill("Trial")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Trial"))  # until then what is saved is the old one
    expect(page.get_by_text("Kept, no file yet", exact=True)).to_be_visible()
    page.get_by_role("link", name="Start page").click()
    more = page.get_by_role("button", name="More for Trial")
    for answer, left in (("Cancel", 1), ("Delete", 0)):
        more.click()
        page.get_by_role("menuitem", name="Delete").click()
        page.get_by_role("dialog").get_by_role("button", name=answer, exact=True).click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(more).to_have_count(left)
