"""What stands at each step of an example, for people: the word, the character, the measured numbers, the target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from peephole.neural.view.arrays import packed


@dataclass(frozen=True)
class Words:
    """A text a step.  labels: one a step, (T): a word, a character, a class."""

    labels: Sequence[str]
    title: str = ""

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {"kind": "words", "title": self.title, "labels": list(self.labels)}


@dataclass(frozen=True)
class Series:
    """Numbers a step.  values: (T, N).  names: of the N columns."""

    values: Tensor
    names: Sequence[str]
    title: str = ""

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {"kind": "series", "title": self.title, "names": list(self.names), "values": packed(self.values)}


Row = Words | Series


@dataclass(frozen=True)
class Followed:
    """What J is, whose errors are followed back.

    chosen: as `TrainedNetwork.unfold` takes it.  name: in words.  answered: whether the example has its answer, without
    which there is no loss.  outputs: the network's outputs by name, one of which may be followed instead.
    """

    chosen: str
    name: str
    answered: bool
    outputs: Sequence[str]

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {"chosen": self.chosen, "name": self.name, "answered": self.answered, "outputs": list(self.outputs)}


@dataclass(frozen=True)
class Shown:
    """What stands around the opened layer.

    title: the network.  example: which example, in words.  below: what goes in at each step.  above: what comes out.
    wanted: what should have come out, where it is known.  history: of the training, by measure one number an epoch.
    clip: the norm at which gradients were clipped in training, 0 for never.  followed: what J is; None where nobody says.
    entries: what each number is called that comes into the opened layer, where that is known.
    """

    title: str = "Network"
    example: str = ""
    below: Sequence[Row] = field(default_factory=tuple)
    above: Sequence[Row] = field(default_factory=tuple)
    wanted: Sequence[Row] = field(default_factory=tuple)
    history: Mapping[str, Sequence[float | None]] = field(default_factory=dict)
    clip: float = 0.0
    followed: Followed | None = None
    entries: Sequence[str] = field(default_factory=tuple)

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        rows = {name: [row.to_json() for row in getattr(self, name)] for name in ("below", "above", "wanted")}
        history = {name: list(values) for name, values in self.history.items()}
        return {
            "title": self.title,
            "example": self.example,
            **rows,
            "history": history,
            "clip": self.clip,
            "followed": None if self.followed is None else self.followed.to_json(),
            "entries": list(self.entries),
        }
