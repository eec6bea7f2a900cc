"""Where a learner is chosen by name, its own settings stand in the form, and what is wrong with them is said there."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, expect
from studio_page import Editor

COLUMNS = [{"name": "x", "type": "number"}, {"name": "kind", "type": "text"}]
CELLS = [[n, "ab"[n % 2]] for n in range(20)]
ROWS: dict[str, Any] = {"type": "table_by_hand", "title": "Rows", "settings": {"columns": COLUMNS, "rows": CELLS}}
TOP = {"x": 60, "y": 12}


def shown(editor: Editor, kind: str, settings: dict[str, Any]) -> Locator:
    """The form of a node that reads the rows."""
    node = {"type": kind, "title": "Learning", "settings": {"target": "kind", **settings}}
    layout = {"rows": [0, 0], "node": [300, 0]}
    editor.open({"nodes": {"rows": ROWS, "node": node}, "wires": ["rows.table -> node.table"], "layout": layout})
    editor.node("Learning").click(position=TOP)
    return editor.page.get_by_role("complementary", name="Settings")


def kept(editor: Editor) -> dict[str, Any]:
    """The node's settings as the studio has them."""
    settings: dict[str, Any] = editor.document()["nodes"]["node"]["settings"]
    return settings


def test_the_learners_own_settings_are_chosen_in_cross_validation(editor: Editor) -> None:
    form = shown(editor, "cross_validation", {"learner": "random forest"})
    own = form.locator('[data-setting="settings"]')
    own.get_by_text("All as usual").click()
    trees = own.get_by_role("textbox", name="Settings: Trees")
    expect(trees).to_have_value("100")
    trees.fill("many")
    expect(own.get_by_text('"many" is not a whole number')).to_be_visible()
    expect(editor.node("Learning").get_by_text("Random forest: trees cannot be 'many'.")).to_be_visible()
    editor.shot("wrong")
    trees.fill("20")
    expect(own.get_by_text("is not a whole number")).to_have_count(0)
    assert kept(editor)["settings"] == {"trees": 20}

    form.get_by_role("combobox", name="Learner").select_option("decision tree")
    expect(own.get_by_text("The decision tree has no setting “trees”.")).to_be_visible()
    expect(own.get_by_role("textbox", name="Settings: Depth")).to_have_value("10")
    expect(editor.node("Learning").get_by_text('Decision tree: there is no setting "trees".')).to_be_visible()
    editor.shot("left-over")
    own.get_by_role("button", name="Remove trees").click()
    editor.run()
    editor.expect_state("Learning", "Done")
    assert "settings" not in kept(editor)


def test_what_is_tried_is_chosen_by_name_with_values_that_fit(editor: Editor) -> None:
    form = shown(editor, "parameter_search", {"folds": 2})
    form.get_by_role("button", name="Add parameter").click()
    name = form.get_by_role("combobox", name="Parameters, entry 1: Name")
    name.select_option(label="Quality")
    entropy = form.get_by_role("checkbox", name="entropy")
    entropy.check(force=True)
    expect(form.locator('[data-path="parameters[0].low"]')).to_have_count(0)
    assert kept(editor)["parameters"] == [{"name": "quality", "values": ["entropy"]}]
    form.get_by_role("checkbox", name="gini").check(force=True)
    editor.shot("words")
    editor.run()
    editor.expect_state("Learning", "Done")

    name.select_option(label="Depth")
    expect(form.locator('[data-path="parameters[0].low"]')).to_be_visible()
    expect(form.get_by_text('"entropy" is not a whole number')).to_be_visible()
    form.get_by_role("textbox", name="Parameters, entry 1: Values").fill("2, 0")
    expect(form.get_by_text("At least 1.")).to_be_visible()
    editor.shot("numbers")


def test_each_member_of_a_stack_has_the_settings_of_its_own_learner(editor: Editor) -> None:
    form = shown(editor, "stacking_learner", {"members": [{"learner": "naive Bayes"}, {"learner": "AdaBoost"}]})
    second = form.locator('[data-path="members[1].settings"]')
    second.get_by_text("All as usual").click()
    second.get_by_role("textbox", name="Trees").fill("7")
    editor.shot("stack")
    assert kept(editor)["members"] == [{"learner": "naive Bayes"}, {"learner": "AdaBoost", "settings": {"trees": 7}}]
