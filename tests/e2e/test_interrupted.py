"""A run survives: the worker killed in the middle, the tab closed in the middle, the studio gone for a while."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, WebSocketRoute, expect
from studio_page import LONG, SAVED, Editor, Served, serve

CHAIN: dict[str, Any] = {
    "title": "Slow work",
    "nodes": {
        "numbers": {"type": "peephole_testnodes/numbers", "version": 1, "title": "Numbers"},
        "early": {"type": "peephole_testnodes/slow", "version": 1, "title": "Early", "settings": {"seconds": 0.2}},
        "late": {"type": "peephole_testnodes/slow", "version": 1, "title": "Late", "settings": {"seconds": 6.0}},
    },
    "wires": ["numbers.table -> early.table", "early.table -> late.table"],
    "layout": {"numbers": [0, 0], "early": [300, 0], "late": [600, 0]},
}


def start(editor: Editor, seconds: float = 6.0) -> None:
    """Run the chain, and wait until its last node is under way.  seconds: how long that one takes."""
    late = {**CHAIN["nodes"]["late"], "settings": {"seconds": seconds}}
    editor.open({**CHAIN, "nodes": {**CHAIN["nodes"], "late": late}})
    editor.page.get_by_role("button", name="Run", exact=True).click()
    editor.expect_state("Late", "Running")
    expect(editor.node("Late").get_by_role("progressbar")).to_have_attribute("aria-valuenow", re.compile(r"[1-9]"))


def test_a_killed_worker_loses_nothing(editor: Editor) -> None:
    start(editor, seconds=20.0)  # a picture is taken before it is killed
    editor.shot("running")
    editor.served.kill_workers()
    editor.expect_state("Late", "Interrupted")
    editor.expect_idle()
    editor.expect_state("Early", "Done")
    editor.shot("killed")
    editor.page.keyboard.press("Control+Enter")
    editor.expect_state("Late", "Done")
    assert editor.document()["nodes"].keys() == CHAIN["nodes"].keys()


def test_a_run_goes_on_when_the_tab_is_closed(editor: Editor, context: BrowserContext) -> None:
    start(editor, seconds=20.0)  # a busy machine takes its time to show another page
    address = editor.page.url
    editor.page.close()
    editor.page = context.new_page()
    editor.page.goto(address)
    editor.expect_state("Late", "Running")
    expect(editor.page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    editor.shot("back")
    editor.expect_state("Late", "Done")
    editor.expect_idle()


def test_a_run_is_stopped(editor: Editor) -> None:
    start(editor)
    editor.page.get_by_role("button", name="Stop", exact=True).click()
    editor.expect_state("Late", "Cancelled")
    editor.expect_idle()
    editor.expect_state("Early", "Done")


WAITING = "Not saved yet: waiting for the studio"


def entitle(editor: Editor, title: str) -> None:
    """Type a title."""
    editor.page.get_by_label("Title of the workflow").fill(title)
    editor.page.keyboard.press("Enter")


def test_edits_made_while_the_line_is_cut_arrive_when_it_stands_again(editor: Editor, context: BrowserContext) -> None:
    lines: list[WebSocketRoute] = []
    cut = False

    def through(line: WebSocketRoute) -> None:
        if cut:
            line.close()
        else:
            line.connect_to_server()
            lines.append(line)

    context.route_web_socket(re.compile("/socket"), through)
    editor.open(CHAIN)
    cut = True
    for line in lines:
        line.close()
    words = editor.page.get_by_text(WAITING, exact=True)
    banner = editor.page.get_by_role("alert").filter(has_text="cannot be reached")
    expect(banner).to_be_visible()
    expect(words).to_be_hidden()
    entitle(editor, "Renamed")
    expect(words).to_be_visible()
    editor.shot("cut")
    assert editor.document()["title"] == "Slow work"
    cut = False
    expect(editor.page.get_by_text(SAVED)).to_be_visible()
    expect(banner).to_be_hidden()
    assert editor.document()["title"] == "Renamed"


def test_edits_made_while_the_studio_is_gone_arrive_when_it_is_back(tmp_path: Path, context: BrowserContext) -> None:
    with serve(tmp_path) as first:
        port = int(first.origin.rsplit(":", 1)[1])
        editor = Editor(context.new_page(), first, "gone")
        editor.enter()
        editor.open(CHAIN)
    expect(editor.page.get_by_role("alert").filter(has_text="cannot be reached")).to_be_visible(timeout=LONG)
    entitle(editor, "Typed while it was gone")
    expect(editor.page.get_by_text(WAITING, exact=True)).to_be_visible()
    editor.shot("offline")
    with serve(tmp_path, port=port) as second:
        expect(editor.page.get_by_role("alert").filter(has_text="Open its new address")).to_be_visible(timeout=LONG)
        editor.shot("started-anew")
        reopened(editor, second)
        expect(editor.page.get_by_text(SAVED)).to_be_visible()
        assert editor.document()["title"] == "Typed while it was gone"


def test_a_file_damaged_while_the_studio_is_away_is_told_kept_and_goes_on_once_mended(
    tmp_path: Path, context: BrowserContext
) -> None:
    with serve(tmp_path) as first:
        port = int(first.origin.rsplit(":", 1)[1])
        editor = Editor(context.new_page(), first, "damaged")
        editor.enter()
        editor.open(CHAIN)
        file = first.folder / "flow.peep.json"
    whole, damaged = file.read_text(encoding="utf-8"), '{"format": "peephole-workflow", "nodes": {'
    banner = editor.page.get_by_role("alert")
    expect(banner.filter(has_text="cannot be reached")).to_be_visible(timeout=LONG)
    entitle(editor, "Typed while it was damaged")
    file.write_text(damaged, encoding="utf-8")
    with serve(tmp_path, port=port) as second:
        reopened(editor, second)
        expect(banner.filter(has_text="flow.peep.json is not JSON: line 1")).to_be_visible(timeout=LONG)
        expect(banner.filter(has_text="The file is left as it is")).to_be_visible()
        editor.shot("told")
        assert file.read_text(encoding="utf-8") == damaged
        file.write_text(whole, encoding="utf-8")
        expect(banner).to_be_hidden(timeout=LONG)
        expect(editor.page.get_by_text(SAVED)).to_be_visible()
        assert editor.document()["title"] == "Typed while it was damaged"


def reopened(editor: Editor, served: Served) -> None:
    """A studio started anew at the same address has another token; the person opens its address, and goes on."""
    other = editor.page.context.new_page()
    other.goto(served.address)
    told = editor.page.get_by_role("alert").filter(has_text=re.compile("cannot be reached|started anew"))
    expect(told).to_be_hidden(timeout=LONG)
