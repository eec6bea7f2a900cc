"""The GPU's LSTM against the readable cell: on a GPU where there is one, else in Triton's interpreter on the CPU."""

import os
import warnings

import pytest
import torch

from peephole.neural.cells import lstm as reference
from peephole.neural.cells.variants import VARIANTS

FUSED = [name for name in VARIANTS if name != "FGR"]
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
if DEVICE == "cpu":
    os.environ["TRITON_INTERPRET"] = "1"  # before Triton is imported
pytest.importorskip("triton")

LIMIT = {torch.float32: 1e-5, torch.bfloat16: 4e-2}


@pytest.fixture(scope="module")
def kernel():
    from peephole.neural.kernels import lstm_cuda

    return lstm_cuda


def _case(variant, dtype, sizes):
    kind = VARIANTS[variant]
    G, P, H = len(kind.blocks), len(kind.peepholes), 10

    def normal(*shape):
        return (torch.randn(*shape) * 0.3).to(DEVICE, dtype)

    x = normal(4, 3, 5) if sizes is None else normal(sum(sizes), 5)
    p = normal(P, H) if P else None
    return (variant, x, normal(G * H, 5), normal(G * H, H), p, normal(G * H), normal(3, H), normal(3, H), sizes)


def _exact(case):
    return tuple(value.double() if isinstance(value, torch.Tensor) else value for value in case)


def _close(got, expected, dtype, what):
    assert got.dtype == dtype, what
    scale = max(1.0, expected.abs().max().item())
    assert (got.double() - expected).abs().max().item() <= LIMIT[dtype] * scale, what


@pytest.mark.parametrize("sizes", [None, (3, 3, 2, 1)], ids=["padded", "packed"])
@pytest.mark.parametrize("dtype", LIMIT, ids=["float32", "bfloat16"])
@pytest.mark.parametrize("variant", FUSED)
def test_agrees_with_the_readable_cell(kernel, variant, dtype, sizes):
    case = _case(variant, dtype, sizes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the interpreter's own
        *outputs, saved = kernel.forward(*case, save=True)
        errors = [torch.randn_like(value) for value in outputs]
        gradients = kernel.backward(saved, *errors)
    *expected, expected_saved = reference.forward(*_exact(case), save=True)
    for what, got, value in zip(("y", "yT", "cT"), outputs, expected, strict=True):
        _close(got, value, dtype, what)
    for what, value in reference.backward(expected_saved, *_exact(errors))._asdict().items():
        if value is None:
            assert getattr(gradients, what) is None, what
        else:
            _close(getattr(gradients, what), value, dtype, what)
