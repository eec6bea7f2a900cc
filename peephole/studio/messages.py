"""The messages of the websocket, one JSON object each: what a page may send (`do`), and what the server tells (`is`)."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from peephole.engine.events import Event, Problem
from peephole.studio.wire.base import Answer, Request
from peephole.studio.wire.state import NodeState, PortFacts, RunPhase
from peephole.workflow.edit import Op
from peephole.workflow.findings import Finding
from peephole.workflow.values import Value

Token = Annotated[str, Field(min_length=1, max_length=100)]
Path = Annotated[str, Field(min_length=1, max_length=4096)]

# -- from the browser ---------------------------------------------------------------------------------------------------


class Edit(Request):
    """Apply an edit.  client: made up by the page for this edit, and found again in the answer.

    base: the revision the page knew.  group: edits in a row with the same group are undone together (typing).
    """

    do: Literal["edit"] = "edit"
    op: Annotated[Op, Field(discriminator="op")]
    client: Token
    base: Annotated[int, Field(ge=0)]
    group: Annotated[str, Field(max_length=100)] = ""


class Undo(Request):
    """Take back the last step."""

    do: Literal["undo"] = "undo"
    client: Token


class Redo(Request):
    """Do again what was taken back last."""

    do: Literal["redo"] = "redo"
    client: Token


class Run(Request):
    """Run what is stale.  targets: only what these need.  again: make the targets anew even where their results are there."""

    do: Literal["run"] = "run"
    targets: Annotated[list[Path], Field(max_length=10_000)] | None = None
    again: bool = False


class Cancel(Request):
    """Stop the run."""

    do: Literal["cancel"] = "cancel"


class Enough(Request):
    """Stop and keep: what works at a node ends at its next good point, gives what there is, and the run goes on."""

    do: Literal["enough"] = "enough"
    node: Path


class Trust(Request):
    """The person has looked at the document and lets it run."""

    do: Literal["trust"] = "trust"


class RenameFile(Request):
    """Save under another name from now on; the old file goes."""

    do: Literal["rename-file"] = "rename-file"
    path: Path


class PortName(Request):
    """An output port.  node: its path (`component/inner`)."""

    node: Path
    port: Token


class Look(Request):
    """What this page looks at: it is kept fresh while the document changes."""

    do: Literal["look"] = "look"
    at: PortName | None = None


class Selection(Request):
    """Points chosen in a chart: becomes the chart node's setting `selection`; null takes it away."""

    do: Literal["selection"] = "selection"
    node: Path
    value: Value
    client: Token


ClientMessage = Annotated[
    Edit | Undo | Redo | Run | Cancel | Enough | Trust | RenameFile | Look | Selection, Field(discriminator="do")
]


# -- from the server ----------------------------------------------------------------------------------------------------


class Told(Answer):
    """seq: number of the message in the document's life on the server; what a page missed is sent again after it comes back."""

    seq: int = 0


class Hello(Told):
    """The first message on a connection.  seq: of the newest message; those since `after` follow."""

    is_: Literal["hello"] = Field(default="hello", serialization_alias="is")
    client_id: str
    revision: int


class Reset(Told):
    """What the page missed is no longer known: it has to fetch the snapshot."""

    is_: Literal["reset"] = Field(default="reset", serialization_alias="is")


class Edited(Told):
    """An edit was applied; undo and redo come as the edit that did it."""

    is_: Literal["edited"] = Field(default="edited", serialization_alias="is")
    revision: int
    op: Annotated[Op, Field(discriminator="op")]
    client: str
    can_undo: bool
    can_redo: bool
    needs_trust: bool = False


class Refused(Told):
    """An edit, undo, redo or other message could not be carried out; only the page that sent it is told."""

    is_: Literal["refused"] = Field(default="refused", serialization_alias="is")
    client: str
    problem: Problem
    revision: int


class Repeated(Told):
    """An edit that came again had been applied the first time; only the page that sent it again is told."""

    is_: Literal["repeated"] = Field(default="repeated", serialization_alias="is")
    client: str


class Checked(Told):
    """What is known now.  findings: all, or None where they are as before.  ports, nodes: those that changed; None: gone."""

    is_: Literal["checked"] = Field(default="checked", serialization_alias="is")
    revision: int
    findings: list[Finding] | None = None
    ports: dict[str, PortFacts | None] = Field(default_factory=dict)
    nodes: dict[str, NodeState | None] = Field(default_factory=dict)


class Happened(Told):
    """Something happened in the run."""

    is_: Literal["event"] = Field(default="event", serialization_alias="is")
    event: Event


class RunChanged(Told):
    """The run began, is being stopped, or is over."""

    is_: Literal["run"] = Field(default="run", serialization_alias="is")
    state: RunPhase
    targets: list[str] | None = None
    started_at: float | None = None


class SavedNow(Told):
    """saved: all edits are in the file.  at: seconds since 1970."""

    is_: Literal["saved"] = Field(default="saved", serialization_alias="is")
    path: str | None
    title: str
    saved: bool
    at: float


class Trusted(Told):
    """The document may run now."""

    is_: Literal["trusted"] = Field(default="trusted", serialization_alias="is")


class ProblemTold(Told):
    """Something went wrong that belongs to no edit and no node: it cannot be saved, it may not run."""

    is_: Literal["problem"] = Field(default="problem", serialization_alias="is")
    problem: Problem


ServerMessage = Annotated[
    Hello | Reset | Edited | Refused | Repeated | Checked | Happened | RunChanged | SavedNow | Trusted | ProblemTold,
    Field(discriminator="is_"),
]


@cache
def _client_messages() -> TypeAdapter[ClientMessage]:
    return TypeAdapter(ClientMessage)


def parse_message(text: str | bytes) -> ClientMessage:
    """A message of a page; raises pydantic's ValidationError for anything else."""
    return _client_messages().validate_json(text)
