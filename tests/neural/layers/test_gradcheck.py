"""Finite differences in double precision, for every cell and combination of options."""

import itertools

import pytest
import torch
from torch.autograd import gradcheck
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

from peephole.neural.errors import SecondDerivativeError

T, B, INPUTS, UNITS = 3, 2, 2, 2
FORMS = ("padded", "lengths", "packed", "unbatched")


def random(*shape):
    return torch.randn(*shape, dtype=torch.float64, requires_grad=True)


def function_of(layer, form):
    """The layer as a function of input, states and parameters, and random values for these."""
    x = random(T, INPUTS) if form == "unbatched" else random(*((B, T) if layer.batch_first else (T, B)), INPUTS)
    cells = layer.num_layers * len(layer.directions)
    states = [
        random(*((cells,) if form == "unbatched" else (cells, B)), UNITS)
        for _ in range(1 + (layer.spec.kind == "lstm"))
    ]
    names = [name for name, _ in layer.named_parameters()]

    def run(x, *rest):
        hx, parameters = rest[: len(states)], dict(zip(names, rest[len(states) :], strict=True))
        state = tuple(hx) if len(hx) == 2 else hx[0]
        if form == "packed":
            x = pack_padded_sequence(x, torch.tensor([2, 3]), layer.batch_first, enforce_sorted=False)
        arguments = (x, state, torch.tensor([1, 3])) if form == "lengths" else (x, state)
        y, last = torch.func.functional_call(layer, parameters, arguments)
        y = y.data if isinstance(y, PackedSequence) else y
        return (y, *last, *([last.gates] if hasattr(last, "gates") else [])) if isinstance(last, tuple) else (y, last)

    return run, [x, *states, *(p.detach().clone().requires_grad_() for p in layer.parameters())]


def as_one_vector(run, arguments):
    """The function of one vector, giving one vector: a single directional derivative then covers all of it."""
    sizes = [argument.numel() for argument in arguments]

    def of_vector(vector):
        parts = vector.split(sizes)
        outputs = run(*(part.reshape(argument.shape) for part, argument in zip(parts, arguments, strict=True)))
        return torch.cat([output.reshape(-1) for output in outputs])

    return of_vector, torch.cat([argument.detach().reshape(-1) for argument in arguments]).requires_grad_()


@pytest.mark.parametrize("implementation", ["reference", "auto"])
def test_every_element_of_every_gradient(kind, variant, implementation, make_layer):
    run, arguments = function_of(make_layer(kind, variant, INPUTS, UNITS, implementation=implementation), "padded")
    assert gradcheck(run, arguments, atol=1e-6, rtol=1e-6)


OPTIONS = list(itertools.product((1, 2), (True, False), (True, False), (True, False), FORMS))


def test_every_combination_of_options(kind, variant, make_layer):
    for num_layers, bidirectional, bias, batch_first, form in OPTIONS:
        layer = make_layer(
            kind,
            variant,
            INPUTS,
            UNITS,
            num_layers=num_layers,
            bidirectional=bidirectional,
            bias=bias,
            batch_first=batch_first,
        )
        run, arguments = as_one_vector(*function_of(layer, form))
        assert gradcheck(run, arguments, fast_mode=True, atol=1e-6, rtol=1e-6), (num_layers, bidirectional, bias, form)


def test_a_second_derivative_is_refused_clearly(kind, variant, make_layer):
    layer = make_layer(kind, variant, INPUTS, UNITS)
    x = random(T, B, INPUTS)
    (first,) = torch.autograd.grad(layer(x)[0].sum(), x, create_graph=True)
    with pytest.raises(SecondDerivativeError, match="once only"):
        (first.sum() + x.sum()).backward()
    weight = random(T, B, UNITS)
    (first,) = torch.autograd.grad((layer(x)[0] * weight).sum(), x, create_graph=True)
    with pytest.raises(SecondDerivativeError, match="once only"):
        first.sum().backward()
