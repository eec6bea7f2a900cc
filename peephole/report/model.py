"""What a report tells, as plain data: made from a run by `collect.py`, shown by `page.py`, and easy to make by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peephole.report.sketch import STATE_NAMES, Sketch, State


@dataclass(frozen=True)
class Failure:
    """Why a node failed.  group: titles of the other nodes of its query, where the guilty one stays open."""

    what: str
    remedy: str = ""
    setting: str | None = None
    trace: str = ""
    group: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column of a table: its name and its type in words."""

    name: str
    type: str = ""


@dataclass(frozen=True)
class TableHead:
    """The first rows of a table.  total: how many rows it has in all."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int | None = None
    title: str = ""


@dataclass(frozen=True)
class Chart:
    """A figure.  option: a complete ECharts option (its data inside), or None; svg: its static picture, or nothing.

    note: what the reader should know (that only a sample is drawn).
    """

    title: str
    option: dict[str, Any] | None = None
    svg: str = ""
    note: str = ""

    @property
    def height(self) -> int:
        """How many points high the drawing says it should be; 0 where it does not say."""
        height = ((self.option or {}).get("peephole") or {}).get("height", 0)
        return height if isinstance(height, int) else 0


@dataclass(frozen=True)
class Score:
    """One number worth reading first."""

    name: str
    value: Any


@dataclass(frozen=True)
class Text:
    """A passage in Markdown."""

    markdown: str


Part = Text | Chart | TableHead | tuple[Score, ...]


@dataclass(frozen=True)
class Output:
    """What lies at one output port.  facts: a few plain words ("336,776 × 19").  final: nothing reads it any more."""

    port: str
    type: str
    facts: str = ""
    parts: tuple[Part, ...] = ()
    final: bool = True


@dataclass(frozen=True)
class NodeReport:
    """What became of one node."""

    id: str
    title: str
    kind: str = ""
    icon: str = ""
    family: str = ""
    note: str = ""
    summary: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    state: State = "waiting"
    reason: str = ""
    seconds: float = 0.0
    messages: tuple[str, ...] = ()
    failure: Failure | None = None
    outputs: tuple[Output, ...] = ()

    @property
    def state_name(self) -> str:
        """The state in words."""
        return STATE_NAMES[self.state]


@dataclass(frozen=True)
class ReportModel:
    """The whole report.  status: how the run ended.  source: name of the workflow's file."""

    title: str
    sketch: Sketch
    nodes: tuple[NodeReport, ...]
    status: str
    when: datetime
    seconds: float = 0.0
    description: str = ""
    source: str = ""
    engine: str = ""
    version: str = ""
    notes: tuple[str, ...] = field(default_factory=tuple)

    def counts(self) -> dict[State, int]:
        """How many nodes are in each state, in the order of STATE_NAMES."""
        found = {s: sum(n.state == s for n in self.nodes) for s in STATE_NAMES}
        return {s: n for s, n in found.items() if n}
