"""Where SQL meets a frame: formulas and casts applied on each engine. The one place that knows the engines' own frames.

On Polars a formula is computed by DuckDB over Arrow batches, so that it means the same on every engine.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import narwhals as nw

from peephole.core.errors import FormulaError, SettingError
from peephole.core.schema import ROW
from peephole.tables import spark
from peephole.tables.formula import Expression
from peephole.tables.schema import lazy, quoted

if TYPE_CHECKING:
    import duckdb

_here = threading.local()


def where(frame: nw.LazyFrame[Any], condition: Expression, *, setting: str | None = None) -> nw.LazyFrame[Any]:
    """The rows for which the condition is true.  Raises FormulaError where it does not fit the columns' types."""
    return lazy(
        _apply(frame, lambda relation: relation.filter(_condition(relation, condition)), condition.text, setting)
    )


def with_columns(
    frame: nw.LazyFrame[Any], made: Mapping[str, Expression | str], *, setting: str | None = None
) -> nw.LazyFrame[Any]:
    """The frame with columns made of formulas: a new one after the others, one of an old name in its place.

    made: name -> a checked formula, or SQL that this package has written itself.
    Raises FormulaError where a formula does not fit the columns' types.
    """
    texts = ", ".join(e.text if isinstance(e, Expression) else e for e in made.values())
    return lazy(_apply(frame, lambda relation: _project(relation, made), texts, setting))


def type_of(frame: nw.LazyFrame[Any], made: Expression) -> Any:
    """The Narwhals type a formula gives."""
    return with_columns(frame.head(0), {"made": made}).collect_schema()["made"]


def with_row_hash(frame: nw.LazyFrame[Any], columns: list[str], name: str) -> nw.LazyFrame[Any]:
    """The frame with a number below 2**62 made of some of its columns, the same on every engine.

    Fractions count with the digits of single precision only: a sum may differ in its last digit from run to run.
    """
    kinds = frame.collect_schema()
    parts = [f"CAST({quoted(c)} AS FLOAT)" if kinds[c].is_float() else quoted(c) for c in columns]
    return with_columns(frame, {name: f"CAST(hash({', '.join(parts)}) >> 2 AS BIGINT)"})


def _project(relation: duckdb.DuckDBPyRelation, made: Mapping[str, Expression | str]) -> duckdb.DuckDBPyRelation:
    written = {name: e.sql if isinstance(e, Expression) else e for name, e in made.items()}
    projected = _placed(relation, written)
    kinds = dict(zip(projected.columns, projected.types, strict=True))
    ordinary = {name: _ordinary(sql, str(kinds[name])) for name, sql in written.items()}
    return projected if ordinary == written else _placed(relation, ordinary)


def _placed(relation: duckdb.DuckDBPyRelation, made: Mapping[str, str]) -> duckdb.DuckDBPyRelation:
    """The relation with these columns: new ones after the others, those of an old name in its place."""
    kept = [name for name in relation.columns if name != ROW]
    parts = [f"{made[name]} AS {quoted(name)}" if name in made else quoted(name) for name in kept]
    parts += [f"{expression} AS {quoted(name)}" for name, expression in made.items() if name not in kept]
    return relation.project(", ".join(parts + ([ROW] if ROW in relation.columns else [])))


def _ordinary(sql: str, kind: str) -> str:
    """The expression with a type that every engine has, and without NaN and infinity."""
    if kind == "INTERVAL":
        raise FormulaError(
            "The formula gives a length of time, which cannot be kept in a column.",
            remedy="Count it in units, as: date_diff('minute', start, stop).",
        )
    if kind.startswith("DECIMAL") or kind in ("HUGEINT", "UHUGEINT"):
        return f"CAST({sql} AS DOUBLE)"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"CAST({sql} AS TIMESTAMP)"
    if kind == '"NULL"':
        return f"CAST({sql} AS VARCHAR)"
    return f"CASE WHEN isfinite({sql}) THEN {sql} END" if kind in ("DOUBLE", "FLOAT") else sql


def _condition(relation: duckdb.DuckDBPyRelation, condition: Expression) -> str:
    if not condition.is_condition:
        kind = str(relation.project(condition.sql).types[0])
        if kind != "BOOLEAN":
            raise FormulaError(
                f"The condition gives {kind.lower()}, not true or false.",
                remedy="Compare with something, as: dep_delay > 15.",
            )
    return condition.sql


def _apply(frame: nw.LazyFrame[Any], change: Any, text: str, setting: str | None) -> Any:
    native: Any = frame.to_native()
    with _binding(text, setting):
        if frame.implementation.is_duckdb():
            return change(native)
        if frame.implementation.is_polars():
            return _on_polars(native, change)
        if spark.is_spark(frame):
            return spark.changed(native, change)
    raise SettingError(
        f"Formulas do not work on frames of {frame.implementation.value} yet.",
        remedy="Collect the frame into pandas, Polars or Arrow first.",
    )


def _on_polars(native: Any, change: Any) -> Any:
    import polars as pl

    from peephole.tables.duck_errors import explained

    def run(batch: pl.DataFrame) -> pl.DataFrame:
        relation = change(own_connection().from_arrow(batch.to_arrow()))
        with explained():
            changed = relation.to_arrow_table()
        made = pl.from_arrow(changed)
        return made if isinstance(made, pl.DataFrame) else made.to_frame()

    schema = run(pl.DataFrame(schema=native.collect_schema())).schema
    return native.map_batches(run, schema=schema, streamable=True)


def own_connection() -> duckdb.DuckDBPyConnection:
    """A connection of this thread that can touch no file at all."""
    import duckdb

    if not hasattr(_here, "connection"):
        _here.connection = duckdb.connect(":memory:")
        for setting in ("TimeZone = 'UTC'", "enable_external_access = false", "lock_configuration = true"):
            _here.connection.execute(f"SET {setting}")
    found: duckdb.DuckDBPyConnection = _here.connection
    return found


@contextmanager
def _binding(text: str, setting: str | None) -> Iterator[None]:
    import duckdb  # not at the top: the catalog imports this module, and must be quick

    from peephole.tables.duck_errors import plain_text

    try:
        yield
    except FormulaError as error:
        error.setting = setting
        raise
    except (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException) as error:
        raise FormulaError(
            f"The formula {text} does not fit the table: {plain_text(str(error))}.",
            remedy="Cast the columns to types that go together, as: CAST(x AS DOUBLE).",
            setting=setting,
        ) from error
