"""A document, and how it stands: its nodes, ports and run."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from peephole.engine.events import Problem
from peephole.studio.wire.base import Answer, Json
from peephole.workflow.document import Document
from peephole.workflow.findings import Finding

State = Literal[
    "incomplete", "ready", "waiting", "running", "done", "stale", "failed", "cancelled", "interrupted", "placeholder"
]
RunPhase = Literal["idle", "running", "cancelling"]


class Message(Answer):
    """Something to know about a node's result."""

    level: Literal["info", "warning"]
    text: str


class Progress(Answer):
    """How far a running node is.  unit: of done and total, in the plural.  rate: a second.  remaining: seconds."""

    title: str
    done: float
    total: float | None
    unit: str
    rate: float | None
    remaining: float | None


class NodeState(Answer):
    """How a node stands.

    reason: why it is so (waits for what, why it ran, what has changed).  cached: nothing ran, the result was there.
    provisional: its result is good for now: the next run makes it again, or goes on with it.
    summary: its settings in one line.  group: where the guilty node of a query stays open, all nodes of it.
    curves: live metrics, thinned to 500 points each of `points` in all; per: what is counted from point to point.
    """

    state: State
    reason: str = ""
    seconds: float | None = None
    cached: bool = False
    provisional: bool = False
    summary: str = ""
    problem: Problem | None = None
    group: list[str] = Field(default_factory=list)
    messages: list[Message] = Field(default_factory=list)
    progress: Progress | None = None
    curves: dict[str, list[float | None]] = Field(default_factory=dict)
    points: int = 0
    per: str = "step"


class PortFacts(Answer):
    """What is known of an output port.

    type: name of its port type.  schema: [name, type] of each column a person sees, None where not known yet.
    rows: where known.  stored: the value lies in the store.  facts: a few more (task of a model, value of a variable ...).
    """

    type: str
    columns: list[tuple[str, str]] | None = Field(default=None, serialization_alias="schema")
    rows: int | None = None
    stored: bool = False
    facts: dict[str, Json] = Field(default_factory=dict)


class RunState(Answer):
    """state: of the run.  targets: what was asked for, None for everything.  started_at: seconds since 1970."""

    state: RunPhase
    targets: list[str] | None = None
    started_at: float | None = None


class Snapshot(Answer):
    """A document as it is now.

    revision: counts edits.  seq: number of the last message of the websocket that is contained in this.
    path: its file, None while it has no name.  saved: all edits are in its file.  needs_trust: it came from elsewhere and
    holds nodes that run code, write files or read outside the folders; it runs after `trust`.
    ports: by "node.port".  nodes: by path.
    """

    id: str
    revision: int
    seq: int
    document: Document
    path: str | None
    title: str
    saved: bool
    trusted: bool
    needs_trust: bool
    can_undo: bool
    can_redo: bool
    findings: list[Finding]
    ports: dict[str, PortFacts]
    nodes: dict[str, NodeState]
    run: RunState
