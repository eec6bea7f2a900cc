"""What one example looks like between two layers, known without torch: how many steps, features, pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from peephole.core.errors import PeepholeError

Form = Literal["vector", "sequence", "image"]


class ShapeError(PeepholeError, ValueError):
    """A layer was put after one whose output it cannot take."""

    id = "shape"


@dataclass(frozen=True)
class Shape:
    """The shape of one example.

    form: a vector (features), a sequence (steps, features) or an image (channels = features, height, width).
    features: None where only the training rows tell (a vocabulary, classes).  steps: None where sequences differ in length.
    codes: whole numbers that stand for words or categories; `features` says how many different ones there are.
    """

    form: Form
    features: int | None
    steps: int | None = None
    height: int = 0
    width: int = 0
    codes: bool = False

    @classmethod
    def vector(cls, features: int | None, *, codes: bool = False) -> Shape:
        """So many numbers."""
        return cls("vector", features, codes=codes)

    @classmethod
    def sequence(cls, steps: int | None, features: int | None, *, codes: bool = False) -> Shape:
        """So many numbers at each of so many steps."""
        return cls("sequence", features, steps, codes=codes)

    @classmethod
    def image(cls, channels: int, height: int, width: int) -> Shape:
        """So many channels of height times width pixels."""
        return cls("image", channels, height=height, width=width)

    def with_features(self, features: int | None) -> Shape:
        """The same with other features, as numbers."""
        return replace(self, features=features, codes=False)

    def __str__(self) -> str:
        if self.form == "image":
            return f"{self.height} x {self.width} pixels x {self.features}"
        what = _features(self)
        if self.form == "vector":
            return what
        steps = "any number of steps" if self.steps is None else f"{self.steps} step{'s' if self.steps != 1 else ''}"
        return f"{steps} x {what}"

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        known = {"form": self.form, "features": self.features, "codes": self.codes}
        if self.form == "sequence":
            known["steps"] = self.steps
        if self.form == "image":
            known |= {"height": self.height, "width": self.width}
        return known


def _features(shape: Shape) -> str:
    if shape.codes:
        return "one code" if shape.features is None else f"one of {shape.features:,} codes"
    if shape.features is None:
        return "as many as the training rows tell"
    if shape.form == "vector":
        return f"{shape.features} number{'s' if shape.features != 1 else ''}"
    return str(shape.features)
