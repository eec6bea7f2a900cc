"""Figures made of several columns of one row, rounded numbers, time between dates, columns of one value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import narwhals as nw
from pydantic import Field

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.schema import ROW
from peephole.core.settings import Between, ColumnPicker, NumberColumns
from peephole.core.types import Table
from peephole.nodes._columns import arranged, check_names
from peephole.tables import native
from peephole.tables.schema import literal, quoted

DateColumn = Annotated[str, ColumnPicker(types=("date",))]


@node(
    family="columns",
    icon="formula",
    says="{function} of {columns}",
    light=True,
    also=("Column Aggregator", "Aggregate Columns", "Row sum"),
)
def aggregate_columns(
    table: Table,
    *,
    columns: Annotated[NumberColumns, Field(min_length=1)],
    function: Literal["sum", "mean", "min", "max", "count", "missing"] = "sum",
    name: str = "",
) -> Table:
    """One figure of several columns, for each row: their sum, mean, smallest or largest value.

    Missing values do not count: the sum of none is 0, the mean of none is missing.

    table: rows with numbers.
    columns: the columns to put together.
    function: what to compute; count: how many values there are, missing: how many are not.
    name: the new column; the function if empty.
    returns: the table with the column.
    """
    made = name or function
    check_names("Aggregate columns", table, [made], "name")
    chosen = list(dict.fromkeys(columns))
    numbers = [nw.col(c).cast(nw.Float64) for c in chosen]
    there = nw.sum_horizontal(*((~nw.col(c).is_null()).cast(nw.Int64) for c in chosen))
    whole: dict[str, Callable[[], nw.Expr]] = {
        "sum": lambda: nw.sum_horizontal(*numbers),
        "mean": lambda: nw.when(there > 0).then(nw.mean_horizontal(*numbers)),
        "min": lambda: nw.min_horizontal(*numbers),
        "max": lambda: nw.max_horizontal(*numbers),
        "count": lambda: there.cast(nw.Int64),
        "missing": lambda: (there * -1 + len(chosen)).cast(nw.Int64),
    }
    return arranged(table.with_columns(whole[function]().alias(made)), table, [made])


@node(
    family="columns",
    icon="formula",
    says="{columns} to {digits:digit}",
    title="Round",
    light=True,
    also=("Round Double", "Number Rounder"),
)
def round_numbers(
    table: Table,
    *,
    columns: Annotated[NumberColumns, Field(min_length=1)],
    digits: Annotated[int, Between(-15, 15)] = 0,
    how: Literal["half to even", "half up", "down", "up", "toward zero"] = "half to even",
) -> Table:
    """Numbers with fewer digits.

    A number counts as the decimal that it is written as: 1.005 lies in the middle between 1 and 1.01.

    table: rows with numbers.
    columns: the columns to round.
    digits: how many behind the point; below zero: -2 rounds to whole hundreds.
    how: where a number in the middle goes (half to even: 2.5 to 2, 3.5 to 4; half up: away from zero), or always down, up, or
        toward zero.
    returns: the table, its columns in their places, as numbers.
    """
    return native.with_columns(table, {column: _rounded(quoted(column), digits, how) for column in columns})


_TIES = {"half to even": "2 * ceil(floor({0}) / 2)", "half up": "floor({0}) + 1"}
_ALWAYS = {"down": "floor({})", "up": "ceil({})", "toward zero": "trunc({})"}
_NO_FRACTION = 2.0**52  # a larger number has none


def _rounded(column: str, digits: int, how: str) -> str:
    """By the decimal that the number is nearest to: 1.005 is in the middle, though the number itself lies a hair below."""
    value, power = f"CAST({column} AS DOUBLE)", f"{float(10 ** abs(digits))!r}"
    times, by = ("*", "/") if digits >= 0 else ("/", "*")
    size, scaled = f"abs({value})", f"({value} {times} {power})"
    steps = f"({size} {times} {power})"
    is_whole = f"round({steps}) {by} {power} = {size}" + (f" OR {steps} >= {_NO_FRACTION!r}" if digits >= 0 else "")
    if how in _ALWAYS:
        return f"CASE WHEN {is_whole} THEN {value} ELSE {_ALWAYS[how].format(scaled)} {by} {power} END"
    is_tie = f"(floor({steps}) + 0.5) {by} {power} = {size}"
    rounded = f"CASE WHEN {is_tie} THEN {_TIES[how].format(steps)} ELSE round({steps}) END {by} {power}"
    return f"CASE WHEN {is_whole} THEN {value} ELSE sign({value}) * ({rounded}) END"


Unit = Literal["seconds", "minutes", "hours", "days", "weeks", "months", "years"]
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400, "weeks": 604_800}


@node(
    family="columns",
    icon="clock",
    says="{unit} from {start}[ to {end}][ to {moment}]",
    light=True,
    also=("Date&Time Difference", "Duration", "Age"),
)
def date_difference(
    table: Table,
    *,
    start: DateColumn,
    end: DateColumn | None = None,
    moment: str = "",
    unit: Unit = "days",
    name: str = "difference",
) -> Table:
    """How much time lies between two dates.

    Seconds to weeks may have a fraction; months and years are whole ones that have passed. It is below zero where the second
    date comes first, and missing where a date is.

    table: rows with dates.
    start: the column of the first date.
    end: the column of the second date; none: the moment below.
    moment: a fixed second date, as 2024-12-31 or 2024-12-31 18:00:00.
    unit: what the time is counted in.
    name: the new column.
    returns: the table with the column.
    """
    check_names("Date difference", table, [name], "name")
    first = f"CAST({quoted(start)} AS TIMESTAMP)"
    if end is None and not _is_moment(moment):
        raise SettingError(
            f'Date difference: "{moment}" is no date.' if moment else "Date difference: there is no second date.",
            remedy="Choose a column, or give a moment as 2024-12-31 18:00:00.",
            setting="moment" if moment else "end",
        )
    second = f"CAST({quoted(end)} AS TIMESTAMP)" if end else f"CAST({literal(moment)} AS TIMESTAMP)"
    if unit in _SECONDS:
        # whole microseconds: seconds since 1970 as a fraction are too coarse for short times
        made = f"(epoch_us({second}) - epoch_us({first})) / {1e6 * _SECONDS[unit]!r}"
    else:
        made = f"CAST(datesub('{unit.removesuffix('s')}', {first}, {second}) AS BIGINT)"
    return native.with_columns(table, {name: made})


def _is_moment(text: str) -> bool:
    import datetime as dt

    try:
        dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    return True


@node(
    family="columns",
    icon="columns",
    says="{name} = {value}",
    light=True,
    also=("Constant Value Column", "Constant Value"),
)
def constant_column(
    table: Table, *, name: Annotated[str, Field(min_length=1)], value: bool | int | float | str
) -> Table:
    """A column that has the same value in every row.

    table: any rows.
    name: the new column; a column of that name is replaced.
    value: what stands in it: a number, a text, true or false.
    returns: the table with the column.
    """
    check_names("Constant column", table, [name], "name")
    return arranged(table.with_columns(nw.lit(value).alias(name)), table, [name])


@node(
    family="columns",
    icon="columns",
    says="{find} -> {replacement}",
    light=True,
    also=("Column Rename (Regex)", "Column Renamer"),
)
def rename_columns(
    table: Table,
    *,
    find: Annotated[str, Field(min_length=1)],
    replacement: str = "",
    pattern: bool = False,
    ignore_case: bool = False,
) -> Table:
    r"""Columns renamed by replacing a part of their names.

    For single columns, Select is simpler.

    table: the columns to rename.
    find: the text to find in the names, or a regular expression.
    replacement: what stands in its place; with a pattern, \1 is what its first part in parentheses found.
    pattern: whether `find` is a regular expression.
    ignore_case: whether capitals and small letters are alike.
    returns: the table under other names.
    """
    import re

    try:
        sought = re.compile(find if pattern else re.escape(find), re.IGNORECASE if ignore_case else 0)
        put = replacement if pattern else replacement.replace("\\", "\\\\")
        sought.sub(put, "")
    except re.error as error:
        raise SettingError(
            f"Rename columns: the pattern {find} cannot be used: {error}.",
            remedy="Write a regular expression, as: ^col_([0-9]+)$.",
            setting="find",
        ) from error
    names = [name for name in table.collect_schema().names() if name != ROW]
    new = {name: sought.sub(put, name) for name in names}
    called = [n.casefold() for n in new.values()]
    wrong = next((n for n in new.values() if not n.strip() or n == ROW or called.count(n.casefold()) > 1), None)
    if wrong is not None:
        what = f'two columns would be called "{wrong}"' if wrong.strip() else "a column would have no name"
        raise SettingError(f"Rename columns: {what}.", remedy="Choose another replacement.", setting="replacement")
    return table.rename({old: to for old, to in new.items() if old != to})
