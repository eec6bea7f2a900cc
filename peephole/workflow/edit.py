"""Edits as plain data: small frozen classes, told apart by `op`, that travel as JSON and are mirrored in TypeScript.

    document, inverse = apply(document, Set(node="filter", setting="where", value="delay > 15"))
    document, _ = apply(document, inverse)                                  # exactly the document before

Every edit has `within`: the path of the component it happens in (`clean/inner`), "" for the workflow itself.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from peephole.core.errors import EditError
from peephole.workflow.document import Frame, Id, NodeBlock, Note, Place, Wire
from peephole.workflow.repeat import Repeat
from peephole.workflow.values import Value

Index = Annotated[int, Field(ge=0)]


class Edit(BaseModel):
    """What all edits have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, serialize_by_alias=True)
    within: str = ""


class Add(Edit):
    """Add a node.  at: its place on the canvas.  index: where among the nodes; at the end if not given."""

    op: Literal["add"] = "add"
    id: Id
    node: NodeBlock
    at: Place | None = None
    index: Index | None = None


class Insert(Edit):
    """Add many things at once, as when pasting.

    node_at, wire_at, note_at, frame_at: at which places they stand afterwards, ascending; at the end if not given.
    """

    op: Literal["insert"] = "insert"
    nodes: dict[Id, NodeBlock] = {}
    wires: tuple[Wire, ...] = ()
    notes: dict[Id, Note] = {}
    frames: dict[Id, Frame] = {}
    layout: dict[Id, Place] = {}
    node_at: tuple[Index, ...] | None = None
    wire_at: tuple[Index, ...] | None = None
    note_at: tuple[Index, ...] | None = None
    frame_at: tuple[Index, ...] | None = None

    @model_validator(mode="after")
    def _a_spot_for_each(self) -> Insert:
        pairs = (
            (self.nodes, self.node_at),
            (self.wires, self.wire_at),
            (self.notes, self.note_at),
            (self.frames, self.frame_at),
        )
        if any(spots is not None and len(spots) != len(things) for things, spots in pairs):
            raise ValueError("there has to be one place for each thing inserted")
        return self


class Remove(Edit):
    """Remove nodes with their wires, notes and frames."""

    op: Literal["remove"] = "remove"
    ids: tuple[Id, ...]


class Replace(Edit):
    """Put another block in the place of a node; its wires stay."""

    op: Literal["replace"] = "replace"
    id: Id
    node: NodeBlock


class Connect(Edit):
    """Draw a wire.  many: the port takes any number of wires (its declaration says so).  index: where among the wires."""

    op: Literal["connect"] = "connect"
    wire: Wire
    many: bool = False
    index: Index | None = None


class Disconnect(Edit):
    """Take a wire away.  index: where it stands, needed only where a damaged document has it twice."""

    op: Literal["disconnect"] = "disconnect"
    wire: Wire
    index: Index | None = None


class Set(Edit):
    """Give a setting a value.  index: where among the settings, for one that had no value; at the end if not given."""

    op: Literal["set"] = "set"
    node: Id
    setting: Annotated[str, Field(min_length=1)]
    value: Value
    index: Index | None = None


class Unset(Edit):
    """Take a setting's value away, so that its default holds."""

    op: Literal["unset"] = "unset"
    node: Id
    setting: str


class Move(Edit):
    """Place nodes, notes and frames; null takes a place away."""

    op: Literal["move"] = "move"
    layout: dict[Id, Place | None]


class Rename(Edit):
    """Give a node a title; an empty one shows the title of its type."""

    op: Literal["rename"] = "rename"
    node: Id
    title: str


class ChangeId(Edit):
    """Give a node another id; its wires follow."""

    op: Literal["change-id"] = "change-id"
    node: Id
    to: Id


class Annotate(Edit):
    """Write a remark to a node."""

    op: Literal["annotate"] = "annotate"
    node: Id
    note: str


class Pin(Edit):
    """Keep a node's result in the store, or no longer."""

    op: Literal["pin"] = "pin"
    node: Id
    pinned: bool


class SetRepeat(Edit):
    """Run a component many times (null: once)."""

    op: Literal["repeat"] = "repeat"
    node: Id
    repeat: Repeat | None


class AddNote(Edit):
    """Put a note on the canvas."""

    op: Literal["add-note"] = "add-note"
    id: Id
    note: Note
    at: Place | None = None


class EditNote(Edit):
    """Change a note."""

    op: Literal["edit-note"] = "edit-note"
    id: Id
    note: Note


class AddFrame(Edit):
    """Put a frame behind nodes."""

    op: Literal["add-frame"] = "add-frame"
    id: Id
    frame: Frame
    at: Place | None = None


class EditFrame(Edit):
    """Change a frame."""

    op: Literal["edit-frame"] = "edit-frame"
    id: Id
    frame: Frame


class Entitle(Edit):
    """Change the title or the description of the workflow; what is null stays."""

    op: Literal["entitle"] = "entitle"
    title: str | None = None
    description: str | None = None


class Collapse(Edit):
    """Make nodes (and notes and frames) one component; the wires across its edge become its ports and settings."""

    op: Literal["collapse"] = "collapse"
    ids: tuple[Id, ...]
    id: Id
    title: str = ""


class Expand(Edit):
    """Put what is inside a component in its place."""

    op: Literal["expand"] = "expand"
    id: Id


Plain = (
    Add
    | Insert
    | Remove
    | Replace
    | Connect
    | Disconnect
    | Set
    | Unset
    | Move
    | Rename
    | ChangeId
    | Annotate
    | Pin
    | SetRepeat
    | AddNote
    | EditNote
    | AddFrame
    | EditFrame
    | Entitle
    | Collapse
    | Expand
)


class Batch(Edit):
    """Several edits as one: all of them or none. Each says itself where it happens."""

    op: Literal["batch"] = "batch"
    ops: tuple[Annotated[Plain, Field(discriminator="op")], ...]


Op = Plain | Batch
ADAPTER: TypeAdapter[Op] = TypeAdapter(Annotated[Op, Field(discriminator="op")], config=ConfigDict(defer_build=True))


def parse_op(data: Any) -> Op:
    """An edit from plain data; raises EditError that says what does not fit."""
    try:
        return ADAPTER.validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "op"
        raise EditError(
            f"This is no edit: {place} does not fit.",
            remedy=f"{first['msg'].removeprefix('Value error, ').rstrip('.')}.",
        ) from None
