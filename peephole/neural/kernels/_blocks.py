"""Blocks of a matrix product that stay in the processor's vector registers, written in LLVM's own vector types."""

# ruff: noqa: ARG001  (the signatures are numba's)

from __future__ import annotations

import platform
from functools import cache
from typing import Any, NamedTuple

import llvmlite.binding
from llvmlite import ir
from numba import types

from peephole.neural.kernels._jit import cgutils, intrinsic


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


@cache
def block(size: int, rows: int, across: bool) -> Any:
    """An intrinsic for `rows` rows of C and one panel of B: C <- A B + beta C.

    Its arguments: (a, step, panel, k, beta, c, columns of C, columns of the panel), numbers of `size` bytes.
    across: the rows of C are columns of A, side by side in memory, and `step` is the number of columns of A; else the rows of C
    are rows of A, `step` numbers apart.
    """
    real = ir.FloatType() if size == 4 else ir.DoubleType()
    shape, lanes = tile(), tile().size // size

    @intrinsic
    def product(context: Any, a: Any, step: Any, panel: Any, k: Any, beta: Any, c: Any, row: Any, columns: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            a, step, panel, k, beta, c, row, columns = arguments
            emit = _Emit(builder, real, lanes)
            totals = [[emit.slot() for _ in range(shape.vectors)] for _ in range(rows)]
            lines = [emit.address(a, emit.number(r) if across else emit.times(step, r), size) for r in range(rows)]
            with cgutils.for_range(builder, k) as loop:
                at = emit.address(panel, emit.times(loop.index, shape.vectors * lanes), size)
                vectors = [emit.load(at, v * shape.size) for v in range(shape.vectors)]
                along = builder.mul(loop.index, step) if across else loop.index
                for line, accumulators in zip(lines, totals, strict=True):
                    factor = emit.spread(emit.address(line, along, size))
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
        return types.void(i, i, i, i, i, i, i, i), code

    return product


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

    def number(self, value: int) -> Any:
        return ir.Constant(ir.IntType(64), value)

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
