"""Number input: columns side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import torch

from peephole.neural.prepare.encoded import Fixed
from peephole.neural.prepare.rows import lacks, matrix
from peephole.neural.prepare.scaling import Fitted, filled, fit_scaling, scaled


def fit(rows: pa.Table, settings: dict[str, Any]) -> Fitted:
    """The scale of each column."""
    columns = list(settings["columns"])
    return fit_scaling(matrix(rows, columns), columns, settings["scale"])


def encode(rows: pa.Table, settings: dict[str, Any], fitted: Fitted) -> Fixed:
    """(rows, F) scaled; a row that still has a missing value is left out."""
    columns = list(settings["columns"])
    values = filled(matrix(rows, columns), fitted, settings["missing"], columns)
    valid = ~lacks(values)
    x = np.nan_to_num(scaled(values, fitted)).astype(np.float32)
    return Fixed(torch.from_numpy(x), valid, columns)
