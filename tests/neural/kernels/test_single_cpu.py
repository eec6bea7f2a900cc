"""The fused simple network and GRU against the readable cells: values and every gradient."""

from contextlib import contextmanager

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from peephole.neural.cells import gru, rnn
from peephole.neural.kernels import find

CELLS = [("rnn", "tanh"), ("rnn", "relu"), ("rnn", "logistic"), ("gru", "")]
TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-5}


@contextmanager
def _threads(count):
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    yield
    torch.set_num_threads(before)


def _case(kind, variant, x_shape, batch, H, dtype=torch.float64, sizes=None):
    def normal(*shape):
        return torch.randn(*shape, dtype=dtype) * 0.4

    blocks, biases = (3, 4) if kind == "gru" else (1, 1)
    tensors = (
        normal(*x_shape),
        normal(blocks * H, x_shape[-1]),
        normal(blocks * H, H) / H**0.5,
        normal(biases * H),
        normal(batch, H),
    )
    return ((variant,) if kind == "rnn" else ()) + tensors + (sizes,)


def _compare(kind, variant, case, dtype=torch.float64):
    kernel, reference = find(kind, variant, "cpu", dtype), {"rnn": rnn, "gru": gru}[kind]
    assert kernel is not None
    *outputs, saved = kernel.forward(*case, save=True)
    *inferred, nothing = kernel.forward(*case, save=False)
    *expected, expected_saved = reference.forward(*case, save=True)
    assert nothing is None
    for got, again, value in zip(outputs, inferred, expected, strict=True):
        _close(got, value)
        _close(again, value)
    errors = [torch.randn_like(value) for value in expected]
    gradients = kernel.backward(saved, *errors)
    for what, value in reference.backward(expected_saved, *errors)._asdict().items():
        got = getattr(gradients, what)
        assert (got is None) == (value is None), what
        if value is not None:
            _close(got, value)


def _close(got, expected):
    assert got.shape == expected.shape
    assert (got - expected).abs().max() <= TOLERANCE[expected.dtype] * max(1.0, expected.abs().max())


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(CELLS), st.integers(1, 9), st.integers(1, 9), st.integers(1, 20), st.integers(1, 3))
def test_any_size_and_number_of_threads(cell, T, B, H, threads):
    with _threads(threads):
        _compare(*cell, _case(*cell, (T, B, 3), B, H))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(CELLS), st.lists(st.integers(1, 17), min_size=1, max_size=12), st.integers(1, 2))
def test_any_packed_batch(cell, sizes, threads):
    sizes = sorted(sizes, reverse=True)
    with _threads(threads):
        _compare(*cell, _case(*cell, (sum(sizes), 4), sizes[0], 7, sizes=sizes))


@pytest.mark.parametrize("cell", [("rnn", "tanh"), ("gru", "")])
@pytest.mark.parametrize("dtype", TOLERANCE)
def test_many_chunks_and_both_precisions(cell, dtype):
    _compare(*cell, _case(*cell, (60, 40, 3), 40, 32, dtype), dtype)


@pytest.mark.parametrize("cell", CELLS)
def test_without_bias(cell):
    case = list(_case(*cell, (4, 3, 2), 3, 5))
    case[-3] = None
    _compare(*cell, tuple(case))


@pytest.mark.parametrize("cell", CELLS)
def test_nan_goes_through(cell):
    case = _case(*cell, (4, 3, 2), 3, 33)
    case[len(case) - 6][1, 2, 0] = float("nan")
    h, h_last, _ = find(*cell, "cpu", torch.float64).forward(*case, save=False)
    assert h[1:, 2].isnan().all()
    assert h_last[2].isnan().all()
    assert not h[:, :2].isnan().any()
