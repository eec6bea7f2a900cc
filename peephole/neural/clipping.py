"""Gradient clipping that reports the norm it met, and the guard against a loss that is no longer a number."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from peephole.neural.errors import DivergedError, NetworkSettingError

Parameters = Tensor | Iterable[Tensor]


@dataclass(frozen=True)
class Clipped:
    """What a clipping met and did.

    norm: the global norm of all gradients before clipping.  norm_after: the same, after.
    changed: how many of the elements were changed.
    """

    norm: float
    norm_after: float
    changed: int


def gradient_norm(parameters: Parameters) -> float:
    """The global (Euclidean) norm of all gradients; 0 where there are none."""
    return _norm(_gradients(parameters))


def clip_by_norm(parameters: Parameters, threshold: float) -> Clipped:
    """Scale all gradients down together so that their global norm is at most the threshold: g ← g · threshold/‖g‖.

    parameters: their `.grad` is changed in place; those without one are left out.  threshold: above 0.
    Raises DivergedError, with the gradients untouched, where the norm is not finite. Source: Pascanu et al. (2013).
    """
    _check_threshold(threshold)
    gradients = _gradients(parameters)
    norm = _finite_norm(gradients)
    if norm <= threshold:
        return Clipped(norm, norm, 0)
    for gradient in gradients:
        gradient.mul_(threshold / norm)
    return Clipped(norm, threshold, sum(gradient.numel() for gradient in gradients))


def clip_by_value(parameters: Parameters, threshold: float) -> Clipped:
    """Bring every element of the gradients into [-threshold, threshold].

    parameters: their `.grad` is changed in place; those without one are left out.  threshold: above 0.
    Raises DivergedError, with the gradients untouched, where one is not finite.
    """
    _check_threshold(threshold)
    gradients = _gradients(parameters)
    norm = _finite_norm(gradients)
    changed = 0
    for gradient in gradients:
        changed += int((gradient.abs() > threshold).sum())
        gradient.clamp_(-threshold, threshold)
    return Clipped(norm, _norm(gradients), changed)


def stop_if_diverged(loss: Tensor | float, step: int, norm: float | None = None) -> None:
    """Stop a training whose loss is NaN or infinite.

    step: which update this is.  norm: the gradient norm of the last update, where it is known (`Clipped.norm`).
    Raises DivergedError with the step, the norm and what to try.
    """
    value = float(loss)
    if math.isfinite(value):
        return
    met = "" if norm is None else f" The gradient norm of the last update was {norm:.4g}."
    raise DivergedError(
        f"The loss became {value} at step {step}.{met}",
        remedy="Try a smaller learning rate, clip the gradient (clip_by_norm), scale the inputs, or look for a division "
        "by zero or a logarithm of zero in the loss.",
    )


def _gradients(parameters: Parameters) -> list[Tensor]:
    every = [parameters] if isinstance(parameters, Tensor) else parameters
    return [parameter.grad.detach() for parameter in every if parameter.grad is not None]


def _norm(gradients: list[Tensor]) -> float:
    """The norm over all elements, in float64 so that large gradients do not overflow."""
    total = sum(float(torch.linalg.vector_norm(gradient, dtype=torch.float64)) ** 2 for gradient in gradients)
    return math.sqrt(total)


def _finite_norm(gradients: list[Tensor]) -> float:
    norm = _norm(gradients)
    if not math.isfinite(norm):
        wrong = sum(int((~torch.isfinite(gradient)).sum()) for gradient in gradients)
        raise DivergedError(
            f"The gradient norm is {norm}: {wrong} elements of the gradients are not finite.",
            remedy="Look for NaN in the loss or the inputs; if the loss is sound, try a smaller learning rate.",
        )
    return norm


def _check_threshold(threshold: float) -> None:
    if not threshold > 0:
        raise NetworkSettingError(
            f"The clipping threshold should be above 0, got {threshold!r}.",
            remedy="Set it, for example, to 1.",
            setting="threshold",
        )
