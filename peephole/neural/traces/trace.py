"""A trace: one example through a recurrent layer, with every value, error and route open to be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from peephole.core.progress import progress
from peephole.neural.cells.spec import CellSpec, Route
from peephole.neural.traces import checks, equations, files, flow, gradients, jacobians
from peephole.neural.traces.cell import CellErrors, CellRun
from peephole.neural.traces.equations import Equation, Spot
from peephole.neural.traces.flow import ErrorFlow
from peephole.neural.traces.losses import Losses
from peephole.neural.traces.stack import Pass, Place, Stack

Through = Literal["all", "highway"]


class Trace:
    """What `unfold` gives.

    T: steps.  B: sequences.  lengths: steps of each sequence (B).  loss: J.  step_losses: J(t), (T) or (T, B), or None.
    layers: how many.  directions: of each layer.  spec: the cell's variables, routes and parameters, as data.

    Every accessor takes `layer` and `direction`; t counts the input's steps from 0, in the reverse direction too.
    Tensors over time are (T, B, units), in the order of the batch and zero at padding. With `loss_at=s` only the error of
    J(s) is followed; over all s it sums to the whole. Jacobians, error maps and step gradients are computed when asked for.
    Notation: docs/understanding-bptt.md. Raises NetworkSettingError for what the trace does not have.
    """

    def __init__(self, stack: Stack, losses: Losses) -> None:
        self._stack = stack
        self._losses = losses
        self._whole: Pass = stack.backward(losses.whole)
        self._of_step = lru_cache(maxsize=2)(lambda step: stack.backward(losses.at(step)))
        self.T = stack.layout.T
        self.B = stack.layout.B
        self.lengths = stack.layout.lengths
        self.layers = stack.layers
        self.directions: tuple[str, ...] = stack.directions
        self.spec: CellSpec = stack.spec
        self.loss = losses.total
        self.step_losses = losses.steps

    def __repr__(self) -> str:
        name = " ".join(filter(None, (self.spec.kind.upper(), self.spec.variant)))
        cells = f"{self.layers} layers" if self.layers > 1 else "1 layer"
        return (
            f"Trace({name}, {cells}, {len(self.directions)} directions, T={self.T}, B={self.B}, loss={self.loss:.4g})"
        )

    @property
    def variables(self) -> tuple[str, ...]:
        """Ids of the cell's variables, in the order of computation."""
        return tuple(variable.id for variable in self.spec.variables)

    def parameters(self, *, layer: int = 0, direction: str = "forward") -> dict[str, Tensor]:
        """The parameters by the paper's names, as they were when the trace was opened."""
        return dict(self._cell(layer, direction).parameters)

    # -- values and errors ------------------------------------------------------------------------------------------

    def value(self, name: str, *, layer: int = 0, direction: str = "forward") -> Tensor:
        """A variable at every step, (T, B, H); `x` (T, B, I)."""
        cell = self._cell(layer, direction)
        return cell.turned(cell.value(checks.check_variable(self.spec, name)))

    def terms(self, name: str, *, layer: int = 0, direction: str = "forward") -> list[Tensor | None]:
        """Each term of a variable's equation at every step, (T, B, H) in its order; they sum to its value. None: no such bias."""
        cell = self._cell(layer, direction)
        shares = cell.terms(checks.check_variable(self.spec, name))
        return [None if share is None else cell.turned(share) for share in shares]

    def error(self, name: str, *, loss_at: int | None = None, layer: int = 0, direction: str = "forward") -> Tensor:
        """δ = ∂J/∂ of a variable at every step, (T, B, H); of `x` (T, B, I) what passes through this direction's cell."""
        errors = self._errors(layer, direction, loss_at)
        return errors.cell.turned(errors.error(checks.check_variable(self.spec, name)))

    def input_error(self, *, loss_at: int | None = None) -> Tensor:
        """∂J/∂ of the input, (T, B, I), both directions together."""
        parts = [self.error("x", loss_at=loss_at, direction=direction) for direction in self.directions]
        return sum(parts[1:], parts[0])

    def routes(
        self, name: str, *, loss_at: int | None = None, layer: int = 0, direction: str = "forward"
    ) -> dict[str, Tensor]:
        """Each route's share of δ by route id, (T, B, H) each; they sum to δ. `route_labels` has their names."""
        errors = self._errors(layer, direction, loss_at)
        return {route.id: errors.cell.turned(errors.share(route)) for route in self._routes(name, layer)}

    def route_labels(self, name: str, *, layer: int = 0) -> dict[str, str]:
        """The names of a variable's routes as in the equations, by route id."""
        return {route.id: route.label for route in self._routes(name, layer)}

    def initial(self, name: str, *, layer: int = 0, direction: str = "forward") -> Tensor:
        """An initial state, (B, H)."""
        return self._cell(layer, direction).start[checks.check_variable(self.spec, name, self.spec.states)]

    def initial_error(
        self, name: str, *, loss_at: int | None = None, layer: int = 0, direction: str = "forward"
    ) -> Tensor:
        """δ of an initial state, (B, H)."""
        checks.check_variable(self.spec, name, self.spec.states)
        return self._errors(layer, direction, loss_at).start[name]

    # -- gradients --------------------------------------------------------------------------------------------------

    def gradient(
        self,
        name: str,
        *,
        at: int | None = None,
        loss_at: int | None = None,
        layer: int = 0,
        direction: str = "forward",
    ) -> Tensor:
        """∂J/∂ of a parameter, in its shape; with `at=t` step t's share of it."""
        errors = self._errors(layer, direction, loss_at)
        checks.check_parameter(self.spec, name, errors.cell.parameters)
        if at is not None:
            checks.check_index("at", at, self.T, "the steps of the input")
        return gradients.gradient(errors, self.spec.parameter(name), at)

    def gradient_norms(
        self, name: str, *, loss_at: int | None = None, layer: int = 0, direction: str = "forward"
    ) -> Tensor:
        """The norm of every step's share of a parameter's gradient, (T)."""
        errors = self._errors(layer, direction, loss_at)
        checks.check_parameter(self.spec, name, errors.cell.parameters)
        return gradients.gradient_norms(errors, self.spec.parameter(name))

    # -- how far an error travels -----------------------------------------------------------------------------------

    def jacobian(
        self,
        name: str,
        t: int,
        *,
        since: int | None = None,
        through: Through = "all",
        batch: int = 0,
        layer: int = 0,
        direction: str = "forward",
    ) -> Tensor:
        """∂v(t)/∂v(since) of a state v, (H, H), for one sequence; `since` is the step before unless given.

        The total derivative by every route, over spans the product of the full state's Jacobians; `through="highway"`
        follows the highway alone. The initial state is step -1 (in the reverse direction, the sequence's length).
        """
        checks.check_variable(self.spec, name, self.spec.states)
        checks.check_through(through)
        place = checks.check_place(self._stack, layer, direction)
        own = checks.check_own_step(self._stack, place, t, batch)
        start = checks.check_since(self._stack, place, t, since, batch)
        cell = self._stack.cells[place]
        if through == "highway":
            return torch.diag(jacobians.highway(cell, name)[start + 1 : own + 1, batch].prod(0))
        return jacobians.span(cell, name, own, start, batch)

    def state_jacobian(self, t: int, *, batch: int = 0, layer: int = 0, direction: str = "forward") -> Tensor:
        """∂s(t)/∂s(t-1) of the full state, (S, S), its parts side by side in the order of `spec.states`."""
        place = checks.check_place(self._stack, layer, direction)
        own = checks.check_own_step(self._stack, place, t, batch)
        return jacobians.full_state(self._stack.cells[place], own, batch)

    def singular_values(self, name: str, t: int, **where: Any) -> Tensor:
        """The singular values of `jacobian(name, t, ...)`, largest first, (H)."""
        values: Tensor = torch.linalg.svdvals(self.jacobian(name, t, **where))
        return values

    def jacobian_norms(
        self, name: str, *, through: Through = "all", batch: int = 0, layer: int = 0, direction: str = "forward"
    ) -> Tensor:
        """The largest singular value of the one-step Jacobian at every step, (T); zero past the sequence's end."""
        norms = self.value(self.spec.output, layer=layer, direction=direction).new_zeros(self.T)
        checks.check_index("batch", batch, self.B, "the sequences of the batch")
        for t in progress(range(int(self.lengths[batch])), "Jacobians"):
            jacobian = self.jacobian(name, t, through=through, batch=batch, layer=layer, direction=direction)
            norms[t] = torch.linalg.matrix_norm(jacobian, ord=2)
        return norms

    def span_norms(self, name: str, t: int, *, batch: int = 0, layer: int = 0, direction: str = "forward") -> Tensor:
        """‖∂v(t)/∂v(k)‖ (the largest singular value) for every k, (T); zero for the k that do not come before t."""
        checks.check_variable(self.spec, name, self.spec.states)
        place = checks.check_place(self._stack, layer, direction)
        own = checks.check_own_step(self._stack, place, t, batch)
        cell = self._stack.cells[place]
        norms = cell.value(name).new_zeros(self.T, self.B, 1)
        spans = zip(range(own, -1, -1), jacobians.going_back(cell, name, own, batch), strict=False)
        for k, jacobian in progress(spans, "Jacobians", own + 1):
            norms[k, batch] = torch.linalg.matrix_norm(jacobian, ord=2)
        return cell.turned(norms)[:, batch, 0]

    def error_flow(
        self,
        name: str | None = None,
        *,
        rows: int | Literal["all"] | Sequence[int] = 64,
        layer: int = 0,
        direction: str = "forward",
    ) -> ErrorFlow:
        """‖∂J(t)/∂v(k)‖ for chosen t and every k; all rows go back in one pass. For a simple RNN its bound too.

        name: the variable v; the cell's output unless given.  rows: how many evenly spaced t, "all", or the steps t.
        Of a loss that is one number there is one row, for all of J: ‖∂J/∂v(k)‖.
        Raises LossError where a saved trace's J(t) depends on more than step t.
        """
        name = checks.check_variable(self.spec, self.spec.output if name is None else name)
        place = checks.check_place(self._stack, layer, direction)
        steps = checks.check_rows(self._stack, rows)
        if self._losses.steps is None:
            steps = [self.T - 1]
        else:
            self._losses.require_steps("error_flow")
        return flow.error_flow(self._stack, self._losses, name, place, steps)

    # -- equations, tables, files -----------------------------------------------------------------------------------

    def equation(
        self, name: str, t: int, unit: int, *, batch: int = 0, layer: int = 0, direction: str = "forward"
    ) -> Equation:
        """The equation of a variable's value, in LaTeX, with symbols and with the numbers of one unit put in."""
        spot = self._spot(name, t, unit, batch, layer, direction)
        return equations.value_equation(self._cell(layer, direction), name, spot)

    def error_equation(
        self,
        name: str,
        t: int,
        unit: int,
        *,
        loss_at: int | None = None,
        batch: int = 0,
        layer: int = 0,
        direction: str = "forward",
    ) -> Equation:
        """The equation of a variable's δ, a term for each route, in LaTeX, with symbols and with the numbers put in."""
        spot = self._spot(name, t, unit, batch, layer, direction)
        return equations.error_equation(self._errors(layer, direction, loss_at), name, spot, self._routes(name, layer))

    def to_table(
        self,
        variables: Iterable[str] | None = None,
        *,
        layer: int | None = None,
        direction: str | None = None,
        loss_at: int | None = None,
    ) -> Any:
        """A tidy Arrow table: layer, direction, variable, t, batch, unit, value, error; without padding.

        variables: all unless given.  layer, direction: only this one; all unless given.
        """
        from peephole.neural.traces.table import to_table

        layers = range(self.layers) if layer is None else [layer]
        directions = self.directions if direction is None else (direction,)
        places = [checks.check_place(self._stack, k, d) for k in layers for d in directions]
        names = list(self.variables if variables is None else variables)
        for name in names:
            checks.check_variable(self.spec, name)
        return to_table(self._pass(loss_at), places, names)

    def save(self, path: str | Path) -> None:
        """Write the trace to a file (.npz, plain data). A loss whose J(t) reach beyond step t is kept as a whole only."""
        files.write(Path(path), self._stack, self._losses)

    @classmethod
    def load(cls, path: str | Path) -> Trace:
        """Read what `save` wrote. Raises StoreError."""
        return cls(*files.read(Path(path)))

    # -- the parts --------------------------------------------------------------------------------------------------

    def _cell(self, layer: int, direction: str) -> CellRun:
        return self._stack.cells[checks.check_place(self._stack, layer, direction)]

    def _pass(self, loss_at: int | None) -> Pass:
        if loss_at is None:
            return self._whole
        self._losses.require_steps("loss_at")
        found: Pass = self._of_step(checks.check_index("loss_at", loss_at, self.T, "the steps of the input"))
        return found

    def _errors(self, layer: int, direction: str, loss_at: int | None) -> CellErrors:
        place: Place = checks.check_place(self._stack, layer, direction)
        return self._pass(loss_at)[place]

    def _routes(self, name: str, layer: int) -> tuple[Route, ...]:
        checks.check_variable(self.spec, name)
        return self.spec.routes_of(name, top=layer == self.layers - 1)

    def _spot(self, name: str, t: int, unit: int, batch: int, layer: int, direction: str) -> Spot:
        place = checks.check_place(self._stack, layer, direction)
        checks.check_variable(self.spec, name)
        own = checks.check_own_step(self._stack, place, t, batch)
        checks.check_index("unit", unit, self._stack.cells[place].value(name).shape[-1], "the units of this variable")
        return Spot(own, batch, unit)
