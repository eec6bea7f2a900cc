"""Settings of another node, chosen by name: checked as that node checks them, before anything is called."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.settings import Between, Column, Group, SettingsOf
from peephole.core.types import Table
from peephole.workflow.settings import setting_problems

CHOICES = (("tree", f"{__name__}:tree"), ("bag", f"{__name__}:bag"))
Choice = Literal["tree", "bag"]
Others = Annotated[dict[str, Any], SettingsOf("how", CHOICES, ("target",))]
FOR_IT = SettingsOf("how", CHOICES, ("target",), named="name")


class Member(Group):
    """One of several, with a choice of its own."""

    how: Choice = "tree"
    settings: Others = {}  # noqa: RUF012 - pydantic copies it


class Tried(Group):
    """A setting of what is chosen outside the group."""

    name: Annotated[str, SettingsOf("how", CHOICES, ("target",))]
    values: Annotated[list[Any], FOR_IT] = []  # noqa: RUF012
    low: Annotated[int | float | None, FOR_IT] = None


@node(family="test")
def tree(table: Table, *, target: Column, depth: Annotated[int, Between(1, 9)] | None = None) -> Table:
    """A tree.

    table: rows.
    target: what to learn.
    depth: how deep.
    """
    return table


@node(family="test")
def bag(table: Table, *, target: Column, trees: int = 3, sizes: list[int] = [1]) -> Table:  # noqa: B006
    """A bag.

    table: rows.
    target: what to learn.
    trees: how many.
    sizes: how large.
    """
    return table


@node(family="test")
def several(
    table: Table,
    *,
    rows: int,
    how: Choice = "tree",
    settings: Others = {},  # noqa: B006
    members: list[Member] = [],  # noqa: B006
    tried: list[Tried] = [],  # noqa: B006
) -> Table:
    """Several.

    table: rows.
    rows: how many.
    how: what learns.
    settings: of what learns.
    members: more of them.
    tried: what to try.
    """
    return table


RIGHT = {
    "none": {},
    "of the usual choice": {"settings": {"depth": 3}},
    "empty, where that node takes it": {"settings": {"depth": None}},
    "of another choice": {"how": "bag", "settings": {"trees": 3, "sizes": [1, 2]}},
    "of a choice in a group": {"members": [{"settings": {"depth": 2}}, {"how": "bag", "settings": {"trees": 1}}]},
    "of the choice around a group": {"how": "bag", "tried": [{"name": "trees", "values": [1, 2], "low": 1}]},
}

WRONG: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "no such": ({"settings": {"dept": 1}}, "settings.dept", 'tree: there is no setting "dept"', 'mean "depth"?'),
    "of the other": (
        {"how": "bag", "settings": {"depth": 1}},
        "settings.depth",
        'bag: there is no setting "depth"',
        "trees",
    ),
    "not to be given": ({"settings": {"target": "x"}}, "settings.target", 'no setting "target"', "Settings: depth."),
    "value": ({"settings": {"depth": "deep"}}, "settings.depth", "tree: depth cannot be 'deep'", "Give a whole number"),
    "bound": ({"settings": {"depth": 10}}, "settings.depth", "depth cannot be 10", "less than or equal to 9"),
    "inside a value": (
        {"how": "bag", "settings": {"sizes": [1, "x"]}},
        "settings.sizes[1]",
        "sizes[1] cannot be 'x'",
        "whole number",
    ),
    "in a group": (
        {"members": [{}, {"how": "bag", "settings": {"trees": "many"}}]},
        "members[1].settings.trees",
        "bag: trees cannot be 'many'",
        "Give a whole number",
    ),
    "name": ({"tried": [{"name": "dept"}]}, "tried[0].name", 'tree: there is no setting "dept"', 'mean "depth"?'),
    "no name": ({"tried": [{"name": ""}]}, "tried[0].name", "tried[0].name is not set", "Choose one of depth"),
    "value to try": (
        {"tried": [{"name": "depth", "values": [1, 0]}]},
        "tried[0].values[1]",
        "tree: depth cannot be 0",
        "greater than or equal to 1",
    ),
    "bound to try": ({"tried": [{"name": "depth", "low": 0}]}, "tried[0].low", "depth cannot be 0", "equal to 1"),
}


@pytest.mark.parametrize("case", RIGHT)
def test_what_that_node_takes_is_taken_and_left_as_it_is(case):
    settings = {"rows": 1, **RIGHT[case]}
    assert several.spec.validate(settings).model_dump(exclude_unset=True) == settings


@pytest.mark.parametrize("case", WRONG)
def test_what_that_node_does_not_take_is_told_with_its_place(case):
    settings, place, what, remedy = WRONG[case]
    with pytest.raises(SettingError) as caught:
        several.spec.validate({"rows": 1, **settings})
    assert caught.value.setting == place
    assert caught.value.what.startswith("Several: ")
    assert what in caught.value.what
    assert remedy in caught.value.remedy


def test_it_is_told_beside_what_else_is_wrong_and_not_where_a_wire_chooses():
    settings = {"settings": {"depth": 0}, "members": [{"settings": {"depth": 0}}]}
    found = [error.setting for error in setting_problems(several.spec, settings)]
    assert found == ["rows", "settings.depth", "members[0].settings.depth"]
    assert [error.setting for error in setting_problems(several.spec, {"settings": {"x": 1}}, ["rows", "how"])] == []


def test_the_schema_says_which_nodes_may_be_chosen():
    mark = several.spec.schema["properties"]["settings"]["x-settingsof"]
    assert mark["chosen_by"] == "how"
    assert mark["without"] == ["target"]
    assert mark["nodes"] == {"tree": tree.spec.type, "bag": bag.spec.type}
