"""How far an error travels: ‖∂J(t)/∂v(k)‖ for many t and every k, all rows in one backward pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from peephole.core.progress import advance
from peephole.neural.cells.rnn import slope
from peephole.neural.traces.back import Backward
from peephole.neural.traces.cell import CellRun
from peephole.neural.traces.losses import Losses
from peephole.neural.traces.stack import Outside, Place, Stack

_BUDGET = 2**27  # bytes of the largest tensor that holds several rows


@dataclass(frozen=True)
class ErrorFlow:
    """How much of each step's loss reaches every step.

    variable: whose δ.  steps: the chosen t, (R); of a loss that is one number the last step alone, for all of J.
    norms: ‖∂J(t)/∂v(k)‖ over the units, (R, T, B), k along T; zero where
    nothing arrives.  bound: for a simple RNN what it cannot exceed, (R, T, B), as the product Π ‖W‖ · max|g'(a(s))| over
    the steps between says; None for other cells.
    """

    variable: str
    steps: Tensor
    norms: Tensor
    bound: Tensor | None


@dataclass(frozen=True)
class _Seeds:
    """What enters one cell from outside, for a few rows.

    dense: (T, R, B, H) in the cell's own time; or else sparse: each row has only its own step's error.
    sparse: ∂J/∂output (T, B, H).  own: each row's step in the cell's own time, (R, B).  finals: (R, B, H) by state variable.
    """

    cell: CellRun
    own: Tensor
    sparse: Tensor
    dense: Tensor | None
    finals: dict[str, Tensor]

    def at(self, t: int, active: int) -> dict[str, Tensor]:
        """What enters at own step t in the first `active` rows, by variable."""
        output = self.cell.spec.output
        if self.dense is not None:
            found = {output: self.dense[t, :active]}
        else:
            found = {output: (self.own[:active] == t).unsqueeze(-1).to(self.sparse) * self.sparse[t]}
        last = (self.cell.layout.lengths - 1 == t).to(self.sparse).unsqueeze(-1)
        if self.finals and bool(last.any()):
            for variable, final in self.finals.items():
                found[variable] = found.get(variable, 0) + last * final[:active]
        return found

    def active(self, t: int) -> int:
        """How many rows have begun at own step t; they are sorted, latest first."""
        return len(self.own) if self.dense is not None else int((self.own.amax(1) >= t).sum())


def error_flow(stack: Stack, losses: Losses, variable: str, place: Place, steps: list[int]) -> ErrorFlow:
    """The map for these steps t.  variable: of the cell at `place`."""
    cell = stack.cells[place]
    sparse = place[0] == stack.layers - 1 and losses.local
    norms, bounds = [], []
    width = stack.layout.B * max(cell.hidden_size, cell.value("x").shape[-1]) * losses.whole.y.element_size()
    size = max(1, _BUDGET // (width * (1 if sparse else stack.layout.T * len(stack.directions))))
    for done in range(0, len(steps), size):
        rows = steps[done : done + size]
        order = sorted(range(len(rows)), key=lambda r: rows[r], reverse=place[1] == "forward")
        back = torch.tensor(order).argsort()
        ordered = torch.tensor([rows[r] for r in order])
        seeds = _seeds_at(stack, losses, place, ordered, sparse=sparse)
        norms.append(_norms(cell, seeds, variable)[back])
        if cell.spec.kind == "rnn":
            bounds.append(_bound(cell, seeds, variable)[back])
    bound = torch.cat(bounds) if bounds else None
    return ErrorFlow(variable, torch.tensor(steps), torch.cat(norms), bound)


def _seeds_at(stack: Stack, losses: Losses, place: Place, rows: Tensor, *, sparse: bool) -> _Seeds:
    """What enters a cell when only J(t) counts, for each t in `rows`; runs the layers above for it."""
    layer, direction = place
    cell, layout = stack.cells[place], stack.layout
    own = rows.unsqueeze(1).expand(-1, layout.B)
    if direction == "reverse":
        own = layout.lengths - 1 - own
    y = cell.turned(stack.part(losses.whole.y, direction))
    own = own.to(y.device)
    if sparse:
        return _Seeds(cell, own, y, None, {})
    sent = [losses.row(int(t)) for t in rows]
    finals = _final_rows(stack, sent, place)
    if layer == stack.layers - 1:
        above = torch.stack([stack.part(outside.y, direction) for outside in sent], dim=1)
    else:
        above = _from_above(stack, losses, layer, rows, direction)
    return _Seeds(cell, own, y, cell.turned(above), finals)


def _final_rows(stack: Stack, sent: list[Outside], place: Place) -> dict[str, Tensor]:
    per_row = [stack.finals_at(outside, place) for outside in sent]
    return stack.cells[place].by_state([torch.stack(of_one) for of_one in zip(*per_row, strict=True)])


def _from_above(stack: Stack, losses: Losses, layer: int, rows: Tensor, wanted: str) -> Tensor:
    """∂J(t)/∂ of one direction's outputs of `layer`, (T, R, B, H) in the input's time."""
    total: Tensor | None = None
    for direction in stack.directions:
        upper = (layer + 1, direction)
        cell = stack.cells[upper]
        sparse = upper[0] == stack.layers - 1 and losses.local
        turn = -1 if direction == "reverse" else 1
        order = rows.argsort(descending=turn == 1)
        seeds = _seeds_at(stack, losses, upper, rows[order], sparse=sparse)
        errors = torch.stack([dx for _, dx in _going_back(cell, seeds, "x")][::-1])
        errors = cell.turned(errors)[:, order.argsort()]
        total = errors if total is None else total + errors
    mask = stack.masks[layer]
    if total is None:
        raise AssertionError("unreachable: a stack has at least one direction")
    joined = total if mask is None else total * mask.unsqueeze(1)
    return stack.part(joined, "reverse" if wanted == "reverse" else "forward")


def _going_back(cell: CellRun, seeds: _Seeds, variable: str) -> Iterator[tuple[int, Tensor]]:
    """(own step, δ of the variable (R, B, ·)), last step first."""
    T, R = cell.layout.T, len(seeds.own)
    back = Backward(cell, inputs=variable == "x")
    like = cell.value(variable)
    now: dict[str, Tensor] = {}
    for t in range(T - 1, -1, -1):
        active = seeds.active(t)
        following = {name: _grown(error, active) for name, error in now.items()}
        now = back.step(t, following, seeds.at(t, active)) if active else {}
        found = now.get(variable)
        yield t, _grown(like.new_zeros(0, *like.shape[1:]) if found is None else found, R)
        if t % 50 == 0:
            advance(T - t, T, "Error flow")


def _grown(rows: Tensor, size: int) -> Tensor:
    """Rows (R, B, ·) with zeros for those that begin only now."""
    missing = size - len(rows)
    return rows if missing == 0 else torch.cat([rows, rows.new_zeros(missing, *rows.shape[1:])])


def _norms(cell: CellRun, seeds: _Seeds, variable: str) -> Tensor:
    """‖δ‖ over the units, (R, T, B) in the input's time."""
    found = [torch.linalg.vector_norm(error, dim=-1) for _, error in _going_back(cell, seeds, variable)]
    return _in_input_time(cell, torch.stack(found[::-1]))


def _bound(cell: CellRun, seeds: _Seeds, variable: str) -> Tensor:
    """What ‖δ‖ cannot exceed in a simple RNN, (R, T, B): with a single error at t, ‖∂J/∂h(t)‖ Π ‖W‖ max|g'(a(s))|."""
    largest = torch.linalg.matrix_norm(cell.parameters["W"], ord=2)
    slopes = slope(cell.spec.variant, cell.value("h")).abs().amax(-1)  # ‖diag(g'(a(t)))‖, (T, B)
    T, R = cell.layout.T, len(seeds.own)
    total = slopes.new_zeros(R, cell.layout.B)
    found = []
    for t in range(T - 1, -1, -1):
        carried = total * largest * slopes[t + 1] if t + 1 < T else total
        entering = seeds.at(t, R)[cell.spec.output]
        total = carried + torch.linalg.vector_norm(entering, dim=-1)
        found.append(total * slopes[t] if variable == "a" else total)
    return _in_input_time(cell, torch.stack(found[::-1]))


def _in_input_time(cell: CellRun, own: Tensor) -> Tensor:
    """(T, R, B) in the cell's own time as (R, T, B) in the input's."""
    return cell.turned(own.unsqueeze(-1)).squeeze(-1).movedim(1, 0)
