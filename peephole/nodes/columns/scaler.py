"""A scale learnt from some rows, applied to others, and undone."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

import narwhals as nw
from pydantic import Field

from peephole.core.errors import ColumnError, SettingError, listing
from peephole.core.node import node
from peephole.core.settings import NumberColumns
from peephole.core.types import Model, Table
from peephole.tables import native
from peephole.tables.schema import quoted, schema_of

NEEDS = ("scikit-learn", "skops")
KIND = "scaler"
Method = Literal["min-max", "z-score", "decimal"]


class Scaled(NamedTuple):
    """The scaled rows, and what scales others in the same way."""

    table: Table
    scaler: Model


@node(
    family="columns",
    icon="formula",
    says="{columns}, {method}",
    needs=NEEDS,
    pack="mining",
    title="Learn scaler",
    also=("Normalizer", "Standardize"),
)
def learn_scaler(
    table: Table,
    *,
    columns: Annotated[NumberColumns, Field(min_length=1)],
    method: Method = "min-max",
    low: float = 0,
    high: float = 1,
) -> Scaled:
    """Bring number columns to one scale, and keep the scale for other rows: those to test on, or those of tomorrow.

    A column of one value only becomes `low`, or 0. Missing values stay missing, and do not count.

    table: rows to learn the scale from.
    columns: the columns to scale.
    method: between two limits (min-max), to mean 0 and sample standard deviation 1 (z-score), or divided by the power of ten
        that brings them between -1 and 1 (decimal).
    low: the smallest value of min-max.
    high: the largest value of min-max.
    table: the rows, with these columns scaled.
    scaler: the scale, for Apply scaler and Undo scaler.
    """
    if low >= high:
        raise SettingError("Learn scaler: `low` must be below `high`.", remedy="Exchange them.", setting="low")
    chosen = list(dict.fromkeys(columns))
    found = table.select(*(f for i, c in enumerate(chosen) for f in _figures(c, i))).collect("pyarrow").to_native()
    row = {name: found.column(name)[0].as_py() for name in found.column_names}
    scale = {c: _scale(method, [row[f"{k}_{i}"] for k in _FIGURES], low, high) for i, c in enumerate(chosen)}
    scaler = Model(
        estimator={"kind": KIND, "columns": scale},
        task="transformation",
        target=None,
        features=dict.fromkeys(chosen, "number"),
        title=f"Scaler ({method})",
    )
    return Scaled(_applied(table, scale), scaler)


@node(family="columns", icon="formula", needs=NEEDS, pack="mining", also=("Normalizer (Apply)", "Transform"))
def apply_scaler(scaler: Model, table: Table) -> Table:
    """Bring other rows to a scale that was learnt before.

    Values beyond those it was learnt from come to lie beyond its limits.

    scaler: the scale, from Learn scaler.
    table: rows with the columns that the scale was learnt from.
    returns: the table with these columns scaled.
    """
    return _applied(table, _columns_of(scaler, table, "Apply scaler"))


@node(family="columns", icon="formula", needs=NEEDS, pack="mining", also=("Denormalizer", "Inverse transform"))
def undo_scaler(scaler: Model, table: Table) -> Table:
    """Bring scaled columns back to their own units, as after a prediction.

    scaler: the scale that was applied.
    table: rows with scaled columns; those of the scale that are not there are left out.
    returns: the table with these columns as they were.
    """
    scale = _columns_of(scaler, table, "Undo scaler", some=True)
    made = {
        c: f"CASE WHEN {s['span']!r} > 0 THEN (CAST({quoted(c)} AS DOUBLE) - {s['floor']!r}) / {s['width']!r} * {s['span']!r} "
        f"+ {s['start']!r} WHEN {quoted(c)} IS NOT NULL THEN {s['start']!r} END"
        for c, s in scale.items()
    }
    return native.with_columns(table, dict(made))


_FIGURES = ("min", "max", "mean", "std", "largest")


def _figures(column: str, place: int) -> list[nw.Expr]:
    value = nw.col(column).cast(nw.Float64)
    made = (value.min(), value.max(), value.mean(), value.std(), value.abs().max())
    return [expression.alias(f"{name}_{place}") for name, expression in zip(_FIGURES, made, strict=True)]


def _scale(method: Method, figures: list[Any], low: float, high: float) -> dict[str, float]:
    """(value - start) / span * width + floor."""
    least, most, mean, std, largest = (float(f or 0.0) for f in figures)
    if method == "min-max":
        return {"start": least, "span": most - least, "width": float(high - low), "floor": float(low)}
    if method == "z-score":
        return {"start": mean, "span": std, "width": 1.0, "floor": 0.0}
    power = 1.0
    while power < largest:
        power *= 10.0
    return {"start": 0.0, "span": power, "width": 1.0, "floor": 0.0}


def _applied(table: Table, scale: dict[str, dict[str, float]]) -> Table:
    made = {
        c: f"CASE WHEN {s['span']!r} > 0 THEN (CAST({quoted(c)} AS DOUBLE) - {s['start']!r}) / "
        f"{s['span'] or 1.0!r} * {s['width']!r} + {s['floor']!r} WHEN {quoted(c)} IS NOT NULL THEN {s['floor']!r} END"
        for c, s in scale.items()
    }
    return native.with_columns(table, dict(made))


def _columns_of(scaler: Model, table: Table, title: str, *, some: bool = False) -> dict[str, dict[str, float]]:
    known = scaler.estimator
    if not isinstance(known, dict) or known.get("kind") != KIND:
        raise SettingError(f'{title}: "{scaler.title}" is no scaler.', remedy="Connect what Learn scaler gives.")
    scale: dict[str, dict[str, float]] = known["columns"]
    schema = schema_of(table)
    missing = [c for c in scale if c not in schema]
    if missing and (not some or len(missing) == len(scale)):
        raise ColumnError(
            f"{title}: the table has no {listing(missing)}.",
            remedy=f"The scale was learnt from {listing(scale)}: connect a table with these columns.",
        )
    there = {c: s for c, s in scale.items() if c in schema}
    wrong = next((c for c in there if schema[c] not in ("number", "integer")), None)
    if wrong is not None:
        raise ColumnError(f'{title}: "{wrong}" is of type {schema[wrong]}.', remedy="Cast it to a number first.")
    return there
