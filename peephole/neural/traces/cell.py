"""One cell of the stack run over the example: its values, and its errors once something is sent in from outside.

Everything here is in the cell's own time and padded, (T, B, ·); the trace turns it into the input's time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from peephole.neural.cells.shares import computed, route_share, term_shares
from peephole.neural.cells.spec import CellSpec, Route
from peephole.neural.cells.variants import VARIANTS
from peephole.neural.layers.function import reference
from peephole.neural.layers.recurrent import Direction
from peephole.neural.traces.layout import Layout

_LETTERS = {"z": "z", "in": "i", "for": "f", "out": "o"}
STORED = ("U", "W", "R", "Q", "p", "b")


class Lazy(Mapping[str, Tensor]):
    """Tensors by name, computed when asked for."""

    def __init__(self, names: Sequence[str], get: Callable[[str], Tensor]) -> None:
        self._names = names
        self._get = get

    def __getitem__(self, name: str) -> Tensor:
        return self._get(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True)
class CellRun:
    """A cell's forward run.

    direction: forward, or reverse: its own time then runs from each sequence's last step to its first.
    saved: what the reference cell keeps for its backward pass (rows, parameters, initial states).
    """

    spec: CellSpec
    layout: Layout
    direction: Direction
    saved: Any

    @cached_property
    def hidden_size(self) -> int:
        """H."""
        return int(self._starts()[0].shape[-1])

    @cached_property
    def parameters(self) -> dict[str, Tensor]:
        """Every parameter by the paper's name, as it was when the trace was opened."""
        stored = {name: getattr(self.saved, name, None) for name in STORED}
        return self.spec.views(stored, self.hidden_size)

    @cached_property
    def start(self) -> dict[str, Tensor]:
        """The initial states by variable, (B, H)."""
        return self.by_state([self.layout.restored(state) for state in self._starts()])

    def _starts(self) -> list[Tensor]:
        return [getattr(self.saved, name) for name in ("h0", "y0", "c0", "g0") if hasattr(self.saved, name)]

    def by_state(self, states: Sequence[Tensor]) -> dict[str, Tensor]:
        """State tensors in the layer's order, by variable: FGR's gates are side by side in one."""
        single = [part for state in states for part in torch.split(state, self.hidden_size, dim=-1)]
        return dict(zip(self.spec.states, single, strict=True))

    @cached_property
    def _rows(self) -> dict[str, Tensor]:
        """The values that the cell keeps, as rows; the others follow from them."""
        saved = self.saved
        if self.spec.kind == "rnn":
            return {"x": saved.x, "h": saved.h}
        if self.spec.kind == "gru":
            return {"x": saved.x, "h": saved.h, **dict(zip("runm", saved.gates.chunk(4, dim=-1), strict=True))}
        blocks = VARIANTS[self.spec.variant].split(saved.gates)
        return {"x": saved.x, "c": saved.c, "y": saved.y, **{_LETTERS[block]: v for block, v in blocks.items()}}

    def value(self, variable: str) -> Tensor:
        """A variable at every step, (T, B, ·)."""
        if variable in self._rows:
            return self.layout.padded(self._rows[variable])
        return self.layout.masked(computed(self.spec, variable, self.values, self.start, self.parameters))

    def terms(self, variable: str) -> list[Tensor | None]:
        """What each term of a variable's equation amounts to at every step, (T, B, H); None where its bias is missing."""
        like = self.value(variable)
        shares = term_shares(self.spec, variable, self.values, self.start, self.parameters)
        return [None if share is None else self.layout.masked(share.expand_as(like)) for share in shares]

    @property
    def values(self) -> Lazy:
        """Every variable's value by id."""
        return Lazy([variable.id for variable in self.spec.variables], self.value)

    def turned(self, over_time: Tensor) -> Tensor:
        """From the cell's own time to the input's, or back."""
        return self.layout.turned(over_time) if self.direction == "reverse" else over_time

    def backward(self, outside: Tensor, finals: Sequence[Tensor]) -> CellErrors:
        """The error of every variable.

        outside: ∂J/∂output from outside the layer, (T, B, H).  finals: ∂J/∂ of the final states, (B, ·), in the layer's order.
        """
        cell = reference(self.spec.kind, self.spec.variant)
        ends = [self.layout.in_order(final) for final in finals]
        found = cell.errors(self.saved, self.layout.rows(outside), *ends)
        start = [
            self.layout.restored(getattr(found, name)) for name in ("h0", "y0", "c0", "g0") if hasattr(found, name)
        ]
        return CellErrors(self, outside, self.by_state(finals), self._named(found), self.by_state(start))

    def _named(self, found: Any) -> dict[str, Tensor]:
        """The errors that the cell gives, by variable, as rows."""
        if self.spec.kind == "rnn":
            return {"a": found.a, "h": found.h}
        if self.spec.kind == "gru":
            bars = dict(zip(("r_bar", "u_bar", "n_bar"), found.bars.chunk(3, dim=-1), strict=True))
            return {**bars, "m": found.m, "h": found.h}
        blocks = VARIANTS[self.spec.variant].split(found.bars)
        gates = dict(zip("ifo", found.g.chunk(3, dim=-1), strict=True)) if hasattr(found, "g") else {}
        return {**{f"{_LETTERS[block]}_bar": d for block, d in blocks.items()}, **gates, "y": found.y, "c": found.c}


@dataclass(frozen=True)
class CellErrors:
    """A cell's backward run.

    outside: what reaches the output from outside the layer, (T, B, H).  finals: ∂J/∂ of the final states, (B, H) by variable.
    rows: the δ that the cell computes, by variable; the others are the sums of their routes.
    start: δ of the initial states, (B, H) by variable.
    """

    cell: CellRun
    outside: Tensor
    finals: dict[str, Tensor]
    rows: dict[str, Tensor]
    start: dict[str, Tensor]

    def error(self, variable: str) -> Tensor:
        """δ of a variable at every step, (T, B, ·)."""
        if variable in self.rows:
            return self.cell.layout.padded(self.rows[variable])
        shares = [self.share(route) for route in self.cell.spec.routes_of(variable)]
        return torch.stack(shares).sum(0) if len(shares) > 1 else shares[0]

    @property
    def errors(self) -> Lazy:
        """Every variable's δ by id."""
        return Lazy([variable.id for variable in self.cell.spec.variables], self.error)

    def share(self, route: Route) -> Tensor:
        """One route's share of its variable's δ at every step, (T, B, ·)."""
        if route.external == "final state":
            return self.cell.layout.at_end(self.finals[route.variable])
        if route.external is not None:
            return self.outside
        return route_share(route, self.cell.values, self.errors, self.cell.start, self.cell.parameters)
