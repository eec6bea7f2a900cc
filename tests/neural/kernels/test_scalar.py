"""The kernels' own exponential functions against double precision."""

import numba
import numpy as np
import pytest
from scipy import special

from peephole.neural.kernels import _scalar
from peephole.neural.kernels._jit import OPTIONS

scalar_logistic, scalar_tanh = _scalar.logistic, _scalar.tanh


@numba.njit(**OPTIONS)
def _all_logistic(x):
    result = np.empty_like(x)
    for j in range(x.size):
        result[j] = scalar_logistic(x[j])
    return result


@numba.njit(**OPTIONS)
def _all_tanh(x):
    result = np.empty_like(x)
    for j in range(x.size):
        result[j] = scalar_tanh(x[j])
    return result


FUNCTIONS = {"logistic": (_all_logistic, special.expit), "tanh": (_all_tanh, np.tanh)}
LIMITS = {np.float32: 5e-7, np.float64: 2e-15}


def _points(real):
    tiny = np.logspace(-30, 0, 4001)
    wide = np.linspace(-86, 86, 200_000)
    return np.concatenate([-tiny, tiny, wide]).astype(real)


@pytest.mark.parametrize("real", LIMITS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_relative_error_over_the_whole_range(name, real):
    own, exact = FUNCTIONS[name]
    x = _points(real)
    expected = exact(x.astype(np.longdouble if real is np.float64 and name == "tanh" else np.float64))
    worst = np.max(np.abs((own(x) - expected) / expected))
    assert worst < LIMITS[real]


@pytest.mark.parametrize("real", LIMITS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_edges(name, real):
    own, exact = FUNCTIONS[name]
    x = np.array([0.0, -0.0, 100.0, -100.0, np.inf, -np.inf, 1e30, -1e30, np.nan] * 5, real)  # long enough for SIMD
    result = own(x)
    np.testing.assert_allclose(result, exact(x), rtol=LIMITS[real], atol=1e-36)
    assert np.isnan(result[8])


def test_tanh_keeps_the_sign_of_zero():
    assert np.signbit(_all_tanh(np.array([-0.0], np.float32)))[0]
