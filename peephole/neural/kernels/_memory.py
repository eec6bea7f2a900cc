"""Arrays over memory that torch owns, inside compiled kernels, and the record of arguments a kernel is called with."""

# ruff: noqa: ARG001  (the signatures are numba's)

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numba import types

from peephole.neural.kernels._jit import carray, cgutils, inlined, intrinsic


@intrinsic
def _pointer(context: Any, address: Any) -> Any:
    """An address as a `void *`."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(types.int64), code


@inlined
def matrix(address: int, rows: int, columns: int, real: Any) -> Any:
    """A row-major array (rows, columns) of `real` at an address."""
    return carray(_pointer(address), (rows, columns), real)


@inlined
def integers(address: int, count: int) -> Any:
    """An array (count,) of int64 at an address."""
    return carray(_pointer(address), count, np.int64)


@inlined
def record(pointer: Any, kind: Any) -> Any:
    """The record of arguments at a pointer."""
    return carray(pointer, 1, kind)[0]


class Arguments:
    """A record of 64-bit integers (sizes, flags, addresses) as Python fills it in and as a compiled kernel reads it.

    kind: for the kernel.  block: for Python, an instance takes the fields as keywords and attributes.
    """

    def __init__(self, *fields: str) -> None:
        self.kind = np.dtype([(name, np.int64) for name in fields])
        self.block: Any = type("Block", (ctypes.Structure,), {"_fields_": [(name, ctypes.c_int64) for name in fields]})
