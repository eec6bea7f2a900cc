"""Settings that are wrong say which, what was got, and the remedy."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import Field

from peephole.core.errors import MissingLibraryError, SettingError, listing, nearest
from peephole.core.node import node
from peephole.core.schema import ROW
from peephole.core.settings import (
    Between,
    Column,
    ColumnPicker,
    Columns,
    Condition,
    Formula,
    Group,
    NumberColumn,
    Seed,
)
from peephole.core.types import Table


class Compute(Group):
    """What to compute."""

    column: NumberColumn
    how: Literal["sum", "mean"] = "sum"


@node(family="test")
def everything(
    left: Table,
    right: Table | None = None,
    *,
    keys: Columns,
    by: Column | None = None,
    partner: Annotated[str, ColumnPicker(port="right", types=("text", "date"))] | None = None,
    compute: list[Compute] = [],  # noqa: B006
    rename: dict[Column, str] = {},  # noqa: B006
    share: Annotated[float, Between(0, 1)] = 0.5,
    rows: int = 3,
    how: Literal["inner", "left"] = "inner",
    where: Condition = "true",
    what: Formula = "1",
    rules: Annotated[list[str], Field(min_length=1)] = ["a"],  # noqa: B006
    seed: Seed = 0,
) -> Table:
    """Take every kind of setting.

    left: any rows.
    right: any rows.
    keys: some columns.
    by: a column.
    partner: a column of the other table.
    compute: what to compute.
    rename: new names.
    share: between 0 and 1.
    rows: how many.
    how: which way.
    where: a condition.
    what: a formula.
    rules: some of many.
    seed: for chance.
    """
    return left


WRONG = {  # settings: (the setting blamed, what is said, the remedy)
    "missing": ({}, "keys", "Everything: keys is not set.", "Give keys: some columns."),
    "unknown": ({"keys": [], "shares": 1}, "shares", 'there is no setting "shares".', 'Did you mean "share"?'),
    "out of range": ({"keys": [], "share": 1.5}, "share", "share cannot be 1.5.", "less than or equal to 1"),
    "wrong type": ({"keys": [], "rows": "many"}, "rows", "rows cannot be 'many'.", "Give a whole number."),
    "wrong choice": ({"keys": [], "how": "outer"}, "how", "how cannot be 'outer'.", "'inner' or 'left'"),
    "a text for a list": ({"keys": "k"}, "keys", "keys cannot be 'k'.", "Give a list, such as ['k']."),
    "inside a list": (
        {"keys": [], "compute": [{"column": "a"}, {"column": "b", "how": "max"}]},
        "compute[1].how",
        "compute[1].how cannot be 'max'.",
        "'sum' or 'mean'",
    ),
    "missing inside": ({"keys": [], "compute": [{}]}, "compute[0].column", "compute[0].column is not set.", "Give"),
    "an empty formula": ({"keys": [], "what": ""}, "what", "what is not set.", "Give what: a formula."),
    "nothing chosen": ({"keys": [], "rules": []}, "rules", "rules is not set.", "Give rules: some of many."),
    "a long value": ({"keys": [], "rows": "x" * 500}, "rows", "...", "Give a whole number."),
    "a negative seed": ({"keys": [], "seed": -1}, "seed", "seed cannot be -1.", "greater than or equal to 0"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_setting(case):
    settings, field, what, remedy = WRONG[case]
    with pytest.raises(SettingError) as caught:
        everything.spec.validate(settings)
    assert caught.value.setting == field
    assert caught.value.what.startswith("Everything: ")
    assert what in caught.value.what
    assert remedy in caught.value.remedy
    assert len(str(caught.value)) < 400
    assert caught.value.to_json() == {
        "id": "unset" if "is not set" in what else "setting",  # that is still to be done, and no mistake
        "what": caught.value.what,
        "remedy": caught.value.remedy,
        "setting": field,
    }


LEFT = {"departure": "datetime", "carrier": "text", "delay": "number", "flights": "integer", ROW: "integer"}
RIGHT = {"day": "date", "city": "text", "rain": "number"}

COLUMNS = {  # settings: (the setting blamed, what is said, the remedy)
    "misspelt": (
        {"keys": ["carrier", "depature"]},
        "keys",
        'no column "depature" in left',
        'Did you mean "departure"?',
    ),
    "other case": ({"keys": ["Carrier"]}, "keys", 'no column "Carrier"', 'Did you mean "carrier"?'),
    "nothing near": ({"keys": ["xyz"]}, "keys", '"xyz"', "Columns: departure, carrier, delay, flights."),
    "optional": ({"keys": [], "by": "delai"}, "by", '"delai"', 'Did you mean "delay"?'),
    "of the other table": (
        {"keys": [], "partner": "citi"},
        "partner",
        'no column "citi" in right',
        'Did you mean "city"?',
    ),
    "none yet": ({"keys": [], "by": ""}, "by", "no column is chosen", "Columns: departure"),
    "not of that table": ({"keys": [], "partner": "carrier"}, "partner", "in right", "Columns: day"),
    "inside a list": ({"keys": [], "compute": [{"column": "dely"}]}, "compute[0].column", '"dely"', '"delay"'),
    "as a key": ({"keys": [], "rename": {"delays": "d"}}, "rename", '"delays"', '"delay"'),
    "wrong type": (
        {"keys": [], "compute": [{"column": "carrier"}]},
        "compute[0].column",
        'the column "carrier" is of type text, and compute[0].column takes number.',
        "cast this one first",
    ),
    "wrong type of several": (
        {"keys": [], "partner": "rain"},
        "partner",
        "partner takes text or date",
        "Choose another",
    ),
}


@pytest.mark.parametrize("case", COLUMNS)
def test_a_wrong_column(case):
    settings, field, what, remedy = COLUMNS[case]
    spec = everything.spec
    with pytest.raises(SettingError) as caught:
        spec.check_columns(spec.validate(settings), {"left": LEFT, "right": RIGHT})
    assert caught.value.id == ("unset" if case == "none yet" else "column")  # that is still to be done
    assert caught.value.setting == field
    assert what in caught.value.what
    assert remedy in caught.value.remedy
    assert ROW not in str(caught.value)


@pytest.mark.parametrize(
    "settings",
    [
        {"keys": list(LEFT)[:4], "compute": [{"column": "flights"}, {"column": "delay"}]},  # an integer is a number
        {"keys": [], "partner": "day", "rename": {"delay": "anything"}},
        {"keys": []},
    ],
)
def test_fitting_columns(settings):
    spec = everything.spec
    spec.check_columns(spec.validate(settings), {"left": LEFT, "right": RIGHT})
    spec.check_columns(spec.validate(settings), {})  # nothing is known: nothing to complain of


def test_settings_of_older_versions_pass_through_every_migration():
    def it(table: Table, *, amount: int = 1) -> Table:
        """Do it.

        table: any rows.
        amount: how much.
        """
        return table

    first = {1: lambda s: {"by": s["step"]}, 2: lambda s: {"amount": s["by"]}}
    spec = node(family="x", version=3, migrations=first)(it).spec
    old = {"step": 4}
    assert spec.migrate(old, 1) == spec.migrate({"by": 4}, 2) == spec.migrate({"amount": 4}, 3) == {"amount": 4}
    assert old == {"step": 4}


def test_a_library_that_is_missing_is_named_with_the_way_to_install_it():
    def it(table: Table) -> Table:
        """Do it.

        table: any rows.
        """
        return table

    spec = node(family="x", needs=["duckdb", "no-such-library"], pack="mining")(it).spec
    with pytest.raises(
        MissingLibraryError, match=r"It: no-such-library is not installed.*pip install 'peephole\[mining\]'"
    ):
        spec.require_libraries()
    assert set(node(family="x", needs=["duckdb"])(it).spec.require_libraries()) == {"duckdb"}


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("depature", ["arrival", "departure"], '"departure"'),
        ("x", ["arrival"], ""),
        ("CITY", ["city"], '"city"'),
        ("a", [], ""),
    ],
)
def test_the_nearest_name(name, known, found):
    assert nearest(name, known) == (f"Did you mean {found}?" if found else "")


def test_a_long_list_is_cut():
    assert listing([]) == "none"
    assert listing("abc") == "a, b, c"
    assert listing(map(str, range(30))).endswith("10, 11 ... (30 in all)")
