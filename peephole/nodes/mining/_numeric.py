"""Scoring predicted numbers: the engine adds up, a thin sample is drawn."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from peephole.core.errors import DataError, SettingError
from peephole.core.progress import message
from peephole.core.schema import ROW
from peephole.core.types import Figure, Table
from peephole.figures.charts import points
from peephole.nodes.mining._rows import table_of

MOST_POINTS = 4000


def pairs(table: Table, target: str, prediction: str) -> Table:
    """Actual and predicted numbers of the rows that have both, and their number if they have one."""
    if target == prediction:
        raise SettingError("The prediction is the target itself.", remedy="Choose two columns.", setting="prediction")
    numbered = [ROW] if ROW in table.collect_schema() else []
    both = table.filter(~nw.col(target).is_null(), ~nw.col(prediction).is_null())
    actual, predicted = nw.col(target).cast(nw.Float64), nw.col(prediction).cast(nw.Float64)
    return both.select(actual.alias("actual"), predicted.alias("predicted"), *numbered)


def errors(table: Table, target: str, prediction: str) -> dict[str, float | None]:
    """Each error measure, computed by the engine in one pass. Raises DataError where no row has both numbers."""
    off = nw.col("predicted") - nw.col("actual")
    sums = pairs(table, target, prediction).select(
        rows=nw.len(),
        absolute=off.abs().mean(),
        squared=(off * off).mean(),
        median=off.abs().median(),
        bias=off.mean(),
        largest=off.abs().max(),
        spread=nw.col("actual").std(ddof=0),
    )
    found: dict[str, Any] = sums.collect("pyarrow").to_native().to_pylist()[0]
    if not found["rows"]:
        raise DataError(
            f'No row has both "{target}" and "{prediction}".', remedy="Score a table that went through a predictor."
        )
    variance = found["spread"] ** 2
    if not variance:
        message(f'"{target}" is always the same, so R2 says nothing.')
    return {
        "rows": float(found["rows"]),
        "mean absolute error": found["absolute"],
        "root mean squared error": found["squared"] ** 0.5,
        "R2": 1 - found["squared"] / variance if variance else None,
        "median absolute error": found["median"],
        "mean error (bias)": found["bias"],
        "largest error": found["largest"],
    }


def errors_table(found: dict[str, float | None]) -> Table:
    """One row for each measure."""
    return table_of({"metric": list(found), "value": list(found.values())}, {"value": pa.float64()})


def scatter(table: Table, target: str, prediction: str, rows: int) -> Figure:
    """Predicted against actual numbers, every so many rows where there are too many to draw."""
    found = pairs(table, target, prediction)
    step = -(-rows // MOST_POINTS)
    if step > 1:
        message(f"The figure shows one row of {step}.")
        if ROW in found.collect_schema():
            found = found.filter(nw.col(ROW) % step == 0)
            step = 1
    data = found.collect("pyarrow").to_native().select(["actual", "predicted"])
    data = data.take(pa.array(range(0, data.num_rows, step), pa.int64())) if step > 1 else data
    spans = [pc.min_max(data.column(name)).as_py() for name in data.column_names]
    ends = [s[end] for s in spans for end in ("min", "max") if s[end] is not None]
    title = f"Predicted against actual: {target}"
    diagonal = (min(ends), max(ends)) if ends else None
    return points(data, x="actual", y="predicted", title=title, diagonal=diagonal)
