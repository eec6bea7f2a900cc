"""A cell's hand-derived backward pass, as one node of torch's automatic differentiation.

An implementation is a module with two functions, the readable cell or a fused kernel beside it:
    forward(*options, x, *parameters, *states, batch_sizes, save=...) -> (y, *final states, saved)
    backward(saved, dy, *d final states) -> gradients of x, parameters and states, in this order
`saved` is a named tuple; its tensors go through `save_for_backward`, so that changing one in place before the backward
pass is reported, and no reference cycle keeps them alive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import torch
from torch import Tensor

from peephole.neural.cells import gru, lstm, lstm_fgr, rnn
from peephole.neural.errors import NetworkSettingError, SecondDerivativeError
from peephole.neural.kernels import find

Choice = Literal["auto", "reference", "fused"]


@dataclass(frozen=True)
class Call:
    """A pass over a batch but for its tensors.  options: what stands before x (the variant).  batch_sizes: if packed."""

    implementation: Any
    options: tuple[str, ...]
    batch_sizes: Sequence[int] | None


class Recurrence(torch.autograd.Function):
    """A cell over all steps of a batch. A second derivative is refused: the backward pass is not recorded."""

    @staticmethod
    def forward(ctx: Any, call: Call, *tensors: Tensor | None) -> tuple[Tensor, ...]:
        """y and the final states."""
        *outputs, saved = call.implementation.forward(*call.options, *tensors, call.batch_sizes, save=True)
        ctx.save_for_backward(*(value if isinstance(value, Tensor) else None for value in saved))
        ctx.rest = tuple(None if isinstance(value, Tensor) else value for value in saved)
        ctx.saved_type = type(saved)
        ctx.implementation = call.implementation
        ctx.set_materialize_grads(not is_fused(call.implementation))  # a kernel takes None for zeros
        return tuple(outputs)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        """Gradients of every tensor that `forward` took."""
        pairs = zip(ctx.saved_tensors, ctx.rest, strict=True)
        saved = ctx.saved_type(*(rest if tensor is None else tensor for tensor, rest in pairs))
        # a kernel can leave out what nobody asks for: x is mostly data
        wish = {"needs_dx": ctx.needs_input_grad[1]} if is_fused(ctx.implementation) else {}
        # a sum() hands over a gradient of stride 0
        dense = (None if gradient is None else gradient.contiguous() for gradient in gradients)
        with torch.no_grad():
            found = ctx.implementation.backward(saved, *dense, **wish)
        return (None, *(_OnceOnly.of(found) if torch.is_grad_enabled() else found))


class _OnceOnly(torch.autograd.Function):
    """Gradients whose own derivative is refused.

    Torch's once_differentiable refuses only where the incoming gradient depends on something; else, as after a `sum()`,
    it would let a second derivative be taken for zero.
    """

    @classmethod
    def of(cls, gradients: Sequence[Tensor | None]) -> tuple[Tensor | None, ...]:
        """The gradients, tied to a tensor that requires a gradient, so that a second backward pass comes by here."""
        tied: tuple[Tensor | None, ...] = cls.apply(torch.empty(0, requires_grad=True), *gradients)  # type: ignore[no-untyped-call]
        return tied

    @staticmethod
    def forward(_: Any, anchor: Tensor, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:  # noqa: ARG004
        """The gradients themselves."""
        return gradients

    @staticmethod
    def backward(_: Any, *_gradients: Tensor) -> Any:
        """Refuse."""
        raise SecondDerivativeError(
            "A recurrent layer's gradient can be taken once only: its backward pass is hand-derived and not recorded.",
            remedy="Leave the layer out of what is differentiated twice (a gradient penalty, a Hessian), or take a "
            "second derivative by finite differences.",
        )


def run(call: Call, *tensors: Tensor | None) -> tuple[Tensor, ...]:
    """y and the final states, differentiable where any of the tensors needs a gradient.

    tensors: x, the parameters and the initial states in the implementation's order.
    """
    if torch.is_grad_enabled() and any(tensor is not None and tensor.requires_grad for tensor in tensors):
        outputs: tuple[Tensor, ...] = Recurrence.apply(call, *tensors)  # type: ignore[no-untyped-call]
        return outputs
    return tuple(call.implementation.forward(*call.options, *tensors, call.batch_sizes, save=False)[:-1])


def reference(kind: str, variant: str) -> Any:
    """The readable cell."""
    if kind == "lstm":
        return lstm_fgr if variant == "FGR" else lstm
    return {"rnn": rnn, "gru": gru}[kind]


def implementation(choice: Choice, kind: str, variant: str, x: Tensor) -> Any:
    """The implementation for tensors like x: the fused kernel where there is one ("auto"), or the one asked for."""
    return _found(choice, kind, variant, x.device.type, x.dtype)


def is_fused(implementation: Any) -> bool:
    """Whether it is a kernel, which takes None for the initial states and spares the products with zeros."""
    return bool(implementation.__name__.startswith("peephole.neural.kernels."))


@cache
def _found(choice: Choice, kind: str, variant: str, device_type: str, dtype: torch.dtype) -> Any:
    if choice == "reference":
        return reference(kind, variant)
    fused = find(kind, variant, device_type, dtype)
    if fused is not None:
        return fused
    if choice == "auto":
        return reference(kind, variant)
    raise NetworkSettingError(
        f"There is no fused kernel for {kind} {variant} on {device_type} in {dtype}.",
        remedy='Take implementation="auto", which uses the readable cell there.',
        setting="implementation",
    )
