"""A component that runs many times: set in its form, run, and what comes out looked at."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from studio_page import LONG, Editor

ROWS = "name,points,group\n" + "".join(f"p{n},{n},{'abc'[n % 3]}\n" for n in range(60))
INSIDE = {
    "nodes": {
        "top": {
            "type": "top_k",
            "title": "First",
            "settings": {"count": 2, "by": [{"column": "points"}]},
        }
    },
    "wires": [".table -> top.table", "top.table -> .table"],
    "layout": {"top": [0, 0]},
}
START = {
    "title": "Again and again",
    "nodes": {
        "read": {"type": "read_csv", "title": "Points", "settings": {"path": "points.csv"}},
        "part": {"type": "component", "title": "Part", "inside": INSIDE},
    },
    "wires": ["read.table -> part.table"],
    "layout": {"read": [0, 0], "part": [320, 0]},
}


def test_a_component_is_repeated_for_each_group_of_rows(editor: Editor) -> None:
    (editor.served.folder / "points.csv").write_text(ROWS, encoding="utf-8")
    editor.open(START)
    page = editor.page
    settings = page.get_by_role("complementary", name="Settings")
    panel = page.get_by_role("region", name="What lies at the port")
    editor.node("Part").click()
    how = settings.get_by_role("combobox", name="How often it runs")
    how.select_option("groups")
    groups = settings.get_by_role("combobox", name="Groups")
    groups.fill("group")
    page.get_by_role("option", name=re.compile("^group")).first.click()
    page.keyboard.press("Escape")
    editor.shot("form")
    editor.run()
    editor.expect_state("Part", "Done")
    editor.node("Part").click()
    expect(panel.get_by_text(re.compile(r"^6 rows"))).to_be_visible(timeout=LONG)
    editor.shot("groups")
    repeat = editor.document()["nodes"]["part"]["repeat"]
    assert {name: repeat[name] for name in ("over", "columns", "input")} == {
        "over": "groups",
        "columns": ["group"],
        "input": "table",
    }

    how.select_option("chunks")
    rows = settings.get_by_role("textbox", name="Rows").or_(settings.get_by_role("spinbutton", name="Rows")).first
    rows.fill("15")
    page.keyboard.press("Tab")
    editor.run()
    editor.expect_state("Part", "Done")
    expect(panel.get_by_text(re.compile(r"^8 rows"))).to_be_visible(timeout=LONG)  # four runs of fifteen rows
    editor.shot("chunks")

    how.select_option("")
    editor.run()
    expect(panel.get_by_text(re.compile(r"^2 rows"))).to_be_visible(timeout=LONG)
    assert editor.document()["nodes"]["part"].get("repeat") is None
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(how).to_have_value("chunks")
