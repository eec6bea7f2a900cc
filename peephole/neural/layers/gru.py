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

    init: initial values by parameter. Default: Glorot for W, orthogonal R, b zero.
    The other settings as in `LSTM`. Parameters by layer and direction: `W_l0` (3H, I), `R_l0` (3H, H), blocks r, u, n;
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
