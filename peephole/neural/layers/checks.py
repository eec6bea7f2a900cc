"""Every check of a layer's input, made before any work; each failure says what, where, what was got, and the remedy."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from peephole.neural.errors import NetworkInputError
from peephole.neural.layers.batch import Lengths


def check_features(name: str, x: object, input_size: int, *, batch_first: bool) -> None:
    """That x is a tensor (T, I), (T, B, I) or (B, T, I), or a PackedSequence, with I features and at least one step."""
    wanted = f"(B, T, {input_size})" if batch_first else f"(T, B, {input_size})"
    packed = isinstance(x, PackedSequence)
    data = x.data if isinstance(x, PackedSequence) else x
    if not isinstance(data, Tensor):
        raise NetworkInputError(
            f"{name}: the input should be a tensor {wanted}, got {type(x).__name__}.",
            remedy="Convert it with torch.as_tensor.",
        )
    shape = tuple(data.shape)
    ranks = (2,) if packed else (2, 3)
    if data.dim() not in ranks:
        raise NetworkInputError(
            f"{name}: the input should have the shape {wanted}, or (T, {input_size}) for a single sequence, got {shape}.",
            remedy="Add the missing axis with unsqueeze, or merge the surplus ones.",
        )
    if shape[-1] != input_size:
        raise NetworkInputError(
            f"{name}: the input should have {input_size} features in its last axis, got {shape[-1]} (shape {shape}).",
            remedy=f"Give {input_size} features, or build the layer with input_size={shape[-1]}.",
        )
    if 0 in shape:
        raise NetworkInputError(
            f"{name}: the input holds no step or no sequence (shape {shape}).",
            remedy="Give at least one sequence of at least one step.",
        )


def check_kind(name: str, what: str, tensor: Tensor, like: Tensor) -> None:
    """That a tensor has the parameters' dtype and device."""
    if tensor.dtype != like.dtype:
        raise NetworkInputError(
            f"{name}: the {what} is {_plain(tensor.dtype)}, the layer's parameters are {_plain(like.dtype)}.",
            remedy=_conversion(what.rsplit(maxsplit=1)[-1], tensor.dtype, like.dtype),
        )
    if tensor.device != like.device:
        raise NetworkInputError(
            f"{name}: the {what} is on {tensor.device}, the layer's parameters are on {like.device}.",
            remedy=f'Move one of them: {what.rsplit(maxsplit=1)[-1]}.to("{like.device}"), or layer.to("{tensor.device}").',
        )


def check_finite(name: str, what: str, tensor: Tensor) -> None:
    """That a tensor holds neither NaN nor an infinite number.

    One pass (a sum) where all is well; the exact look follows only where the sum is not finite.
    """
    data = tensor.detach()
    if math.isfinite(data.sum().item()) or bool(torch.isfinite(data).all()):
        return
    wrong = ~torch.isfinite(data)
    count = int(wrong.sum())
    first = tuple(int(index) for index in wrong.nonzero()[0])
    kind = "NaN" if bool(torch.isnan(data[first])) else "an infinite number"
    raise NetworkInputError(
        f"{name}: the {what} holds {kind} at index {first}; {count} of {tensor.numel()} values are not finite.",
        remedy="Fill or drop missing values before the layer (torch.nan_to_num), or look for what diverged.",
    )


def check_lengths(name: str, lengths: Lengths, T: int, B: int) -> Tensor:
    """Lengths as an integer tensor (B) on the CPU, each from 1 to T."""
    found = torch.as_tensor(lengths).detach().cpu()
    if found.dtype.is_floating_point or found.dtype == torch.bool or found.dim() != 1 or len(found) != B:
        raise NetworkInputError(
            f"{name}: lengths should be {B} whole numbers, one for each sequence, got {_plain(found.dtype)} of shape "
            f"{tuple(found.shape)}.",
            remedy="Give the number of steps of each sequence of the batch.",
        )
    for sequence, length in enumerate(found.tolist()):
        if not 1 <= length <= T:
            raise NetworkInputError(
                f"{name}: the length of sequence {sequence} should be from 1 to {T} (the batch's steps), got {length}.",
                remedy="Leave empty sequences out of the batch, and pad the batch to its longest sequence.",
            )
    return found.to(torch.int64)


def check_no_lengths(name: str, lengths: object, form: str) -> None:
    """That no lengths came with an input that cannot have them."""
    if lengths is not None:
        raise NetworkInputError(
            f"{name}: lengths go with a padded batch, but the input is {form}.",
            remedy="Leave lengths out, or give a padded batch of three axes.",
        )


def check_state(name: str, what: str, state: object, shape: Sequence[int]) -> None:
    """That a state is a tensor of this shape."""
    got = tuple(state.shape) if isinstance(state, Tensor) else type(state).__name__
    if got != tuple(shape):
        raise NetworkInputError(
            f"{name}: the {what} should have the shape {tuple(shape)} (layers x directions, batch, units; no batch axis "
            f"for a single sequence), got {got}.",
            remedy="Give the final state of an earlier call on a batch of the same size, or None for zeros.",
        )


def _conversion(what: str, given: torch.dtype, wanted: torch.dtype) -> str:
    """What to convert; a layer cannot be made one of whole numbers."""
    if not given.is_floating_point:
        return f"Convert it: {what}.to({wanted})."
    return f"Convert one of them: {what}.to({wanted}), or layer.to({given})."


def _plain(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
