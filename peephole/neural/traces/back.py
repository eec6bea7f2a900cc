"""Many errors carried back at once: rows of an error map, or of a Jacobian, through one cell, step by step.

Each row is an error of its own; all share the cell's values. A variable that no row has reached yet is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn.functional import hardshrink

from peephole.neural.cells.shares import FUNCTIONS
from peephole.neural.cells.spec import Factor, Ref, Route
from peephole.neural.traces.cell import CellRun

Rows = Mapping[str, Tensor]


def _least(dtype: torch.dtype) -> float:
    """Errors up to this size are taken as zero: denormal numbers would slow a vanished error down tenfold."""
    kind = torch.finfo(dtype)
    return 0.0 if dtype == torch.float16 else kind.smallest_normal / kind.eps


class Backward:
    """One step back at a time, in the cell's own time; tensors are (R, B, H) by variable.

    batch: the one sequence to look at; None for all.  inputs: whether δx is wanted too.
    """

    def __init__(self, cell: CellRun, *, batch: int | None = None, inputs: bool = False) -> None:
        spec = cell.spec
        chosen = slice(None) if batch is None else slice(batch, batch + 1)
        order = [variable.id for variable in reversed(spec.variables) if inputs or variable.role != "input"]
        self._routes = {v: [r for r in spec.routes_of(v) if r.source is not None] for v in order}
        needed = {ref.variable for r in spec.routes for factor in r.factors for ref in factor.of}
        self._values = {variable: cell.value(variable)[:, chosen] for variable in needed}
        self._start = {variable: state[chosen] for variable, state in cell.start.items()}
        self._parameters = cell.parameters
        self._least = _least(cell.saved.x.dtype)

    def step(self, t: int, following: Rows, seeds: Rows) -> dict[str, Tensor]:
        """δ of every variable at t.  following: those at t+1.  seeds: what enters at t from outside."""
        now: dict[str, Tensor] = {}
        for variable, routes in self._routes.items():
            total = self._sum(routes, t, now, following, seeds.get(variable))
            if total is not None:
                now[variable] = hardshrink(total, self._least)
        return now

    def arrivals(self, t: int, following: Rows, variables: Sequence[str]) -> dict[str, Tensor]:
        """What reaches each variable at t from step t+1 directly, not by way of another variable at t."""
        found = {v: self._sum(self._routes[v], t, {}, following, None) for v in variables}
        return {variable: total for variable, total in found.items() if total is not None}

    def _sum(self, routes: list[Route], t: int, now: Rows, following: Rows, total: Tensor | None) -> Tensor | None:
        for route in routes:
            source = route.source or Ref("")
            error = (following if source.offset else now).get(source.variable)
            if error is not None:
                share = self._carried(route, t, error)
                total = share if total is None else total + share
        return total

    def _carried(self, route: Route, t: int, error: Tensor) -> Tensor:
        for factor in route.factors:
            error = error * self._factor(factor, t)
        if route.parameter is None:
            return error
        weight = self._parameters[route.parameter]
        return error @ weight if weight.dim() == 2 else error * weight

    def _factor(self, factor: Factor, t: int) -> Tensor | float:
        if factor.function == "minus_one":
            return -1.0
        return FUNCTIONS[factor.function](*(self._at(ref, t + ref.offset) for ref in factor.of))

    def _at(self, ref: Ref, t: int) -> Tensor:
        return self._start[ref.variable] if t < 0 else self._values[ref.variable][t]
