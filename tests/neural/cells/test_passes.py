"""Every reference cell, forward and backward, against the independent implementation."""

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from peephole.neural.cells.registry import cell_names, cell_spec
from peephole.neural.layers.function import reference
from peephole.neural.layers.initial import stored_shapes

NAMES = cell_names()
lengths_of_batch = st.lists(st.integers(1, 6), min_size=1, max_size=4).map(lambda sizes: sorted(sizes, reverse=True))


def random(*shape):
    return torch.randn(*shape, dtype=torch.float64).mul_(0.7).requires_grad_()


def slots(kind, variant):
    if kind == "lstm":
        return ("W", "R", "Q", "p", "b") if variant == "FGR" else ("W", "R", "p", "b")
    return {"rnn": ("U", "W", "b"), "gru": ("W", "R", "b")}[kind]


class Problem:
    """Random parameters, sequences and states of one cell, and what a run with them gives."""

    def __init__(self, kind, variant, lengths, inputs, units, bias=True):
        self.kind, self.variant, self.lengths, self.H = kind, variant, lengths, units
        self.spec = cell_spec(kind, variant)
        shapes = stored_shapes(self.spec, inputs, units)
        names = [name for name in slots(kind, variant) if name in shapes and (bias or name != "b")]
        self.stored = {name: random(*shapes[name]) for name in names}
        self.sequences = [random(n, inputs) for n in lengths]
        widths = {"lstm": (units, units), "rnn": (units,), "gru": (units,)}[kind]
        widths += (3 * units,) if variant == "FGR" else ()
        self.states = [random(len(lengths), width) for width in widths]
        self.batch_sizes = [sum(n > t for n in lengths) for t in range(lengths[0])]

    @property
    def leaves(self):
        return [*self.sequences, *self.stored.values(), *self.states]

    def packed(self, per_sequence):
        return torch.cat([torch.stack([s[t] for s in per_sequence if len(s) > t]) for t in range(self.lengths[0])])

    def independent(self, module):
        views = self.spec.views(self.stored, self.H)
        results = [
            module.cell(self.kind, self.variant, views, x, [state[b] for state in self.states])
            for b, x in enumerate(self.sequences)
        ]
        finals = [torch.stack(of_one) for of_one in zip(*(final for _, final in results), strict=True)]
        return [self.packed([y for y, _ in results]), *finals]

    def reference(self, weights, *, padded=False):
        cell = reference(self.kind, self.variant)
        options = () if self.kind == "gru" or self.variant == "FGR" else (self.variant,)
        x = self.packed(self.sequences).detach()
        if padded:
            x = x.reshape(self.lengths[0], len(self.lengths), -1)
        tensors = [self.stored.get(name) for name in slots(self.kind, self.variant)]
        detached = [None if tensor is None else tensor.detach() for tensor in [*tensors, *self.states]]
        *outputs, saved = cell.forward(*options, x, *detached, None if padded else self.batch_sizes, save=True)
        weights = [weights[0].reshape(outputs[0].shape), *weights[1:]]
        dx, *others = cell.backward(saved, *weights)
        rows = dx.reshape(-1, dx.shape[-1])
        starts = [sum(self.batch_sizes[:t]) for t in range(self.lengths[0])]
        dx = [rows[[starts[t] + b for t in range(n)]] for b, n in enumerate(self.lengths)]
        flat = [outputs[0].reshape(-1, self.H), *outputs[1:]]
        return flat, [*dx, *(gradient for gradient in others if gradient is not None)]


def agree(problem, module, *, padded=False):
    wanted = problem.independent(module)
    weights = [torch.randn_like(output) for output in wanted]
    wanted_gradients = torch.autograd.grad(wanted, problem.leaves, weights)
    got, got_gradients = problem.reference(weights, padded=padded)
    for mine, theirs in zip([*got, *got_gradients], [*wanted, *wanted_gradients], strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", NAMES, ids=["-".join(filter(None, name)) for name in NAMES])
@settings(max_examples=12, deadline=None)
@given(lengths=lengths_of_batch, inputs=st.integers(1, 4), units=st.integers(1, 4), bias=st.booleans())
@example(lengths=[1], inputs=1, units=1, bias=True)
@example(lengths=[3, 1, 1], inputs=2, units=3, bias=False)
def test_ragged_batches_agree(name, independent, lengths, inputs, units, bias):
    agree(Problem(*name, lengths, inputs, units, bias), independent)


@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (7, 1, 2, 3), (4, 3, 3, 2)], ids=str)
def test_padded_batches_agree(kind, variant, independent, shape):
    T, B, inputs, units = shape
    agree(Problem(kind, variant, [T] * B, inputs, units), independent, padded=True)


def test_nothing_is_saved_unless_asked_for(kind, variant):
    problem = Problem(kind, variant, [3, 3], 2, 2)
    options = () if kind == "gru" or variant == "FGR" else (variant,)
    tensors = [problem.stored.get(name) for name in slots(kind, variant)]
    x = problem.packed(problem.sequences).reshape(3, 2, 2)
    with torch.no_grad():
        *_, saved = reference(kind, variant).forward(*options, x, *tensors, *problem.states, None)
    assert saved is None


def test_saturated_gates_stay_finite(kind, variant):
    problem = Problem(kind, variant, [5, 5], 2, 3)
    for parameter in problem.stored.values():
        parameter.data.mul_(200 if variant != "relu" else 1)
    weights = [torch.ones(10, 3, dtype=torch.float64), *(torch.ones_like(state) for state in problem.states)]
    outputs, gradients = problem.reference(weights)
    if variant not in ("NIAF", "NOAF"):  # without a squashing function a state may grow beyond every bound
        assert all(torch.isfinite(value).all() for value in [*outputs, *gradients])
    assert not any(torch.isnan(value).any() for value in outputs)
