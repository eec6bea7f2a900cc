"""The peephole LSTM layer, with the eight variants of "LSTM: A Search Space Odyssey" (Greff et al., 2017)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import overload

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from peephole.neural.cells.lstm_spec import lstm_spec
from peephole.neural.cells.variants import VARIANTS
from peephole.neural.errors import NetworkInputError
from peephole.neural.layers.batch import Lengths
from peephole.neural.layers.function import Choice
from peephole.neural.layers.initial import Initializer
from peephole.neural.layers.recurrent import Recurrent, check_choice

State = tuple[Tensor, Tensor]


class LSTMState(tuple[Tensor, ...]):
    """The final state of an FGR layer: the pair (h, c) that also carries the gates' last activations.

    gates: i, f, o side by side, (L*D, B, 3H). Handed back as it is, the next part of a sequence continues exactly; a plain
    pair (h, c) starts with zero activations, as a new sequence does.
    """

    gates: Tensor

    def __new__(cls, h: Tensor, c: Tensor, gates: Tensor) -> LSTMState:
        """The pair with its gates."""
        state = super().__new__(cls, (h, c))
        state.gates = gates
        return state

    def __getnewargs__(self) -> tuple[Tensor, Tensor, Tensor]:
        return (self[0], self[1], self.gates)

    def detach(self) -> LSTMState:
        """The same state, cut from its history."""
        return LSTMState(self[0].detach(), self[1].detach(), self.gates.detach())


class LSTM(Recurrent):
    """Long short-term memory with peepholes: a drop-in for `torch.nn.LSTM` that has what that layer lacks.

    input_size: features I of each step.  hidden_size: units H of each layer.  num_layers: cells stacked.
    bias: whether b exists.  batch_first: input and output (B, T, ·) rather than (T, B, ·).
    dropout: probability, on the outputs of every layer but the last.  bidirectional: a second cell reads each sequence from
    its last step; outputs side by side, 2H.
    variant: vanilla, NIG, NFG, NOG, NIAF, NOAF, NP, CIFG or FGR.
    forget_bias: added to the initial b_for, so that a new cell remembers; CIFG, whose f is 1 - i, subtracts it from b_in.
    init: initial values by parameter, `{"R": "identity", "p_out": "zeros"}`; see `initial.chosen`. Default: Glorot for W
    (and FGR's Q), orthogonal R, p normal with standard deviation 0.1, b zero.
    implementation: "auto" takes the fused kernel where there is one; "reference" the readable cell; "fused" insists.
    check_input: look for NaN and infinite numbers in input and states, one pass over them; None: on the CPU only.
    device, dtype: of the parameters, as in torch.

    Parameters by layer and direction: `W_l0` (4H, I), `R_l0` (4H, H), blocks z, in, for, out; `p_l0` (3, H), rows in, for,
    out; `b_l0` (4H); FGR also `Q_l0` (3H, 3H). Their blocks by the paper's names: `W_z`, `R_in`, `p_out`, `b_for_l1`.

    Raises NetworkSettingError. The equations: "LSTM: A Search Space Odyssey", IEEE TNNLS 2017.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        variant: str = "vanilla",
        forget_bias: float = 1.0,
        init: Mapping[str, str | Initializer] | None = None,
        implementation: Choice = "auto",
        check_input: bool | None = None,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        """A layer with initial values. Each setting, and the shapes of the parameters: `help(LSTM)`; of what goes in and comes
        out: `help(LSTM.forward)`. Raises NetworkSettingError.
        """
        check_choice("LSTM", "variant", variant, tuple(VARIANTS))
        super().__init__(
            lstm_spec(variant),
            input_size=input_size,
            hidden_size=hidden_size,
            num_layers=num_layers,
            bias=bias,
            batch_first=batch_first,
            dropout=dropout,
            bidirectional=bidirectional,
            init=init,
            implementation=implementation,
            check_input=check_input,
            device=device,
            dtype=dtype,
        )
        self.variant = variant
        self.forget_bias = float(forget_bias)
        self.reset_parameters()

    @property
    def slots(self) -> tuple[str, ...]:
        """W, R, (Q,) p, b."""
        return ("W", "R", "Q", "p", "b") if self.spec.variant == "FGR" else ("W", "R", "p", "b")

    def reset_parameters(self) -> None:
        """Give every parameter its initial value, anew; the forget gate's bias with `forget_bias` on top."""
        super().reset_parameters()
        if not self.bias:
            return
        gate, sign = ("b_in", -1) if VARIANTS[self.variant].coupled else ("b_for", 1)
        with torch.no_grad():
            for layer, direction in self.places():
                view = self.views(layer, direction).get(gate)
                if view is not None:
                    view += sign * self.forget_bias

    @overload
    def forward(
        self, input: Tensor, hx: Sequence[Tensor] | None = None, lengths: Lengths | None = None
    ) -> tuple[Tensor, State]: ...
    @overload
    def forward(
        self, input: PackedSequence, hx: Sequence[Tensor] | None = None, lengths: None = None
    ) -> tuple[PackedSequence, State]: ...
    def forward(
        self,
        input: Tensor | PackedSequence,  # noqa: A002 - the mainstream layer's name
        hx: Sequence[Tensor] | None = None,
        lengths: Lengths | None = None,
    ) -> tuple[Tensor | PackedSequence, State]:
        """Outputs of the last layer for every step, and the final states.

        input: (T, B, I), (B, T, I) if batch_first, (T, I) for a single sequence, or a PackedSequence.
        hx: initial states (h_0, c_0), (layers*directions, B, H) each; None for zeros.
        lengths: steps of each sequence of a padded batch, (B). Padding changes no value and no gradient; outputs there are 0.
        Returns output (T, B, H*directions) in the input's form, and (h_n, c_n) at each sequence's own last step
        (for FGR an `LSTMState`, which carries its gates too).
        Raises NetworkInputError, before any work.
        """
        output, last = self._pass(input, self._given(hx), lengths)
        if len(last) == 3:
            return output, LSTMState(*last)  # type: ignore[return-value]
        return output, (last[0], last[1])

    def _given(self, hx: Sequence[Tensor] | None) -> Sequence[Tensor] | None:
        """The states as the cell takes them."""
        if hx is None:
            return None
        if not isinstance(hx, tuple | list) or len(hx) != 2:
            got = f"{len(hx)} of them" if isinstance(hx, tuple | list) else type(hx).__name__
            raise NetworkInputError(
                f"LSTM: the initial state should be a pair of tensors (h_0, c_0), got {got}.",
                remedy="Give both, or None for zeros.",
            )
        if self.variant != "FGR":
            return hx
        if isinstance(hx, LSTMState):
            return (*hx, hx.gates)
        widths = (*hx[0].shape[:-1], 3 * self.hidden_size) if isinstance(hx[0], Tensor) else (0,)
        return (*hx, self._like().new_zeros(widths))

    def _options(self) -> tuple[str, ...]:
        return () if self.variant == "FGR" else (self.variant,)

    def _widths(self) -> tuple[int, ...]:
        H = self.hidden_size
        return (H, H, 3 * H) if self.variant == "FGR" else (H, H)

    def _state_names(self) -> tuple[str, ...]:
        return ("initial state h_0", "initial state c_0", "initial state gates")[: len(self._widths())]

    def extra_repr(self) -> str:
        """The settings that differ from the defaults."""
        return super().extra_repr() + ("" if self.variant == "vanilla" else f", variant={self.variant!r}")
