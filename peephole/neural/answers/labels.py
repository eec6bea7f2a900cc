"""Label output: several yes-or-no answers at once (multi-label)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import torch
from torch import Tensor
from torch.nn import functional

from peephole.core.errors import DataError
from peephole.neural.answers.answer import Answer, Settings, as_lists, counted, each_list, flat_steps, masked
from peephole.neural.answers.numbers import in_windows
from peephole.neural.parts.flow import Flow
from peephole.neural.prepare.encoded import Arrangement, Encoded, Fixed, Ragged, starts_of
from peephole.neural.prepare.rows import Floats, is_list, lacks, matrix, need_columns, numbers_of
from peephole.neural.prepare.scaling import Fitted


def _fit(rows: pa.Table, settings: Settings) -> Fitted:
    columns = list(settings["targets"])
    values = _values(rows, columns)
    for i, name in enumerate(columns):
        strange = ~np.isin(values[:, i][~np.isnan(values[:, i])], (0.0, 1.0))
        if strange.any():
            raise DataError(
                f'The target "{name}" holds other values than yes and no (true and false, 1 and 0).',
                remedy="Make it a yes-or-no column with a formula, or take Number output.",
            )
    return {"features": len(columns), "labels": columns}


def _values(rows: pa.Table, columns: list[str]) -> Floats:
    need_columns(rows, columns, "The output")
    if is_list(rows.schema.field(columns[0]).type):
        parts, _, _ = each_list(rows, columns)
        return np.column_stack([numbers_of(part, name) for part, name in zip(parts, columns, strict=True)])
    return matrix(rows, columns)


def _encode(rows: pa.Table, settings: Settings, _fitted: Fitted, at: Arrangement | None) -> Encoded:
    columns = list(settings["targets"])
    values = _values(rows, columns)
    lacking = lacks(values)
    x = torch.from_numpy(np.nan_to_num(values).astype(np.float32))
    if is_list(rows.schema.field(columns[0]).type):
        _, lengths, valid = each_list(rows, columns)
        starts = starts_of(lengths)
        before = np.concatenate([[0], np.cumsum(lacking)])
        valid = valid & (before[starts + lengths] == before[starts])
        return Ragged(x, starts, lengths, valid, lambda _row, step: f"step {step + 1}")
    return in_windows(x, ~lacking, at) if settings["each_step"] and at is not None else Fixed(x, ~lacking, columns)


def _losses(_settings: Settings, _fitted: Fitted, flow: Flow, target: Flow) -> Tensor:
    found = functional.binary_cross_entropy_with_logits(flow.x, target.x, reduction="none").mean(-1)
    return masked(found, flow) if found.dim() == 2 else found


def _errors(_settings: Settings, _fitted: Fitted, flow: Flow, target: Flow) -> tuple[float, int]:
    return counted(((flow.x > 0) == (target.x > 0.5)).double().mean(-1), flow)


def _predict(_settings: Settings, fitted: Fitted, flow: Flow, name: str, probabilities: bool) -> dict[str, pa.Array]:
    steps = flow.x.dim() == 3
    scores = (flat_steps(flow.x, flow) if steps else flow.x).double().cpu()
    found = {}
    for i, label in enumerate(fitted["labels"]):
        found[f"{name} {label}"] = pa.array((scores[:, i] > 0).numpy())
        if probabilities:
            found[f"{name} P({label})"] = pa.array(torch.sigmoid(scores[:, i]).numpy())
    return {column: as_lists(values, flow) if steps else values for column, values in found.items()}


LABELS = Answer(
    _fit,
    _encode,
    _losses,
    "right answers",
    _errors,
    _predict,
    _losses,
    lambda _, target: target.with_x(target.x - 0.5),
    lambda _, fitted: list(fitted["labels"]),
)
