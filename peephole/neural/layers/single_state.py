"""What the layers whose state is one tensor share: the simple RNN and the GRU."""

from __future__ import annotations

from typing import overload

from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from peephole.neural.layers.batch import Lengths
from peephole.neural.layers.recurrent import Recurrent


class SingleState(Recurrent):
    """A recurrent layer that carries one state, h."""

    @overload
    def forward(
        self, input: Tensor, hx: Tensor | None = None, lengths: Lengths | None = None
    ) -> tuple[Tensor, Tensor]: ...
    @overload
    def forward(
        self, input: PackedSequence, hx: Tensor | None = None, lengths: None = None
    ) -> tuple[PackedSequence, Tensor]: ...
    def forward(
        self,
        input: Tensor | PackedSequence,  # noqa: A002 - the mainstream layer's name
        hx: Tensor | None = None,
        lengths: Lengths | None = None,
    ) -> tuple[Tensor | PackedSequence, Tensor]:
        """Outputs of the last layer for every step, and the final states.

        input: (T, B, I), (B, T, I) if batch_first, (T, I) for a single sequence, or a PackedSequence.
        hx: initial state (layers*directions, B, H); None for zeros.
        lengths: steps of each sequence of a padded batch, (B). Padding changes no value and no gradient; outputs there are 0.
        Returns output (T, B, H*directions) in the input's form, and h_n at each sequence's own last step.
        Raises NetworkInputError, before any work.
        """
        output, last = self._pass(input, None if hx is None else (hx,), lengths)
        return output, last[0]
