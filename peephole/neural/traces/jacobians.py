"""How one step's state changes another's: Jacobians through every route, the highway alone, over any span.

∂v(t)/∂v(k) is the total derivative in the unfolded graph: what v(k) does to v(t) by every path. Rows are carried back
through the whole cell, which is the product of the full state's one-step Jacobians, and never forms it.
Steps are in the cell's own time; -1 is the initial state.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from peephole.core.errors import listing
from peephole.core.progress import check_cancelled
from peephole.neural.cells.shares import factor_value
from peephole.neural.errors import NetworkSettingError
from peephole.neural.traces.back import Backward
from peephole.neural.traces.cell import CellRun


def going_back(cell: CellRun, variable: str, t: int, batch: int) -> Iterator[Tensor]:
    """∂v(t)/∂v(k), (H, H), for k = t, t-1, ... 0 and -1."""
    H = cell.hidden_size
    back = Backward(cell, batch=batch)
    one = torch.eye(H, dtype=cell.saved.x.dtype, device=cell.saved.x.device).unsqueeze(1)
    now = back.step(t, {}, {variable: one})
    for k in range(t, -1, -1):
        check_cancelled()
        if k < t:
            now = back.step(k, now, {})
        yield _row(now.get(variable), one)
    yield _row(back.arrivals(-1, now, [variable]).get(variable), one)


def _row(found: Tensor | None, like: Tensor) -> Tensor:
    return (torch.zeros_like(like) if found is None else found).squeeze(1)


def span(cell: CellRun, variable: str, t: int, k: int, batch: int) -> Tensor:
    """∂v(t)/∂v(k) through every route, (H, H)."""
    for step, jacobian in zip(range(t, -2, -1), going_back(cell, variable, t, batch), strict=False):
        if step == k:
            return jacobian
    raise AssertionError(f"unreachable: step {k} is not before {t}")


def full_state(cell: CellRun, t: int, batch: int) -> Tensor:
    """∂s(t)/∂s(t-1) of the full state s, (S, S), in the order of `spec.states`; each part of s(t-1) varies alone."""
    H, states = cell.hidden_size, cell.spec.states
    back = Backward(cell, batch=batch)
    like = cell.saved.x
    one = torch.eye(H * len(states), dtype=like.dtype, device=like.device).unsqueeze(1)
    now = back.step(t, {}, dict(zip(states, torch.split(one, H, dim=-1), strict=True)))
    found = back.arrivals(t - 1, now, states)
    blank = one[..., :H]
    return torch.cat([_row(found.get(state), blank) for state in states], dim=-1)


def highway(cell: CellRun, variable: str) -> Tensor:
    """∂v(t)/∂v(t-1) along the highway alone, its diagonal at every step, (T, B, H). Raises NetworkSettingError."""
    spec = cell.spec
    found = [route for route in spec.routes if route.variable == variable and route.id == "highway"]
    if not found:
        having = [route.variable for route in spec.routes if route.id == "highway"]
        remedy = f"A highway has: {listing(having)}." if having else "A simple RNN has none: take an LSTM or a GRU."
        raise NetworkSettingError(f"{variable} has no highway.", remedy=remedy, setting="through")
    like = cell.value(variable)
    diagonal = torch.ones_like(like)
    for factor in found[0].factors:  # read one step later: the route belongs to t-1, the Jacobian to t
        at_t = type(factor)(factor.function, tuple(type(ref)(ref.variable, ref.offset - 1) for ref in factor.of))
        diagonal = diagonal * factor_value(at_t, cell.values, cell.start)
    return diagonal
