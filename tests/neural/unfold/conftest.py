"""A whole layer by autograd on a naive graph: a Python loop over single sequences, with a zero tap on every variable.

A zero tap's gradient is that variable's δ. Nothing here reads the package's descriptions of the cells.
"""

from dataclasses import dataclass

import pytest
import torch

from peephole.neural import LSTMState


class PerStep(dict):
    """Parameters that are handed out as a fresh copy each time: one copy a step, so that each has its own gradient."""

    def __init__(self, views):
        super().__init__({name: view.detach() for name, view in views.items()})
        self.copies = {name: [] for name in self}

    def __getitem__(self, name):
        copy = super().__getitem__(name).clone().requires_grad_()
        self.copies[name].append(copy)
        return copy

    def get(self, name, default=None):
        return self[name] if self.__contains__(name) else default  # through __getitem__


@dataclass
class Naive:
    """y (T, B, D*H), finals [(L*D, B, ·)] on the graph; values, taps: (layer, direction) -> variable -> (T, B, ·) input time."""

    y: torch.Tensor
    finals: list
    values: dict
    taps: dict
    copies: dict

    def errors(self, loss):
        """δ of every variable by place, given the scalar loss."""
        flat = [(place, name, steps) for place, taps in self.taps.items() for name, steps in taps.items()]
        leaves = [leaf for *_, steps in flat for row in steps for leaf in row]
        found = iter(torch.autograd.grad(loss, leaves, retain_graph=True, allow_unused=True))
        errors = {place: {} for place in self.taps}
        for place, name, steps in flat:
            rows = []
            for row in steps:
                pairs = [(next(found), leaf) for leaf in row]
                rows.append(torch.stack([torch.zeros_like(leaf) if g is None else g for g, leaf in pairs]))
            errors[place][name] = torch.stack(rows)
        return errors


def _padded(sequences, T):
    return torch.stack([torch.cat([s, s.new_zeros(T - len(s), s.shape[-1])]) for s in sequences], dim=1)


@pytest.fixture(scope="session")
def naive(independent):
    def run(module, x, lengths, states):
        T, B = x.shape[:2]
        H, kind, variant = module.hidden_size, module.spec.kind, module.spec.variant
        places = list(module.places())
        names = [variable.id for variable in module.spec.variables]
        values = {place: {} for place in places}
        taps = {place: {} for place in places}
        copies = {}
        for layer, direction in places:
            width = x.shape[-1] if layer == 0 else H * len(module.directions)
            for name in names:
                size = width if name == "x" else H
                zeros = torch.zeros(T, B, size, dtype=x.dtype)
                values[layer, direction][name] = zeros.clone()
                taps[layer, direction][name] = [
                    [zeros[0, 0].clone().requires_grad_() for _ in range(B)] for _ in range(T)
                ]
        outputs, finals = [], [[[None] * B for _ in places] for _ in states]
        for b, length in enumerate(lengths):
            rows = x[:length, b]
            for layer in range(module.num_layers):
                sides = []
                for direction in module.directions:
                    place = layer, direction
                    index = places.index(place)

                    def when(t, length=length, direction=direction):
                        return length - 1 - t if direction == "reverse" else t

                    def tap(name, t, value, b=b, place=place, when=when):
                        value = value + taps[place][name][when(t)][b]
                        values[place][name][when(t), b] = value.detach()
                        return value

                    order = [when(t) for t in range(length)]
                    reads = torch.stack([tap("x", t, rows[at]) for t, at in enumerate(order)])
                    parameters = PerStep(module.views(layer, direction))
                    copies[layer, direction, b] = parameters.copies
                    start = [state[index, b] for state in states]
                    y, last = independent.cell(kind, variant, parameters, reads, start, tap)
                    sides.append(y.flip(0) if direction == "reverse" else y)
                    for k, final in enumerate(last):
                        finals[k][index][b] = final
                rows = torch.cat(sides, dim=-1)
            outputs.append(rows)
        y = _padded(outputs, T)
        ends = [torch.stack([torch.stack(of_cell) for of_cell in state]) for state in finals]
        return Naive(y, ends, values, taps, copies)

    return run


@dataclass
class Problem:
    """A layer and an example for it.  states: (L*D, B, ·) each."""

    module: object
    x: torch.Tensor
    lengths: list
    states: list
    weights: torch.Tensor

    @property
    def hx(self):
        return given(self.module, self.states)

    def per_step(self, y):
        """Per-step losses (T, B) that are no linear function of the outputs."""
        return torch.tanh(y * self.weights).sum(-1) + (y * self.weights**2).sum(-1)

    def with_states(self, y, states):
        """One number from outputs and final states."""
        return self.per_step(y).sum() + sum((state**2 * (k + 0.5)).sum() for k, state in enumerate(states))

    def loss(self, y, state):
        """`with_states` in the module's forms."""
        return self.with_states(y, [*state, state.gates] if hasattr(state, "gates") else _listed(state))


def _listed(state):
    return [state] if isinstance(state, torch.Tensor) else list(state)


def given(module, states):
    """Initial states in the form that the module takes."""
    if module.spec.kind != "lstm":
        return states[0]
    return LSTMState(*states) if len(states) == 3 else tuple(states)


@pytest.fixture(scope="session")
def problem(make_layer):
    def make(kind, variant, T=5, B=3, inputs=2, units=3, lengths=None, **settings):
        module = make_layer(kind, variant, inputs, units, **{"implementation": "reference", **settings})
        cells = module.num_layers * len(module.directions)
        widths = ([units, units] if kind == "lstm" else [units]) + ([3 * units] if variant == "FGR" else [])
        states = [torch.randn(cells, B, width, dtype=torch.float64) for width in widths]
        x = torch.randn(T, B, inputs, dtype=torch.float64)
        weights = torch.randn(T, B, units * len(module.directions), dtype=torch.float64)
        return Problem(module, x, lengths or [T] * B, states, weights)

    return make
