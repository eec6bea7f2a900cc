"""Numbers too small for the normal range count as zero inside the kernels, on x86.

A vanishing gradient ends in denormal numbers, on which the processor is some hundred times slower; they carry nothing
that a weight would notice. The setting belongs to a thread (register MXCSR); kernels put it back when they return.
"""

# ruff: noqa: ARG001  (the signatures are numba's)

from __future__ import annotations

import platform
from typing import Any

from llvmlite import ir
from numba import types

from peephole.neural.kernels._jit import cgutils, inlined, intrinsic

FLUSH = 0x8040  # results to zero (bit 15) and operands to zero (bit 6)
_HAS_REGISTER = platform.machine().lower() in {"x86_64", "amd64"}


def _call(builder: Any, name: str, slot: Any) -> None:
    byte = ir.IntType(8).as_pointer()
    function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(ir.VoidType(), [byte]), name)
    builder.call(function, [builder.bitcast(slot, byte)])


@intrinsic
def _control(context: Any) -> Any:
    """The thread's floating-point control register; 0 where there is none."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        slot = cgutils.alloca_once_value(builder, ir.Constant(ir.IntType(32), 0))
        if _HAS_REGISTER:
            _call(builder, "llvm.x86.sse.stmxcsr", slot)
        return builder.load(slot)

    return types.int32(), code


@intrinsic
def _set_control(context: Any, value: Any) -> Any:
    """Set the thread's floating-point control register."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if _HAS_REGISTER:
            slot = cgutils.alloca_once(builder, ir.IntType(32))
            builder.store(arguments[0], slot)
            _call(builder, "llvm.x86.sse.ldmxcsr", slot)
        return context.get_dummy_value()

    return types.void(types.int32), code


@inlined
def denormals_flushed() -> int:
    """From here on this thread counts them as zero; returned is what `denormals_restored` needs."""
    before: int = _control()
    _set_control(before | FLUSH)
    return before


@inlined
def denormals_restored(before: int) -> None:
    """As it was."""
    _set_control(before)
