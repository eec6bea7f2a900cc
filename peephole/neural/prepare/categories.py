"""Category input: each category a code, or a column of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import torch

from peephole.core.errors import DataError
from peephole.core.progress import message
from peephole.neural.prepare.encoded import Fixed
from peephole.neural.prepare.rows import Whole, texts
from peephole.neural.prepare.scaling import Fitted

MOST = 100_000


def fit(rows: pa.Table, settings: dict[str, Any]) -> Fitted:
    """The categories of each column, in order; code 0 stands for what the training rows do not have."""
    labels = {name: sorted(pc.unique(texts(rows.column(name)).drop_null()).to_pylist()) for name in settings["columns"]}
    for name, found in labels.items():
        if not found:
            raise DataError(f'The column "{name}" has no values to learn from.', remedy="Choose another column.")
        if len(found) > MOST:
            raise DataError(f'The column "{name}" has {len(found):,} categories.', remedy="Is it a name or a number?")
    return {"labels": labels}


def features(settings: dict[str, Any], fitted: Fitted) -> int:
    """How many columns, or different codes."""
    total = sum(len(found) for found in fitted["labels"].values())
    return total if settings["encoding"] == "one-hot" else total + 1


def encode(rows: pa.Table, settings: dict[str, Any], fitted: Fitted) -> Fixed:
    """Codes (rows), or (rows, F) with a one where the category is; what was not in training is 0, or no one."""
    found = {name: _codes(rows.column(name), labels) for name, labels in fitted["labels"].items()}
    for name, codes in found.items():
        if new := int((codes == 0).sum()):
            message(f'{new:,} of {len(codes):,} rows have no category in "{name}" that was learnt, or none at all.')
    valid = np.ones(rows.num_rows, dtype=bool)
    if settings["encoding"] == "codes":
        name, codes = next(iter(found.items()))
        return Fixed(torch.from_numpy(codes), valid, [name])
    parts, names = [], []
    for name, codes in found.items():
        labels = fitted["labels"][name]
        parts.append(np.eye(len(labels) + 1, dtype=np.float32)[codes][:, 1:])
        names += [f"{name} = {label}" for label in labels]
    return Fixed(torch.from_numpy(np.concatenate(parts, axis=1)), valid, names)


def _codes(column: pa.ChunkedArray, labels: list[str]) -> Whole:
    at = pc.fill_null(pc.index_in(texts(column), value_set=pa.array(labels, pa.string())), -1)
    return np.asarray(at.to_numpy(zero_copy_only=False), dtype=np.int64) + 1
