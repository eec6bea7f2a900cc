"""Weights to and from the mainstream layers: the same outputs and gradients."""

import pytest
import torch
from torch import nn

from peephole.neural import GRU, LSTM, RNN, from_torch, to_torch
from peephole.neural.errors import ConversionError
from peephole.neural.layers.convert import state_from_torch, torch_state

BOUNDS = {torch.float32: 1e-6, torch.float64: 1e-12}
SHAPES = [(1, False, True), (2, True, True), (2, True, False)]


def results(layer, x, states, weights):
    """Outputs, final states, and gradients of input and initial states."""
    x, states = x.clone().requires_grad_(), [state.clone().requires_grad_() for state in states]
    y, last = layer(x, tuple(states) if len(states) == 2 else states[0])
    finals = list(last) if isinstance(last, tuple) else [last]
    layer.zero_grad()
    torch.autograd.backward([y, *finals], weights)
    return [y, *finals, x.grad, *(state.grad for state in states)]


def both(theirs, ours, dtype):
    """What the two layers give on the same random batch."""
    D, H = (1 + ours.bidirectional), ours.hidden_size
    x = torch.randn(6, 3, ours.input_size, dtype=dtype)
    states = [torch.randn(ours.num_layers * D, 3, H, dtype=dtype) for _ in range(1 + isinstance(ours, LSTM))]
    weights = [torch.randn(6, 3, D * H, dtype=dtype), *(torch.randn_like(state) for state in states)]
    return results(theirs, x, states, weights), results(ours, x, states, weights)


def same(one, other, bound):
    for a, b in zip(one, other, strict=True):
        assert (a - b).abs().max() <= bound * max(1, a.abs().max())


@pytest.mark.parametrize("dtype", BOUNDS)
@pytest.mark.parametrize(("num_layers", "bidirectional", "bias"), SHAPES)
@pytest.mark.parametrize(
    ("make", "settings"),
    [(nn.LSTM, {}), (nn.GRU, {}), (nn.RNN, {"nonlinearity": "tanh"}), (nn.RNN, {"nonlinearity": "relu"})],
)
def test_mainstream_layers_come_over_and_go_back(make, settings, num_layers, bidirectional, bias, dtype):
    settings = {"num_layers": num_layers, "bidirectional": bidirectional, "bias": bias, "dtype": dtype, **settings}
    theirs = make(4, 5, **settings)
    ours = from_torch(theirs)
    same(*both(theirs, ours, dtype), BOUNDS[dtype])
    again = to_torch(ours)
    assert type(again) is make
    same(*both(again, ours, dtype), BOUNDS[dtype])
    for place in ours.places():
        mine = torch_state_of_gradients(ours, place)
        for name, gradient in mine.items():
            wanted = dict(again.named_parameters())[name].grad
            assert (gradient - wanted).abs().max() <= BOUNDS[dtype] * max(1, wanted.abs().max())


def torch_state_of_gradients(layer, place):
    """The gradients of the weight matrices of one cell, in the mainstream order."""
    views, end = layer.gradients(*place), f"_l{place[0]}" + ("_reverse" if place[1] == "reverse" else "")
    if isinstance(layer, RNN):
        return {f"weight_ih{end}": views["U"], f"weight_hh{end}": views["W"]}
    order = ("in", "for", "z", "out") if isinstance(layer, LSTM) else ("r", "u", "n")
    return {
        f"weight_{theirs}{end}": torch.cat([views[f"{ours}_{block}"] for block in order])
        for ours, theirs in (("W", "ih"), ("R", "hh"))
    }


def test_settings_come_over():
    theirs = nn.LSTM(3, 4, num_layers=2, batch_first=True, dropout=0.3).eval()
    ours = from_torch(theirs)
    assert (ours.variant, ours.batch_first, ours.dropout, ours.training) == ("NP", True, 0.3, False)
    again = to_torch(ours)
    assert (again.batch_first, again.dropout, again.training) == (True, 0.3, False)


def test_the_copy_is_independent():
    theirs = nn.GRU(3, 4)
    ours = from_torch(theirs)
    before = ours.W_l0.detach().clone()
    with torch.no_grad():
        theirs.weight_ih_l0.zero_()
        theirs.bias_ih_l0.zero_()
    assert torch.equal(ours.W_l0, before)


def test_what_is_another_model_is_refused():
    for layer in (LSTM(3, 4), LSTM(3, 4, variant="CIFG")):
        with pytest.raises(ConversionError, match=f"variant {layer.variant}.*no peepholes"):
            to_torch(layer)
    with pytest.raises(ConversionError, match="logistic"):
        to_torch(RNN(3, 4, nonlinearity="logistic"))
    with pytest.raises(ConversionError, match="proj_size=2"):
        from_torch(nn.LSTM(3, 4, proj_size=2))


def test_a_state_dict_that_does_not_fit_is_refused():
    layer = GRU(3, 4, num_layers=2)
    state = torch_state(layer)
    with pytest.raises(ConversionError, match=r"no entry bias_hh_l1"):
        state_from_torch(layer, {name: value for name, value in state.items() if name != "bias_hh_l1"})
    with pytest.raises(ConversionError, match=r"W_l0 should have the shape \(12, 3\).*\(12, 7\)"):
        state_from_torch(layer, torch_state(GRU(7, 4, num_layers=2)))
