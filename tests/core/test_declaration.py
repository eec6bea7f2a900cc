"""A declaration says everything or fails at import, naming the remedy."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import pytest

from peephole.core.errors import DeclarationError
from peephole.core.node import node
from peephole.core.settings import Between, Column, Group
from peephole.core.types import Model, Table


def no_docstring(table: Table) -> Table:
    return table


def undocumented_port(table: Table) -> Table:
    """Do it."""
    return table


def undocumented_setting(table: Table, *, rows: int = 1) -> Table:
    """Do it.

    table: any rows.
    """
    return table


def no_annotation(table) -> Table:
    """Do it.

    table: any rows.
    """
    return table


def setting_without_type(table: Table, *, rows=1) -> Table:
    """Do it.

    table: any rows.
    rows: how many.
    """
    return table


def positional_setting(table: Table, rows: int = 1) -> Table:
    """Do it.

    table: any rows.
    rows: how many.
    """
    return table


def keywords(table: Table, **settings: int) -> Table:
    """Do it.

    table: any rows.
    settings: any.
    """
    return table


def no_return_type(table: Table):
    """Do it.

    table: any rows.
    """
    return table


def returns_no_port(table: Table) -> int:
    """Do it.

    table: any rows.
    """
    return 1


class Mixed(NamedTuple):
    """A port and something else."""

    table: Table
    rows: int


def returns_half_ports(table: Table) -> Mixed:
    """Do it.

    table: any rows.
    rows: how many.
    """
    return Mixed(table, 1)


class Two(NamedTuple):
    """Two ports."""

    low: Table
    high: Table


def undocumented_output(table: Table) -> Two:
    """Do it.

    table: any rows.
    low: some.
    """
    return Two(table, table)


def unresolvable(table: NotThere) -> Table:  # noqa: F821
    """Do it.

    table: any rows.
    """
    return table


def unresolvable_attribute(table: str.thing) -> Table:
    """Do it.

    table: any rows.
    """
    return table


class Foreign:
    """A class that means nothing to a form."""


def no_form(table: Table, *, what: Foreign | None = None) -> Table:
    """Do it.

    table: any rows.
    what: anything.
    """
    return table


def wrong_default(table: Table, *, share: Annotated[float, Between(0, 1)] = 2.0) -> Table:
    """Do it.

    table: any rows.
    share: how much.
    """
    return table


def wrong_choice(table: Table, *, how: Literal["a", "b"] = "c") -> Table:
    """Do it.

    table: any rows.
    how: which way.
    """
    return table


def port_with_a_default(table: Table = None) -> Table:
    """Do it.

    table: any rows.
    """
    return table


class Half(NamedTuple):
    """One of two."""

    folds: Table


def folds_in_and_out(table: Table, *, folds: int = 5) -> Half:
    """Do it.

    table: any rows.
    folds: how many.
    folds: each fold's rows,
        one after the other.
    """
    return Half(table)


def one_word_for_two(table: Table, *, folds: int = 5) -> Half:
    """Do it.

    table: any rows.
    folds: how many.
    """
    return Half(table)


def test_a_setting_and_an_output_of_one_name_are_described_each_by_itself():
    spec = node(family="rows")(folds_in_and_out).spec
    assert spec.setting_docs["folds"] == "how many."
    assert spec.outputs[0].doc == "each fold's rows, one after the other."


INCOMPLETE = {  # function: (what is said, the remedy)
    no_docstring: ("has no docstring", "first line is the palette's tooltip"),
    undocumented_port: ('does not describe "table"', 'Add a line "table: ..."'),
    undocumented_setting: ('does not describe "rows"', 'Add a line "rows: ..."'),
    undocumented_output: ('does not describe "high"', 'Add a line "high: ..."'),
    one_word_for_two: ('does not describe "folds"', "and one that comes out have one name"),
    no_annotation: ('positional parameter "table"', "Use one of Table, Model"),
    setting_without_type: ('the setting "rows" without a type', "Add a type hint"),
    positional_setting: ("\"rows\" of type <class 'int'>, which is no port type", "put settings behind a *"),
    keywords: ("takes **keywords", "Name each setting"),
    no_return_type: ("has no return type", "a NamedTuple of several ports, or -> None"),
    returns_no_port: ("returns <class 'int'>, which is no port type", "Return one of Table, Model"),
    returns_half_ports: ("which is no port type", "a NamedTuple of them"),
    unresolvable: ("cannot be resolved (name 'NotThere' is not defined)", "Import the name at run time"),
    unresolvable_attribute: ("cannot be resolved", "Import the name at run time"),
    no_form: ("no form can be made for", "Use plain types, Literal, or a Group"),
    wrong_default: ("has a default that is not allowed: share", "less than or equal to 1"),
    wrong_choice: ("has a default that is not allowed: how", "'a' or 'b'"),
    port_with_a_default: ('the port "table" with a default', 'Write "table: Table | None = None"'),
}


@pytest.mark.parametrize("function", INCOMPLETE, ids=lambda f: f.__name__)
def test_an_incomplete_declaration_names_the_remedy(function):
    what, remedy = INCOMPLETE[function]
    with pytest.raises(DeclarationError) as caught:
        node(family="test")(function)
    assert f"{function.__module__}.{function.__name__}" in caught.value.what
    assert what in caught.value.what
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"family": ""}, "has no family"),
        ({"family": "x", "version": 3, "migrations": {1: dict}}, "no fitting migration for [2]"),
        ({"family": "x", "version": 1, "migrations": {1: dict}}, "no fitting migration for [1]"),
        ({"family": "x", "version": 2}, "no fitting migration for [1]"),
        ({"family": "x", "lasts": "epochs"}, 'lasts="epochs" names no setting'),
    ],
)
def test_what_the_decorator_itself_lacks(options, what):
    with pytest.raises(DeclarationError) as caught:
        node(**options)(complete.__wrapped__)
    assert what in caught.value.what
    assert caught.value.remedy


class Part(Group):
    """One of several."""

    column: Column
    how: Literal["sum", "mean"] = "sum"


@node(family="rows", icon="group", light=True)
def complete(table: Table, other: Table | None = None, *more: Table, rows: int, parts: list[Part] = []) -> Two:  # noqa: B006
    """Do it all.

    And say more
    of it: in lines that are no parameters.

    table: any rows,
        in two lines.
    other: if wanted.
    more: as many as you like.
    rows: how many.
    parts: of it.
    low: some.
    high: the rest.
    """
    return Two(table, table)


def test_everything_is_read_off_the_function():
    spec = complete.spec
    assert (spec.type, spec.title, spec.family, spec.icon) == (
        f"{__name__.partition('.')[0]}/complete",
        "Complete",
        "rows",
        "group",
    )
    assert spec.summary == "Do it all."
    assert spec.doc == "Do it all.\n\nAnd say more\nof it: in lines that are no parameters."
    ports = [(p.name, p.type.name, p.doc, p.optional, p.many) for p in spec.inputs]
    assert ports == [
        ("table", "Table", "any rows, in two lines.", False, False),
        ("other", "Table", "if wanted.", True, False),
        ("more", "Table", "as many as you like.", True, True),
    ]
    assert [(p.name, p.doc) for p in spec.outputs] == [("low", "some."), ("high", "the rest.")]
    assert spec.schema["required"] == ["rows"]
    assert spec.schema["properties"]["rows"]["description"] == "how many."
    assert spec.schema["$defs"]["Part"]["properties"]["column"]["x-columnpicker"] == {"port": None, "types": []}
    assert spec.defaults == {"parts": []}
    assert spec.runs == "engine"
    assert complete.__wrapped__.__doc__ == complete.__doc__


@pytest.mark.parametrize(
    ("result", "options", "runs"),
    [
        (Table, {}, "engine"),
        (Table, {"outside": True}, "outside"),
        (Table, {"effect": True}, "outside"),
        (Model, {}, "outside"),
    ],
)
def test_where_a_node_runs(result, options, runs):
    def it(table):
        """Do it.

        table: any rows.
        """

    it.__annotations__ = {"table": Table, "return": result}
    assert node(family="x", **options)(it).spec.runs == runs


def test_a_default_is_never_shared():
    first = complete.spec.validate({"rows": 1})
    second = complete.spec.validate({"rows": 1})
    assert first.parts is not second.parts
