"""Convolution and pooling: filters and windows that move over the steps of a sequence, or over an image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from peephole.neural.kinds.kind import REQUIRED, Kind, Settings, known, need, one
from peephole.neural.shapes import Shape, ShapeError


def moved(size: int, width: int, stride: int, padding: str) -> int:
    """How often a window of this width fits while it moves; "same" pads with zeros so that it fits at every place."""
    return -(-size // stride) if padding == "same" else (size - width) // stride + 1


def zeros_around(size: int, width: int, stride: int) -> tuple[int, int]:
    """The zeros before and after for padding "same". Those before do not depend on the size: sequences differ in length."""
    before = (width - 1) // 2
    return before, max((moved(size, width, stride, "same") - 1) * stride + width - before - size, 0)


def _convolution_1d(settings: Settings, before: Sequence[Shape]) -> Shape:
    shape = need("Convolution 1-D", one("Convolution 1-D", before), "sequence")
    return replace(_over_steps("Convolution 1-D", shape, settings), features=settings["filters"])


def _convolution_2d(settings: Settings, before: Sequence[Shape]) -> Shape:
    shape = need(
        "Convolution 2-D",
        one("Convolution 2-D", before),
        "image",
        why="Begin with Image input, or take Convolution 1-D.",
    )
    return replace(_over_pixels("Convolution 2-D", shape, settings), features=settings["filters"])


def _pooling(settings: Settings, before: Sequence[Shape]) -> Shape:
    shape = need("Pooling", one("Pooling", before), "sequence", "image")
    if settings["whole"]:
        return Shape.vector(shape.features)
    moving = {**settings, "stride": settings["stride"] or settings["width"], "padding": "valid"}
    return (_over_steps if shape.form == "sequence" else _over_pixels)("Pooling", shape, moving)


def _over_steps(title: str, shape: Shape, settings: Settings) -> Shape:
    if shape.steps is None:
        return shape
    return replace(shape, steps=_moved(title, shape.steps, settings, "steps"))


def _over_pixels(title: str, shape: Shape, settings: Settings) -> Shape:
    return replace(
        shape,
        height=_moved(title, shape.height, settings, "pixels in height"),
        width=_moved(title, shape.width, settings, "pixels in width"),
    )


def _moved(title: str, size: int, settings: Settings, what: str) -> int:
    found = moved(size, settings["width"], settings["stride"], settings["padding"])
    if found < 1:
        raise ShapeError(
            f"{title}: a window of {settings['width']} does not fit into {size} {what}.",
            remedy="Make the window narrower, or pad: same.",
        )
    return found


def _count_1d(settings: Settings, before: Sequence[Shape], _after: Shape) -> int:
    return int(settings["filters"]) * (known("Convolution", before[0]) * int(settings["width"]) + 1)


def _count_2d(settings: Settings, before: Sequence[Shape], _after: Shape) -> int:
    return int(settings["filters"]) * (known("Convolution", before[0]) * int(settings["width"]) ** 2 + 1)


_MOVING = {"filters": REQUIRED, "width": 3, "stride": 1, "padding": "same", "activation": "relu"}

CONVOLUTION = (
    Kind("convolution_1d", "Convolution 1-D", _convolution_1d, _MOVING, _count_1d),
    Kind("convolution_2d", "Convolution 2-D", _convolution_2d, _MOVING, _count_2d),
    Kind("pooling", "Pooling", _pooling, {"how": "max", "width": 2, "stride": 0, "whole": False}),
)
