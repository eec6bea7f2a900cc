"""What happens in a run, as a tagged union of plain data. Only the engine emits these; others show them."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Status = Literal["done", "failed", "cancelled", "interrupted"]


class _Event(BaseModel):
    """at: seconds since the run began."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    at: float = 0.0


class Problem(BaseModel):
    """An error as the person reads it: what, the remedy, the setting to mend; the technical trace apart.

    position: where in a formula it goes wrong, the index of a character.
    """

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: str
    what: str
    remedy: str = ""
    setting: str | None = None
    position: int | None = None
    trace: str = ""

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}".strip()


class PortSummary(BaseModel):
    """What lies at an output port: its type and a few facts (rows, columns, task ...)."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    port: str
    type: str
    facts: dict[str, Any] = {}


class RunStarted(_Event):
    """nodes: every node of the run, in order.  to_run: those that are not done yet."""

    event: Literal["run-started"] = "run-started"
    nodes: list[str]
    to_run: list[str]


class NodeQueued(_Event):
    """reason: why it runs."""

    event: Literal["queued"] = "queued"
    node: str
    reason: str


class NodeStarted(_Event):
    """with_nodes: the neighbours whose steps are one query together with this one."""

    event: Literal["started"] = "started"
    node: str
    with_nodes: list[str] = []


class NodeProgress(_Event):
    """done of total (total unknown: None), rate a second, seconds remaining where they can be told.

    unit: what is counted, in the plural, where it has a name.
    """

    event: Literal["progress"] = "progress"
    node: str
    title: str = ""
    done: float
    total: float | None = None
    unit: str = ""
    rate: float | None = None
    remaining: float | None = None


class NodeMetric(_Event):
    """A point of each named curve; None where the value is infinite or not a number.  per: what the points count."""

    event: Literal["metric"] = "metric"
    node: str
    values: dict[str, float | None]
    per: str = "step"


class NodeCurves(_Event):
    """What its curves had before it was gone on with, thinned: `points` in all, of which every `stride`th stays."""

    event: Literal["curves"] = "curves"
    node: str
    curves: dict[str, list[float | None]]
    points: int
    per: str = "step"


class NodeMessage(_Event):
    """Something to know about the node's result."""

    event: Literal["message"] = "message"
    node: str
    level: Literal["info", "warning"]
    text: str


class NodeFinished(_Event):
    """cached: nothing ran, the result was there (reason says why).  seconds: of work.  outputs: what was stored."""

    event: Literal["finished"] = "finished"
    node: str
    cached: bool = False
    reason: str = ""
    seconds: float = 0.0
    outputs: list[PortSummary] = []
    messages: list[str] = []


class NodeFailed(_Event):
    """problem: what went wrong and the remedy.  group: where the guilty node of a query stays open, all of its nodes."""

    event: Literal["failed"] = "failed"
    node: str
    problem: Problem
    group: list[str] = []


class NodeSkipped(_Event):
    """Did not run because something before it failed or is incomplete."""

    event: Literal["skipped"] = "skipped"
    node: str
    reason: str


class NodeCancelled(_Event):
    """The person asked to stop while it ran or waited."""

    event: Literal["cancelled"] = "cancelled"
    node: str


class NodeInterrupted(_Event):
    """The worker died while this node ran."""

    event: Literal["interrupted"] = "interrupted"
    node: str
    reason: str


class RunFinished(_Event):
    """How the run ended."""

    event: Literal["run-finished"] = "run-finished"
    status: Status
    seconds: float
    ran: int = 0
    cached: int = 0


Event = Annotated[
    RunStarted
    | NodeQueued
    | NodeStarted
    | NodeProgress
    | NodeMetric
    | NodeCurves
    | NodeMessage
    | NodeFinished
    | NodeFailed
    | NodeSkipped
    | NodeCancelled
    | NodeInterrupted
    | RunFinished,
    Field(discriminator="event"),
]


@cache
def _adapter() -> TypeAdapter[Event]:
    return TypeAdapter(Event)


def parse_event(line: str | bytes) -> Event:
    """An event from a line of JSON."""
    return _adapter().validate_json(line)
