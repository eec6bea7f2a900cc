"""Truncated BPTT(k1, k2) against what its definition says, computed window by window."""

import pytest
import torch
from torch import nn

from peephole.neural import GRU, LSTM, RNN, truncated_bptt
from peephole.neural.errors import NetworkSettingError

T, B, INPUTS, UNITS = 17, 2, 3, 4
PAIRS = [(1, 1), (4, 4), (4, 6), (4, 8), (3, 7), (5, 100), (6, 4), (6, 2), (7, 1), (100, 100), (1, 5)]


def detached(state):
    if isinstance(state, torch.Tensor):
        return state.detach()
    return state.detach() if hasattr(state, "gates") else tuple(part.detach() for part in state)


def weights_like(module, x):
    return torch.randn_like(module(x)[0])


def spans(start, stop, k1, k2):
    """(where the error stops, first loss, end) of each separate backward pass of the chunk [start, stop)."""
    if k2 >= k1:
        return [(max(0, stop - k2), start, stop)]
    starts = sorted({max(start, end - k2) for end in range(stop, start, -k2)})
    return [(first, first, last) for first, last in zip(starts, [*starts[1:], stop], strict=True)]


def expected(module, x, weight, k1, k2):
    """The gradients after each chunk by definition, each from a run of its own."""
    results = []
    for start in range(0, T, k1):
        module.zero_grad()
        for cut, first, last in spans(start, min(start + k1, T), k1, k2):
            state = detached(module(x[:cut])[1]) if cut else None
            y, _ = module(x[cut:last], state)
            (y[first - cut :] * weight[first:last]).sum().backward()
        results.append([p.grad.clone() for p in module.parameters()])
    return results


@pytest.mark.parametrize(("k1", "k2"), PAIRS)
@pytest.mark.parametrize(
    "make",
    [
        lambda: LSTM(INPUTS, UNITS, num_layers=2, dtype=torch.float64),
        lambda: LSTM(INPUTS, UNITS, variant="FGR", dtype=torch.float64),
        lambda: GRU(INPUTS, UNITS, dtype=torch.float64),
        lambda: nn.RNN(INPUTS, UNITS, dtype=torch.float64),
    ],
    ids=["LSTM", "FGR", "GRU", "torch.nn.RNN"],
)
def test_gradients_are_those_of_the_definition(make, k1, k2):
    module = make()
    x = torch.randn(T, B, INPUTS, dtype=torch.float64)
    weight = weights_like(module, x)
    wanted = expected(module, x, weight, k1, k2)
    whole, last = module(x)
    chunks = 0
    for chunk, gradients in zip(truncated_bptt(module, x, k1, k2), wanted, strict=True):
        torch.testing.assert_close(chunk.output, whole[chunk.slice], rtol=1e-12, atol=1e-12)
        module.zero_grad()
        chunk.backward((chunk.output * weight[chunk.slice]).sum())
        for parameter, gradient in zip(module.parameters(), gradients, strict=True):
            torch.testing.assert_close(parameter.grad, gradient, rtol=1e-11, atol=1e-12)
        chunks += 1
    assert chunks == -(-T // k1)
    for got, end in zip(chunk.state, last, strict=True):
        torch.testing.assert_close(got, end, rtol=1e-12, atol=1e-12)
        assert not got.requires_grad


def test_a_window_as_long_as_the_sequence_counts_every_loss_once():
    """With k2 = T the chunks' gradients sum to the gradient of the whole sequence."""
    module = LSTM(INPUTS, UNITS, dtype=torch.float64)
    x = torch.randn(T, B, INPUTS, dtype=torch.float64)
    weight = weights_like(module, x)
    (module(x)[0] * weight).sum().backward()
    whole = [p.grad.clone() for p in module.parameters()]
    module.zero_grad()
    for chunk in truncated_bptt(module, x, 5, T):
        chunk.backward((chunk.output * weight[chunk.slice]).sum())
    for parameter, gradient in zip(module.parameters(), whole, strict=True):
        torch.testing.assert_close(parameter.grad, gradient, rtol=1e-11, atol=1e-12)


def test_updates_in_between_keep_the_older_activations():
    """The error flows back through older steps as they were computed, with the parameters of their time."""
    module = RNN(INPUTS, UNITS, dtype=torch.float64)
    x = torch.randn(8, B, INPUTS, dtype=torch.float64)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.5)
    snapshots, gradients = [], []
    for chunk in truncated_bptt(module, x, 4, 8):
        snapshots.append({n: p.detach().clone().requires_grad_() for n, p in module.named_parameters()})
        optimizer.zero_grad()
        chunk.backward(chunk.output.sin().sum())
        gradients.append({n: p.grad.clone() for n, p in module.named_parameters()})
        optimizer.step()
    _, state = torch.func.functional_call(module, snapshots[0], (x[:4],))
    y, _ = torch.func.functional_call(module, snapshots[1], (x[4:], state))
    y.sin().sum().backward()
    for name, gradient in gradients[1].items():
        by_time = snapshots[0][name].grad + snapshots[1][name].grad
        torch.testing.assert_close(gradient, by_time, rtol=1e-12, atol=1e-12)
        assert not torch.allclose(gradient, snapshots[1][name].grad)


def test_a_head_outside_learns_too_and_the_start_state_is_taken():
    module, head = LSTM(INPUTS, UNITS, batch_first=True), nn.Linear(UNITS, 1)
    x = torch.randn(B, T, INPUTS)
    state = (torch.randn(1, B, UNITS), torch.randn(1, B, UNITS))
    whole = head(module(x, state)[0])
    seen = []
    for chunk in truncated_bptt(module, x, 5, state=state):
        assert chunk.output.shape[1] == chunk.stop - chunk.start
        prediction = head(chunk.output)
        seen.append(prediction.detach())
        head.zero_grad()
        chunk.backward(prediction.square().mean())
        assert head.weight.grad.abs().sum() > 0
    torch.testing.assert_close(torch.cat(seen, 1), whole.detach())


def test_a_single_sequence_and_evaluation_without_gradients():
    module = GRU(INPUTS, UNITS)
    x = torch.randn(T, INPUTS)
    with torch.no_grad():
        parts = [chunk.output for chunk in truncated_bptt(module, x, 4)]
    assert not any(part.requires_grad for part in parts)
    torch.testing.assert_close(torch.cat(parts), module(x)[0].detach())


@pytest.mark.parametrize(("k1", "k2", "setting"), [(0, 1, "k1"), (2, 0, "k2"), (1.5, 2, "k1"), (2, True, "k2")])
def test_spans_are_whole_numbers_of_at_least_one(k1, k2, setting):
    with pytest.raises(NetworkSettingError, match=f"{setting} should be a whole number") as caught:
        truncated_bptt(LSTM(3, 4), torch.zeros(5, 1, 3), k1, k2)
    assert caught.value.setting == setting


def test_a_layer_that_reads_backwards_is_refused():
    with pytest.raises(NetworkSettingError, match="reads sequences backwards"):
        truncated_bptt(LSTM(3, 4, bidirectional=True), torch.zeros(5, 1, 3), 2)
