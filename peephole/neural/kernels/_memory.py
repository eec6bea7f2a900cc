"""Arrays over memory that torch owns, inside compiled kernels, and the record of arguments a kernel is called with."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from peephole.neural.kernels._jit import inlined


@intrinsic
def _pointer(context: Any, address: Any) -> Any:
    """An address as a `void *`."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(types.int64), code


@inlined
def matrix(address: int, rows: int, columns: int, real: Any) -> Any:
    """A row-major array (rows, columns) of `real` at an address."""
    return numba.carray(_pointer(address), (rows, columns), real)


@inlined
def integers(address: int, count: int) -> Any:
    """An array (count,) of int64 at an address."""
    return numba.carray(_pointer(address), count, np.int64)


@inlined
def record(pointer: Any, kind: Any) -> Any:
    """The record of arguments at a pointer."""
    return numba.carray(pointer, 1, kind)[0]


def record_type(*fields: str) -> np.dtype[Any]:
    """A record of 64-bit integers: sizes, flags and addresses."""
    return np.dtype([(field, np.int64) for field in fields])
