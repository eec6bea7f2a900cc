"""A workflow as it is drawn: boxes with ports, and the wires between them. Plain data, apart from any document format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from peephole.core.types import PortType

State = Literal[
    "done", "cached", "failed", "skipped", "cancelled", "interrupted", "incomplete", "waiting", "running", "unknown"
]

# What each state is called wherever a person reads it.
STATE_NAMES: dict[State, str] = {
    "done": "Done",
    "cached": "Already done",
    "failed": "Failed",
    "skipped": "Not run",
    "cancelled": "Cancelled",
    "interrupted": "Interrupted",
    "incomplete": "Needs settings",
    "waiting": "Ready",
    "running": "Running",
    "unknown": "Unknown node",
}


@dataclass(frozen=True)
class Dot:
    """A drawn port.  type: None where the node is not known."""

    name: str
    type: PortType | None = None


@dataclass(frozen=True)
class Box:
    """A drawn node.

    summary: its settings in one line.  facts: what came out ("336,776 × 19").  position: where the person put it.
    """

    id: str
    title: str
    kind: str = ""
    icon: str = ""
    family: str = ""
    summary: str = ""
    facts: str = ""
    duration: str = ""
    state: State = "waiting"
    inputs: tuple[Dot, ...] = ()
    outputs: tuple[Dot, ...] = ()
    position: tuple[float, float] | None = None


@dataclass(frozen=True)
class Wire:
    """From an output port of one box to an input port of another, by name."""

    source: str
    source_port: str
    target: str
    target_port: str


@dataclass(frozen=True)
class Sketch:
    """The whole drawing: boxes in document order and their wires."""

    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...] = ()
