"""The simple recurrent layer (Elman, "Finding structure in time", 1990)."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from peephole.neural.cells.rnn import NONLINEARITIES
from peephole.neural.cells.rnn_spec import rnn_spec
from peephole.neural.layers.function import Choice
from peephole.neural.layers.initial import Initializer
from peephole.neural.layers.recurrent import check_choice
from peephole.neural.layers.single_state import SingleState


class RNN(SingleState):
    """A simple recurrent network: h(t) = g(b + W h(t-1) + U x(t)).

    input_size: features I of each step.  hidden_size: units H of each layer.  num_layers: cells stacked.
    nonlinearity: g: tanh, relu or logistic.
    bias: whether b exists.  batch_first: input and output (B, T, ·) rather than (T, B, ·).
    dropout: probability, on the outputs of every layer but the last.  bidirectional: a second cell reads each sequence from
    its last step; outputs side by side, 2H.
    init: initial values by parameter, `{"W": "identity"}`; see `initial.chosen`. Default: Glorot for U, orthogonal W, b zero.
    implementation: "auto" takes the fused kernel where there is one; "reference" the readable cell; "fused" insists.
    check_input: look for NaN and infinite numbers in input and states, one pass over them; None: on the CPU only.
    device, dtype: of the parameters, as in torch.

    Parameters by layer and direction: `U_l0` (H, I), `W_l0` (H, H), `b_l0` (H).

    Raises NetworkSettingError.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        init: Mapping[str, str | Initializer] | None = None,
        implementation: Choice = "auto",
        check_input: bool | None = None,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        """A layer with initial values. Each setting, and the shapes of the parameters: `help(RNN)`; of what goes in and comes
        out: `help(RNN.forward)`. Raises NetworkSettingError.
        """
        check_choice("RNN", "nonlinearity", nonlinearity, tuple(NONLINEARITIES))
        super().__init__(
            rnn_spec(nonlinearity),
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
        self.nonlinearity = nonlinearity
        self.reset_parameters()

    @property
    def slots(self) -> tuple[str, ...]:
        """U, W, b."""
        return ("U", "W", "b")

    def extra_repr(self) -> str:
        """The settings that differ from the defaults."""
        shown = "" if self.nonlinearity == "tanh" else f", nonlinearity={self.nonlinearity!r}"
        return super().extra_repr() + shown
