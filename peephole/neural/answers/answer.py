"""What every output layer brings, and what they share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from torch import Tensor

from peephole.core.errors import DataError
from peephole.neural.parts.flow import Flow
from peephole.neural.prepare.encoded import Arrangement, Encoded
from peephole.neural.prepare.rows import Flags, Whole, flat_lists
from peephole.neural.prepare.scaling import Fitted

Settings = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """One kind of answer.

    fit: what the training rows tell of the targets, with "features": how many values the output layer has.
    encode: the targets of rows; `at` is where the windows lie, for an answer at every step of one.
    losses: of each example (B), or of each step (B, T), zero where there is none.
    measure: name of what is watched; errors: its sum over a batch, and over how many.
    predict: the columns that the output's values mean, for the rows given.
    row_errors: as `losses`, in units that a person knows.
    said: targets as if the network had said them, so that `predict` gives them back in the same form.
    outputs: what each of the output layer's values is of, in words.
    """

    fit: Callable[[pa.Table, Settings], Fitted]
    encode: Callable[[pa.Table, Settings, Fitted, Arrangement | None], Encoded]
    losses: Callable[[Settings, Fitted, Flow, Flow], Tensor]
    measure: str
    errors: Callable[[Settings, Fitted, Flow, Flow], tuple[float, int]]
    predict: Callable[[Settings, Fitted, Flow, str, bool], dict[str, pa.Array]]
    row_errors: Callable[[Settings, Fitted, Flow, Flow], Tensor]
    said: Callable[[Fitted, Flow], Flow]
    outputs: Callable[[Settings, Fitted], list[str]]


def mean_loss(losses: Tensor, flow: Flow) -> Tensor:
    """The mean over all examples, or over all the steps there are."""
    mask = flow.mask if losses.dim() == 2 else None
    return losses.mean() if mask is None else losses.sum() / mask.sum()


def check_steps(flow: Flow, target: Flow) -> None:
    """Raise DataError where answers at each step and their targets differ in length."""
    if flow.x.dim() < 3:
        return
    said, wanted = ([f.x.shape[1]] * len(f.x) if f.lengths is None else f.lengths.tolist() for f in (flow, target))
    for one, other in zip(said, wanted, strict=True):
        if one != other:
            raise DataError(
                f"The network gives an answer at each of {one} steps, and the target has {other}.",
                remedy="Give targets of the same length, or take off what shortens the sequence (stride, pooling).",
            )


def masked(losses: Tensor, flow: Flow) -> Tensor:
    """Zero where a sequence has no step."""
    mask = flow.mask
    return losses if mask is None else torch.where(mask, losses, torch.zeros((), dtype=losses.dtype))


def counted(values: Tensor, flow: Flow) -> tuple[float, int]:
    """Sum and number of what is measured at each example, or each step there is."""
    mask = flow.mask if values.dim() == 2 else None
    kept = values if mask is None else values[mask]
    return float(kept.double().sum()), kept.numel()


def as_lists(flat: pa.Array, flow: Flow) -> pa.Array:
    """Values of all steps, (B*T) with padding taken off, as one list a row."""
    batch, steps = flow.x.shape[:2]
    lengths = np.full(batch, steps) if flow.lengths is None else flow.lengths.numpy()
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    return pa.ListArray.from_arrays(offsets, flat)


def flat_steps(x: Tensor, flow: Flow) -> Tensor:
    """(B, T, ...) as (N, ...), padding taken off."""
    mask = flow.mask
    return x.flatten(0, 1) if mask is None else x[mask]


def each_list(rows: pa.Table, columns: list[str]) -> tuple[list[pa.Array], Whole, Flags]:
    """Lists of targets: the elements of each column, the lengths, and which rows have one. Raises where lengths differ."""
    parts, lengths = [], np.zeros(rows.num_rows, np.int64)
    for i, name in enumerate(columns):
        flat, counts = flat_lists(rows.column(name), name)
        if i and not np.array_equal(counts, lengths):
            raise DataError(
                f'The lists of the targets "{columns[0]}" and "{name}" differ in length.',
                remedy="Targets that are learnt side by side must have the same length.",
            )
        lengths = counts
        parts.append(flat)
    return parts, lengths, lengths > 0
