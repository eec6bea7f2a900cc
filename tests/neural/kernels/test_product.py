"""The kernels' own matrix product against numpy, for every kind of left-over row and column."""

import numba
import numpy as np
import pytest
import torch

from peephole.neural.kernels import _product
from peephole.neural.kernels._jit import OPTIONS

multiply = _product.multiply


@numba.njit(**OPTIONS)
def _single(m, n, k, a, b, beta, c, turn):
    multiply(np.float32, m, n, k, a, b, beta, c, turn)


@numba.njit(**OPTIONS)
def _double(m, n, k, a, b, beta, c, turn):
    multiply(np.float64, m, n, k, a, b, beta, c, turn)


PRECISIONS = {torch.float32: (_single, 1e-5), torch.float64: (_double, 1e-13)}


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("beta", [0, 1])
@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5, 7, 8, 12, 13, 33])
@pytest.mark.parametrize(
    ("n", "k"), [(1, 1), (5, 3), (16, 8), (24, 7), (31, 4), (32, 9), (33, 2), (100, 17), (256, 64)]
)
def test_against_numpy(dtype, beta, rows, n, k):
    product, tolerance = PRECISIONS[dtype]
    torch.manual_seed(rows + n)
    a, b, before = torch.randn(rows, k, dtype=dtype), torch.randn(n, k, dtype=dtype).t(), torch.randn(rows + 1, n)
    c = before.to(dtype).clone()
    packed = _product.pack(b)
    product(rows, n, k, a.data_ptr(), packed.data_ptr(), beta, c.data_ptr(), rows % 2)
    expected = a.numpy() @ b.numpy() + beta * before[:rows].to(dtype).numpy()
    np.testing.assert_allclose(c[:rows].numpy(), expected, rtol=tolerance, atol=tolerance * k)
    assert torch.equal(c[rows], before[rows].to(dtype))  # nothing is written past the last row


def test_a_nan_comes_through():
    a, packed, c = torch.tensor([[float("nan"), 1.0]]), _product.pack(torch.ones(2, 3)), torch.zeros(1, 3)
    _single(1, 3, 2, a.data_ptr(), packed.data_ptr(), 0, c.data_ptr(), 0)
    assert bool(c.isnan().all())
