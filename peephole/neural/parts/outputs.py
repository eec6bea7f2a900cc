"""Output layers: the readout. What its values mean, and the loss, is in `peephole.neural.answers`."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from peephole.neural.parts.dense import activated
from peephole.neural.parts.flow import Flow, Part, Settings, features
from peephole.neural.shapes import Shape, ShapeError


def _readout(settings: Settings, before: Sequence[Shape], after: Shape) -> nn.Module:
    if not settings["readout"]:
        if features(before[0]) != features(after):
            raise ShapeError(
                f"The output has no readout of its own: {features(before[0])} numbers come in, and {features(after)} are needed.",
                remedy="Switch the readout on, or give the layer before it as many units.",
            )
        return nn.Identity()
    layer = nn.Linear(features(before[0]), features(after))
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def _run(layer: nn.Module, settings: Settings, flows: Sequence[Flow]) -> Flow:
    return flows[0].with_x(activated(layer(flows[0].x), settings.get("activation", "none")))


_OUTPUT = Part(_readout, _run)

OUTPUTS = {
    "number_output": _OUTPUT,
    "class_output": _OUTPUT,
    "label_output": _OUTPUT,
    "label_sequence_output": _OUTPUT,
}
