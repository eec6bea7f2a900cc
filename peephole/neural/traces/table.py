"""A trace as a tidy table: one row for each variable, step, sequence and unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from peephole.core.progress import check_cancelled
from peephole.neural.traces.cell import CellErrors
from peephole.neural.traces.stack import Pass, Place

_TEXT = pa.dictionary(pa.int32(), pa.string())


def to_table(errors: Pass, places: Iterable[Place], variables: Sequence[str]) -> pa.Table:
    """Columns layer, direction, variable, t, batch, unit, value, error; steps that a sequence does not have are left out."""
    parts = [part for place in places for part in _of_cell(errors[place], place, variables)]
    return pa.concat_tables(parts).unify_dictionaries()


def _of_cell(errors: CellErrors, place: Place, variables: Sequence[str]) -> Iterator[pa.Table]:
    layer, direction = place
    cell = errors.cell
    for variable in variables:
        check_cancelled()
        value = cell.turned(cell.value(variable)).cpu().numpy()
        error = cell.turned(errors.error(variable)).cpu().numpy()
        steps, sequences = np.nonzero(cell.layout.mask.numpy())
        units = value.shape[-1]
        rows = len(steps) * units
        yield pa.table(
            {
                "layer": pa.array(np.full(rows, layer, np.int32)),
                "direction": _repeated(direction, rows),
                "variable": _repeated(variable, rows),
                "t": pa.array(np.repeat(steps.astype(np.int32), units)),
                "batch": pa.array(np.repeat(sequences.astype(np.int32), units)),
                "unit": pa.array(np.tile(np.arange(units, dtype=np.int32), len(steps))),
                "value": pa.array(value[steps, sequences].reshape(-1)),
                "error": pa.array(error[steps, sequences].reshape(-1)),
            }
        )


def _repeated(text: str, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([text])).cast(_TEXT)
