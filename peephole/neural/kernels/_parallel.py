"""Blocks of rows for the threads, and one parallel region of torch's own thread pool around a compiled kernel.

Torch's products and its element loops run in the OpenMP pool of the library that torch has loaded. A kernel that brought a
second pool would fight with the first for the cores, so a parallel region of that very library is opened, through its
`GOMP_parallel` (both the GNU and the LLVM library have it on Linux). Where it is not found, kernels run in the calling
thread.
"""

# ruff: noqa: ARG001  (the signatures are numba's)

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import llvmlite.binding
import torch
from llvmlite import ir
from numba import types

from peephole.neural.kernels._jit import cgutils, intrinsic

ROWS_PER_BLOCK = 4  # under this many rows of the batch a thread is not worth waking
NUMBERS_PER_THREAD = 1 << 14  # and under so many numbers of a weight gradient's left factor

_Kernel = ctypes.CFUNCTYPE(None, ctypes.c_void_p)  # releases the GIL
_Number = ctypes.CFUNCTYPE(ctypes.c_int)
_zero, _one = _Number(lambda: 0), _Number(lambda: 1)


@cache
def library() -> ctypes.CDLL | None:
    """The loaded library that holds torch's CPU code; None where it has another name or is not there."""
    folder = Path(torch.__file__).parent / "lib"
    name = {"darwin": "libtorch_cpu.dylib", "win32": "torch_cpu.dll"}.get(sys.platform, "libtorch_cpu.so")
    try:
        return ctypes.CDLL(str(folder / name))
    except OSError:
        return None


@cache
def bind() -> Any | None:
    """Bind the thread functions for compiled kernels; return `GOMP_parallel`, or None where kernels run in one thread."""
    loaded = library()
    names = ("omp_get_thread_num", "omp_get_num_threads", "GOMP_parallel")
    found = [getattr(loaded, name, None) for name in names]  # looks through the library's dependencies too
    number, count, parallel = cast(Any, found if all(found) else (_zero, _one, None))
    for ours, function in (("peephole_thread_number", number), ("peephole_thread_count", count)):
        llvmlite.binding.add_symbol(ours, ctypes.cast(function, ctypes.c_void_p).value)
    return parallel


@cache
def callable_at(address: int) -> Callable[[int], None]:
    """The kernel at an address, to be called with the address of its record of arguments."""
    return _Kernel(address)


def run(address: int, block: ctypes.Structure, threads: int) -> None:
    """Call the kernel at `address` with its arguments, in a region of so many threads; they share the kernel's blocks."""
    where = ctypes.addressof(block)
    parallel = bind() if threads > 1 else None
    if parallel is None:
        callable_at(address)(where)
    else:
        parallel(ctypes.c_void_p(address), ctypes.c_void_p(where), ctypes.c_uint(threads), ctypes.c_uint(0))


def threads_for(numbers: int) -> int:
    """How many of torch's threads are worth waking for so many numbers."""
    return max(1, min(torch.get_num_threads(), numbers // NUMBERS_PER_THREAD))


def blocks(batch_sizes: Sequence[int], threads: int) -> list[int]:
    """Boundaries of the threads' blocks of rows, with about the same number of steps of work in each.

    batch_sizes: rows of each step, never growing.  threads: at most so many blocks.
    Returned: 0, ..., batch_sizes[0].
    """
    rows = batch_sizes[0]
    count = max(1, min(threads, rows // ROWS_PER_BLOCK))
    if count == 1 or batch_sizes[-1] == rows:
        return [rows * k // count for k in range(count + 1)]
    return _even_work(batch_sizes, count)


def _even_work(batch_sizes: Sequence[int], count: int) -> list[int]:
    lengths = [0] * (
        batch_sizes[0] + 1
    )  # lengths[r]: steps of row r, found from the sizes, which fall from step to step
    for size in batch_sizes:
        lengths[size] += 1
    for row in range(len(lengths) - 2, -1, -1):
        lengths[row] += lengths[row + 1]
    bounds, done, whole = [0], 0, sum(batch_sizes)
    for row in range(batch_sizes[0]):
        done += lengths[row + 1]
        if len(bounds) < count and done * count >= whole * len(bounds):
            bounds.append(row + 1)
    return [*bounds, batch_sizes[0]] if bounds[-1] < batch_sizes[0] else bounds


def _make_thread(symbol: str) -> Any:
    @intrinsic
    def thread(context: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            kind = ir.FunctionType(ir.IntType(32), [])
            value = builder.call(cgutils.get_or_insert_function(builder.module, kind, symbol), [])
            return builder.sext(value, ir.IntType(64))

        return types.int64(), code

    return thread


thread_number = _make_thread("peephole_thread_number")
thread_count = _make_thread("peephole_thread_count")
