"""Statistics of a table's columns by few, cheap queries; beyond some millions of rows the dear ones look at a sample."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from peephole.core.schema import ROW, ColumnType
from peephole.figures.complete import plain
from peephole.tables.schema import quoted, schema_of
from peephole.tables.session import Session

SAMPLE_BEYOND = 2_000_000  # rows; about half as many are then looked at
BINS = 24
TOP = 10
TOGETHER = 60  # columns asked about in one query
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
EXACT_UP_TO = 200_000  # rows: distinct values are counted exactly
_MEASURED = ("integer", "number")
_TIMED = ("date", "datetime")
_LISTED = ("text", "boolean")


def statistics(frame: Any, rows: int, session: Session, names: Sequence[str] = ()) -> dict[str, Any]:
    """Statistics of a frame's columns, as the wire's model `Statistics`.

    frame: lazy, on that session, its rows numbered.  rows: how many it has.  names: of the columns; empty: all.
    """
    schema = {n: word for n, word in schema_of(frame).items() if n != ROW and (not names or n in names)}
    whole = frame.to_native()
    columns = _basics(whole, schema)
    if rows <= SAMPLE_BEYOND or not schema:
        _details(whole, schema, columns, exact=rows <= EXACT_UP_TO)
        return {"rows": rows, "sampled": None, "columns": list(columns.values())}
    some = whole.filter(f"hash({quoted(ROW)}) % {-(-2 * rows // SAMPLE_BEYOND)} = 0")
    # in memory, so that the queries that follow read it and not the file again
    sample = session.from_arrow(some.project(", ".join(map(quoted, schema))).to_arrow_table()).to_native()
    _details(sample, schema, columns, exact=False)
    return {"rows": rows, "sampled": _one(sample, ["count(*)"])[0], "columns": list(columns.values())}


def _details(relation: Any, schema: dict[str, ColumnType], columns: dict[str, dict[str, Any]], *, exact: bool) -> None:
    _spread(relation, schema, columns, exact=exact)
    for name, word in schema.items():
        _detail(relation, name, word, columns[name])


def _basics(relation: Any, schema: dict[str, ColumnType]) -> dict[str, dict[str, Any]]:
    """What one pass over all rows tells cheaply."""
    columns: dict[str, dict[str, Any]] = {}
    for some in _together(schema):
        asked = [text for name in some for text in _basic_questions(name, schema[name])]
        found = iter(_one(relation, ["count(*)", *asked]))
        rows = next(found)
        for name in some:
            word, count = schema[name], next(found)
            about: dict[str, Any] = {"name": name, "type": word, "count": count, "missing": rows - count}
            if word in (*_MEASURED, *_TIMED, "text", "boolean", "time"):
                about |= {"min": _shown(next(found)), "max": _shown(next(found))}
            if word in _MEASURED:
                about |= {"mean": _finite(next(found)), "std": _finite(next(found))}
            columns[name] = about
    return columns


def _basic_questions(name: str, word: ColumnType) -> list[str]:
    column = quoted(name)
    asked = [f"count({column})"]
    if word in (*_MEASURED, *_TIMED, "text", "boolean", "time"):
        asked += [f"min({column})", f"max({column})"]
    if word in _MEASURED:
        real = f"{column}::DOUBLE"
        some = f"FILTER (isfinite({real}))"
        asked += [f"avg({real}) {some}", f"stddev_samp({real}) {some}"]
    return asked


def _spread(relation: Any, schema: dict[str, ColumnType], columns: dict[str, dict[str, Any]], *, exact: bool) -> None:
    """Distinct values and quantiles."""
    counted = [n for n, word in schema.items() if word not in ("list", "struct", "unknown")]
    for some in _together(counted):
        asked: list[str] = []
        for name in some:
            asked.append(f"count(DISTINCT {quoted(name)})" if exact else f"approx_count_distinct({quoted(name)})")
            if schema[name] in _MEASURED:
                function = "quantile_cont" if exact else "approx_quantile"
                asked.append(f"{function}({quoted(name)}::DOUBLE, {list(QUANTILES)})")
        found = iter(_one(relation, asked))
        for name in some:
            columns[name]["distinct"] = min(next(found), columns[name]["count"])
            if schema[name] in _MEASURED:
                quantiles = next(found)
                if quantiles and all(math.isfinite(q) for q in quantiles):
                    columns[name]["quantiles"] = [float(q) for q in quantiles]


def _detail(relation: Any, name: str, word: ColumnType, about: dict[str, Any]) -> None:
    """The histogram of what is measured, the most frequent values of what is named."""
    if word in _LISTED:
        about["top"] = _top(relation, name)
    elif word in _MEASURED:
        about["histogram"] = _histogram(relation, f"{quoted(name)}::DOUBLE", whole=word == "integer")
    elif word in _TIMED:
        about["histogram"] = _histogram(relation, f"epoch_ms({quoted(name)}::TIMESTAMP)::DOUBLE", whole=False)


def _top(relation: Any, name: str) -> list[dict[str, Any]]:
    column = quoted(name)
    counted = relation.aggregate(f"{column} AS value, count(*) AS n", column)
    rows = counted.order("n DESC, value NULLS LAST").limit(TOP).fetchall()
    return [{"value": _shown(value), "count": count} for value, count in rows]


def _histogram(relation: Any, value: str, *, whole: bool) -> dict[str, Any] | None:
    finite = relation.project(f"{value} AS v").filter("v IS NOT NULL AND isfinite(v)")
    low, high = _one(finite, ["min(v)", "max(v)"])
    if low is None:
        return None
    edges = _edges(low, high, whole=whole)
    width = (edges[-1] - edges[0]) / (len(edges) - 1)
    bin_of = f"least({len(edges) - 2}, greatest(0, floor((v - {edges[0]!r}) / {width!r})))::INTEGER"
    counts = dict(finite.aggregate(f"{bin_of} AS b, count(*) AS n", "b").fetchall())
    return {"edges": edges, "counts": [counts.get(i, 0) for i in range(len(edges) - 1)]}


def _edges(low: float, high: float, *, whole: bool) -> list[float]:
    """Bins of equal width; few whole numbers get a bin each."""
    if whole and high - low < BINS:
        return [low - 0.5 + i for i in range(int(high - low) + 2)]
    if high <= low or not math.isfinite(high - low):
        return [low, high] if high > low else [low - 0.5, low + 0.5]
    return [low + (high - low) * i / BINS for i in range(BINS)] + [high]


def _one(relation: Any, asked: list[str]) -> tuple[Any, ...]:
    row: tuple[Any, ...] = relation.aggregate(", ".join(asked)).fetchall()[0] if asked else ()
    return row


def _together(names: Any) -> Iterator[list[str]]:
    listed = list(names)
    for start in range(0, len(listed), TOGETHER):
        yield listed[start : start + TOGETHER]


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _shorten(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"


def _shown(value: Any) -> Any:
    told = plain(value)
    return _shorten(told) if isinstance(told, str) else told
