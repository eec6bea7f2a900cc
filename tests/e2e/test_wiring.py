"""Wires: drawn, refused with the reason, dropped on empty canvas, on nodes, nodes dropped on them; healed."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect
from studio_page import Editor, middle

NODES = {
    "title": "Wires",
    "nodes": {
        "hand": {"type": "table_by_hand", "version": 1, "title": "By hand"},
        "learner": {"type": "decision_tree_learner", "version": 1, "title": "Learner"},
        "predict": {"type": "predict", "version": 1, "title": "Predict"},
        "sorted": {"type": "sort", "version": 1, "title": "Sorted"},
    },
    "layout": {"hand": [0, 0], "learner": [320, -120], "predict": [640, 0], "sorted": [320, 140]},
}
# Points along a wire, on the screen.
POINTS = """wire => {
  const at = wire.getScreenCTM(), long = wire.getTotalLength();
  const points = Array.from({ length: 201 }, (_, k) => wire.getPointAtLength((long * k) / 200));
  return points.map(({ x, y }) => [x * at.a + at.e, y * at.d + at.f]);
}"""


def expect_behind(wire: Locator, box: Locator, behind: bool) -> None:
    """Wait until a wire runs behind a box, or no longer does."""
    lies = f"""([wire, box]) => {{
      const {{ left, right, top, bottom }} = box.getBoundingClientRect();
      return ({POINTS})(wire).some(([x, y]) => x > left && x < right && y > top && y < bottom) === {str(behind).lower()};
    }}"""
    wire.page.wait_for_function(lies, arg=[wire.element_handle(), box.element_handle()])


def test_a_wire_that_does_not_fit_is_refused_with_the_reason(editor: Editor) -> None:
    editor.open(NODES)
    editor.hold(editor.port("Output", "model", "Learner"), editor.port("Input", "table", "Predict"))
    reason = editor.page.get_by_text('Predict: "table" takes a Table, and this is a Model.')
    expect(reason.first).to_be_visible()
    editor.shot("refused")
    editor.page.mouse.up()
    expect(editor.wires).to_have_count(0)
    editor.wire(("Learner", "model"), ("Predict", "model"))
    assert editor.document()["wires"] == ["learner.model -> predict.model"]


def test_a_loop_is_refused(editor: Editor) -> None:
    editor.open({**NODES, "wires": ["hand.table -> sorted.table", "sorted.table -> predict.table"]})
    editor.hold(editor.port("Output", "table", "Predict"), editor.port("Input", "table", "Sorted"))
    expect(editor.page.get_by_text("That would make a loop").first).to_be_visible()
    editor.page.mouse.up()
    expect(editor.wires).to_have_count(2)


def test_a_wire_to_empty_canvas_offers_what_fits_and_wires_it(editor: Editor) -> None:
    editor.open(NODES)
    box = editor.canvas.bounding_box()
    assert box is not None
    editor.drag(
        editor.port("Output", "model", "Learner"), (box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.85)
    )
    search = editor.page.get_by_placeholder("Search nodes that fit")
    expect(search).to_be_visible()
    options = editor.page.get_by_role("option")
    expect(options.first).to_be_visible()
    assert options.filter(has_text="Filter rows").count() == 0
    editor.shot("fitting")
    search.fill("filter rows")
    expect(options).to_have_text(["No node has this in its name."])
    search.fill("feature importance")
    editor.page.keyboard.press("Enter")
    expect(editor.wires).to_have_count(1)
    assert editor.document()["wires"] == ["learner.model -> feature_importance.model"]


def test_a_wire_dropped_on_a_node_finds_the_port_that_fits(editor: Editor) -> None:
    editor.open(NODES)
    editor.drag(editor.port("Output", "model", "Learner"), editor.node("Predict"))
    expect(editor.wires).to_have_count(1)
    assert editor.document()["wires"] == ["learner.model -> predict.model"]


def test_a_node_dropped_on_a_wire_goes_into_it_and_the_wire_heals(editor: Editor) -> None:
    editor.open({**NODES, "wires": ["hand.table -> predict.table"]})
    x, y = middle(editor.port("Output", "table", "By hand"))
    to_x, to_y = middle(editor.port("Input", "table", "Predict"))
    editor.drag(editor.node("Sorted").get_by_text("Sorted", exact=True), ((x + to_x) / 2, (y + to_y) / 2))
    expect(editor.wires).to_have_count(2)
    assert sorted(editor.document()["wires"]) == ["hand.table -> sorted.table", "sorted.table -> predict.table"]
    editor.node("Sorted").click()
    editor.page.keyboard.press("Delete")
    expect(editor.wires).to_have_count(1)
    assert editor.document()["wires"] == ["hand.table -> predict.table"]


def test_a_wire_is_pulled_off(editor: Editor) -> None:
    editor.open({**NODES, "wires": ["hand.table -> sorted.table"]})
    box = editor.canvas.bounding_box()
    assert box is not None
    x, y = middle(editor.port("Input", "table", "Sorted"))
    editor.page.mouse.move(x - 14, y)
    editor.page.mouse.down()
    editor.page.mouse.move(x - 60, y + 60, steps=6)
    editor.page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 60, steps=6)
    editor.page.mouse.up()
    expect(editor.wires).to_have_count(0)


def test_copied_nodes_are_pasted_into_another_workflow_with_their_wires(editor: Editor) -> None:
    editor.open({**NODES, "wires": ["hand.table -> sorted.table"]})
    editor.node("By hand").click()
    editor.node("Sorted").click(modifiers=["Shift"])
    editor.page.keyboard.press("Control+c")
    expect(editor.page.get_by_text("2 things copied.")).to_be_attached()
    editor.open(None)
    editor.canvas.focus()
    editor.page.keyboard.press("Control+v")
    expect(editor.nodes).to_have_count(2)
    expect(editor.wires).to_have_count(1)


def test_a_component_is_made_opened_given_a_port_and_left(editor: Editor) -> None:
    editor.open({**NODES, "wires": ["hand.table -> sorted.table", "sorted.table -> predict.table"]})
    editor.node("Sorted").click()
    editor.page.keyboard.press("Control+g")
    title = editor.page.get_by_role("textbox", name="Title", exact=True).first
    title.fill("Prepare")
    editor.page.keyboard.press("Enter")
    editor.node("Prepare").dblclick()
    expect(editor.page.get_by_role("navigation", name="Where you are")).to_contain_text("Prepare")
    expect(editor.nodes).to_have_count(1)
    expect(editor.wires).to_have_count(2)
    editor.shot("inside")
    editor.page.keyboard.press("Control+ArrowUp")
    expect(editor.nodes).to_have_count(4)
    editor.page.keyboard.press("Control+Shift+G")
    expect(editor.node("Sorted")).to_be_visible()


def test_a_dropped_file_brings_its_reader(editor: Editor) -> None:
    editor.open(None)
    page = editor.page
    data = page.evaluate_handle(
        """() => { const t = new DataTransfer(); t.items.add(new File(["a,b\\n1,2\\n3,4\\n"], "small.csv")); return t; }"""
    )
    box = editor.canvas.bounding_box()
    assert box is not None
    at = {"clientX": box["x"] + 300, "clientY": box["y"] + 200, "dataTransfer": data}
    page.dispatch_event("[data-canvas]", "dragover", at)
    page.dispatch_event("[data-canvas]", "drop", at)
    expect(editor.node("small.csv")).to_be_visible()
    expect(page.get_by_text("2 rows", exact=False).first).to_be_visible()
    editor.shot("dropped")


def test_a_note_is_written_resized_and_keeps_its_colour(editor: Editor) -> None:
    editor.open(
        {
            "title": "Notes",
            "notes": {"why": {"text": "First", "colour": "#ffeecc"}},
            "layout": {"why": [0, 0, 220, 120]},
        }
    )
    note = editor.page.locator(".react-flow__node-note")
    note.dblclick()
    editor.page.get_by_label("Note", exact=True).last.fill("Second")
    editor.page.keyboard.press("Escape")
    expect(note).to_contain_text("Second")
    note.click()
    x, y = middle(editor.page.locator(".react-flow__resize-control.handle.bottom.right"))
    editor.page.mouse.move(x, y)
    editor.page.mouse.down()
    editor.page.mouse.move(x + 80, y + 60, steps=6)
    editor.page.mouse.up()
    expect(editor.page.get_by_text("Saved", exact=True)).to_be_visible()
    document = editor.document()
    assert document["notes"]["why"] == {"text": "Second", "colour": "#ffeecc"}
    assert document["layout"]["why"][2] > 250
    assert document["layout"]["why"][3] > 140


def test_a_wire_runs_around_a_box_in_its_way_and_comes_to_the_front_under_the_pointer(editor: Editor) -> None:
    rows = {"columns": [{"name": "a", "type": "integer"}], "rows": [[1]]}
    nodes = {
        "first": {"type": "table_by_hand", "title": "First", "settings": rows},
        "between": {"type": "table_by_hand", "title": "Between", "settings": rows},
        "last": {"type": "sort", "title": "Last", "settings": {"by": [{"column": "a"}]}},
    }
    layout = {"first": [0, 0], "between": [300, 0], "last": [600, 0]}
    editor.open({"nodes": nodes, "wires": ["first.table -> last.table"], "layout": layout})
    page, wire = editor.page, editor.wires.locator("path").first
    expect_behind(wire, editor.node("Between"), False)
    points: list[tuple[float, float]] = wire.evaluate(POINTS)
    front = page.locator(".react-flow__viewport-portal path")
    expect(front).to_have_count(0)
    page.mouse.move(*points[100])
    expect(front).to_have_count(1)
    page.mouse.move(points[100][0], points[100][1] - 120)
    expect(front).to_have_count(0)
    # a wire that goes while the pointer is over it does not come back in front
    page.mouse.move(*points[100])
    expect(front).to_have_count(1)
    editor.canvas.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(editor.wires).to_have_count(0)
    page.mouse.move(points[100][0], points[100][1] - 120)
    editor.answered(lambda: page.keyboard.press("Control+z"))
    expect(editor.wires).to_have_count(1)
    expect(front).to_have_count(0)


def test_a_box_in_the_hand_is_in_no_wires_way_and_nothing_snaps_when_it_is_let_go(editor: Editor) -> None:
    nodes = {name: {"type": "sort", "title": name.title()} for name in ("first", "between", "last")}
    layout = {"first": [0, 0], "between": [300, 0], "last": [600, 0]}
    editor.open({"nodes": nodes, "wires": ["first.table -> last.table"], "layout": layout})
    path = editor.wires.locator("path").first
    expect(path).to_have_attribute("d", re.compile("Q"))  # around the box
    x, y = middle(editor.node("Between"))
    editor.hold(editor.node("Between").get_by_text("Between", exact=True), (x, y + 200))
    expect(path).to_have_attribute("d", re.compile("C"))
    drawn = path.get_attribute("d") or ""
    editor.page.mouse.up()
    expect(editor.page.get_by_text("Saved", exact=True)).to_be_visible()
    assert editor.document()["layout"]["between"] != [300, 0]
    expect(path).to_have_attribute("d", drawn)
