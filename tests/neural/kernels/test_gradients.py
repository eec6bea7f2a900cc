"""Weight gradients, summed over rows, against numpy, for every kind of left-over row and column and any number of threads."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from peephole.neural import GRU, LSTM, RNN
from peephole.neural.kernels._gradients import MOST_NUMBERS, add_gradient

TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-13}


def _check(dtype, k, m, n, so_far):
    torch.manual_seed(k + m + n)
    bars, seen = torch.randn(k, m, dtype=dtype), torch.randn(k, n, dtype=dtype)
    around = torch.randn(m + 2, n, dtype=dtype)
    expected = bars.numpy().T @ seen.numpy() + so_far * around[1:-1].numpy()
    whole = around.clone()
    add_gradient(whole[1:-1], so_far, bars, seen)
    np.testing.assert_allclose(whole[1:-1].numpy(), expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype] * k)
    assert torch.equal(whole[[0, -1]], around[[0, -1]])  # nothing is written before or after


@pytest.mark.parametrize("dtype", TOLERANCE)
@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, 300), st.integers(1, 90), st.integers(1, 70), st.integers(0, 1), st.sampled_from(["one", "several"])
)
def test_against_numpy(dtype, k, m, n, so_far, threads):
    before = torch.get_num_threads()
    torch.set_num_threads(1 if threads == "one" else 3)
    try:
        _check(dtype, k, m, n, so_far)
    finally:
        torch.set_num_threads(before)


def test_several_threads_share_a_large_one():
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        _check(torch.float32, 700, 510, 33, 1)
    finally:
        torch.set_num_threads(before)


def test_one_too_large_is_left_to_torch():
    m = 640
    _check(torch.float32, 3, m, MOST_NUMBERS // m + 1, 1)


def test_what_was_left_over_is_not_read_when_the_gradient_begins_anew():
    gradient = torch.full((9, 5), float("nan"))
    add_gradient(gradient, 0, torch.ones(4, 9), torch.ones(4, 5))
    assert torch.equal(gradient, torch.full((9, 5), 4.0))


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
def test_data_that_needs_no_gradient_changes_no_other(kind):
    layer = kind(3, 5)
    x, outside = torch.randn(7, 4, 3), torch.randn(7, 4, 5)
    layer(x)[0].backward(outside)
    without = {name: value.grad.clone() for name, value in layer.named_parameters()}
    layer.zero_grad()
    layer(x.requires_grad_())[0].backward(outside)
    assert x.grad is not None
    for name, value in layer.named_parameters():
        torch.testing.assert_close(value.grad, without[name], rtol=0, atol=0)
