"""What came from elsewhere: nothing of it runs before the person lets it, and none of its words becomes part of the page."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect
from studio_page import LONG, Editor

FROM_ELSEWHERE = {
    "title": "From elsewhere",
    "nodes": {
        "numbers": {"type": "peephole_testnodes/numbers", "version": 1, "title": "Numbers"},
        "code": {"type": "peephole_testnodes/code", "version": 1, "title": "Code", "settings": {"program": "1 + 1"}},
        "write": {"type": "write_csv", "title": "Write", "settings": {"path": "out.csv"}},
    },
    "wires": ["numbers.table -> code.table", "code.table -> write.table"],
    "layout": {"numbers": [0, 0], "code": [320, 0], "write": [640, 0]},
}


def test_code_runs_once_the_person_lets_it(editor: Editor) -> None:
    editor.open(FROM_ELSEWHERE)
    page = editor.page
    out = editor.served.folder / "out.csv"
    banner = page.get_by_role("region", name="Let this workflow run?")
    expect(banner).to_contain_text("This workflow came from elsewhere.")
    page.get_by_role("button", name="Run", exact=True).click()
    refusal = page.get_by_text("these nodes run code, write files or read outside: Code, Write")
    expect(refusal.first).to_be_visible()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    editor.shot("1-refused")
    assert not out.exists()
    for answer in ("Cancel", "Let it run"):
        banner.get_by_role("button", name="Let it run").click()
        dialog = page.get_by_role("dialog", name="Let this workflow run?")
        expect(dialog).to_contain_text("as you could yourself")
        editor.shot("2-asked")
        dialog.get_by_role("button", name=answer).click()
        expect(dialog).to_be_hidden()
    expect(banner).to_be_hidden()
    expect(refusal).to_have_count(0)
    editor.run()
    editor.expect_state("Write", "Done")
    editor.shot("3-done")
    assert len(out.read_text().splitlines()) == 11  # a header and ten rows
    page.reload()
    expect(editor.canvas).to_be_visible()
    expect(banner).to_be_hidden()


EVIL = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
NOTE = f"[a link](javascript:document.title='taken') [b](data:text/html,x) {EVIL} ![p](https://example.org/p.png)"


def stays_text(page: Page) -> None:
    """Nothing of EVIL has become part of the page, also once all that the page fetches has come."""
    page.wait_for_load_state("networkidle")
    assert page.title() != "taken"
    assert page.locator("img[src='x']").count() == 0
    assert page.locator("a[href^='javascript'], a[href^='data']").count() == 0


def test_markup_in_names_values_titles_and_notes_stays_text(editor: Editor) -> None:
    rows = [{EVIL: EVIL, "n": k} for k in range(30)]
    (editor.served.folder / "evil.json").write_text(json.dumps(rows), encoding="utf-8")
    page = editor.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    editor.open(
        {
            "title": EVIL,
            "description": NOTE,
            "nodes": {
                "read": {"type": "read_json", "title": EVIL[:60], "note": EVIL, "settings": {"path": "evil.json"}},
                "bars": {"type": "bar_chart", "title": "Bars", "settings": {"x": EVIL, "title": EVIL}},
            },
            "wires": ["read.table -> bars.table"],
            "notes": {"note": {"text": NOTE}},
            "frames": {"frame": {"title": EVIL[:60]}},
            "layout": {"read": [0, 0], "bars": [320, 0], "note": [0, 240, 300, 200], "frame": [-40, -60, 700, 260]},
        }
    )
    note = page.locator(".react-flow__node-note")
    expect(note).to_contain_text("<script>")
    note.get_by_text("a link").click()
    editor.node(EVIL[:60]).click()
    panel = page.get_by_role("region", name="What lies at the port")
    expect(panel.get_by_role("gridcell", name="<img src=x").first).to_be_visible(timeout=LONG)
    panel.get_by_role("button", name="Column statistics").click()
    editor.shot("table")
    editor.run()
    editor.node("Bars").click()
    chart = panel.get_by_role("img", name="Chart")
    expect(chart.locator("canvas").first).to_be_visible(timeout=LONG)
    box = chart.bounding_box()
    assert box is not None
    page.mouse.move(
        box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.6, steps=4
    )  # its words beside the pointer
    editor.shot("chart")
    stays_text(page)
    page.get_by_role("link", name="Start page").or_(page.locator('a[href="/"]')).first.click()
    expect(page.get_by_role("heading", name="Templates")).to_be_visible()
    expect(page.locator("main")).to_contain_text("<script>")  # the title, among what was open last
    stays_text(page)
    editor.shot("start")
    assert all(url.startswith((editor.served.origin, "data:", "blob:")) for url in asked)
