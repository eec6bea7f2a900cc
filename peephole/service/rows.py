"""The rows of a request: checked against the columns of the sample, each wrong cell told with its row and the remedy."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from types import NoneType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from peephole.core.errors import nearest
from peephole.core.schema import ColumnType

MOST_PROBLEMS = 100


@dataclass(frozen=True)
class RowProblem:
    """row: counted from 0, as in the request.  got: what stood there, shortened."""

    input: str
    row: int | None
    column: str | None
    got: str | None
    what: str
    remedy: str

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


@dataclass(frozen=True)
class InputRows:
    """What rows an input takes.  schema: their exact types.  words: the same in words.  sample: a few rows."""

    name: str
    schema: pa.Schema
    words: dict[str, ColumnType]
    optional: frozenset[str]
    sample: pa.Table

    def from_json(self, rows: Any) -> tuple[pa.Table, list[int], list[RowProblem]]:
        """The good rows, their places in the request, and what is wrong with the others."""
        if not isinstance(rows, list):
            what = f'"{self.name}" is {_kind(rows)}, and must be a list of rows.'
            remedy = f'Send {{"{self.name}": [{{...}}, {{...}}]}}.'
            return self._table([]), [], [RowProblem(self.name, None, None, _short(rows), what, remedy)]
        whole = self._all_good(rows)
        if whole is not None:
            return whole, list(range(whole.num_rows)), []
        good: list[dict[str, Any]] = []
        places: list[int] = []
        problems: list[RowProblem] = []
        for place, row in enumerate(rows):
            values, wrong = self._row(place, row)
            if wrong:
                problems += wrong
            else:
                good.append(values)
                places.append(place)
        return self._table(good), places, problems

    def from_arrow(self, table: pa.Table) -> tuple[pa.Table, list[int], list[RowProblem]]:
        """The same for an Arrow table: columns of other types are turned where nothing is lost, else row by row."""
        try:
            if set(table.column_names) == set(self.schema.names):
                turned = table.select(self.schema.names).cast(self.schema)
                return turned, list(range(turned.num_rows)), []
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            pass
        return self.from_json([{n: _plain(v) for n, v in row.items()} for row in table.to_pylist()])

    def _all_good(self, rows: list[Any]) -> pa.Table | None:
        """The rows column by column, which is quick; None where anything is wrong, so that each cell must be looked at."""
        names = self.words.keys()
        needed = names - self.optional
        if not all(type(row) is dict and needed <= row.keys() <= names for row in rows):
            return None
        columns = []
        for field in self.schema:
            values = [row.get(field.name) for row in rows]
            kinds = _PLAIN.get(self.words[field.name])
            try:
                if kinds is None or not kinds.issuperset(map(type, values)):
                    values = [None if v is None else self._value(field.name, self.words[field.name], v) for v in values]
                column = pa.array(values, field.type)
            except (ValueError, TypeError, OverflowError):
                return None
            if pa.types.is_floating(field.type) and pc.all(pc.is_finite(column)).as_py() is False:
                return None
            columns.append(column)
        return pa.Table.from_arrays(columns, schema=self.schema)

    def _row(self, place: int, row: Any) -> tuple[dict[str, Any], list[RowProblem]]:
        if not isinstance(row, dict):
            what = f"The row is {_kind(row)}, and must be an object with the columns."
            return {}, [RowProblem(self.name, place, None, _short(row), what, 'Send it as {"column": value, ...}.')]
        problems = [self._unknown(place, name, row[name]) for name in row if name not in self.words]
        values: dict[str, Any] = {}
        for name, word in self.words.items():
            if name not in row:
                if name not in self.optional:
                    what, remedy = "The column is missing.", "Send it, or null where the value is not known."
                    problems.append(RowProblem(self.name, place, name, None, what, remedy))
                continue
            try:
                values[name] = None if row[name] is None else self._value(name, word, row[name])
            except (ValueError, TypeError, OverflowError):
                wanted, example = _WANTED[word]
                what, remedy = f"This is no {wanted}.", f"Send it as {example}."
                problems.append(RowProblem(self.name, place, name, _short(row[name]), what, remedy))
        return values, problems

    def _value(self, name: str, word: ColumnType, value: Any) -> Any:
        read = _READ.get(word)
        made = read(value) if read is not None else value
        pa.scalar(made, self.schema.field(name).type)  # too large, or of another inner type
        return made

    def _unknown(self, place: int, name: str, value: Any) -> RowProblem:
        hint = nearest(name, self.words)
        remedy = f"{hint} The columns are: {', '.join(self.words)}.".strip()
        return RowProblem(self.name, place, name, _short(value), "There is no such column.", remedy)

    def _table(self, rows: Sequence[dict[str, Any]]) -> pa.Table:
        columns = [pa.array([row.get(field.name) for row in rows], field.type) for field in self.schema]
        return pa.Table.from_arrays(columns, schema=self.schema)


# Types of Python that need not be turned.
_PLAIN: dict[ColumnType, frozenset[type]] = {
    "integer": frozenset({int, NoneType}),
    "number": frozenset({int, float, NoneType}),
    "text": frozenset({str, NoneType}),
    "boolean": frozenset({bool, NoneType}),
}
_AS_THEY_ARE = (pa.types.is_integer, pa.types.is_string, pa.types.is_large_string, pa.types.is_boolean)


def json_rows(table: pa.Table) -> list[dict[str, Any]]:
    """An answer's rows as plain JSON: dates as text, bytes in base64, what is no number as null."""
    plain = [
        column.to_pylist()
        if any(is_one(column.type) for is_one in _AS_THEY_ARE)
        else [_plain(value) for value in column.to_pylist()]
        for column in table.columns
    ]
    names = table.column_names
    return [dict(zip(names, row, strict=True)) for row in zip(*plain, strict=True)]


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise ValueError
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError
    return float(value)


def _only(kind: type) -> Callable[[Any], Any]:
    def same(value: Any) -> Any:
        if not isinstance(value, kind):
            raise TypeError
        return value

    return same


def _datetime(value: Any) -> datetime.datetime:
    found = datetime.datetime.fromisoformat(value)
    return found if found.tzinfo is None else found.astimezone(datetime.UTC).replace(tzinfo=None)


def _bytes(value: Any) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError from error


_READ: dict[ColumnType, Callable[[Any], Any]] = {
    "integer": _integer,
    "number": _number,
    "text": _only(str),
    "boolean": _only(bool),
    "date": datetime.date.fromisoformat,
    "datetime": _datetime,
    "time": datetime.time.fromisoformat,
    "binary": _bytes,
    "list": _only(list),
    "struct": _only(dict),
}
_WANTED: dict[ColumnType, tuple[str, str]] = {
    "integer": ("whole number", "a number without quotes, as 42"),
    "number": ("number", "a number without quotes, as 4.2"),
    "text": ("text", 'text in quotes, as "Ulm"'),
    "boolean": ("yes or no", "true or false, without quotes"),
    "date": ("date", '"2013-01-31"'),
    "datetime": ("date with a time", '"2013-01-31T10:30:00"'),
    "time": ("time", '"10:30:00"'),
    "binary": ("bytes", "text in base64"),
    "list": ("list of such values", "a list of the column's type"),
    "struct": ("object of such fields", "an object with the column's fields"),
    "duration": ("length of time", "a number of seconds"),
    "unknown": ("value of the column's type", "a value of the column's type"),
}


def _kind(value: Any) -> str:
    kinds: Iterable[tuple[type, str]] = (
        (bool, "true or false"),
        (dict, "an object"),
        (list, "a list"),
        (str, "a text"),
        (int, "a number"),
        (float, "a number"),
    )
    return next((word for kind, word in kinds if isinstance(value, kind)), "null")


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:79] + "…"
