"""An opened trace that answers questions: each a slice, as plain data."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from peephole.core.errors import listing
from peephole.neural.errors import NetworkSettingError
from peephole.neural.traces import Trace
from peephole.neural.view import beside, slices
from peephole.neural.view.boxes import Boxes, TraceBoxes, histograms
from peephole.neural.view.head import head
from peephole.neural.view.reading import Reading, Where
from peephole.neural.view.shown import Shown

Slice = Literal["overview", "unit", "entry", "strips", "field", "flow", "jacobians", "gradients", "layers", "box"]
Index = Annotated[int, Field(ge=0)]

UNIT_STEPS = 512  # steps of a `unit` or `entry` slice
STRIP_STEPS = 64  # steps of a `strips` slice
CELLS = 48  # cells of a strip
COLUMNS = 1024  # columns of a `field`
FLOW_ROWS, FLOW_COLUMNS = 48, 192
JACOBIANS = 64
_KEPT = 4  # readings whose tensors stay in memory


class Question(BaseModel):
    """What the browser asks.  The first part says which cell, sequence and loss; the others as the slice takes them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slice: Slice
    layer: Index = 0
    direction: Literal["forward", "reverse"] = "forward"
    batch: Index = 0
    loss_at: Index | None = None
    unit: Index = 0
    entry: Index = 0
    variable: str | None = None
    errors: bool = False
    start: Index = 0
    stop: Index | None = None
    box: str | None = None


class OpenTrace:
    """A trace, what stands around it, and the slices of it that were asked for.

    trace: None where a network has no recurrent layer, so that only its layers can be looked at.
    boxes: the network around it; without one, the trace's own layers.
    Raises NetworkSettingError for what the trace does not have.
    """

    def __init__(self, trace: Trace | None, shown: Shown | None = None, boxes: Boxes | None = None) -> None:
        self._trace = trace
        self.shown = shown or Shown()
        self.boxes: Boxes = boxes or TraceBoxes(self.trace)
        self._readings: OrderedDict[Where, Reading] = OrderedDict()

    @property
    def trace(self) -> Trace:
        """The trace. Raises NetworkSettingError where there is none."""
        if self._trace is None:
            raise NetworkSettingError("The network has no recurrent layer.", remedy="Look at its layers.")
        return self._trace

    def head(self) -> dict[str, Any]:
        """What is needed to draw the frame, with the sizes in which slices are cut."""
        cut = {"unit": UNIT_STEPS, "strips": STRIP_STEPS, "columns": COLUMNS}
        boxes = [box.to_json() for box in self.boxes.boxes()]
        return {**head(self._trace, self.shown), "boxes": boxes, "cut": cut}

    def ask(self, question: Question) -> dict[str, Any]:
        """The answer, as plain data."""
        if question.slice == "layers":
            return histograms(self.boxes)
        if question.slice == "box":
            return {"pictures": self.boxes.pictures(self._box(question.box))}
        return _ANSWERS[question.slice](self._reading(question), question)

    def _box(self, wanted: str | None) -> str:
        known = [box.id for box in self.boxes.boxes()]
        if wanted not in known:
            remedy = f"There is: {listing(known)}."
            raise NetworkSettingError(f'There is no layer "{wanted}".', remedy=remedy, setting="box")
        return wanted

    def _reading(self, question: Question) -> Reading:
        """The reading of this cell, sequence and loss; the ones used last are kept."""
        _within("batch", question.batch, self.trace.B)
        where = Where(question.layer, question.direction, question.batch, question.loss_at)
        found = self._readings.pop(where, None) or Reading(self.trace, where)
        self._readings[where] = found
        while len(self._readings) > _KEPT:
            self._readings.popitem(last=False)
        return found


def _within(setting: str, index: int, size: int) -> None:
    if index >= size:
        raise NetworkSettingError(
            f"There is no {setting} {index}: there are {size}, counted from 0.",
            remedy=f"Ask for 0 to {size - 1}.",
            setting=setting,
        )


def _steps(reading: Reading, question: Question, most: int) -> tuple[int, int]:
    stop = reading.steps if question.stop is None else min(question.stop, reading.steps)
    start = min(question.start, stop)
    return start, min(stop, start + most)


def _unit(reading: Reading, question: Question) -> dict[str, Any]:
    _within("unit", question.unit, reading.value(reading.trace.spec.output).shape[1])
    return slices.unit(reading, question.unit, *_steps(reading, question, UNIT_STEPS))


def _entry(reading: Reading, question: Question) -> dict[str, Any]:
    _within("entry", question.entry, reading.value("x").shape[1])
    return slices.entry(reading, question.entry, *_steps(reading, question, UNIT_STEPS))


def _variable(reading: Reading, question: Question) -> str:
    return question.variable or reading.trace.spec.output


_ANSWERS: dict[str, Callable[[Reading, Question], dict[str, Any]]] = {
    "overview": lambda reading, _: slices.overview(reading),
    "unit": _unit,
    "entry": _entry,
    "strips": lambda reading, q: slices.strips(reading, *_steps(reading, q, STRIP_STEPS), CELLS),
    "field": lambda reading, q: slices.field(
        reading, _variable(reading, q), q.errors, *_steps(reading, q, reading.steps), COLUMNS, CELLS
    ),
    "flow": lambda reading, q: beside.flow(reading, _variable(reading, q), FLOW_ROWS, FLOW_COLUMNS),
    "jacobians": lambda reading, q: beside.jacobians(reading, _variable(reading, q), JACOBIANS),
    "gradients": lambda reading, _: beside.gradients(reading),
}
