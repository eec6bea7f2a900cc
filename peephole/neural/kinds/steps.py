"""Layers that change the form: a sequence to its last step, a row of numbers to a sequence, anything to one row."""

from __future__ import annotations

from collections.abc import Sequence

from peephole.neural.kinds.kind import REQUIRED, Kind, Settings, need, one
from peephole.neural.shapes import Shape, ShapeError


def _last_step(_settings: Settings, before: Sequence[Shape]) -> Shape:
    shape = need("Last step", one("Last step", before), "sequence", why="Take Last step off, or begin with a sequence.")
    return Shape.vector(shape.features)


def _repeat(settings: Settings, before: Sequence[Shape]) -> Shape:
    shape = need("Repeat", one("Repeat", before), "vector", why="Put Last step before it.")
    return Shape.sequence(settings["steps"], shape.features)


def _flatten(_settings: Settings, before: Sequence[Shape]) -> Shape:
    shape = need("Flatten", one("Flatten", before))
    if shape.form == "vector":
        return shape
    cells = shape.steps if shape.form == "sequence" else shape.height * shape.width
    if cells is None:
        raise ShapeError(
            "Flatten needs sequences of one length, and these differ in length.", remedy="Take Last step or Pooling."
        )
    return Shape.vector(None if shape.features is None else shape.features * cells)


STEPS = (
    # backward: so many of the last features were read from the end; they are taken at the first step, which they saw last.
    Kind("last_step", "Last step", _last_step, {"backward": 0}),
    Kind("repeat_steps", "Repeat", _repeat, {"steps": REQUIRED}),
    Kind("flatten", "Flatten", _flatten),
)
