"""What a kind of layer is, as data: its settings, what it makes of a shape, how many numbers it learns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from peephole.core.errors import SettingError, listing, nearest
from peephole.neural.shapes import Form, Shape, ShapeError

Settings = Mapping[str, Any]
Role = Literal["input", "layer", "recurrent", "output"]
ShapeRule = Callable[[Settings, Sequence[Shape]], Shape]
CountRule = Callable[[Settings, Sequence[Shape], Shape], int]


def nothing_learnt(_settings: Settings, _before: Sequence[Shape], _after: Shape) -> int:
    """Of a layer without parameters."""
    return 0


REQUIRED = object()


@dataclass(frozen=True)
class Kind:
    """A kind of layer.

    settings: by name the default, REQUIRED where there is none.  shape: of its output; raises ShapeError.
    count: how many numbers it learns, for the shapes before and after it.
    """

    name: str
    title: str
    shape: ShapeRule
    settings: Mapping[str, Any] = field(default_factory=dict)
    count: CountRule = nothing_learnt
    role: Role = "layer"

    @property
    def learns(self) -> bool:
        """Whether it has parameters."""
        return self.count is not nothing_learnt

    def complete(self, given: Settings) -> dict[str, Any]:
        """The settings with defaults filled in. Raises SettingError for one that it does not have, or that is missing."""
        for name in given:
            if name not in self.settings:
                raise SettingError(
                    f'{self.title}: there is no setting "{name}".',
                    remedy=f"{nearest(name, self.settings)} Settings: {listing(self.settings)}.".strip(),
                    setting=name,
                )
        missing = [name for name, default in self.settings.items() if default is REQUIRED and name not in given]
        if missing:
            raise SettingError(f"{self.title}: {listing(missing)} is not set.", remedy="Give it.", setting=missing[0])
        return {**self.settings, **given}


def need(title: str, shape: Shape, *forms: Form, why: str = "") -> Shape:
    """The shape, where it is numbers in one of these forms. Raises ShapeError with the layer that mends it."""
    if shape.codes:
        raise ShapeError(
            f"{title} works on numbers, and {_what(shape)} comes in.", remedy="Put an Embedding between the two."
        )
    if forms and shape.form not in forms:
        wanted = " or ".join(_WORDS[form] for form in forms)
        raise ShapeError(f"{title} takes {wanted}, and {_what(shape)} comes in.", remedy=why or _remedy(shape, forms))
    return shape


_WORDS: dict[Form, str] = {"vector": "a row of numbers", "sequence": "a sequence", "image": "an image"}


def _what(shape: Shape) -> str:
    if shape.codes:
        return "a sequence of words or categories" if shape.form == "sequence" else "a category"
    return f"{_WORDS[shape.form]} ({shape})"


def _remedy(shape: Shape, forms: Sequence[Form]) -> str:
    if shape.form == "sequence" and "vector" in forms:
        return "Put Last step, Pooling or Flatten between the two."
    if shape.form == "image" and "vector" in forms:
        return "Put Flatten or Pooling between the two."
    if shape.form == "vector" and "sequence" in forms:
        return "Begin with Sequence input, or put Repeat between the two."
    return "Put another layer between the two, or begin with another input."


def known(title: str, shape: Shape) -> int:
    """How many features come in. Raises ShapeError where only the training rows tell."""
    if shape.features is None:
        raise ShapeError(f"{title}: how many numbers come in is known only once rows are read.")
    return shape.features


def one(title: str, before: Sequence[Shape]) -> Shape:
    """The only shape before a layer."""
    if len(before) != 1:
        raise ShapeError(f"{title} takes one network, and {len(before)} come in.", remedy="Merge them first.")
    return before[0]
