"""Products of a few rows with a weight matrix inside compiled kernels: C = A @ B, B packed once for all steps.

A recurrent product has few rows, and the same weights at every step. B is laid out in panels as wide as a block of the
processor's vector registers, so that a block of C stays in registers while A and one panel stream past. The blocks are
written in LLVM's own vector types: no BLAS is called, whose general entry repacks B at every step.
"""

# ruff: noqa: ARG001  (the signatures are numba's)

from __future__ import annotations

import platform
from functools import cache
from typing import Any, NamedTuple

import llvmlite.binding
import torch
from llvmlite import ir
from numba import types
from torch import Tensor

from peephole.neural.kernels._jit import cgutils, intrinsic, overload


class Tile(NamedTuple):
    """A block of C in registers: `rows` by `vectors` accumulators of `size` bytes each."""

    rows: int
    vectors: int
    size: int

    def width(self, itemsize: int) -> int:
        """Columns of a block, and of a panel."""
        return self.vectors * self.size // itemsize


@cache
def tile() -> Tile:
    """The largest block for which this processor's vector registers suffice (32, but 16 under AVX2 and SSE)."""
    features = llvmlite.binding.get_host_cpu_features()
    if features.get("avx512f"):
        return Tile(8, 2, 64)
    if features.get("avx2"):
        return Tile(4, 3, 32)
    return Tile(4, 4 if platform.machine().lower() in {"arm64", "aarch64"} else 2, 16)


def pack(weight: Tensor) -> Tensor:
    """B (k, n), of any strides, as `multiply` reads it: panels (n / width, k, width), the last one filled up with zeros."""
    k, n = weight.shape
    width = tile().width(weight.element_size())
    whole = torch.nn.functional.pad(weight, (0, -n % width)) if n % width else weight
    down, right = whole.stride()
    return whole.as_strided((whole.shape[1] // width, k, width), (width * right, down, right)).contiguous()


def multiply(real: Any, m: int, n: int, k: int, a: int, packed: int, beta: int, c: int) -> None:
    """C (m, n) <- A (m, k) @ B (k, n) + beta C; A and C row-major and dense, B packed, all given as addresses.

    real: np.float32 or np.float64.  beta: 0 or 1.
    """
    raise NotImplementedError("only compiled code calls this")


@overload(multiply)
def _multiply(real: Any, m: Any, n: Any, k: Any, a: Any, packed: Any, beta: Any, c: Any) -> Any:
    size = 4 if real.dtype == types.float32 else 8
    width, most = tile().width(size), tile().rows
    many, half, one = (_block(size, rows) for rows in (most, most // 2, 1))
    fewer = most // 2

    def code(real: Any, m: Any, n: Any, k: Any, a: Any, packed: Any, beta: Any, c: Any) -> None:
        for column in range(0, n, width):
            panel, to, row = packed + column * k * size, c + column * size, 0
            columns = min(width, n - column)
            while row + most <= m:
                many(a + row * k * size, panel, k, beta, to + row * n * size, n, columns)
                row += most
            if row + fewer <= m:
                half(a + row * k * size, panel, k, beta, to + row * n * size, n, columns)
                row += fewer
            while row < m:
                one(a + row * k * size, panel, k, beta, to + row * n * size, n, columns)
                row += 1

    return code


@cache
def _block(size: int, rows: int) -> Any:
    """An intrinsic for `rows` rows of A and one panel: (a, panel, k, beta, c, columns of C, columns of the panel)."""
    real = ir.FloatType() if size == 4 else ir.DoubleType()
    shape, lanes = tile(), tile().size // size

    @intrinsic
    def block(context: Any, a: Any, panel: Any, k: Any, beta: Any, c: Any, row: Any, columns: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            a, panel, k, beta, c, row, columns = arguments
            emit = _Emit(builder, real, lanes)
            totals = [[emit.slot() for _ in range(shape.vectors)] for _ in range(rows)]
            lines = [emit.address(a, emit.times(k, r), size) for r in range(rows)]
            with cgutils.for_range(builder, k) as loop:
                at = emit.address(panel, emit.times(loop.index, shape.vectors * lanes), size)
                vectors = [emit.load(at, v * shape.size) for v in range(shape.vectors)]
                for line, accumulators in zip(lines, totals, strict=True):
                    factor = emit.spread(emit.address(line, loop.index, size))
                    for vector, accumulator in zip(vectors, accumulators, strict=True):
                        emit.add_product(accumulator, factor, vector)
            whole = builder.icmp_signed("==", columns, ir.Constant(columns.type, shape.vectors * lanes))
            for r, accumulators in enumerate(totals):
                to = emit.address(c, emit.times(row, r), size)
                with builder.if_else(whole) as (fits, juts_out):
                    with fits:
                        emit.write(to, accumulators, beta)
                    with juts_out:
                        emit.write_some(to, accumulators, beta, columns, size)
            return context.get_dummy_value()

        i = types.int64
        return types.void(i, i, i, i, i, i, i), code

    return block


class _Emit:
    """Emits the instructions of a block: vectors of `lanes` numbers of the type `real`, addresses as integers."""

    def __init__(self, builder: Any, real: Any, lanes: int) -> None:
        self.builder, self.real, self.lanes = builder, real, lanes
        self.vector = ir.VectorType(real, lanes)
        self.align = 4 if isinstance(real, ir.FloatType) else 8
        name = f"llvm.fma.v{lanes}f{8 * self.align}"
        self.fma = cgutils.get_or_insert_function(builder.module, ir.FunctionType(self.vector, [self.vector] * 3), name)

    def slot(self) -> Any:
        """A register's worth of memory, zero; LLVM keeps it in a register."""
        return cgutils.alloca_once_value(self.builder, ir.Constant(self.vector, [0.0] * self.lanes))

    def times(self, value: Any, factor: int) -> Any:
        return self.builder.mul(value, ir.Constant(value.type, factor))

    def address(self, base: Any, elements: Any, size: int) -> Any:
        return self.builder.add(base, self.times(elements, size))

    def _pointer(self, address: Any, kind: Any, offset: int = 0) -> Any:
        moved = self.builder.add(address, ir.Constant(address.type, offset)) if offset else address
        return self.builder.inttoptr(moved, kind.as_pointer())

    def load(self, address: Any, offset: int) -> Any:
        return self.builder.load(self._pointer(address, self.vector, offset), align=self.align)

    def spread(self, address: Any) -> Any:
        """The number at an address in every lane."""
        undefined, index = ir.Constant(self.vector, ir.Undefined), ir.IntType(32)
        number = self.builder.load(self._pointer(address, self.real))
        first = self.builder.insert_element(undefined, number, ir.Constant(index, 0))
        everywhere = ir.Constant(ir.VectorType(index, self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(first, undefined, everywhere)

    def add_product(self, accumulator: Any, a: Any, b: Any) -> None:
        total = self.builder.call(self.fma, [a, b, self.builder.load(accumulator)])
        self.builder.store(total, accumulator)

    def write(self, address: Any, accumulators: list[Any], beta: Any) -> None:
        """A row of the block into C, added to what is there where beta is not 0."""
        for v, accumulator in enumerate(accumulators):
            to = self._pointer(address, self.vector, v * self.lanes * self.align)
            total = self.builder.load(accumulator)
            with self.builder.if_else(self._is_set(beta)) as (adds, replaces):
                with adds:
                    self.builder.store(
                        self.builder.fadd(total, self.builder.load(to, align=self.align)), to, self.align
                    )
                with replaces:
                    self.builder.store(total, to, self.align)

    def write_some(self, address: Any, accumulators: list[Any], beta: Any, columns: Any, size: int) -> None:
        """The same for the last panel, number by number: C ends before the panel does."""
        kind = ir.ArrayType(self.real, self.lanes * len(accumulators))
        row = cgutils.alloca_once(self.builder, kind)
        start = self.builder.ptrtoint(row, address.type)
        for v, accumulator in enumerate(accumulators):
            to = self._pointer(start, self.vector, v * self.lanes * size)
            self.builder.store(self.builder.load(accumulator), to, self.align)
        with cgutils.for_range(self.builder, columns) as loop:
            to = self._pointer(self.address(address, loop.index, size), self.real)
            total = self.builder.load(self._pointer(self.address(start, loop.index, size), self.real))
            with self.builder.if_else(self._is_set(beta)) as (adds, replaces):
                with adds:
                    self.builder.store(self.builder.fadd(total, self.builder.load(to)), to)
                with replaces:
                    self.builder.store(total, to)

    def _is_set(self, flag: Any) -> Any:
        return self.builder.icmp_signed("!=", flag, ir.Constant(flag.type, 0))
