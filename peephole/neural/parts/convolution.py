"""Convolution and pooling."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from peephole.neural.errors import NetworkInputError
from peephole.neural.kinds.convolution import moved, zeros_around
from peephole.neural.parts.dense import activated
from peephole.neural.parts.flow import Flow, Part, Settings, features, nothing
from peephole.neural.shapes import Shape


def _convolution(settings: Settings, before: Sequence[Shape], after: Shape) -> nn.Module:
    make = nn.Conv1d if after.form == "sequence" else nn.Conv2d
    layer = make(features(before[0]), features(after), settings["width"], stride=settings["stride"])
    nn.init.kaiming_uniform_(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def _run_over_steps(layer: nn.Conv1d, settings: Settings, flows: Sequence[Flow]) -> Flow:
    flow = flows[0].cleared()
    lengths = _lengths(flow, settings)
    x = layer(_padded(flow.x.transpose(1, 2), settings, 1)).transpose(1, 2)
    return Flow(activated(x, settings["activation"]), lengths).cleared()


def _run_over_pixels(layer: nn.Conv2d, settings: Settings, flows: Sequence[Flow]) -> Flow:
    return flows[0].with_x(activated(layer(_padded(flows[0].x, settings, 2)), settings["activation"], 1))


def _padded(x: Tensor, settings: Settings, axes: int) -> Tensor:
    if settings["padding"] != "same":
        return x
    sides = [n for size in reversed(x.shape[-axes:]) for n in zeros_around(size, settings["width"], settings["stride"])]
    return functional.pad(x, sides)


def _lengths(flow: Flow, settings: Settings) -> Tensor | None:
    """The steps that are left of each sequence. Raises NetworkInputError where one is too short."""
    if flow.lengths is None:
        return None
    width, stride, padding = settings["width"], settings["stride"], settings["padding"]
    left = torch.tensor([moved(int(length), width, stride, padding) for length in flow.lengths])
    if int(left.min()) < 1:
        raise NetworkInputError(
            f"A sequence has {int(flow.lengths.min())} steps, and a window of {width} does not fit into it.",
            remedy="Leave out the shortest sequences, make the window narrower, or pad: same.",
        )
    return left


def _run_pooling(_layer: nn.Module, settings: Settings, flows: Sequence[Flow]) -> Flow:
    flow = flows[0]
    if settings["whole"]:
        return Flow(_over_all(flow, settings["how"]))
    stride = settings["stride"] or settings["width"]
    if flow.x.dim() == 4:
        pool2 = functional.max_pool2d if settings["how"] == "max" else functional.avg_pool2d
        return Flow(pool2(flow.x, settings["width"], stride))
    lengths = _lengths(flow, {**settings, "stride": stride, "padding": "valid"})
    pool1 = functional.max_pool1d if settings["how"] == "max" else functional.avg_pool1d
    return Flow(pool1(flow.x.transpose(1, 2), settings["width"], stride).transpose(1, 2), lengths).cleared()


def _over_all(flow: Flow, how: str) -> Tensor:
    """One number for each feature, over all the steps or pixels there are."""
    if flow.x.dim() == 4:
        return flow.x.amax((2, 3)) if how == "max" else flow.x.mean((2, 3))
    mask = flow.mask
    if mask is None:
        return flow.x.amax(1) if how == "max" else flow.x.mean(1)
    if how == "max":
        return flow.x.masked_fill(~mask.unsqueeze(-1), -torch.inf).amax(1)
    return flow.cleared().x.sum(1) / mask.sum(1, keepdim=True)


CONVOLUTION = {
    "convolution_1d": Part(_convolution, _run_over_steps),
    "convolution_2d": Part(_convolution, _run_over_pixels),
    "pooling": Part(nothing, _run_pooling),
}
