"""From Arrow columns to numbers a learner can take: numbers as they are, parts of dates, codes of categories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from peephole.core.schema import ColumnType
from peephole.nodes.mining._rows import known, word_of

Floats = NDArray[np.floating[Any]]
Codes = NDArray[np.int64]
Role = Literal["number", "category", "date", "datetime", "time", "duration"]

ROLES: dict[ColumnType, Role] = {
    "integer": "number",
    "number": "number",
    "boolean": "category",
    "text": "category",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
    "duration": "duration",
}
_DATE_PARTS = ("year", "month", "day", "weekday")
PARTS: dict[Role, tuple[str, ...]] = {"date": _DATE_PARTS, "datetime": (*_DATE_PARTS, "hour")}


def part_names(name: str, role: Role) -> list[str]:
    """What the matrix columns made of one table column are called."""
    return [f"{name} ({part})" for part in PARTS[role]] if role in PARTS else [name]


def as_numbers(column: pa.ChunkedArray, role: Role) -> list[Floats]:
    """One array for each part, NaN where there is no value."""
    if column.null_count == len(column):  # it may even have lost its type
        return [np.full(len(column), np.nan)] * len(part_names("", role))
    if role in PARTS:
        return [_floats(_date_part(column, part)) for part in PARTS[role]]
    if role == "time":
        return [_floats(pc.cast(pc.cast(column, pa.time64("us")), pa.int64())) / 3.6e9]
    if role == "duration":
        return [_floats(pc.cast(pc.cast(column, pa.duration("us"), safe=False), pa.int64())) / 1e6]
    return [_floats(column)]


def _date_part(column: pa.ChunkedArray, part: str) -> pa.ChunkedArray:
    if part == "hour":
        column = pc.cast(column, pa.timestamp("s")) if pa.types.is_date(column.type) else column
        return pc.add(pc.hour(column), pc.divide(pc.cast(pc.minute(column), pa.float64()), 60.0))
    compute = {"year": pc.year, "month": pc.month, "day": pc.day, "weekday": pc.day_of_week}[part]
    return compute(column)


def _floats(column: pa.ChunkedArray) -> Floats:
    """As float64; missing and infinite values become NaN."""
    values: Floats = pc.cast(column, pa.float64(), safe=False).to_numpy()
    infinite = np.isinf(values)
    if infinite.any():
        values = np.where(infinite, np.nan, values)
    return values


def varies(column: pa.ChunkedArray) -> Literal["yes", "constant", "empty"]:
    """Whether a column can tell rows apart (some values and some missing can)."""
    number = word_of(column.type) in ("integer", "number")
    if number and column.null_count < len(column):
        span = pc.min_max(column).as_py()
        if span["min"] < span["max"]:  # the usual case, in one pass
            return "yes"
    there = pc.sum(known(column)).as_py() or 0
    if there == 0:
        return "empty"
    if there < len(column):
        return "yes"
    return "constant" if number or len(pc.unique(column)) < 2 else "yes"


@dataclass(frozen=True)
class Encoded:
    """A column of categories: for each row the index of its label, or -1 where it has none."""

    codes: Codes
    labels: pa.Array

    @property
    def counts(self) -> Codes:
        """How many rows each label has."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.labels))


def encode(column: pa.ChunkedArray) -> Encoded:
    """The labels of a text or boolean column as text, each once, and the rows' codes."""
    as_text = column if column.type == pa.string() else pc.cast(column, pa.string())
    found = as_text.combine_chunks().dictionary_encode()
    array = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    codes = pc.fill_null(array.indices, -1).to_numpy(zero_copy_only=False)
    return Encoded(codes.astype(np.int64, copy=False), array.dictionary)


def order_by_target(codes: Codes, count: int, target: Floats | Codes, classes: int) -> Codes:
    """The rank of each category by what the target is like in it, so that `code <= c` is a split worth trying.

    With two classes or a numeric target, the best split of the categories in two is among these (Fisher 1958; Breiman
    et al. 1984, theorem 4.5); with more classes the order is along the first principal component of the class shares
    (Coppersmith, Hong and Hosking 1999), which is near the best.
    """
    there = codes >= 0
    sizes = np.maximum(np.bincount(codes[there], minlength=count), 1)
    if classes <= 2:
        along = np.bincount(codes[there], weights=target[there], minlength=count) / sizes
    else:
        cells = codes[there] * classes + target[there].astype(np.int64)
        shares = np.bincount(cells, minlength=count * classes).reshape(count, classes) / sizes[:, None]
        centred = shares - np.average(shares, axis=0, weights=sizes)
        axis = np.linalg.eigh((centred * sizes[:, None]).T @ centred)[1][:, -1]
        along = centred @ (axis * np.sign(axis[np.argmax(np.abs(axis))]))
    ranks = np.empty(count, dtype=np.int64)
    ranks[np.argsort(along, kind="stable")] = np.arange(count)
    return ranks
