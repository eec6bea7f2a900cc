"""Layers as a user meets them: forms of input, stacks and directions, states, views, copies."""

import copy
import inspect
import io
import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from peephole.neural import GRU, LSTM, RNN, LSTMState
from peephole.neural.cells.registry import cell_names

NAMES = cell_names()
CLOSE = {"rtol": 1e-12, "atol": 1e-12}


def states_of(last):
    """The final states as a list of tensors, FGR's gates too."""
    if isinstance(last, LSTMState):
        return [*last, last.gates]
    return list(last) if isinstance(last, tuple) else [last]


def state_from(tensors):
    if len(tensors) == 3:
        return LSTMState(*tensors)
    return tuple(tensors) if len(tensors) == 2 else tensors[0]


def random_states(layer, B):
    cells, H = layer.num_layers * len(layer.directions), layer.hidden_size
    widths = {"lstm": [H, H], "rnn": [H], "gru": [H]}[layer.spec.kind] + [3 * H] * (layer.spec.variant == "FGR")
    return [torch.rand(cells, B, width, dtype=torch.float64, requires_grad=True) for width in widths]


def gradients_of(outputs, leaves, weights):
    return torch.autograd.grad(outputs, leaves, weights)


@pytest.mark.parametrize("name", NAMES, ids=["-".join(filter(None, name)) for name in NAMES])
@pytest.mark.parametrize("implementation", ["reference", "auto"])
@settings(max_examples=6, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 5), min_size=1, max_size=4),
    sizes=st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 2)),
    bidirectional=st.booleans(),
    bias=st.booleans(),
)
def test_agrees_with_the_equations(name, implementation, make_layer, independent, lengths, sizes, bidirectional, bias):
    """Values and gradients of a packed batch in any order, stacked and in both directions: each sequence as if alone."""
    inputs, units, depth = sizes
    settings = {"num_layers": depth, "bidirectional": bidirectional, "bias": bias, "implementation": implementation}
    layer = make_layer(*name, inputs, units, **settings)
    x = torch.randn(max(lengths), len(lengths), inputs, dtype=torch.float64, requires_grad=True)
    states = random_states(layer, len(lengths))
    packed = pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
    output, last = layer(packed, state_from(states))
    y = pad_packed_sequence(output)[0]
    alone = [independent.layer(layer, x[:n, b], [s[:, b] for s in states]) for b, n in enumerate(lengths)]
    wanted = [torch.stack(of_one, 1) for of_one in zip(*(finals for _, finals in alone), strict=True)]
    padded = torch.nn.utils.rnn.pad_sequence([one for one, _ in alone])
    got, wanted = [y, *states_of(last)], [padded, *wanted]
    leaves, weights = [x, *states, *layer.parameters()], [torch.randn_like(value) for value in wanted]
    for mine, theirs in zip(
        [*got, *gradients_of(got, leaves, weights)], [*wanted, *gradients_of(wanted, leaves, weights)], strict=True
    ):
        torch.testing.assert_close(mine, theirs, **CLOSE)


def test_padding_changes_no_value_and_no_gradient(kind, variant, make_layer):
    layer = make_layer(kind, variant, 3, 4, num_layers=2, bidirectional=True, batch_first=True)
    lengths = torch.tensor([2, 5, 1])
    x = torch.randn(3, 5, 3, dtype=torch.float64)
    runs = []
    for padding, extra in ((0.0, 0), (1e6, 0), (float("nan"), 2)):
        padded = torch.cat([x, torch.zeros(3, extra, 3, dtype=torch.float64)], 1)
        for b, n in enumerate(lengths):
            padded[b, n:] = padding
        padded.requires_grad_()
        layer.zero_grad()
        y, last = layer(padded, lengths=lengths)
        assert y.shape == (3, 5 + extra, 8)
        (y.sin().sum() + sum(s.cos().sum() for s in states_of(last))).backward()
        mask = torch.arange(5 + extra) >= lengths.unsqueeze(1)
        assert (y[mask] == 0).all()
        assert (padded.grad[mask] == 0).all()
        runs.append([y[:, :5], padded.grad[:, :5], *states_of(last), *(p.grad.clone() for p in layer.parameters())])
    for run in runs[1:]:
        for one, other in zip(runs[0], run, strict=True):
            assert torch.equal(one, other)


def test_forms_of_input_agree(kind, variant, make_layer):
    layer = make_layer(kind, variant, 3, 4, num_layers=2, bidirectional=True)
    first = copy.deepcopy(layer)
    first.batch_first = True
    x = torch.randn(5, 2, 3, dtype=torch.float64)
    y, last = layer(x)
    y_first, last_first = first(x.transpose(0, 1))
    torch.testing.assert_close(y_first.transpose(0, 1), y, **CLOSE)
    alone, last_alone = layer(x[:, 1])
    torch.testing.assert_close(alone, y[:, 1], **CLOSE)
    full, _ = layer(x, lengths=[5, 5])
    torch.testing.assert_close(full, y, **CLOSE)
    for a, b, c in zip(states_of(last), states_of(last_first), states_of(last_alone), strict=True):
        torch.testing.assert_close(a, b, **CLOSE)
        torch.testing.assert_close(a[:, 1], c, **CLOSE)


def test_packed_comes_back_packed_in_the_same_order():
    layer = LSTM(3, 4)
    packed = pack_padded_sequence(torch.randn(5, 3, 3), torch.tensor([2, 5, 3]), enforce_sorted=False)
    output, (h, _) = layer(packed)
    assert isinstance(output, PackedSequence)
    assert torch.equal(output.unsorted_indices, packed.unsorted_indices)
    padded, lengths = pad_packed_sequence(output)
    for b, n in enumerate(lengths):
        torch.testing.assert_close(padded[n - 1, b], h[0, b])


def test_a_sequence_in_parts_is_the_sequence_as_a_whole(kind, variant, make_layer):
    layer = make_layer(kind, variant, 3, 4, num_layers=2)
    x = torch.randn(9, 2, 3, dtype=torch.float64)
    whole, last = layer(x)
    first, state = layer(x[:4])
    second, state = layer(x[4:], state)
    torch.testing.assert_close(torch.cat([first, second]), whole, **CLOSE)
    for one, other in zip(states_of(state), states_of(last), strict=True):
        torch.testing.assert_close(one, other, **CLOSE)


def test_fgr_state_unpacks_as_a_pair_and_survives_copies():
    layer = LSTM(2, 3, variant="FGR")
    _, state = layer(torch.randn(4, 1, 2))
    h, c = state
    assert h.shape == c.shape == (1, 1, 3)
    assert state.gates.shape == (1, 1, 9)
    copied = copy.deepcopy(state.detach())
    assert torch.equal(copied.gates, state.gates)
    assert not copied.gates.requires_grad
    plain, _ = layer(torch.ones(1, 1, 2), (h, c))
    carried, _ = layer(torch.ones(1, 1, 2), state)
    zeroed, _ = layer(torch.ones(1, 1, 2), LSTMState(h, c, torch.zeros(1, 1, 9)))
    assert torch.equal(plain, zeroed)
    assert not torch.equal(plain, carried)


def test_copies_and_state_dicts_give_the_same_layer(kind, variant, make_layer):
    layer = make_layer(kind, variant, 3, 4, num_layers=2, bidirectional=True)
    x = torch.randn(5, 2, 3, dtype=torch.float64)
    wanted = layer(x)[0]
    buffer = io.BytesIO()
    torch.save(layer.state_dict(), buffer)
    buffer.seek(0)
    other = make_layer(kind, variant, 3, 4, num_layers=2, bidirectional=True)
    other.load_state_dict(torch.load(buffer, weights_only=True))
    assert torch.equal(other(x)[0], wanted)
    copied = copy.deepcopy(layer)
    assert torch.equal(copied(x)[0], wanted)
    with torch.no_grad():
        next(copied.parameters()).zero_()
    assert torch.equal(layer(x)[0], wanted)


def test_gradients_do_not_depend_on_who_asks(kind, variant, make_layer):
    """A frozen parameter, or an input that needs no gradient, changes nothing for the others."""
    layer = make_layer(kind, variant, 3, 4)
    x = torch.randn(5, 2, 3, dtype=torch.float64, requires_grad=True)
    layer(x)[0].sin().sum().backward()
    wanted = {name: p.grad for name, p in layer.named_parameters()}
    layer.zero_grad()
    frozen = next(iter(wanted))
    getattr(layer, frozen).requires_grad_(False)
    layer(x.detach())[0].sin().sum().backward()
    for name, parameter in layer.named_parameters():
        assert parameter.grad is None if name == frozen else torch.equal(parameter.grad, wanted[name])


def test_inference_matches_training_and_builds_no_graph(kind, variant, make_layer):
    layer = make_layer(kind, variant, 3, 4)
    x = torch.randn(5, 2, 3, dtype=torch.float64)
    trained = layer(x)[0]
    with torch.no_grad():
        inferred = layer(x)[0]
    assert not inferred.requires_grad
    torch.testing.assert_close(inferred, trained, **CLOSE)


def test_changing_a_parameter_before_backward_is_reported(kind, variant, make_layer):
    layer = make_layer(kind, variant, 3, 4)
    loss = layer(torch.randn(5, 2, 3, dtype=torch.float64))[0].sum()
    with torch.no_grad():
        next(layer.parameters()).add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_views_are_the_parameters_under_the_papers_names(kind, variant, make_layer):
    layer = make_layer(kind, variant, 3, 4, num_layers=2, bidirectional=True)
    for (k, direction), name in zip(layer.places(), ("_l0", "_l0_reverse", "_l1", "_l1_reverse"), strict=True):
        for parameter, view in layer.views(k, direction).items():
            if parameter + name not in dict(layer.named_parameters()):
                assert torch.equal(getattr(layer, parameter + name), view)
            with torch.no_grad():
                view.fill_(0.25)
    assert all((p == 0.25).all() for p in layer.parameters()), "the views cover every parameter"
    layer(torch.randn(2, 1, 3, dtype=torch.float64))[0].sum().backward()
    shapes = {name: view.shape for name, view in layer.views(1, "reverse").items()}
    assert {name: view.shape for name, view in layer.gradients(1, "reverse").items()} == shapes


def test_views_follow_the_stacked_order():
    layer = LSTM(3, 2)
    H = 2
    for k, block in enumerate(("z", "in", "for", "out")):
        assert torch.equal(getattr(layer, f"W_{block}"), layer.W_l0[k * H : (k + 1) * H])
        assert torch.equal(getattr(layer, f"b_{block}_l0"), layer.b_l0[k * H : (k + 1) * H])
    for k, gate in enumerate(("in", "for", "out")):
        assert torch.equal(getattr(layer, f"p_{gate}"), layer.p_l0[k])
    fgr = LSTM(3, 2, variant="FGR")
    assert torch.equal(fgr.R_if, fgr.Q_l0[H : 2 * H, :H]), "R_if leads from i to f̄"


def test_a_view_cannot_be_replaced_by_accident():
    layer = LSTM(3, 2)
    with pytest.raises(AttributeError, match="copy_"):
        layer.W_z = torch.zeros(2, 3)
    with pytest.raises(AttributeError, match="no_such"):
        layer.no_such  # noqa: B018
    with pytest.raises(AttributeError):
        layer.W_z_l1  # noqa: B018 - there is one layer only
    with pytest.raises(AttributeError):
        LSTM(3, 2, variant="NIG").W_in  # noqa: B018


def test_defaults_are_orthogonal_and_remember():
    layer = LSTM(5, 4, num_layers=2)
    for block in ("z", "in", "for", "out"):
        R = layer.views(1)[f"R_{block}"]
        torch.testing.assert_close(R @ R.T, torch.eye(4))
    assert (layer.b_for == 1).all()
    assert (layer.b_in == 0).all()
    assert layer.p_l0.abs().max() > 0
    coupled = LSTM(5, 4, variant="CIFG", forget_bias=2.0)
    assert (coupled.b_in == -2).all(), "f = 1 - i remembers where i is small"
    assert (LSTM(5, 4, variant="NFG").b_l0 == 0).all()


def test_initial_values_can_be_set():
    layer = LSTM(5, 4, init={"R": "identity", "b": "ones", "p_out": "zeros", "W_z": lambda block: block.fill_(3)})
    assert torch.equal(layer.R_out, torch.eye(4))
    assert (layer.b_for == 2).all(), "the forget bias comes on top"
    assert (layer.p_out == 0).all()
    assert (layer.W_z == 3).all()
    assert torch.equal(RNN(5, 4, init={"W": "identity"}).W, torch.eye(4))


def test_dropout_acts_between_layers_in_training_only():
    layer = LSTM(3, 16, num_layers=2, dropout=1.0)
    x = torch.randn(4, 2, 3)
    nothing_arrives = LSTM(3, 16, num_layers=2)
    nothing_arrives.load_state_dict(layer.state_dict())
    with torch.no_grad():
        nothing_arrives.W_l1.zero_()
        torch.testing.assert_close(layer(x)[0], nothing_arrives(x)[0])
        layer.eval()
        assert not torch.allclose(layer(x)[0], nothing_arrives(x)[0])
    single = LSTM(3, 4, dropout=1.0)
    assert single(x)[0].abs().max() > 0, "the last layer's output is not dropped"


@pytest.mark.parametrize("make", [LSTM, RNN, GRU])
@pytest.mark.parametrize(("dtype", "bound"), [(torch.float32, 1e-6), (torch.bfloat16, 0.05)])
def test_lower_precision_stays_near(make, dtype, bound):
    exact = make(3, 8, dtype=torch.float64)
    layer = copy.deepcopy(exact).to(dtype)
    exact.load_state_dict({name: value.double() for name, value in layer.state_dict().items()})
    x = torch.randn(6, 2, 3).to(dtype)
    y, _ = layer(x)
    assert y.dtype == dtype
    y.sum().backward()
    wanted = exact(x.double())[0]
    wanted.sum().backward()
    assert (y.double() - wanted).abs().max() < bound
    for mine, theirs in zip(layer.parameters(), exact.parameters(), strict=True):
        assert (mine.grad.double() - theirs.grad).norm() < bound * 10 * theirs.grad.norm()


@pytest.mark.parametrize("make", [LSTM, RNN, GRU])
def test_autocast_computes_in_the_parameters_dtype(make):
    layer, head = make(3, 4), torch.nn.Linear(3, 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y, _ = layer(head(torch.randn(5, 2, 3)))
    assert y.dtype == torch.float32
    y.sum().backward()
    assert head.weight.grad is not None


def test_parametrized_weights_are_used_and_learn():
    layer, x = LSTM(3, 4), torch.randn(5, 2, 3)
    plain = layer(x)[0].detach()
    for name in ("W_l0", "R_l0", "p_l0", "b_l0"):
        torch.nn.utils.parametrizations.weight_norm(layer, name, dim=None)
    torch.testing.assert_close(layer(x)[0], plain)
    layer(x)[0].sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in layer.parameters())


def test_shapes_can_be_tried_without_memory():
    y, (h, c) = LSTM(3, 4, 2, bidirectional=True, device="meta")(torch.empty(5, 2, 3, device="meta"))
    assert (y.shape, h.shape, c.shape) == ((5, 2, 8), (4, 2, 4), (4, 2, 4))


def test_training_learns_to_remember():
    """The first value of a sequence, asked for at its end."""
    layer, head = LSTM(1, 8), torch.nn.Linear(8, 1)
    parameters = [*layer.parameters(), *head.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=0.03)
    losses = []
    for _ in range(150):
        x = torch.randn(6, 32, 1)
        loss = (head(layer(x)[0][-1]) - x[0]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert sum(losses[-10:]) < 0.2 * sum(losses[:10])


def test_settings_are_shown():
    text = repr(LSTM(3, 4, num_layers=2, bidirectional=True, variant="CIFG", dropout=0.1, bias=False, batch_first=True))
    for part in (
        "3, 4",
        "num_layers=2",
        "bidirectional=True",
        "'CIFG'",
        "dropout=0.1",
        "bias=False",
        "batch_first=True",
    ):
        assert part in text
    assert repr(RNN(3, 4, nonlinearity="relu")) == "RNN(3, 4, nonlinearity='relu')"


@pytest.mark.parametrize("make", [LSTM, GRU, RNN])
def test_each_setting_is_explained_where_its_constructor_points(make):
    pointer = inspect.getdoc(make.__init__)
    assert f"`help({make.__name__})`" in pointer
    told = inspect.getdoc(make)
    for name in list(inspect.signature(make.__init__).parameters)[1:]:
        assert re.search(rf"\b{name}(, \w+)*: |, {name}: ", told), name
    assert "(T, B, ·)" in told
    assert "lengths" in inspect.getdoc(make.forward)
