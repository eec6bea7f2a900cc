"""Looking at what lies at a port: a table sorted, filtered, jumped through and copied; a choice in a chart that flows on."""

from __future__ import annotations

import re

from playwright.sync_api import FloatRect, Locator, expect
from studio_page import LONG, Editor

ROWS = "name,points,group\n" + "".join(f"p{n},{(n * 37) % 1000},{'abc'[n % 3]}\n" for n in range(5000))
NODES = {
    "title": "Looking",
    "nodes": {
        "read": {"type": "read_csv", "title": "Points", "settings": {"path": "points.csv"}},
        "number": {"type": "row_number", "title": "Numbered", "settings": {"name": "at"}},
        "plot": {"type": "scatter_plot", "title": "Plot", "settings": {"x": "at", "y": "points"}},
        "bars": {"type": "bar_chart", "title": "Bars", "settings": {"x": "group"}},
    },
    "wires": ["read.table -> number.table", "number.table -> plot.table", "plot.selected -> bars.table"],
    "layout": {"read": [0, 60], "number": [280, 60], "plot": [560, 30], "bars": [860, 30]},
}


def opened(editor: Editor) -> None:
    (editor.served.folder / "points.csv").write_text(ROWS, encoding="utf-8")
    editor.open(NODES)


def drawn(editor: Editor, chart: Locator) -> FloatRect:
    """Where a chart stands, once it is whole and does not move: nobody drags in what is not there yet."""
    expect(chart.locator("canvas").first).to_be_visible(timeout=LONG)
    editor.settle()
    expect(chart).to_have_attribute("data-drawn", "true")
    box = chart.bounding_box()
    assert box is not None
    return box


def test_a_table_is_sorted_filtered_jumped_through_and_copied(editor: Editor) -> None:
    opened(editor)
    page = editor.page
    editor.node("Points").click()
    panel = page.get_by_role("region", name="What lies at the port")
    grid = panel.get_by_role("grid")
    expect(panel.get_by_text("5,000 rows × 3 columns")).to_be_visible(timeout=LONG)

    head = grid.get_by_role("columnheader", name=re.compile("points"))
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    first = grid.get_by_role("row").nth(1)
    expect(first).to_contain_text(re.compile(r"p0\s*0\s*a"))
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(first).to_contain_text("999")
    editor.shot("sorted")

    where = panel.get_by_role("combobox", name="Show only rows where")
    where.fill("points > 990 and \"group\" = 'a'")
    where.press("Enter")
    expect(panel.get_by_text(re.compile(r"^\d{1,2} rows × 3 columns"))).to_be_visible()
    where.fill("ponits > 1")
    where.press("Enter")
    expect(panel.get_by_text(re.compile('no column "ponits"'))).to_be_visible()
    editor.shot("condition")
    panel.get_by_role("button", name="Show all rows").click()
    expect(panel.get_by_text("5,000 rows × 3 columns")).to_be_visible()

    jump = panel.get_by_role("textbox", name="Go to row")
    jump.fill("4321")
    jump.press("Enter")
    row = grid.locator('[aria-rowindex="4322"]')
    expect(row).to_be_visible()
    expect(row.get_by_role("gridcell").first).to_have_text(re.compile(r"^p\d+$"))
    row.get_by_role("gridcell").first.click()
    page.keyboard.press("Control+c")
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == row.get_by_role("gridcell").first.inner_text()

    panel.get_by_role("button", name="Column statistics").click()
    beside = panel.get_by_role("complementary", name="Column statistics")
    expect(beside.get_by_text("Different")).to_be_visible()
    editor.shot("statistics")


def test_the_rows_that_are_shown_are_downloaded(editor: Editor) -> None:
    opened(editor)
    editor.node("Points").click()
    panel = editor.page.get_by_role("region", name="What lies at the port")
    where = panel.get_by_role("combobox", name="Show only rows where")
    where.fill("points > 990")
    where.press("Enter")
    expect(panel.get_by_text("45 rows × 3 columns")).to_be_visible(timeout=LONG)
    panel.get_by_role("columnheader", name=re.compile("points")).get_by_role("button").click()
    panel.get_by_role("button", name="Download these rows").click()
    editor.shot("menu")
    with editor.page.expect_download() as coming:
        editor.page.get_by_role("menuitem", name="CSV", exact=True).click()
    assert coming.value.suggested_filename == "Points table.csv"
    got = coming.value.path().read_text(encoding="utf-8").splitlines()
    lines = [line for line in ROWS.splitlines()[1:] if int(line.split(",")[1]) > 990]
    assert got == ["name,points,group", *sorted(lines, key=lambda line: int(line.split(",")[1]))]
    expect(panel.get_by_role("button", name="Download these rows")).to_be_enabled()


def test_a_column_of_many_is_gone_to_by_its_name(editor: Editor) -> None:
    names = [f"{name}{n}" for n in range(20) for name in ("height", "width")]
    text = "\n".join([",".join(names), ",".join(map(str, range(40)))])
    (editor.served.folder / "wide.csv").write_text(text, encoding="utf-8")
    editor.open({"nodes": {"read": {"type": "read_csv", "title": "Wide", "settings": {"path": "wide.csv"}}}})
    editor.node("Wide").click()
    panel = editor.page.get_by_role("region", name="What lies at the port")
    column = panel.get_by_role("columnheader", name=re.compile("width18"))
    expect(panel.get_by_text("1 row × 40 columns")).to_be_visible(timeout=LONG)
    expect(column).to_have_count(0)
    find = panel.get_by_role("combobox", name="Go to column")
    find.fill("idth18")
    editor.shot("finding")
    find.press("Enter")
    expect(column).to_be_in_viewport(ratio=1)
    expect(panel.get_by_role("gridcell", name="37", exact=True)).to_be_in_viewport(ratio=1)
    editor.page.keyboard.press("Control+c")
    expect(editor.page.get_by_text("Copied", exact=True)).to_be_visible()
    assert editor.page.evaluate("navigator.clipboard.readText()") == "37"


def test_what_is_chosen_in_a_chart_flows_on_as_a_table(editor: Editor) -> None:
    opened(editor)
    page = editor.page
    editor.run()
    editor.expect_state("Bars", "Done")
    editor.node("Plot").click()
    panel = page.get_by_role("region", name="What lies at the port")
    chart = panel.get_by_role("img", name=re.compile("^Chart"))
    box = drawn(editor, chart)
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.25)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.7, steps=8)
    chosen = panel.get_by_text(re.compile("points chosen"))
    expect(chosen).to_be_visible()
    editor.shot("drawing")
    page.mouse.up()
    expect(chosen).to_be_visible()
    said = int(re.sub(r"\D", "", chosen.inner_text()))
    assert 100 < said < 5000
    editor.expect_idle()
    panel.get_by_role("combobox", name="Port").select_option("selected")
    expect(panel.get_by_text(f"{said:,} rows × 4 columns")).to_be_visible(timeout=LONG)
    editor.node("Bars").click()
    expect(panel.get_by_role("img", name=re.compile("^Chart"))).to_be_visible(timeout=LONG)
    editor.shot("linked")
    assert len(editor.document()["nodes"]["plot"]["settings"]["selection"]) == 1


MANY = {
    "title": "Many columns",
    "nodes": {
        "read": {"type": "read_csv", "title": "Points", "settings": {"path": "points.csv"}},
        "number": {"type": "row_number", "title": "Numbered", "settings": {"name": "at"}},
        "matrix": {"type": "scatter_matrix", "title": "Matrix", "settings": {"columns": ["at", "points"]}},
        "lines": {
            "type": "parallel_coordinates",
            "title": "Lines",
            "settings": {"columns": ["points", "at", "group"], "most": 5000},
        },
    },
    "wires": ["read.table -> number.table", "number.table -> matrix.table", "number.table -> lines.table"],
    "layout": {"read": [0, 60], "number": [280, 60], "matrix": [560, 0], "lines": [560, 200]},
}


def rows_chosen(editor: Editor, title: str, within: str) -> int:
    """Rows at the port "selected" of a node, once they are those of the choice in the document."""
    panel = editor.page.get_by_role("region", name="What lies at the port")
    panel.get_by_role("combobox", name="Port").select_option("selected")
    for _ in range(LONG // 200):
        count = len(expected(editor, title, within))
        if count and panel.get_by_text(f"{count:,} rows × 4 columns", exact=True).is_visible():
            return count
        editor.page.wait_for_timeout(200)
    raise AssertionError(f"{count} rows are chosen, and others are there")


def expected(editor: Editor, title: str, within: str) -> list[int]:
    """The rows that a node's choice in the document names."""
    selection = editor.document()["nodes"][title]["settings"].get("selection") or []
    if not selection:
        return []
    low, high = selection[0]["ranges"][within]["at_least"], selection[0]["ranges"][within]["at_most"]
    found = [n for n in range(5000) if low <= (n * 37) % 1000 <= high]
    if title == "matrix":
        across = selection[0]["ranges"]["at"]
        found = [n for n in found if across["at_least"] <= n + 1 <= across["at_most"]]
    return found


def test_a_box_in_a_scatter_matrix_and_a_piece_of_a_parallel_axis_flow_on(editor: Editor) -> None:
    (editor.served.folder / "points.csv").write_text(ROWS, encoding="utf-8")
    editor.open(MANY)
    page = editor.page
    editor.run()
    editor.node("Matrix").click(position={"x": 60, "y": 12})
    panel = page.get_by_role("region", name="What lies at the port")
    chart = panel.get_by_role("img", name=re.compile("^Chart"))
    box = drawn(editor, chart)
    page.mouse.move(box["x"] + box["width"] * 0.65, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.85, box["y"] + 150, steps=8)
    page.mouse.up()
    expect(panel.get_by_text(re.compile("points chosen"))).to_be_visible()
    editor.shot("matrix")
    assert rows_chosen(editor, "matrix", "points") > 20

    editor.node("Lines").click(position={"x": 60, "y": 12})
    panel.get_by_role("combobox", name="Port").select_option("figure")
    box = drawn(editor, chart)
    page.mouse.move(box["x"] + 70, box["y"] + 90)
    page.mouse.down()
    page.mouse.move(box["x"] + 70, box["y"] + 140, steps=8)
    page.mouse.up()
    said = panel.get_by_text(re.compile("lines chosen"))
    expect(said).to_be_visible()
    editor.shot("axes")
    lines = int(re.sub(r"\D", "", said.inner_text()))
    assert rows_chosen(editor, "lines", "points") == lines
    panel.get_by_role("combobox", name="Port").select_option("figure")
    expect(said).to_be_visible()
    panel.get_by_role("button", name="Choose nothing").click()
    expect(said).to_be_hidden()


def test_what_comes_out_is_shown_on_the_node(editor: Editor) -> None:
    opened(editor)
    page = editor.page
    editor.run()
    editor.expect_state("Plot", "Done")
    editor.node("Points").get_by_role("button", name="Show what comes out").click()
    expect(editor.node("Points").get_by_role("cell", name="p0", exact=True)).to_be_visible()
    editor.canvas.focus()
    editor.node("Plot").click(position={"x": 60, "y": 12})
    page.keyboard.press("v")
    picture = editor.node("Plot").get_by_role("img", name=re.compile("points against at"))
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("one => one.naturalWidth") > 400
    editor.shot("shown")
    page.reload()
    expect(picture).to_be_visible()

    editor.node("Points").get_by_role("button", name="Hide what comes out").click()
    expect(editor.node("Points").get_by_role("cell")).to_have_count(0)
    page.keyboard.press("Control+z")  # one step of undo, as everything
    expect(editor.node("Points").get_by_role("cell", name="p0", exact=True)).to_be_visible()
    shown = page.get_by_role("cell", name="p0", exact=True)
    for _ in range(40):  # each press goes on from where the glide of the last one has got to
        if shown.count() == 0:
            break
        page.keyboard.press("-")
        page.wait_for_timeout(120)
    expect(shown).to_have_count(0)
    expect(picture).to_have_count(0)


def test_a_table_that_is_not_stored_is_counted_by_looking_and_says_so_on_its_node(editor: Editor) -> None:
    (editor.served.folder / "points.csv").write_text(ROWS, encoding="utf-8")
    nodes = {
        "read": {"type": "read_csv", "title": "Points", "settings": {"path": "points.csv"}},
        "few": {"type": "filter_rows", "title": "Few", "settings": {"where": "points < 100"}},
        "last": {"type": "sort", "title": "Sorted", "settings": {"by": [{"column": "points"}]}},
    }
    layout = {"read": [0, 0], "few": [280, 0], "last": [560, 0]}
    editor.open({"nodes": nodes, "wires": ["read.table -> few.table", "few.table -> last.table"], "layout": layout})
    editor.run()
    few = editor.node("Few")
    expect(editor.node("Sorted").get_by_text(re.compile("^500 × 3"))).to_be_visible()
    expect(few.get_by_text(re.compile("^3 columns"))).to_be_visible()
    few.click(position={"x": 60, "y": 12})
    expect(few.get_by_text(re.compile("^500 × 3"))).to_be_visible()
    editor.shot("counted")
    formula = editor.page.get_by_role("complementary", name="Settings").get_by_role("combobox", name="Where")
    formula.fill("points < 200")
    expect(few.get_by_text(re.compile("1,000 × 3"))).to_be_visible()  # it is looked at: counted anew
