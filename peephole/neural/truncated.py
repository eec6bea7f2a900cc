"""Truncated backpropagation through time, BPTT(k1, k2), over a sequence too long for one backward pass.

Every k1 steps the error is propagated back over at most k2 steps. The state is carried on, its history cut. Every loss is
counted once: an update sees the losses of its own k1 steps, and with k2 > k1 their error also flows back through older
steps, whose activations are kept as they were computed (with the parameters of their time).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from peephole.neural.errors import NetworkSettingError
from peephole.neural.layers.lstm import LSTMState

State = Any  # None, a tensor, or a tuple of tensors, as the module has it


@dataclass
class _Piece:
    """A stretch between two cuts: its graph begins at `leaves`, the cut state it started from."""

    start: int
    stop: int
    leaves: list[Tensor]
    output: Tensor
    ends: list[Tensor]


@dataclass
class Chunk:
    """k1 steps of the sequence, ready for their loss.

    start, stop: the steps [start, stop) of the input.  output: the module's output for them, in the module's layout; compute
    the loss from it and hand that to `backward`.  state: after the last of these steps, cut from its history.
    """

    start: int
    stop: int
    output: Tensor
    state: State
    _own: list[_Piece] = field(repr=False)
    _older: list[_Piece] = field(repr=False)
    _time_dim: int = field(repr=False)
    _linked: bool = field(repr=False)  # whether the error passes from piece to piece: not where k2 < k1

    @property
    def slice(self) -> slice:
        """The steps of the input, for picking the targets."""
        return slice(self.start, self.stop)

    def backward(self, loss: Tensor) -> None:
        """Propagate the loss of these steps back over at most k2 steps; gradients add up in `.grad` as usual.

        loss: a scalar computed from `output`. To be called once, before the parameters are updated.
        """
        loss.backward()  # type: ignore[no-untyped-call]
        outside = self.output.grad
        carried: list[Tensor | None] = [None for _ in self._own[-1].ends]
        for piece in reversed([*self._older, *self._own]):
            reached: list[tuple[Tensor, Tensor | None]] = list(zip(piece.ends, carried, strict=True))
            if outside is not None and piece.start >= self.start:
                steps = outside.narrow(self._time_dim, piece.start - self.start, piece.stop - piece.start)
                reached.append((piece.output, steps))
            carried = _back(piece, [(end, gradient) for end, gradient in reached if gradient is not None])
            if not self._linked:
                carried = [None for _ in carried]


def truncated_bptt(
    module: nn.Module,
    inputs: Tensor,
    k1: int,
    k2: int | None = None,
    *,
    state: State = None,
    time_dim: int | None = None,
) -> Iterator[Chunk]:
    """The chunks of a long sequence, each with its output, for BPTT(k1, k2).

        for chunk in truncated_bptt(lstm, x, k1=20, k2=40):
            loss = criterion(head(chunk.output), targets[chunk.slice])
            optimizer.zero_grad()
            chunk.backward(loss)
            optimizer.step()

    module: called as module(x, state), returns (output, state): a layer of this package or any module of that form.
    inputs: the whole sequence, as the module takes it.  k1: steps from one update to the next; the last chunk may be shorter.
    k2: steps the error travels back at most, default k1.  With k2 < k1 a chunk is cut inside, so that each loss still counts
    and none travels further than k2.  state: to begin with, None for zeros.
    time_dim: the axis of time, default as the module's `batch_first` says.
    Raises NetworkSettingError for k1 or k2 below 1 and for a module that reads backwards too.
    """
    k2 = k1 if k2 is None else k2
    _check(module, k1, k2)
    axis = _time_axis(module, inputs) if time_dim is None else time_dim
    return _chunks(module, inputs, _Window(k1, k2, inputs.shape[axis]), state, axis)


@dataclass(frozen=True)
class _Window:
    k1: int
    k2: int
    T: int

    def cuts(self, start: int, stop: int) -> list[tuple[int, int]]:
        """The stretches of a chunk [start, stop).

        With k2 >= k1 a cut where the k2 steps of a later update will begin; else one every k2 steps, from the end.
        """
        if self.linked:
            begins = (min(end, self.T) - self.k2 for end in range(stop, self.T + self.k1, self.k1))
            cuts = {start, stop, *(cut for cut in begins if start < cut < stop)}
        else:
            cuts = {start, *range(stop, start, -self.k2)}
        return list(pairwise(sorted(cuts)))

    @property
    def linked(self) -> bool:
        """Whether the error of one piece flows on into the piece before it."""
        return self.k2 >= self.k1

    def kept(self, pieces: list[_Piece], stop: int) -> list[_Piece]:
        """The pieces that an update at `stop` reaches."""
        return [piece for piece in pieces if piece.start >= stop - self.k2]


def _chunks(module: nn.Module, inputs: Tensor, window: _Window, state: State, axis: int) -> Iterator[Chunk]:
    T = window.T
    older: list[_Piece] = []
    carried = _map(state, lambda tensor: tensor.detach())
    for start in range(0, T, window.k1):
        stop = min(start + window.k1, T)
        # copies: an update changes the parameters in place, and the older graphs still need what they were computed with
        parameters = {name: parameter.clone() for name, parameter in module.named_parameters()}
        own = []
        for first, last in window.cuts(start, stop):
            leaves = _map(carried, lambda tensor: tensor.detach().requires_grad_(torch.is_grad_enabled()))
            x = inputs.narrow(axis, first, last - first)
            output, end = functional_call(module, parameters, (x, leaves))
            own.append(_Piece(first, last, _tensors(leaves), output, _tensors(end)))
            carried = _map(end, lambda tensor: tensor.detach())
        joined = torch.cat([piece.output.detach() for piece in own], dim=axis)
        joined.requires_grad_(any(piece.output.requires_grad for piece in own))
        yield Chunk(start, stop, joined, carried, own, window.kept(older, stop), axis, window.linked)
        older = window.kept([*older, *own], stop + 1)


def _back(piece: _Piece, reached: list[tuple[Tensor, Tensor]]) -> list[Tensor | None]:
    """Propagate through one piece; what arrives at the state that it started from."""
    reached = [(end, gradient) for end, gradient in reached if end.requires_grad]
    if reached:
        for leaf in piece.leaves:
            leaf.grad = None
        # kept: a later update may come this way again; memory is freed with the piece
        ends, gradients = [end for end, _ in reached], [gradient for _, gradient in reached]
        torch.autograd.backward(ends, gradients, retain_graph=True)
    return [leaf.grad if reached else None for leaf in piece.leaves]


def _map(state: State, change: Callable[[Tensor], Tensor]) -> State:
    if state is None:
        return None
    if isinstance(state, Tensor):
        return change(state)
    if isinstance(state, LSTMState):
        return LSTMState(*(change(tensor) for tensor in _tensors(state)))
    return tuple(_map(part, change) for part in state)


def _tensors(state: State) -> list[Tensor]:
    if state is None:
        return []
    if isinstance(state, Tensor):
        return [state]
    gates = [state.gates] if isinstance(state, LSTMState) else []
    return [tensor for part in state for tensor in _tensors(part)] + gates


def _time_axis(module: nn.Module, inputs: Tensor) -> int:
    return 1 if getattr(module, "batch_first", False) and inputs.dim() == 3 else 0


def _check(module: nn.Module, k1: int, k2: int) -> None:
    for setting, steps in (("k1", k1), ("k2", k2)):
        if not isinstance(steps, int) or isinstance(steps, bool) or steps < 1:
            raise NetworkSettingError(
                f"Truncated BPTT: {setting} should be a whole number of at least 1, got {steps!r}.",
                remedy=f"Set {setting}, for example, to 20.",
                setting=setting,
            )
    if any(getattr(part, "bidirectional", False) for part in module.modules()):
        raise NetworkSettingError(
            "Truncated BPTT: the module reads sequences backwards too, so no state can be carried forward.",
            remedy="Use a layer with bidirectional=False, or train on whole sequences.",
        )
