"""The gated recurrent layer (Cho et al., 2014), in the mainstream layer's form, so that weights carry over."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from peephole.neural.cells.gru_spec import gru_spec
from peephole.neural.layers.function import Choice
from peephole.neural.layers.initial import Initializer
from peephole.neural.layers.single_state import SingleState


class GRU(SingleState):
    """Gated recurrent unit: h(t) = (1-u) ⊙ n + u ⊙ h(t-1).

    input_size: features I of each step.  hidden_size: units H of each layer.  num_layers: cells stacked.
    bias: whether b exists.  batch_first: input and output (B, T, ·) rather than (T, B, ·).
    dropout: probability, on the outputs of every layer but the last.  bidirectional: a second cell reads each sequence from
    its last step; outputs side by side, 2H.
    init: initial values by parameter, `{"R": "identity"}`; see `initial.chosen`. Default: Glorot for W, orthogonal R, b zero.
    implementation: "auto" takes the fused kernel where there is one; "reference" the readable cell; "fused" insists.
    check_input: look for NaN and infinite numbers in input and states, one pass over them; None: on the CPU only.
    device, dtype: of the parameters, as in torch.

    Parameters by layer and direction: `W_l0` (3H, I), `R_l0` (3H, H), blocks r, u, n;
    `b_l0` (4H), blocks b_r, b_u, b_n and b_n_prime (inside the product with r).

    Raises NetworkSettingError.
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
        init: Mapping[str, str | Initializer] | None = None,
        implementation: Choice = "auto",
        check_input: bool | None = None,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        """A layer with initial values. Each setting, and the shapes of the parameters: `help(GRU)`; of what goes in and comes
        out: `help(GRU.forward)`. Raises NetworkSettingError.
        """
        super().__init__(
            gru_spec(),
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
        self.reset_parameters()

    @property
    def slots(self) -> tuple[str, ...]:
        """W, R, b."""
        return ("W", "R", "b")

    def _options(self) -> tuple[str, ...]:
        return ()
