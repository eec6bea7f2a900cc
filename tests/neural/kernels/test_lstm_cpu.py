"""The fused LSTM against the readable cell: values and every gradient."""

from contextlib import contextmanager

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from peephole.neural.cells import lstm as reference
from peephole.neural.cells.variants import VARIANTS
from peephole.neural.kernels import find

FUSED = [name for name in VARIANTS if name != "FGR"]
TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-5}


@contextmanager
def _threads(count):
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    yield
    torch.set_num_threads(before)


def _kernel(variant="vanilla", dtype=torch.float64):
    kernel = find("lstm", variant, "cpu", dtype)
    assert kernel is not None
    return kernel


def _case(variant, T, B, features, H, dtype=torch.float64, sizes=None):
    kind = VARIANTS[variant]
    G, P = len(kind.blocks), len(kind.peepholes)

    def normal(*shape):
        return torch.randn(*shape, dtype=dtype) * 0.4

    x = normal(T, B, features) if sizes is None else normal(sum(sizes), features)
    batch = B if sizes is None else sizes[0]
    p = normal(P, H) if P else None
    parameters = (normal(G * H, features), normal(G * H, H) / H**0.5, p, normal(G * H))  # no chaos over many steps
    return (variant, x, *parameters, normal(batch, H), normal(batch, H), sizes)


def _assert_close(got, expected, what):
    limit = TOLERANCE[expected.dtype] * max(1.0, expected.abs().max().item())
    assert got.shape == expected.shape, what
    assert (got - expected).abs().max().item() <= limit, what


def _compare(case, dtype=torch.float64):
    kernel = _kernel(case[0], dtype)
    *outputs, saved = kernel.forward(*case, save=True)
    *expected, expected_saved = reference.forward(*case, save=True)
    inference = kernel.forward(*case, save=False)
    assert inference[-1] is None
    for what, got, inferred, value in zip(("y", "yT", "cT"), outputs, inference, expected, strict=False):
        _assert_close(got, value, what)
        _assert_close(inferred, value, f"{what} without saving")
    errors = [torch.randn_like(value) for value in expected]
    gradients = kernel.backward(saved, *errors)
    for name, value in reference.backward(expected_saved, *errors)._asdict().items():
        if value is None:
            assert getattr(gradients, name) is None, name
        else:
            _assert_close(getattr(gradients, name), value, name)


@pytest.mark.parametrize("variant", FUSED)
def test_every_variant_in_both_precisions(variant):
    for dtype in TOLERANCE:
        _compare(_case(variant, 7, 5, 3, 11, dtype), dtype)


@pytest.mark.parametrize("variant", FUSED)
def test_every_variant_on_packed_batches(variant):
    _compare(_case(variant, 0, 0, 3, 10, sizes=[6, 6, 5, 2, 2, 1, 1]))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(FUSED),
    st.integers(1, 12),
    st.integers(1, 9),
    st.integers(1, 6),
    st.integers(1, 35),
    st.integers(1, 3),
)
def test_any_size_and_number_of_threads(variant, T, B, features, H, threads):
    with _threads(threads):
        _compare(_case(variant, T, B, features, H))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 17), min_size=1, max_size=12), st.integers(1, 20), st.integers(1, 3))
def test_any_packed_batch(sizes, H, threads):
    with _threads(threads):
        _compare(_case("vanilla", 0, 0, 4, H, sizes=sorted(sizes, reverse=True)))


@pytest.mark.parametrize("sizes", [None, [40] * 30 + [33] * 20 + [2] * 10])
def test_sequences_of_many_chunks(sizes):
    _compare(_case("vanilla", 60, 40, 3, 64, sizes=sizes))
    _compare(_case("vanilla", 60, 40, 3, 64, torch.float32, sizes=sizes), torch.float32)


def test_states_bias_and_errors_may_be_absent():
    variant, x, W, R, p, _, y0, c0, _ = _case("vanilla", 5, 3, 4, 6)
    kernel = _kernel()
    y, _, _, saved = kernel.forward(variant, x, W, R, p, None, None, None, None, save=True)
    zeros = torch.zeros_like(y0), torch.zeros_like(c0)
    expected = reference.forward(variant, x, W, R, p, None, *zeros, None, save=True)
    _assert_close(y, expected.y, "y")
    got = kernel.backward(saved, torch.ones(1, dtype=y.dtype).expand_as(y), None, None)  # stride 0, as after a sum()
    wanted = reference.backward(expected.saved, torch.ones_like(y), *zeros)
    assert (got.b, got.y0, got.c0) == (None, None, None)
    for name in ("x", "W", "R", "p"):
        _assert_close(getattr(got, name), getattr(wanted, name), name)


def test_backward_twice_gives_the_same():
    kernel, case = _kernel(), _case("vanilla", 5, 3, 4, 6)
    *outputs, saved = kernel.forward(*case, save=True)
    errors = [torch.randn_like(value) for value in outputs]
    for first, second in zip(kernel.backward(saved, *errors), kernel.backward(saved, *errors), strict=True):
        torch.testing.assert_close(first, second, rtol=0, atol=0)


@pytest.mark.parametrize("dtype", TOLERANCE)
def test_nan_goes_through(dtype):
    case = _case("vanilla", 6, 3, 4, 40, dtype)
    case[1][2, 1, 0] = float("nan")
    y, yT, cT, _ = _kernel(dtype=dtype).forward(*case, save=False)
    assert not y[:2].isnan().any()
    assert y[2:, 1].isnan().all()
    assert yT[1].isnan().all()
    assert cT[1].isnan().all()
    assert not y[:, [0, 2]].isnan().any()


def test_a_vanishing_gradient_leaves_no_denormal_numbers():
    variant, x, W, R, p, b, y0, c0, _ = _case("vanilla", 120, 4, 3, 16, torch.float32)
    b[32:48] = -4  # forget gates nearly closed
    kernel = _kernel(dtype=torch.float32)
    *_, saved = kernel.forward(variant, x, W * 0.01, R * 0.001, p * 0.01, b, y0, c0, None, save=True)
    gradients = kernel.backward(saved, None, torch.randn(4, 16), torch.randn(4, 16))
    size = gradients.c0.abs()
    assert (size[size > 0] >= torch.finfo(torch.float32).tiny).all()
    assert torch.tensor([1e-38]).mul(0.01).item() > 0  # the thread's setting is as it was


def test_what_has_no_kernel():
    assert find("lstm", "FGR", "cpu", torch.float32) is None
    assert find("lstm", "vanilla", "cpu", torch.float16) is None
    assert find("lstm", "vanilla", "meta", torch.float32) is None
    assert find("no such cell", "", "cpu", torch.float32) is None
