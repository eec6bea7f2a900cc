"""Merge: side by side, added, multiplied, or attention."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import torch
from torch import Tensor, nn

from peephole.neural.errors import NetworkInputError
from peephole.neural.parts.flow import Flow, Part, Settings, features
from peephole.neural.shapes import Shape


def _merge(settings: Settings, before: Sequence[Shape], _after: Shape) -> nn.Module:
    if settings["how"] != "attention":
        return nn.Identity()
    layer = nn.Linear(features(before[0]), features(before[1]), bias=False)
    nn.init.xavier_uniform_(layer.weight)
    return layer


def _run(layer: nn.Module, settings: Settings, flows: Sequence[Flow]) -> Flow:
    how = settings["how"]
    if how == "attention":
        return flows[0].with_x(attended(layer, flows[0], flows[1])[0])
    first = flows[0]
    for other in flows[1:]:
        _same_steps(first, other)
    if how == "concatenate":
        return first.with_x(torch.cat([f.x for f in flows], dim=1 if first.x.dim() == 4 else -1))
    combine = torch.add if how == "add" else torch.mul
    return first.with_x(reduce(combine, [f.x for f in flows]))


def attended(layer: nn.Module, asks: Flow, memory: Flow) -> tuple[Tensor, Tensor]:
    """Luong's general attention: weights softmax(q W k), and the weighted mean of the memory.

    Returns the context (B, F) or (B, T, F) as `asks` has steps, and the weights (B, S) or (B, T, S).
    Source: Luong, Pham and Manning, "Effective approaches to attention-based neural machine translation" (2015).
    """
    single = asks.x.dim() == 2
    query = layer(asks.x.unsqueeze(1) if single else asks.x)
    scores = query @ memory.x.transpose(1, 2)
    mask = memory.mask
    if mask is not None:
        scores = scores.masked_fill(~mask.unsqueeze(1), -torch.inf)
    weights = torch.softmax(scores, dim=-1)
    context = weights @ memory.x
    return (context.squeeze(1), weights.squeeze(1)) if single else (context, weights)


def _same_steps(first: Flow, other: Flow) -> None:
    if first.x.dim() != 3:
        return
    steps = [f.x.shape[1] if f.lengths is None else f.lengths.tolist() for f in (first, other)]
    if steps[0] != steps[1]:
        raise NetworkInputError(
            "Merge: the sequences that are led together differ in length.",
            remedy="Take sequences of the same steps, or Last step before Merge.",
        )


MERGING = {"merge_layers": Part(_merge, _run)}
