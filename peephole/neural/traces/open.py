"""Opening a network: one example forward and backward, everything kept that a trace needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from peephole.neural.errors import NetworkInputError
from peephole.neural.layers import GRU, LSTM, RNN, LSTMState
from peephole.neural.layers.batch import Batch, Lengths
from peephole.neural.layers.recurrent import Recurrent
from peephole.neural.traces.layout import Layout
from peephole.neural.traces.losses import follow
from peephole.neural.traces.stack import run
from peephole.neural.traces.trace import Trace


def unfold(
    module: Recurrent,
    inputs: Tensor | PackedSequence,
    loss: Callable[..., Tensor],
    *,
    hx: Tensor | tuple[Tensor, ...] | None = None,
    lengths: Lengths | None = None,
) -> Trace:
    """Run one example forward and backward, and open it: every variable, every error, every route at every step.

    module: RNN, LSTM or GRU of this package, in training or evaluation mode (dropout between layers acts in the former).
    inputs, hx, lengths: as the module takes them.
    loss: of the outputs, `loss(y)`, or of outputs and final states, `loss(y, state)`, in the forms in which the module
    returns them; how many arguments without default it has decides. It gives J, one number; or the loss of each step, (T)
    or (T, B), time first: J is their sum, and `loss_at` and `error_flow` can follow each J(t) alone. What comes after the
    layer (a readout, a criterion) belongs into the loss. Padding counts unless the loss leaves it out.

    The trace keeps copies: further training does not change it. The values are those of the readable cell.
    Raises NetworkInputError, LossError, DivergedError, Cancelled.
    """
    _check_module(module)
    batch = module._read(inputs, lengths)
    layout = Layout.of(batch)
    given: Any = hx if hx is None else (hx,)
    if isinstance(module, LSTM):
        given = module._given(cast(Any, hx))
    with torch.no_grad():
        states = module._initial_states(given, batch)
        x = layout.padded(batch.x.detach())
        stack, y, finals = run(module, x, states, layout)
    with torch.enable_grad():
        leaves = [tensor.detach().requires_grad_() for tensor in (y, *finals)]
        arguments = (_as_returned(batch, layout, leaves[0]), _states_as_returned(module, batch, leaves[1:]))
        losses = follow(loss, arguments, leaves, layout.T, layout.B)
    return Trace(stack, losses)


def _check_module(module: object) -> None:
    if isinstance(module, RNN | LSTM | GRU):
        return
    remedy = "Give the recurrent layer itself; what stands around it belongs into the inputs and the loss."
    if isinstance(module, nn.RNNBase):
        remedy = "Convert it with peephole.neural.from_torch(module)."
    elif isinstance(module, nn.Module):
        inside = [name for name, child in module.named_modules() if isinstance(child, Recurrent)]
        remedy += f" Inside it there is: {', '.join(inside)}." if inside else ""
    raise NetworkInputError(f"unfold opens RNN, LSTM and GRU layers, got {type(module).__name__}.", remedy=remedy)


def _as_returned(batch: Batch, layout: Layout, y: Tensor) -> Tensor | PackedSequence:
    """Outputs (T, B, ·) in the form in which the module returns them."""
    return batch.restored(layout.rows(y))


def _states_as_returned(module: Recurrent, batch: Batch, finals: Sequence[Tensor]) -> Any:
    """Final states (L*D, B, ·) in the form in which the module returns them."""
    states = [state.squeeze(1) if batch.unbatched else state for state in finals]
    if not isinstance(module, LSTM):
        return states[0]
    return LSTMState(*states) if len(states) == 3 else tuple(states)
