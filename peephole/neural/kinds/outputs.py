"""Output layers: what the network learns to say, and how its error is measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from peephole.core.errors import SettingError
from peephole.neural.kinds.kind import REQUIRED, Kind, Settings, known, need, one
from peephole.neural.shapes import Shape, ShapeError


def _output(title: str, *, sequences: bool = False) -> Callable[[Settings, Sequence[Shape]], Shape]:
    """One answer for each example, or one for each step where `each_step` says so."""

    def rule(settings: Settings, before: Sequence[Shape]) -> Shape:
        shape = need(title, one(title, before))
        if not settings["targets"]:
            raise SettingError(f"{title}: no target is chosen.", remedy="Choose what to learn.", setting="targets")
        each_step = sequences or settings["each_step"]
        if shape.form == "sequence" and not each_step:
            raise ShapeError(
                f"{title} gives one answer, and a sequence ({shape}) comes in.",
                remedy="Put Last step or Pooling before it, or switch on each_step for an answer at every step.",
            )
        if shape.form == "vector" and each_step:
            raise ShapeError(
                f"{title} gives an answer at every step, and a row of numbers comes in.",
                remedy="Take Last step off"
                + (", or begin with a sequence." if sequences else ", or switch off each_step."),
            )
        if shape.form == "image":
            raise ShapeError(
                f"{title} takes numbers, and an image ({shape}) comes in.", remedy="Put Flatten before it."
            )
        _check_lists(title, settings)
        counted = len(settings["targets"]) if title in ("Number output", "Label output") else None
        if not settings["readout"] and counted not in (None, shape.features):
            raise ShapeError(
                f"{title} without a readout passes on what comes in: {shape}, and {counted} are wanted.",
                remedy="Switch the readout on, or give the layer before it as many units.",
            )
        return shape.with_features(counted)

    return rule


def _check_lists(title: str, settings: Settings) -> None:
    """A list is an answer at each step. Of CTC it is one answer, and `each_step` is not asked."""
    lists = [name for name, word in settings["targets"].items() if word == "list"]
    if lists and not settings.get("each_step", True):
        raise SettingError(
            f'{title} gives one answer for each row, and "{lists[0]}" holds lists.',
            remedy="Choose a column with one value for each row, or switch on each_step and take Last step off.",
            setting="each_step",
        )


def _count(settings: Settings, before: Sequence[Shape], after: Shape) -> int:
    if not settings["readout"]:
        return 0
    return (known("Output", before[0]) + 1) * known("Output", after)


def _kind(name: str, title: str, settings: Settings, *, sequences: bool = False) -> Kind:
    common = {"targets": REQUIRED, "readout": True}
    return Kind(name, title, _output(title, sequences=sequences), {**common, **settings}, _count, role="output")


OUTPUTS = (
    _kind(
        "number_output", "Number output", {"each_step": False, "loss": "squared", "activation": "none", "scale": "each"}
    ),
    _kind("class_output", "Class output", {"each_step": False, "balance": False}),
    _kind("label_output", "Label output", {"each_step": False}),
    _kind("label_sequence_output", "Label sequence output (CTC)", {"unit": "characters"}, sequences=True),
)
