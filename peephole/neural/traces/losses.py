"""What the loss sends into the layer: ∂J/∂outputs, as a whole or of one step's J(s) alone."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from peephole.neural.errors import DivergedError
from peephole.neural.traces.errors import LossError
from peephole.neural.traces.stack import Outside

_EXPONENTS = 33  # weights 2^-16 ... 2^16
_ROUNDS = 3


@dataclass(frozen=True)
class Losses:
    """J, and how it depends on what the layer gives.

    total: J.  steps: J(s), (T) or (T, B); None where the loss is one number.  whole: ∂J/∂ of outputs and final states.
    local: whether J(s) depends on the outputs of step s alone.  graph: ∂J(s)/∂ of them for any loss; None once saved.
    """

    total: float
    steps: Tensor | None
    whole: Outside
    local: bool
    graph: Callable[[int], Outside] | None = None

    def require_steps(self, asked: str) -> None:
        """Raise LossError where single steps cannot be told apart.  asked: what needs them."""
        if self.steps is None:
            raise LossError(
                f"{asked} follows the loss of single steps, but this trace's loss is one number.",
                remedy="Let the loss given to unfold return the losses of the steps, (T) or (T, B); J is their sum.",
            )
        if not self.local and self.graph is None:
            raise LossError(
                f"{asked} needs the loss itself here, because J(s) depends on more than the outputs of step s, "
                "and a saved trace does not hold it.",
                remedy="Open the trace again with unfold.",
            )

    def at(self, step: int) -> Outside:
        """What J(step) alone sends in."""
        self.require_steps("loss_at")
        if self.graph is not None and not self.local:
            return self.graph(step)
        y = torch.zeros_like(self.whole.y)
        y[step] = self.whole.y[step]
        return Outside(y, tuple(torch.zeros_like(final) for final in self.whole.finals))

    def row(self, step: int) -> Outside:
        """What a row of the error flow sends in: J(step); all of J where that is one number."""
        return self.whole if self.steps is None else self.at(step)


def follow(loss: Callable[..., Tensor], arguments: Sequence[Any], leaves: Sequence[Tensor], T: int, B: int) -> Losses:
    """Call the loss and differentiate it.

    arguments: outputs and final states in the module's form, made from `leaves`: outputs (T, B, D*H), then final states.
    Raises LossError, DivergedError.
    """
    result = loss(*arguments[: _wanted(loss)])
    _check(result, T, B)
    per_step = result if result.dim() else None

    def sent(value: Tensor, *, keep: bool = True) -> Outside:
        found = torch.autograd.grad(value, leaves, retain_graph=keep, allow_unused=True)
        y, *finals = (
            torch.zeros_like(leaf) if gradient is None else gradient
            for gradient, leaf in zip(found, leaves, strict=True)
        )
        return Outside(y, tuple(finals))

    total = result.sum()
    whole = sent(total)
    if not any(bool(part.count_nonzero()) for part in (whole.y, *whole.finals)) and not _reaches(total, leaves):
        raise _unconnected()
    if per_step is None:
        return Losses(total.item(), None, whole, local=False)
    local = _is_local(per_step, whole, sent)
    graph = None if local else lambda step: sent(per_step[step].sum())
    return Losses(total.item(), per_step.detach(), whole, local, graph)


def _wanted(loss: Callable[..., Tensor]) -> int:
    """How many of (outputs, final states) the loss takes: its positional parameters without a default."""
    try:
        parameters = inspect.signature(loss).parameters.values()
    except (TypeError, ValueError):  # compiled callables do not tell
        return 1
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = sum(p.default is p.empty for p in positional)
    if needed > 2 or (needed == 0 and not positional and not any(p.kind is p.VAR_POSITIONAL for p in parameters)):
        raise LossError(
            f"The loss should take the outputs, or the outputs and the final states, but it takes {needed} arguments.",
            remedy="Bind the others: unfold(module, x, lambda y: criterion(y, target)).",
        )
    return max(needed, 1)


def _check(result: object, T: int, B: int) -> None:
    if not isinstance(result, Tensor) or result.shape not in ((), (T,), (T, B)):
        got = tuple(result.shape) if isinstance(result, Tensor) else type(result).__name__
        remedy = "Return one number, or the loss of each step, time first."
        if got == (B, T):
            remedy = "Return it transposed: time comes first, also where the module is batch_first."
        raise LossError(f"The loss should give a tensor of shape (), ({T},) or ({T}, {B}), got {got}.", remedy=remedy)
    if not bool(torch.isfinite(result).all()):
        raise DivergedError("The loss is not a finite number.", remedy="Look for what diverged before opening a trace.")
    if not result.requires_grad:
        raise _unconnected()


def _unconnected() -> LossError:
    return LossError(
        "The loss does not depend on the layer's outputs or final states: no error reaches them.",
        remedy="Compute it from what it is given by torch operations, without detach, numpy, item or no_grad.",
    )


def _reaches(total: Tensor, leaves: Sequence[Tensor]) -> bool:
    found = torch.autograd.grad(total, leaves, retain_graph=True, allow_unused=True)
    return any(gradient is not None for gradient in found)


def _is_local(per_step: Tensor, whole: Outside, sent: Callable[[Tensor], Outside]) -> bool:
    """Whether J(s) depends on the outputs of step s alone.

    Then weighting every J(s) by w(s) weights ∂J/∂y(s) by the same w(s), exactly for powers of two. A dependence of one
    step on another shows unless both weights are equal, hence fresh permutations of the exponents, several times.
    """
    if any(bool(final.count_nonzero()) for final in whole.finals):
        return False
    T = len(per_step)
    generator = torch.Generator().manual_seed(0)
    for _ in range(_ROUNDS):
        blocks = [torch.randperm(_EXPONENTS, generator=generator) for _ in range(T // _EXPONENTS + 1)]
        exponents = torch.cat(blocks)[:T] - _EXPONENTS // 2
        weights = torch.exp2(exponents.to(whole.y.dtype)).to(whole.y.device)
        weighted = sent((per_step * weights.view(-1, *[1] * (per_step.dim() - 1))).sum())
        same_y = torch.equal(weighted.y, whole.y * weights.view(-1, 1, 1))
        if not same_y or any(bool(final.count_nonzero()) for final in weighted.finals):
            return False
    return True
