"""What was chosen in a drawing, as plain data, and the rows that it means.

A figure that can be chosen from says so in `option["peephole"]["select"]`, where every area has the form of `Area` below:
    {"kind": "brush", "x": column, "y": column}    drawing a box gives an area with a range of each column
    {"kind": "brush", "panels": [{"x", "y"} or null ...]}
                                                   the same in the n-th of several panels
    {"kind": "axes", "columns": [column ...], "areas": {column: [area ...]}}
                                                   drawing a piece of the n-th axis gives a range of its column, or of an axis
                                                   of texts the areas of the labels in it
    {"kind": "items", "areas": [area or null ...], "series": {name: area}}
                                                   clicking the n-th item gives the n-th area, with its series' part added
The node's `selection` setting is a list of areas; a row is chosen where it lies in any of them.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Callable, Sequence
from typing import Annotated, Any, NamedTuple

import narwhals as nw

from peephole.core.errors import SettingError
from peephole.core.settings import Column, Drawn, Group
from peephole.core.types import Figure, Table

End = int | float | str | None
Value = bool | int | float | str | None


class Range(Group):
    """From where to where; an end that is not given is open. Days and times are ISO text: 2024-03-31T12:00:00."""

    at_least: End = None
    at_most: End = None
    below: End = None


class Area(Group):
    """A part of a drawing: rows whose numbers lie in all the ranges, and whose values are among those listed."""

    ranges: dict[Column, Range] = {}  # noqa: RUF012 - pydantic copies it
    values: dict[Column, list[Value]] = {}  # noqa: RUF012


Selection = Annotated[list[Area], Drawn()]


class Chosen(NamedTuple):
    """What a view that can be chosen from gives."""

    figure: Figure
    selected: Table


def chosen(table: Table, selection: Sequence[Area]) -> Table:
    """The rows in any of the areas; none where nothing is chosen."""
    if not selection:
        return table.head(0)
    types = dict(table.collect_schema())
    return table.filter(functools.reduce(operator.or_, (_inside(area, types) for area in selection)))


def _inside(area: Area, types: dict[str, Any]) -> nw.Expr:
    parts = [part for name, limits in area.ranges.items() for part in _limits(name, limits, types[name])]
    parts += [_among(name, values, types[name]) for name, values in area.values.items()]
    if not parts:
        raise SettingError("An area of the selection has no limits.", remedy="Draw it again.", setting="selection")
    return functools.reduce(operator.and_, parts)


def _limits(name: str, limits: Range, kind: Any) -> list[nw.Expr]:
    column = nw.col(name)
    asked: list[tuple[End, Callable[[Any, Any], Any]]] = [
        (limits.at_least, operator.ge),
        (limits.at_most, operator.le),
        (limits.below, operator.lt),
    ]
    found = [compare(column, _typed(name, end, kind)) for end, compare in asked if end is not None]
    return found or [~column.is_null()]


def _among(name: str, values: Sequence[Value], kind: Any) -> nw.Expr:
    column = nw.col(name)
    known = [_typed(name, value, kind) for value in values if value is not None]
    parts = [column.is_in(known)] if known else []
    parts += [column.is_null()] if None in values else []
    return functools.reduce(operator.or_, parts) if parts else column.is_null() & ~column.is_null()


def _typed(name: str, value: Value, kind: Any) -> Any:
    """A value of the selection as the column's type. Raises SettingError where it cannot be one."""
    try:
        if kind == nw.Date:
            return dt.datetime.fromisoformat(_text(value)).date()
        if kind == nw.Datetime:
            return _moment(_text(value), getattr(kind, "time_zone", None))
        if kind == nw.Time:
            return dt.time.fromisoformat(_text(value))
        if kind == nw.Boolean:
            return _checked(value, bool)
        if kind.is_numeric():
            return _checked(value, int, float)
        return _text(value)
    except ValueError:
        raise SettingError(
            f'The selection names {value!r} in "{name}", which is of another type.',
            remedy="Draw the selection again: the column has changed.",
            setting="selection",
        ) from None


def _text(value: Value) -> str:
    return str(_checked(value, str))


def _checked(value: Value, *kinds: type) -> Value:
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise ValueError
    return value


def _moment(text: str, zone: str | None) -> dt.datetime:
    """A moment with or without a zone, as its column has it; without one it is meant in UTC."""
    moment = dt.datetime.fromisoformat(text)
    utc = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
    return utc if zone else utc.replace(tzinfo=None)


def brush(figure: Figure, x: str, y: str) -> Figure:
    """The figure, marked so that boxes can be drawn in it."""
    figure.option["peephole"]["select"] = {"kind": "brush", "x": x, "y": y}
    return figure


def items(figure: Figure, areas: Sequence[Any], series: dict[str, Any] | None = None) -> Figure:
    """The figure, marked so that its bars, slices or cells can be clicked.  areas: of each row of its data, in order."""
    figure.option["peephole"]["select"] = {"kind": "items", "areas": list(areas), "series": series or {}}
    return figure


def both(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The area where two areas meet."""
    parts = {part: {**one.get(part, {}), **other.get(part, {})} for part in ("ranges", "values")}
    return {part: limits for part, limits in parts.items() if limits}
