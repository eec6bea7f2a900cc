"""Aggregates along an axis, one column for each series, ready to draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import narwhals as nw

from peephole.core.errors import SettingError
from peephole.core.types import Table
from peephole.nodes.views._keys import Key, key

if TYPE_CHECKING:
    import pyarrow as pa

    from peephole.figures.charts import Formats

Aggregate = Literal["mean", "sum", "median", "min", "max", "count"]
Order = Literal["auto", "by label", "largest first", "smallest first"]
MOST_GROUPS = 8
ROWS = "rows"
_X, _GROUP, COUNT = "__x__", "__group__", "__count__"


@dataclass(frozen=True)
class Series:
    """What is drawn: `values[series][i]` over `keys[i]`.  name: what the numbers are.

    subject: the same with all columns, for the title.  whole: they are counts.  areas: of the groups, in order.
    """

    x: Key
    keys: list[Any]
    values: dict[str, list[float | None]]
    name: str
    subject: str
    whole: bool
    areas: list[dict[str, Any]]

    def ordered(self, order: Order) -> Series:
        """The same with its keys in another order; auto: text by size, all else by value."""
        if order == "auto":
            order = "largest first" if self.x.word == "text" else "by label"
        if order == "by label":
            return self
        sizes = [sum(v[i] or 0.0 for v in self.values.values()) for i in range(len(self.keys))]
        at = sorted(range(len(sizes)), key=lambda i: sizes[i], reverse=order == "largest first")
        return self._picked(at)

    def without_missing(self) -> Series:
        """The same without the key of rows that have none."""
        at = [i for i, k in enumerate(self.keys) if k is not None]
        return self._picked(at)

    def without_empty(self) -> Series:
        """The same without the keys that nothing is known of: a line goes on over them."""
        return self._picked([i for i in range(len(self.keys)) if any(v[i] is not None for v in self.values.values())])

    def _picked(self, at: Sequence[int]) -> Series:
        values = {name: [v[i] for i in at] for name, v in self.values.items()}
        return replace(self, keys=[self.keys[i] for i in at], values=values)

    def data(self, along: Sequence[Any]) -> tuple[pa.Table, str, list[str], Formats]:
        """The table to draw, the names of its first column and of its series, and their formats."""
        import pyarrow as pa

        from peephole.figures.text import distinct

        x, *names = distinct(self.x.column, *self.values)
        kind = pa.string() if self.x.word not in ("number", "integer") else None
        first = pa.array(list(along), kind if not along or isinstance(along[0], str) else None)
        columns = {name: pa.array(v, pa.float64()) for name, v in zip(names, self.values.values(), strict=True)}
        formats: Formats = dict.fromkeys(names, "integer" if self.whole else "number")
        return pa.table({x: first, **columns}), x, names, formats


def collect(table: Table, *, x: str, y: Sequence[str], group: str | None, aggregate: Aggregate, most: int) -> Series:
    """Aggregate in the engine and collect what is drawn; without y, rows are counted."""
    from peephole.tables.schema import schema_of

    if group is not None and len(y) > 1:
        raise SettingError(
            "Several columns and a group cannot be drawn together.", remedy="Choose one column for y, or no group.",
            setting="group",
        )  # fmt: skip
    schema = schema_of(table)
    keys = [key(table, x, schema[x], most)]
    if group is not None:
        keys.append(key(table, group, schema[group], MOST_GROUPS))
    rows = grouped(table, keys, y, aggregate)
    across = keys[0].all_of({r[_X] for r in rows})
    place = {k: i for i, k in enumerate(across)}
    count = aggregate == "count" or not y
    said = [measured(c, aggregate, rows) for c in y] or [ROWS]
    titles = _titles(rows, keys, said)
    values: dict[str, list[float | None]] = {name: [None] * len(across) for name in titles.values()}
    for r in rows:
        for i in range(max(1, len(y))):
            values[titles[r.get(_GROUP) if group is not None else i]][place[r[_X]]] = number(r[f"y{i}"])
    name = said[0] if len(said) == 1 else aggregate
    plain = said == list(y)
    if plain and len(said) > 1:
        name = ""
    areas = [keys[1].area(g) for g in titles] if group is not None else []
    subject = f"{'' if plain else f'{aggregate} of '}{', '.join(y)}" if y else ROWS
    return Series(keys[0], across, values, name, subject, count, areas)


def _titles(rows: list[dict[str, Any]], keys: Sequence[Key], said: Sequence[str]) -> dict[Any, str]:
    """What each series is called: by its group's value, or by the place of its column in y."""
    if len(keys) > 1:
        there = {r[_GROUP] for r in rows}
        ordered = [*sorted(g for g in there if g is not None), *([None] if None in there else [])]
        return {g: keys[1].label(g) for g in ordered}
    return dict(enumerate(said))


def measured(column: str, aggregate: Aggregate, rows: Sequence[dict[str, Any]]) -> str:
    """What numbers are called: by their column alone where each is of one row, and nothing was put together."""
    if aggregate != "count" and rows and all(r[COUNT] == 1 for r in rows):
        return column
    return f"{aggregate} of {column}"


def grouped(table: Table, keys: Sequence[Key], y: Sequence[str], aggregate: Aggregate) -> list[dict[str, Any]]:
    """One row for each combination of the keys, with `y0`, `y1` ... aggregated, and of how many rows each is made."""
    kept = [k.keep for k in keys if k.keep is not None]
    rows = table.filter(*kept) if kept else table
    named = [k.value.alias(name) for k, name in zip(keys, (_X, _GROUP), strict=False)]
    numbers = [nw.col(name).alias(f"y{i}") for i, name in enumerate(y)]
    wanted = [aggregated(f"y{i}", aggregate).alias(f"y{i}") for i in range(len(y))] or [nw.len().alias("y0")]
    by = [_X, _GROUP][: len(keys)]
    wanted.append(nw.len().alias(COUNT))
    found = rows.select(*named, *numbers).group_by(*by).agg(*wanted).collect("pyarrow").to_native().to_pylist()
    return list(found)


def aggregated(column: str, how: Aggregate) -> nw.Expr:
    """The aggregate as an expression."""
    c = nw.col(column)
    return {"mean": c.mean, "sum": c.sum, "median": c.median, "min": c.min, "max": c.max, "count": c.count}[how]()


def number(value: Any) -> float | None:
    """A collected aggregate as a float that can be drawn, or None."""
    if value is None or not math.isfinite(float(value)):
        return None
    return float(value)


def title_of(name: str, x: str, group: str | None) -> str:
    """A title that says what is shown: `Mean of delay by carrier and origin`."""
    return f"{name[:1].upper()}{name[1:]} by {x}{f' and {group}' if group else ''}"
