"""Sequence input: for each row the rows before it. List input: a list in each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import torch

from peephole.core.errors import DataError
from peephole.neural.prepare.encoded import Arrangement, Ragged, Windows, starts_of
from peephole.neural.prepare.rows import Floats, Whole, flat_lists, lacks, matrix, need_columns, numbers_of
from peephole.neural.prepare.scaling import Fitted, carried_forward, filled, fit_scaling, scaled


def fit_windows(rows: pa.Table, settings: dict[str, Any]) -> Fitted:
    """The scale of each column."""
    columns = list(settings["columns"])
    return fit_scaling(matrix(rows, columns), columns, settings["scale"])


def encode_windows(rows: pa.Table, settings: dict[str, Any], fitted: Fitted) -> Windows:
    """(rows, T, F) as windows. Valid are rows with a whole window behind them (and nothing missing, if asked)."""
    columns = list(settings["columns"])
    order, first = ordered(rows, settings["groups"], settings["order_by"])
    values = matrix(rows, columns)[order]
    if settings["missing"] == "last":
        values = carried_forward(values, first)
    values = filled(values, fitted, settings["missing"], columns)
    at = arrangement(rows, order, first, settings)
    lacking = lacks(values)
    valid = at.complete
    if lacking.any():
        place = at.place.numpy()
        for offset in at.offsets.tolist():
            valid = valid & ~lacking[np.maximum(place + offset, 0)]
    x = np.nan_to_num(scaled(values, fitted)).astype(np.float32)
    return Windows(torch.from_numpy(x), at, valid)


def ordered(rows: pa.Table, groups: Sequence[str], order_by: Sequence[str]) -> tuple[Whole, Whole]:
    """The rows series by series, each in its order; and for each place where its series begins."""
    need_columns(rows, [*groups, *order_by], "The sequence")
    numbered = rows.select([*groups, *order_by]).append_column("__at__", pa.array(np.arange(rows.num_rows)))
    keys = [(name, "ascending", "at_start") for name in (*groups, *order_by, "__at__")]
    order = pc.sort_indices(numbered, sort_keys=keys).to_numpy().astype(np.int64)
    begins = np.zeros(len(order), dtype=bool)
    begins[:1] = True
    for name in groups:
        codes = pc.fill_null(_codes(rows.column(name)), -1).to_numpy(zero_copy_only=False)[order]
        begins[1:] |= codes[1:] != codes[:-1]
    first = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0)) if len(order) else np.zeros(0, np.int64)
    return order, first


def _codes(column: pa.ChunkedArray) -> pa.Array:
    encoded = column.combine_chunks().dictionary_encode()
    return (encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded).indices


def arrangement(rows: pa.Table, order: Whole, first: Whole, settings: dict[str, Any]) -> Arrangement:
    """Where the windows lie."""
    steps, every = settings["steps"], settings["every"]
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    complete = place - (steps - 1) * every >= first[place]
    offsets = torch.arange(-(steps - 1) * every, 1, every)
    names = settings["order_by"]

    def label(at: int) -> str:
        row = int(order[at])
        return ", ".join(str(rows.column(n)[row].as_py()) for n in names) if names else f"row {row + 1}"

    longest = int(np.bincount(first).max()) if len(first) else 0
    return Arrangement(torch.from_numpy(place), offsets, complete, label, longest)


def fit_lists(rows: pa.Table, settings: dict[str, Any]) -> Fitted:
    """The scale of each column, over all elements."""
    columns = list(settings["columns"])
    values, _ = _elements(rows, columns)
    return fit_scaling(values, columns, settings["scale"])


def encode_lists(rows: pa.Table, settings: dict[str, Any], fitted: Fitted) -> Ragged:
    """(rows, T, F) of each row's own length; of lists that are too long the last steps. Empty ones are left out."""
    columns = list(settings["columns"])
    values, lengths = _elements(rows, columns)
    starts, kept = starts_of(lengths), lengths
    if settings["missing"] == "last" and len(values):
        values = carried_forward(values, np.repeat(starts, lengths))
    values = filled(values, fitted, settings["missing"], columns)
    if settings["longest"]:
        kept = np.minimum(lengths, settings["longest"])
        starts = starts + lengths - kept
    valid = kept > 0
    lacking = lacks(values)
    if lacking.any():
        before = np.concatenate([[0], np.cumsum(lacking)])
        valid = valid & (before[starts + kept] == before[starts])
    x = torch.from_numpy(np.nan_to_num(scaled(values, fitted)).astype(np.float32))
    return Ragged(x, starts, kept, valid, lambda _row, step: f"step {step + 1}")


def _elements(rows: pa.Table, columns: Sequence[str]) -> tuple[Floats, Whole]:
    parts, lengths = [], np.zeros(rows.num_rows, np.int64)
    for i, name in enumerate(columns):
        flat, counts = flat_lists(rows.column(name), name)
        if i and not np.array_equal(counts, lengths):
            row = int(np.argmax(counts != lengths))
            raise DataError(
                f'The lists of "{columns[0]}" and "{name}" differ in length in row {row + 1}: '
                f"{lengths[row]} and {counts[row]}.",
                remedy="Lists that are read side by side must have the same length.",
            )
        lengths = counts
        parts.append(numbers_of(flat, name))
    return np.column_stack(parts), lengths
