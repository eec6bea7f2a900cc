"""Tables as they stand on the page: numbers on the right with shared decimals, null apart from empty, types in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from peephole.report.model import TableHead
from peephole.report.words import cell, count, decimals, number, plural

PRINTED = 8  # more columns do not fit on a sheet
LONGEST = 400  # characters of a cell
# 2013 is a year, 1545 a flight, 517 a time of day: numbers that name something are not set off by thousands.
FIRST_YEAR, LAST_YEAR = 1500, 2100
_NUMBERED = re.compile(r"(^|_)(year|id|code|zip|number|no|flight|time)($|_)", re.IGNORECASE)
NUMERIC = ("integer", "number")


@dataclass(frozen=True)
class ShownCell:
    """One cell.  kind: "null", "number", "text", "flag".  full: the whole text where it was cut."""

    text: str
    kind: str
    full: str = ""


@dataclass(frozen=True)
class ShownColumn:
    """A column's head.  late: left out in print."""

    name: str
    type: str
    numeric: bool
    late: bool


@dataclass(frozen=True)
class ShownTable:
    """A table ready for the page."""

    columns: tuple[ShownColumn, ...]
    rows: tuple[tuple[ShownCell, ...], ...]
    extent: str
    more: str
    unprinted: int


def shown(head: TableHead) -> ShownTable:
    """A table head with every cell as text."""
    rows = [[_bare(v) for v in row] for row in head.rows]
    values = list(zip(*rows, strict=True)) if rows else [() for _ in head.columns]
    columns = tuple(
        ShownColumn(c.name, c.type, c.type in NUMERIC or _all_numbers(v), i >= PRINTED)
        for i, (c, v) in enumerate(zip(head.columns, values, strict=True))
    )
    texts = [_texts(c.name, v, c.numeric) for c, v in zip(columns, values, strict=True)]
    cells = tuple(zip(*texts, strict=True)) if rows else ()
    total = len(head.rows) if head.total is None else head.total
    left = total - len(head.rows)
    return ShownTable(
        columns,
        cells,
        f"{plural(total, 'row')} × {plural(len(columns), 'column')}",
        f"{plural(left, 'more row')}" if left > 0 else "",
        max(0, len(columns) - PRINTED),
    )


def _bare(value: Any) -> Any:
    """Exact decimals as the numbers they are."""
    if isinstance(value, Decimal):
        return int(value) if value.as_tuple().exponent == 0 else float(value)
    return value


def _all_numbers(values: Sequence[Any]) -> bool:
    present = [v for v in values if v is not None]
    return bool(present) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in present)


def _texts(name: str, values: Sequence[Any], numeric: bool) -> list[ShownCell]:
    floats = [v for v in values if isinstance(v, float)]
    digits = decimals(floats) if floats else None
    whole = [v for v in values if isinstance(v, int)]
    plain = numeric and (_NUMBERED.search(name) is not None or all(FIRST_YEAR <= v <= LAST_YEAR for v in whole))
    return [_cell(v, digits, plain) for v in values]


def _cell(value: Any, digits: int | None, plain: bool) -> ShownCell:
    if value is None:
        return ShownCell("", "null")
    if isinstance(value, bool):
        return ShownCell(cell(value), "flag")
    if isinstance(value, int):
        return ShownCell((str(value).replace("-", "−")) if plain else cell(value), "number")
    if isinstance(value, float):
        return ShownCell(number(value, digits), "number")
    text = cell(value)
    if len(text) > LONGEST:
        return ShownCell(text[: LONGEST - 1] + "…", "text", text[:2000])
    return ShownCell(text, "text")


def score_text(value: Any) -> str:
    """A headline number: a share or a score with three decimals, a count whole."""
    if isinstance(value, float):
        return number(value, 3) if abs(value) < 100 else count(value)
    return cell(value) or "–"
