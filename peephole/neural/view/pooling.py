"""Fewer cells than numbers: a picture of many units or steps, in which nothing strong disappears."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor


def edges(count: int, cells: int) -> list[int]:
    """Where the cells begin and end when `count` things share at most `cells` cells."""
    used = max(1, min(count, cells))
    return [round(k * count / used) for k in range(used + 1)]


def strongest(values: Tensor, cells: int, dim: int) -> Tensor:
    """At most `cells` cells along a dimension; each shows the number of greatest size in it, with its sign."""
    count = values.shape[dim]
    if count <= cells:
        return values
    ends = edges(count, cells)
    parts = []
    for start, stop in pairwise(ends):
        part = values.narrow(dim, start, stop - start)
        parts.append(part.gather(dim, part.abs().argmax(dim, keepdim=True)))
    return torch.cat(parts, dim)
