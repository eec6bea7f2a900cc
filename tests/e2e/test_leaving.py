"""A workflow is left, or taken away, while the studio does not have its edits: none is lost without a word."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, Dialog, Error, Page, expect
from studio_page import LONG, SAVED, Editor, serve

TITLE = "Title of the workflow"


def closes(page: Page) -> bool:
    """Have the browser close a page as a person does; False where the page asks first, and the person stays."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.close(run_before_unload=True)
    with suppress(Error):  # it is closed while it is waited for
        for _ in range(100):
            if asked or page.is_closed():
                break
            page.wait_for_timeout(100)
    page.remove_listener("dialog", stay)
    assert asked == ([] if page.is_closed() else ["beforeunload"])
    return page.is_closed()


def test_edits_of_a_workflow_that_is_left_while_the_studio_is_gone_arrive_when_it_is_back(
    tmp_path: Path, context: BrowserContext
) -> None:
    with serve(tmp_path) as first:
        port = int(first.origin.rsplit(":", 1)[1])
        editor = Editor(context.new_page(), first, "left")
        editor.enter()
        one = editor.open({"title": "As it was"})
        page = editor.page
        page.get_by_label(TITLE).fill("Typed before")
        page.keyboard.press("Enter")
        expect(page).to_have_title(re.compile("^Typed before"))
        expect(page.get_by_text(SAVED)).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="cannot be reached")).to_be_visible(timeout=LONG)
    page.get_by_label(TITLE).fill("Typed while it was gone")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Not saved yet: waiting for the studio", exact=True)).to_be_visible()
    assert not closes(page)
    page.get_by_role("link", name="Start page").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(
        page.get_by_text("Edits of “Typed while it was gone” wait for the studio: leave this page open")
    ).to_be_visible()
    editor.shot("start-page")
    assert not closes(page)  # the page that waits to send them is still needed
    with serve(tmp_path, port=port) as second:
        other = context.new_page()
        other.goto(second.address)  # a studio started anew has another token
        other.goto(f"{second.origin}/d/{one}")
        expect(other.get_by_label(TITLE)).to_have_value("Typed while it was gone", timeout=LONG)
        expect(other.get_by_text(SAVED)).to_be_visible()
        assert closes(page)


def test_a_workflow_that_another_tab_deletes_is_told_to_be_gone(editor: Editor, context: BrowserContext) -> None:
    page = editor.page
    page.get_by_role("button", name="New workflow").click()
    page.get_by_label(TITLE).fill("Trial")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Trial"))
    expect(page.get_by_text(SAVED)).to_be_visible()
    other = Editor(context.new_page(), editor.served, "deleted-elsewhere")
    other.show(page.url.rsplit("/", 1)[1])
    page.get_by_role("link", name="Start page").click()
    page.get_by_role("button", name="More for Trial").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    gone = other.page.get_by_role("alert").filter(has_text="no longer in the studio")
    expect(gone.first).to_be_visible()
    expect(other.page.get_by_text("Not kept", exact=True)).to_be_visible()
    other.page.get_by_label(TITLE).fill("Still typing")
    other.page.keyboard.press("Enter")
    expect(other.page.get_by_label(TITLE)).to_have_value("Trial")  # it is not taken, and the person is told
    expect(gone).to_have_count(2)
    other.shot("end")
    assert closes(other.page)
