"""Files: chosen from this machine, uploaded, dropped on the canvas; a workflow saved over another one."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect
from studio_page import LONG, Editor

ROWS = "town,people\nMinneapolis,425\nSaint Paul,307\nDuluth,86\n"


def panel_says(editor: Editor, text: str) -> None:
    panel = editor.page.get_by_role("region", name="What lies at the port")
    expect(panel.get_by_text(text)).to_be_visible(timeout=LONG)


def test_a_file_is_uploaded_from_the_settings(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text(ROWS, encoding="utf-8")  # outside the studio's folder
    editor.open(
        {"title": "Towns", "nodes": {"read": {"type": "read_csv", "title": "Towns"}}, "layout": {"read": [0, 0]}}
    )
    page = editor.page
    editor.node("Towns").click()
    page.get_by_role("button", name="Look for a file").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Nothing here").or_(dialog.get_by_text("flow.peep.json"))).to_be_visible()
    editor.shot("chooser")
    with page.expect_file_chooser() as choosing:
        dialog.get_by_role("button", name="Upload a file").click()
    choosing.value.set_files(tmp_path / "towns.csv")
    expect(dialog).to_be_hidden()
    panel_says(editor, "3 rows × 2 columns")
    editor.shot("read")
    assert editor.document()["nodes"]["read"]["settings"]["path"] == "files/towns.csv"
    assert (editor.served.folder / "files" / "towns.csv").read_text() == ROWS


def drop(page: Page, files: dict[str, str], on: str = "[data-canvas]") -> None:
    """Files let go over the canvas or another part of the window, as the system's file window does it."""
    data = page.evaluate_handle(
        """(files) => { const t = new DataTransfer();
        for (const [name, text] of Object.entries(files)) t.items.add(new File([text], name)); return t; }""",
        files,
    )
    box = page.locator(on).bounding_box()
    assert box is not None
    at = {"clientX": box["x"] + 300, "clientY": box["y"] + 160, "dataTransfer": data}
    page.dispatch_event(on, "dragover", at)
    page.dispatch_event(on, "drop", at)


def test_dropped_files_bring_a_reader_each_and_what_nobody_reads_is_told(editor: Editor) -> None:
    editor.open(None)
    drop(editor.page, {"towns.csv": ROWS, "lines.jsonl": '{"a": 1}\n{"a": 2}\n', "song.mp3": "la la"})
    expect(editor.nodes).to_have_count(2)
    expect(editor.page.get_by_text(re.compile("song.mp3")).first).to_be_visible()
    editor.node("lines.jsonl").click()
    panel_says(editor, "2 rows × 1 column")
    editor.node("towns.csv").click()
    panel_says(editor, "3 rows × 2 columns")
    editor.shot("dropped")
    nodes = editor.document()["nodes"].values()
    assert sorted((one["type"], one["settings"]["path"]) for one in nodes) == [
        ("read_csv", "files/towns.csv"),
        ("read_json", "files/lines.jsonl"),
    ]


def test_a_file_dropped_beside_the_canvas_comes_to_a_free_place_in_view(editor: Editor) -> None:
    hand = {"type": "table_by_hand", "title": "By hand"}
    editor.open({"title": "Towns", "nodes": {"hand": hand}, "layout": {"hand": [0, 0]}})
    editor.node("By hand").click()
    expect(editor.page.get_by_role("tab", name="Messages")).to_be_visible()  # the panel has risen
    editor.settle()
    drop(editor.page, {"towns.csv": ROWS}, "[data-area=below]")
    expect(editor.node("towns.csv")).to_be_in_viewport(ratio=1)
    panel_says(editor, "3 rows × 2 columns")
    editor.shot("dropped")
    boxes = [editor.node(title).bounding_box() for title in ("By hand", "towns.csv")]
    assert apart(*boxes)


def apart(one: dict[str, float] | None, other: dict[str, float] | None) -> bool:
    """Whether two boxes on the screen do not overlap."""
    assert one is not None
    assert other is not None
    beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
    return beside or one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]


def test_a_whole_path_is_taken_as_one_when_saving(editor: Editor) -> None:
    editor.open({"title": "Mine"})
    page = editor.page
    page.get_by_text("Saved", exact=True).click()
    dialog = page.get_by_role("dialog", name="Save as")
    dialog.get_by_label("File name").fill("/etc/x.peep.json")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_text("/etc/x.peep.json is outside the folders that the studio may use.")).to_be_visible()
    editor.shot("outside")
    target = editor.served.folder / "named.peep.json"
    dialog.get_by_label("File name").fill(str(target))
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile("Saved as .*named.peep.json"))).to_be_visible()
    assert json.loads(target.read_text())["title"] == "Mine"


def test_saving_over_a_file_asks_and_nothing_is_lost(editor: Editor) -> None:
    other = editor.served.write({"title": "The other", "description": "not to be lost"}, "other.peep.json")
    before = other.read_bytes()
    editor.open({"title": "Mine", "nodes": {"hand": {"type": "table_by_hand"}}, "layout": {"hand": [0, 0]}})
    page = editor.page

    def save_over() -> None:
        page.get_by_text("Saved", exact=True).click()
        choosing = page.get_by_role("dialog", name="Save as")
        choosing.get_by_role("button", name=re.compile("other.peep.json")).click()
        choosing.get_by_role("button", name="Save", exact=True).click()

    asking = page.get_by_role("dialog", name="Replace the file?")
    save_over()
    expect(asking.get_by_text("There is a file named “other.peep.json” already.")).to_be_visible()
    editor.shot("asks")
    asking.get_by_role("button", name="Cancel").click()
    expect(asking).to_be_hidden()
    page.get_by_role("dialog", name="Save as").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    editor.add("sort", (0.7, 0.3))
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert other.read_bytes() == before
    first = editor.served.folder / "flow.peep.json"
    assert len(json.loads(first.read_text())["nodes"]) == 2

    save_over()
    asking.get_by_role("button", name="Replace it").click()
    expect(page.get_by_text(re.compile("Saved as .*other.peep.json"))).to_be_visible()
    kept = first.read_bytes()
    editor.add("filter rows", (0.7, 0.6))
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    editor.shot("replaced")
    saved = json.loads(other.read_text())
    assert (saved["title"], len(saved["nodes"])) == ("Mine", 3)
    assert first.read_bytes() == kept  # edits go to the new name only
    page.reload()
    expect(editor.nodes).to_have_count(3)
