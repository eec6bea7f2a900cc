"""A long table scrolled by wheel, scroll bar and keyboard: in each place the rows that belong there, sorted and filtered too."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect
from studio_page import LONG, Editor

COUNT = 30_000
ROWS = [(n, (n * 7919) % COUNT, "abcdefg"[n % 7]) for n in range(COUNT)]
NODES = {
    "nodes": {"read": {"type": "read_csv", "title": "Long", "settings": {"path": "long.csv"}}},
    "layout": {"read": [0, 60]},
}
# What is seen: of each row its place and its cells; nothing while a cell waits for its value.
SEEN = """grid => {
  const box = (one) => one.getBoundingClientRect();
  const [top, bottom] = [box(grid.querySelector('[role=columnheader]')).bottom, box(grid).bottom];
  const rows = [...grid.querySelectorAll('[role=row]')].filter((row) => Number(row.ariaRowIndex) > 1);
  const seen = rows.filter((row) => box(row).top >= top && box(row).bottom <= bottom);
  return seen.map((row) => [Number(row.ariaRowIndex) - 2,
    ...[...row.querySelectorAll('[role=gridcell]')].map((cell) => cell.textContent.replaceAll(',', ''))]);
}"""


def expect_rows(page: Page, grid: Locator, rows: list[tuple[int, int, str]], near: int) -> None:
    """Wait until what is seen is filled and lies near a row; then every row seen has to be the one of its place."""
    seen: list[Any] = []
    for _ in range(200):
        seen = grid.evaluate(SEEN)
        places = [row[0] for row in seen]
        if seen and min(places) - 40 <= near <= max(places) + 40 and all(all(row[1:]) for row in seen):
            break
        page.wait_for_timeout(50)
    assert len(seen) >= 3, seen
    assert seen == [[place, *map(str, rows[place])] for place in [row[0] for row in seen]]
    assert abs(seen[0][0] - near) <= 40


def scroll_to(grid: Locator, row: int) -> None:
    grid.evaluate("(grid, row) => { grid.scrollTop = row * 28; }", row)


def through(page: Page, grid: Locator, rows: list[tuple[int, int, str]]) -> None:
    """By scroll bar to the middle, far down and back; by wheel across the ends of pages; by keyboard to the end."""
    for place in (len(rows) // 2, len(rows) - 400, 390):
        scroll_to(grid, place)
        expect_rows(page, grid, rows, place)
    grid.hover()
    for step in range(8):
        page.mouse.wheel(0, 28 * 25)
        expect_rows(page, grid, rows, 390 + 25 * (step + 1))
    for step in range(4):
        page.mouse.wheel(0, -28 * 60)
        expect_rows(page, grid, rows, 590 - 60 * (step + 1))
    grid.focus()
    page.keyboard.press("ArrowDown")  # chooses a cell
    page.keyboard.press("Control+End")
    expect_rows(page, grid, rows, len(rows) - 8)
    page.keyboard.press("Control+Home")
    expect_rows(page, grid, rows, 0)


def opened(editor: Editor) -> tuple[Locator, Locator]:
    """The panel with the long table, and its grid."""
    text = "n,mixed,letter\n" + "".join(f"{n},{mixed},{letter}\n" for n, mixed, letter in ROWS)
    (editor.served.folder / "long.csv").write_text(text, encoding="utf-8")
    editor.open(NODES)
    editor.node("Long").click()
    panel = editor.page.get_by_role("region", name="What lies at the port")
    expect(panel.get_by_text(f"{COUNT:,} rows × 3 columns")).to_be_visible(timeout=LONG)
    return panel, panel.get_by_role("grid")


def test_sorting_is_told_and_can_be_stopped(editor: Editor) -> None:
    panel, grid = opened(editor)
    page = editor.page
    page.route(re.compile(f"offset={COUNT - 1}&"), lambda route: None)  # the last row of the order never comes
    head = grid.get_by_role("columnheader", name=re.compile("mixed"))
    head.get_by_role("button").click()
    told = panel.get_by_role("status").filter(has_text="Sorting")
    expect(told).to_be_visible()
    second = grid.locator('[aria-rowindex="3"]')
    expect(second).to_contain_text("7679")  # the first rows are there at once
    expect_rows(page, grid, sorted(ROWS, key=lambda row: row[1]), 0)
    expect(told).to_be_visible()
    editor.shot("sorting")
    told.get_by_role("button", name="Stop sorting").click()
    expect(told).to_have_count(0)
    expect(head).to_have_attribute("aria-sort", "none")
    expect(second).to_contain_text("7919")
    expect_rows(page, grid, ROWS, 0)


def test_in_every_place_the_rows_that_belong_there(editor: Editor) -> None:
    panel, grid = opened(editor)
    page = editor.page
    through(page, grid, ROWS)

    head = grid.get_by_role("columnheader", name=re.compile("mixed"))
    head.get_by_role("button").click()
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(grid).to_have_attribute("aria-busy", "false")
    through(page, grid, sorted(ROWS, key=lambda row: -row[1]))

    where = panel.get_by_role("combobox", name="Show only rows where")
    where.fill("letter = 'c' or letter = 'f'")
    where.press("Enter")
    kept = [row for row in sorted(ROWS, key=lambda row: -row[1]) if row[2] in "cf"]
    expect(panel.get_by_text(f"{len(kept):,} rows × 3 columns")).to_be_visible(timeout=LONG)
    through(page, grid, kept)
    editor.shot("scrolled")
