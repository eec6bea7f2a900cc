"""Number output: regression on one or several columns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import torch
from torch import Tensor
from torch.nn import functional

from peephole.neural.answers.answer import Answer, Settings, as_lists, counted, each_list, flat_steps, masked
from peephole.neural.parts.flow import Flow
from peephole.neural.prepare.encoded import Arrangement, Encoded, Fixed, Ragged, Windows, starts_of
from peephole.neural.prepare.rows import Flags, Floats, is_list, lacks, matrix, need_columns, numbers_of
from peephole.neural.prepare.scaling import Fitted, fit_scaling, scaled, unscaled

_LOSSES: dict[str, Callable[..., Tensor]] = {
    "squared": functional.mse_loss,
    "absolute": functional.l1_loss,
    "huber": functional.huber_loss,
}


def _fit(rows: pa.Table, settings: Settings) -> Fitted:
    columns = list(settings["targets"])
    values = _elements(rows, columns)
    fitted = fit_scaling(values, columns, "none" if settings["scale"] == "none" else "standard")
    if settings["scale"] == "together":
        fitted |= {"shift": [float(np.nanmean(values))] * len(columns), "divisor": [_spread(values)] * len(columns)}
    return {**fitted, "features": len(columns)}


def _spread(values: Floats) -> float:
    return float(np.nanstd(values)) or 1.0


def _elements(rows: pa.Table, columns: list[str]) -> Floats:
    """All target values, those of lists one after the other."""
    need_columns(rows, columns, "The output")
    if is_list(rows.schema.field(columns[0]).type):
        parts, _, _ = each_list(rows, columns)
        return np.column_stack([numbers_of(part, name) for part, name in zip(parts, columns, strict=True)])
    return matrix(rows, columns)


def _encode(rows: pa.Table, settings: Settings, fitted: Fitted, at: Arrangement | None) -> Encoded:
    columns = list(settings["targets"])
    values = scaled(_elements(rows, columns), fitted)
    lacking = lacks(values)
    x = torch.from_numpy(np.nan_to_num(values).astype(np.float32))
    if is_list(rows.schema.field(columns[0]).type):
        _, lengths, valid = each_list(rows, columns)
        starts = starts_of(lengths)
        before = np.concatenate([[0], np.cumsum(lacking)])
        valid = valid & (before[starts + lengths] == before[starts])
        return Ragged(x, starts, lengths, valid, lambda _row, step: f"step {step + 1}")
    if settings["each_step"] and at is not None:
        return in_windows(x, ~lacking, at)
    return Fixed(x, ~lacking, columns)


def in_windows(x: Tensor, there: Flags, at: Arrangement) -> Windows:
    """Targets of each row as targets of each step of the windows; a window that lacks one is not valid."""
    order = torch.argsort(at.place)
    valid = at.complete.copy()
    lacking = ~there[order.numpy()]
    for offset in at.offsets.tolist():
        valid &= ~lacking[np.maximum(at.place.numpy() + offset, 0)]
    return Windows(x[order], at, valid)


def _losses(settings: Settings, _fitted: Fitted, flow: Flow, target: Flow) -> Tensor:
    found = _LOSSES[settings["loss"]](flow.x, target.x, reduction="none").mean(-1)
    return masked(found, flow) if found.dim() == 2 else found


def _errors(_settings: Settings, fitted: Fitted, flow: Flow, target: Flow) -> tuple[float, int]:
    divisor = torch.tensor(fitted["divisor"], dtype=flow.x.dtype, device=flow.x.device)
    return counted(((flow.x - target.x).abs() * divisor).mean(-1), flow)


def _row_errors(_settings: Settings, fitted: Fitted, flow: Flow, target: Flow) -> Tensor:
    divisor = torch.tensor(fitted["divisor"], dtype=torch.float64, device=flow.x.device)
    return (((flow.x - target.x).double() * divisor) ** 2).mean(-1)


def _predict(settings: Settings, fitted: Fitted, flow: Flow, name: str, _probabilities: bool) -> dict[str, pa.Array]:
    columns = list(settings["targets"])
    steps = flow.x.dim() == 3
    values = unscaled((flat_steps(flow.x, flow) if steps else flow.x).double().cpu().numpy(), fitted)
    found = {}
    for i, column in enumerate(columns):
        plain = pa.array(values[:, i])
        found[name if len(columns) == 1 else f"{name} {column}"] = as_lists(plain, flow) if steps else plain
    return found


NUMBERS = Answer(
    _fit,
    _encode,
    _losses,
    "mean absolute error",
    _errors,
    _predict,
    _row_errors,
    lambda _, target: target,
    lambda settings, _: list(settings["targets"]),
)
