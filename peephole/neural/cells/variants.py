"""The peephole LSTM and the eight variants of "LSTM: A Search Space Odyssey" (Greff et al., 2017), as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from torch import Tensor

BLOCKS = ("z", "in", "for", "out")
GATES = ("in", "for", "out")


@dataclass(frozen=True)
class Variant:
    """What one variant keeps of the vanilla LSTM.

    blocks: the rows of W, R and b that exist, in storage order.  peepholes: the rows of p that exist.
    coupled: f = 1 - i.  input_activation: z = tanh(z̄), else z = z̄.  output_activation: y = o ⊙ tanh(c), else o ⊙ c.
    gate_recurrence: every gate also sees all gates' last activations.  change: the paper's one-line description.
    """

    name: str
    change: str
    blocks: tuple[str, ...] = BLOCKS
    peepholes: tuple[str, ...] = GATES
    coupled: bool = False
    input_activation: bool = True
    output_activation: bool = True
    gate_recurrence: bool = False

    @cached_property
    def gates(self) -> tuple[str, ...]:
        """The gates with parameters of their own, in storage order."""
        return self.blocks[1:]

    @property
    def has_forget_value(self) -> bool:
        """Whether f(t) is more than the constant 1."""
        return self.coupled or "for" in self.gates

    def split(self, stacked: Tensor) -> dict[str, Tensor]:
        """The blocks of a (..., G*H) tensor by name, as views."""
        parts = stacked.chunk(len(self.blocks), dim=-1)
        return dict(zip(self.blocks, parts, strict=True))

    def split_peepholes(self, p: Tensor | None) -> dict[str, Tensor]:
        """The rows of p (P, H) by gate, as views; empty without peepholes."""
        return {} if p is None else dict(zip(self.peepholes, p.unbind(0), strict=True))


def _without(gate: str, name: str, change: str) -> Variant:
    return Variant(
        name,
        change,
        blocks=tuple(block for block in BLOCKS if block != gate),
        peepholes=tuple(other for other in GATES if other != gate),
    )


VARIANTS: dict[str, Variant] = {
    variant.name: variant
    for variant in (
        Variant("vanilla", "three gates, all with peepholes"),
        _without("in", "NIG", "no input gate: i = 1"),
        _without("for", "NFG", "no forget gate: f = 1"),
        _without("out", "NOG", "no output gate: o = 1"),
        Variant("NIAF", "no input activation: z = z̄", input_activation=False),
        Variant("NOAF", "no output activation: y = o ⊙ c", output_activation=False),
        Variant("NP", "no peepholes", peepholes=()),
        Variant(
            "CIFG",
            "coupled input and forget gate: f = 1 - i",
            blocks=("z", "in", "out"),
            peepholes=("in", "out"),
            coupled=True,
        ),
        Variant("FGR", "full gate recurrence: every gate sees all gates' last activations", gate_recurrence=True),
    )
}
