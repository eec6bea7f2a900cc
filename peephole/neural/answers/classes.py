"""Class output: one of several classes, for each example or at each step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import torch
from torch import Tensor
from torch.nn import functional

from peephole.core.errors import DataError
from peephole.neural.answers.answer import Answer, Settings, as_lists, counted, each_list, flat_steps, masked
from peephole.neural.answers.numbers import in_windows
from peephole.neural.parts.flow import Flow
from peephole.neural.prepare.encoded import Arrangement, Encoded, Fixed, Ragged, starts_of
from peephole.neural.prepare.rows import Whole, is_list, need_columns
from peephole.neural.prepare.scaling import Fitted

MOST = 100_000
_TYPES = {"text": pa.string(), "boolean": pa.bool_(), "integer": pa.int64()}


def _fit(rows: pa.Table, settings: Settings) -> Fitted:
    values, name = _values(rows, settings)
    word = _word(values.type, name)
    plain = pc.cast(values, _TYPES[word]).drop_null()
    counts = {entry["values"]: entry["counts"] for entry in pc.value_counts(plain).to_pylist()}
    classes = sorted(counts)
    if len(classes) < 2:
        raise DataError(
            f'The target "{name}" has {len(classes)} classes in the training rows.',
            remedy="Learning to tell classes apart needs rows of two or more.",
        )
    if len(classes) > MOST:
        raise DataError(f'The target "{name}" has {len(classes):,} classes.', remedy="Take Number output for numbers.")
    weights = [sum(counts.values()) / (len(classes) * counts[c]) for c in classes]
    return {"features": len(classes), "classes": classes, "type": word, "weights": weights}


def _word(kind: pa.DataType, name: str) -> str:
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
        return "text"
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "integer"
    raise DataError(
        f'The target "{name}" is of type {kind}, which has no classes.',
        remedy="Choose a column of text, booleans or whole numbers, or take Number output.",
    )


def _values(rows: pa.Table, settings: Settings) -> tuple[pa.Array, str]:
    """All target values, those of lists one after the other."""
    name = next(iter(settings["targets"]))
    need_columns(rows, [name], "The output")
    if is_list(rows.schema.field(name).type):
        return each_list(rows, [name])[0][0], name
    column = rows.column(name).combine_chunks()
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column, name


def _encode(rows: pa.Table, settings: Settings, fitted: Fitted, at: Arrangement | None) -> Encoded:
    values, name = _values(rows, settings)
    kind = _TYPES[fitted["type"]]
    codes: Whole = np.asarray(
        pc.fill_null(pc.index_in(pc.cast(values, kind), value_set=pa.array(fitted["classes"], kind)), -1).to_numpy(
            zero_copy_only=False
        ),
        dtype=np.int64,
    )
    there, x = codes >= 0, torch.from_numpy(np.maximum(codes, 0))
    if is_list(rows.schema.field(name).type):
        _, lengths, valid = each_list(rows, [name])
        starts = starts_of(lengths)
        before = np.concatenate([[0], np.cumsum(~there)])
        valid = valid & (before[starts + lengths] == before[starts])
        return Ragged(x, starts, lengths, valid, lambda row, step: str(fitted["classes"][codes[starts[row] + step]]))
    if settings["each_step"] and at is not None:
        return in_windows(x, there, at)
    return Fixed(x, there, [name])


def _losses(settings: Settings, fitted: Fitted, flow: Flow, target: Flow) -> Tensor:
    scores = flow.x.movedim(-1, 1)
    found = functional.cross_entropy(scores, target.x, reduction="none")
    if settings["balance"]:
        found = found * torch.tensor(fitted["weights"], dtype=found.dtype, device=found.device)[target.x]
    return masked(found, flow) if found.dim() == 2 else found


def _errors(_settings: Settings, _fitted: Fitted, flow: Flow, target: Flow) -> tuple[float, int]:
    return counted((flow.x.argmax(-1) == target.x).double(), flow)


def _predict(_settings: Settings, fitted: Fitted, flow: Flow, name: str, probabilities: bool) -> dict[str, pa.Array]:
    steps = flow.x.dim() == 3
    scores = flat_steps(flow.x, flow) if steps else flow.x
    found: dict[str, Any] = {name: labels_of(fitted, scores.argmax(-1).cpu().numpy())}
    if probabilities:
        shares = torch.softmax(scores.double(), -1).cpu().numpy()
        for i, label in enumerate(fitted["classes"]):
            found[f"{name} P({_shown(label)})"] = pa.array(shares[:, i])
    return {column: as_lists(values, flow) if steps else values for column, values in found.items()}


def _shown(label: Any) -> str:
    return str(label).lower() if isinstance(label, bool) else str(label)


def labels_of(fitted: Fitted, codes: Any) -> pa.Array:
    """Codes as the classes themselves, in the target's own type."""
    return pa.array(fitted["classes"], _TYPES[fitted["type"]]).take(pa.array(codes))


def _said(fitted: Fitted, target: Flow) -> Flow:
    return target.with_x(functional.one_hot(target.x, fitted["features"]).float())


def _outputs(_settings: Settings, fitted: Fitted) -> list[str]:
    return [_shown(label) for label in fitted["classes"]]


CLASSES = Answer(_fit, _encode, _losses, "accuracy", _errors, _predict, _losses, _said, _outputs)
