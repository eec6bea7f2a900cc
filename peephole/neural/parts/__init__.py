"""How each kind of layer computes: the torch module that holds its parameters, and one pass through it."""

from __future__ import annotations

from peephole.neural.parts.convolution import CONVOLUTION
from peephole.neural.parts.dense import DENSE
from peephole.neural.parts.flow import Flow, Part
from peephole.neural.parts.merging import MERGING
from peephole.neural.parts.outputs import OUTPUTS
from peephole.neural.parts.recurrent import RECURRENT
from peephole.neural.parts.steps import STEPS

PARTS: dict[str, Part] = {**DENSE, **CONVOLUTION, **RECURRENT, **STEPS, **MERGING, **OUTPUTS}

__all__ = ["PARTS", "Flow", "Part"]
