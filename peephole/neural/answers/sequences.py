"""Label sequence output: connectionist temporal classification (Graves et al., 2006).

The network says at every step one of the labels or nothing (the blank, code 0); repeats, then blanks are taken out. Where each
label begins need not be known: the loss sums over every way to say the sequence.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from torch import Tensor
from torch.nn import functional

from peephole.core.errors import DataError
from peephole.neural.answers.answer import Answer, Settings
from peephole.neural.parts.flow import Flow
from peephole.neural.prepare.encoded import Arrangement, Encoded, Ragged, starts_of
from peephole.neural.prepare.rows import need_columns
from peephole.neural.prepare.scaling import Fitted
from peephole.neural.prepare.text import split


def _units(rows: pa.Table, settings: Settings) -> list[list[str]]:
    need_columns(rows, settings["targets"], "The output")
    return split(rows, {"columns": settings["targets"], "unit": settings["unit"], "lower": False})


def _fit(rows: pa.Table, settings: Settings) -> Fitted:
    counts = Counter(unit for one in _units(rows, settings) for unit in one)
    if not counts:
        raise DataError("The target has no labels to learn.", remedy="Choose another column.")
    return {"features": len(counts) + 1, "labels": sorted(counts)}


def _encode(rows: pa.Table, settings: Settings, fitted: Fitted, _at: Arrangement | None) -> Encoded:
    codes = {unit: code for code, unit in enumerate(fitted["labels"], start=1)}
    units = _units(rows, settings)
    known = np.array([bool(one) and all(unit in codes for unit in one) for one in units], dtype=bool)
    kept = [one if good else [] for one, good in zip(units, known, strict=True)]
    lengths = np.array([len(one) for one in kept], dtype=np.int64)
    flat = torch.tensor([codes[unit] for one in kept for unit in one] or [0], dtype=torch.int64)
    return Ragged(flat, starts_of(lengths), lengths, known, lambda row, step: kept[row][step])


def _losses(_settings: Settings, _fitted: Fitted, flow: Flow, target: Flow) -> Tensor:
    batch, steps = flow.x.shape[:2]
    given = torch.full((batch,), steps) if flow.lengths is None else flow.lengths
    wanted = torch.full((batch,), target.x.shape[1]) if target.lengths is None else target.lengths
    _check_room(target.x.cpu(), given, wanted)
    said = torch.log_softmax(flow.x, -1).transpose(0, 1)
    found: Tensor = functional.ctc_loss(said, target.x, given, wanted, blank=0, reduction="none")
    return found / wanted.to(found)


def _check_room(codes: Tensor, given: Tensor, wanted: Tensor) -> None:
    """Every label needs a step, and a blank between two that are equal."""
    there = torch.arange(codes.shape[1]).unsqueeze(0) < wanted.unsqueeze(1)
    repeats = ((codes[:, 1:] == codes[:, :-1]) & there[:, 1:]).sum(1)
    short = given < wanted + repeats
    if bool(short.any()):
        i = int(short.nonzero()[0])
        raise DataError(
            f"{int(wanted[i])} labels are to be said in {int(given[i])} steps, and {int(wanted[i] + repeats[i])} are needed.",
            remedy="Give the network longer sequences (less pooling), or leave such rows out.",
        )


def _errors(_settings: Settings, _fitted: Fitted, flow: Flow, target: Flow) -> tuple[float, int]:
    wanted = [target.x.shape[1]] * len(target.x) if target.lengths is None else target.lengths.tolist()
    said = greedy(flow)
    wrong = sum(edits(one, codes[:n]) for one, codes, n in zip(said, target.x.tolist(), wanted, strict=True))
    return float(wrong), int(sum(wanted))


def greedy(flow: Flow) -> list[list[int]]:
    """The best code of every step, repeats and then blanks taken out."""
    best = flow.x.argmax(-1).cpu().tolist()
    lengths = [len(one) for one in best] if flow.lengths is None else flow.lengths.tolist()
    return [[code for code, _ in groupby(one[:n]) if code] for one, n in zip(best, lengths, strict=True)]


def edits(one: list[int], other: list[int]) -> int:
    """The fewest insertions, deletions and replacements between two sequences (Levenshtein's distance)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def _predict(settings: Settings, fitted: Fitted, flow: Flow, name: str, _probabilities: bool) -> dict[str, pa.Array]:
    said = [[fitted["labels"][code - 1] for code in one] for one in greedy(flow)]
    if settings["unit"] == "characters":
        return {name: pa.array(["".join(one) for one in said], pa.string())}
    if settings["unit"] == "words":
        return {name: pa.array([" ".join(one) for one in said], pa.string())}
    found: Any = pa.array(said, pa.list_(pa.string()))
    return {name: found}


def _said(fitted: Fitted, target: Flow) -> Flow:
    """Each label, and a blank after it."""
    there = Flow(functional.one_hot(target.x, fitted["features"]).float(), target.lengths).cleared().x
    blank = torch.zeros_like(there)
    blank[..., 0] = 1
    x = torch.stack([there, blank], dim=2).flatten(1, 2)
    return Flow(x, None if target.lengths is None else 2 * target.lengths)


def _outputs(_settings: Settings, fitted: Fitted) -> list[str]:
    return ["blank", *fitted["labels"]]


LABEL_SEQUENCES = Answer(_fit, _encode, _losses, "label error rate", _errors, _predict, _losses, _said, _outputs)
