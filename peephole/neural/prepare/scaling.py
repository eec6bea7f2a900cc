"""Numbers brought to a common scale, and what stands for the missing ones: learnt from the training rows only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from peephole.core.errors import DataError
from peephole.core.progress import message
from peephole.neural.prepare.rows import Floats

Fitted = dict[str, Any]


def fit_scaling(values: Floats, columns: Sequence[str], how: str) -> Fitted:
    """What is subtracted from and divided into each column, and its mean.

    values: (rows, columns), NaN where missing.  how: "standard" (mean 0, deviation 1), "range" (0 to 1) or "none".
    Raises DataError for a column without any value.
    """
    there = ~np.isnan(values)
    for i, name in enumerate(columns):
        if not there[:, i].any():
            raise DataError(
                f'The column "{name}" has no values to learn from.', remedy="Choose other columns, or other rows."
            )
    mean = np.nanmean(values, axis=0)
    if how == "standard":
        shift, divisor = mean, np.nanstd(values, axis=0)
    elif how == "range":
        shift = np.nanmin(values, axis=0)
        divisor = np.nanmax(values, axis=0) - shift
    else:
        shift, divisor = np.zeros_like(mean), np.ones_like(mean)
    divisor = np.where(divisor > 0, divisor, 1.0)
    return {"shift": shift.tolist(), "divisor": divisor.tolist(), "mean": mean.tolist()}


def scaled(values: Floats, fitted: Fitted) -> Floats:
    """The values on the learnt scale."""
    found: Floats = (values - np.array(fitted["shift"])) / np.array(fitted["divisor"])
    return found


def unscaled(values: Floats, fitted: Fitted) -> Floats:
    """Values on the learnt scale as they were."""
    found: Floats = values * np.array(fitted["divisor"]) + np.array(fitted["shift"])
    return found


def filled(values: Floats, fitted: Fitted, how: str, columns: Sequence[str]) -> Floats:
    """Missing values replaced by the column's mean in the training rows, or by zero; otherwise left, for the row to go."""
    missing = np.isnan(values)
    counts = {name: int(n) for name, n in zip(columns, missing.sum(axis=0), strict=True) if n}
    if not counts:
        return values
    shown = ", ".join(f"{name} ({n:,})" for name, n in list(counts.items())[:8]) + (" ..." if len(counts) > 8 else "")
    if how in ("mean", "last"):
        message(f"Missing values count as the column's mean in the training rows: {shown}.")
        return np.where(missing, np.array(fitted["mean"]), values)
    if how == "zero":
        message(f"Missing values count as zero: {shown}.")
        return np.where(missing, 0.0, values)
    return values


def carried_forward(values: Floats, first: Any) -> Floats:
    """Each missing value replaced by the last one before it in its own series.

    values: (rows in order, columns).  first: for each row the place where its series begins, (rows).
    """
    rows = np.arange(len(values))
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, rows[:, None]), axis=0)
    last = np.where(last >= np.asarray(first)[:, None], last, rows[:, None])
    return np.take_along_axis(values, last, axis=0)
