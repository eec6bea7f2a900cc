"""Matrix products inside compiled kernels, through the BLAS that torch itself has loaded.

Torch links its BLAS statically (MKL, OpenBLAS) and exports the Fortran entry points `sgemm_` and `dgemm_`. They are bound under
names of our own, so that a kernel refers to them by name and can be kept in the disk cache.
"""

# ruff: noqa: ARG001  (the signatures are numba's)

from __future__ import annotations

import ctypes
import sys
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite.binding
import torch
from llvmlite import ir
from numba import types

from peephole.neural.kernels._jit import cgutils, intrinsic, overload

_SYMBOLS = {"peephole_sgemm": "sgemm_", "peephole_dgemm": "dgemm_"}


@cache
def library() -> ctypes.CDLL | None:
    """The loaded library that holds torch's CPU kernels; None where it has another name or is not there."""
    folder = Path(torch.__file__).parent / "lib"
    name = {"darwin": "libtorch_cpu.dylib", "win32": "torch_cpu.dll"}.get(sys.platform, "libtorch_cpu.so")
    try:
        return ctypes.CDLL(str(folder / name))
    except OSError:
        return None


@cache
def bind() -> bool:
    """Bind the BLAS symbols for compiled kernels; True where torch's products can be called from inside them."""
    loaded = library()
    found = loaded is not None and all(hasattr(loaded, symbol) for symbol in _SYMBOLS.values())
    # A kernel that is linked without them never calls them (`multiply` = 0), but its names must still lead somewhere.
    nowhere = ctypes.pythonapi.Py_IsInitialized
    for ours, theirs in _SYMBOLS.items():
        function = getattr(loaded, theirs) if found else nowhere
        llvmlite.binding.add_symbol(ours, ctypes.cast(function, ctypes.c_void_p).value)
    return found


def _make_gemm(symbol: str, real: Any) -> Any:
    """An intrinsic that calls one Fortran GEMM on addresses, without transposition."""

    @intrinsic
    def gemm(
        context: Any, m: Any, n: Any, k: Any, a: Any, lda: Any, b: Any, ldb: Any, beta: Any, c: Any, ldc: Any
    ) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            m, n, k, a, lda, b, ldb, beta, c, ldc = arguments
            byte = ir.IntType(8).as_pointer()

            def slot(value: Any) -> Any:
                return builder.bitcast(cgutils.alloca_once_value(builder, value), byte)

            def at(address: Any) -> Any:
                return builder.inttoptr(address, byte)

            no = slot(ir.Constant(ir.IntType(8), ord("N")))
            one = slot(ir.Constant(context.get_value_type(real), 1.0))
            # 64-bit slots hold small integers that a 32-bit interface reads just as well (little-endian).
            values = [
                no,
                no,
                slot(m),
                slot(n),
                slot(k),
                one,
                at(a),
                slot(lda),
                at(b),
                slot(ldb),
                slot(beta),
                at(c),
                slot(ldc),
            ]
            kind = ir.FunctionType(ir.VoidType(), [byte] * len(values))
            builder.call(cgutils.get_or_insert_function(builder.module, kind, symbol), values)
            return context.get_dummy_value()

        i = types.int64
        return types.void(i, i, i, i, i, i, i, real, i, i), code

    return gemm


_sgemm = _make_gemm("peephole_sgemm", types.float32)
_dgemm = _make_gemm("peephole_dgemm", types.float64)


def multiply(real: Any, m: int, n: int, k: int, a: int, b: int, beta: int, c: int) -> None:
    """C (m, n) <- A (m, k) @ B (k, n) + beta C, all row-major, dense, given as addresses. `real`: np.float32 or np.float64."""
    raise NotImplementedError("only compiled code calls this")


@overload(multiply)
def _multiply(real: Any, m: Any, n: Any, k: Any, a: Any, b: Any, beta: Any, c: Any) -> Any:
    gemm = _sgemm if real.dtype == types.float32 else _dgemm

    def code(real: Any, m: Any, n: Any, k: Any, a: Any, b: Any, beta: Any, c: Any) -> None:
        # Fortran is column-major: it sees the transposes, and computes Cᵀ = Bᵀ Aᵀ.
        gemm(n, m, k, b, n, a, k, real(beta), c, n)

    return code
