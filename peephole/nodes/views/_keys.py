"""What stands along an axis: a column's values, or its ranges or its commonest values where it has too many."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import narwhals as nw

from peephole.core.progress import message
from peephole.core.schema import ColumnType
from peephole.core.settings import ColumnPicker
from peephole.core.types import Table

DRAWABLE = ("category", "number", "date", "time")
Axis = Annotated[str, ColumnPicker(types=DRAWABLE)]

# Units to cut times to, and about how many days each has.
_UNITS: dict[str, float] = {"1m": 1 / 1440, "1h": 1 / 24, "1d": 1, "1mo": 30.4, "1q": 91.3, "1y": 365.2}
_UNIT_NAMES = {"1m": "minute", "1h": "hour", "1d": "day", "1mo": "month", "1q": "quarter", "1y": "year"}


@dataclass(frozen=True)
class Key:
    """How rows are put together along one axis.

    word: the column's type.  value: the expression to group by.  keep: the rows that are drawn, None: all.
    place: from a group's value to where it stands (a number, a time), for axes that are no categories.
    label: from a group's value to its text.  ranges: the groups' values are the numbers of ranges of equal width.
    span: from a group's value to where its range starts and ends, where it is one.
    """

    column: str
    word: ColumnType
    value: nw.Expr
    keep: nw.Expr | None
    place: Callable[[Any], Any]
    label: Callable[[Any], str]
    ranges: bool = False
    span: Callable[[Any], dict[str, Any]] | None = None

    def area(self, at: Any) -> dict[str, Any]:
        """The rows of one group, as what is chosen in a drawing is told (`_selection.Area`)."""
        if at is None or self.span is None:
            return area_of(self.column, at)
        return {"ranges": {self.column: self.span(at)}}

    def all_of(self, found: set[Any]) -> list[Any]:
        """The groups' values in order, with the empty ranges between them; what is missing comes last."""
        there = sorted(v for v in found if v is not None)
        if self.ranges and there:
            there = [float(i) for i in range(int(there[0]), int(there[-1]) + 1)]
        return [*there, None] if None in found else there


def key(table: Table, column: str, word: ColumnType, most: int) -> Key:
    """The key of an axis that has room for `most` values; says so where values are put together or left out."""
    from peephole.figures.text import label

    plain = Key(column, word, _finite(column) if word == "number" else nw.col(column), None, lambda v: v, label)
    if word in ("text", "boolean", "time"):
        return _commonest(table, plain, most)
    facts = _facts(table, plain.value)
    if facts["low"] is None or facts["different"] <= most:
        return plain
    if word in ("date", "datetime"):
        return _periods(plain, facts["low"], facts["high"], most)
    if word in ("integer", "number"):
        return _ranges(plain, float(facts["low"]), float(facts["high"]), most)
    return _commonest(table, plain, most)


def _finite(column: str) -> nw.Expr:
    """A column of numbers, the infinite ones counted as missing: they have no place on an axis."""
    number = nw.col(column).cast(nw.Float64)
    return nw.when(number.is_finite()).then(number)


def _facts(table: Table, value: nw.Expr) -> dict[str, Any]:
    inner = table.select(value.alias("v"))
    asked = inner.select(low=nw.col("v").min(), high=nw.col("v").max(), different=nw.col("v").n_unique())
    found: dict[str, Any] = asked.collect("pyarrow").to_native().to_pylist()[0]
    return found


def _commonest(table: Table, plain: Key, most: int) -> Key:
    counted = table.select(plain.value.alias("value")).group_by("value").agg(nw.len().alias("rows"))
    found = counted.sort("rows", "value", descending=[True, False], nulls_last=True).head(most + 1)
    values = found.collect("pyarrow").to_native().column("value").to_pylist()
    if len(values) <= most:
        return plain
    message(f'"{plain.column}" has more than {most} different values: the {most} most frequent are shown.')
    kept = [v for v in values[:most] if v is not None]
    keep = plain.value.is_in(kept)
    keep = keep | plain.value.is_null() if None in values[:most] else keep
    return Key(plain.column, plain.word, plain.value, keep, plain.place, plain.label)


def _periods(plain: Key, low: dt.date, high: dt.date, most: int) -> Key:
    days = (high - low) / dt.timedelta(days=1)
    fine = 1.0 if plain.word == "date" else 0.0
    unit = next((u for u, length in _UNITS.items() if length >= fine and days / length < most), "1y")
    message(f'"{plain.column}" has many different values: they are put together by {_UNIT_NAMES[unit]}.')
    value = plain.value.dt.truncate(unit)
    return Key(
        plain.column,
        plain.word,
        value,
        None,
        plain.place,
        lambda at: _period(at, unit),
        span=lambda at: {"at_least": at.isoformat(), "below": _after(at, unit).isoformat()},
    )


def _after(at: Any, unit: str) -> Any:
    """The start of the next period."""
    months = {"1mo": 1, "1q": 3, "1y": 12}.get(unit)
    if months is None:
        return at + dt.timedelta(minutes=round(_UNITS[unit] * 1440))
    month = at.month - 1 + months
    return at.replace(year=at.year + month // 12, month=month % 12 + 1, day=1)


def _period(at: dt.date | None, unit: str) -> str:
    """A period as text, no finer than it is: `2013`, `2013 Q2`, `2013-04`."""
    from peephole.figures.text import label

    if at is None or unit not in ("1mo", "1q", "1y"):
        return label(at)
    return {"1y": f"{at:%Y}", "1q": f"{at:%Y} Q{(at.month + 2) // 3}", "1mo": f"{at:%Y-%m}"}[unit]


def _ranges(plain: Key, low: float, high: float, most: int) -> Key:
    from peephole.figures.text import edge

    step = nice_step((high - low) / most)
    if plain.word == "integer":
        step = max(1.0, float(math.ceil(step)))
    start = math.floor(low / step) * step
    message(f'"{plain.column}" has many different values: they are put together in ranges of {step:g}.')
    value = ((plain.value.cast(nw.Float64) - start) / step).floor()

    def place(at: float | None) -> float | None:
        return None if at is None else start + (at + 0.5) * step

    def label(at: float | None) -> str:
        return plain.label(None) if at is None else f"{edge(start + at * step)} to {edge(start + (at + 1) * step)}"

    def span(at: float) -> dict[str, Any]:
        return {"at_least": start + at * step, "below": start + (at + 1) * step}

    return Key(plain.column, plain.word, value, None, place, label, ranges=True, span=span)


def area_of(column: str, value: Any) -> dict[str, Any]:
    """The rows that have one value, as what is chosen in a drawing is told."""
    return {"values": {column: [value.isoformat() if isinstance(value, dt.date | dt.time) else value]}}


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= least * (1 - 1e-9))
