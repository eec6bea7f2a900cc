"""One cell of a trace looked at for one sequence and one loss, each tensor computed once and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from torch import Tensor

from peephole.neural.traces import Trace

T = TypeVar("T")


@dataclass(frozen=True)
class Where:
    """Which cell, which sequence, which loss.  loss_at: only J(loss_at); None for all of J."""

    layer: int = 0
    direction: str = "forward"
    batch: int = 0
    loss_at: int | None = None


@dataclass
class Reading:
    """Tensors are (T, units), T the steps of this sequence, in the input's time."""

    trace: Trace
    where: Where
    _kept: dict[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """Steps of the sequence."""
        return int(self.trace.lengths[self.where.batch])

    @property
    def place(self) -> dict[str, Any]:
        """The cell, as the trace's accessors take it."""
        return {"layer": self.where.layer, "direction": self.where.direction}

    def value(self, variable: str) -> Tensor:
        """A variable's value."""
        return self._once("value", variable, lambda: self._own(self.trace.value(variable, **self.place)))

    def error(self, variable: str) -> Tensor:
        """A variable's δ."""
        return self._once(
            "error", variable, lambda: self._own(self.trace.error(variable, loss_at=self.where.loss_at, **self.place))
        )

    def terms(self, variable: str) -> list[Tensor | None]:
        """What each term of a variable's equation amounts to."""
        return self._once(
            "terms",
            variable,
            lambda: [None if t is None else self._own(t) for t in self.trace.terms(variable, **self.place)],
        )

    def routes(self, variable: str) -> dict[str, Tensor]:
        """Each route's share of a variable's δ, by route id."""
        return self._once(
            "routes",
            variable,
            lambda: {
                route: self._own(share)
                for route, share in self.trace.routes(variable, loss_at=self.where.loss_at, **self.place).items()
            },
        )

    def start(self, state: str) -> Tensor:
        """An initial state, (H)."""
        return self.trace.initial(state, **self.place)[self.where.batch]

    def start_error(self, state: str) -> Tensor:
        """δ of an initial state, (H)."""
        return self.trace.initial_error(state, loss_at=self.where.loss_at, **self.place)[self.where.batch]

    def _own(self, over_batch: Tensor) -> Tensor:
        return over_batch[: self.steps, self.where.batch]

    def _once(self, kind: str, variable: str, compute: Callable[[], T]) -> T:
        if (kind, variable) not in self._kept:
            self._kept[kind, variable] = compute()
        found: T = self._kept[kind, variable]
        return found
