"""What a workflow is: nodes, the wires between them, notes and frames, and apart from all meaning, where they stand.

Every value is immutable: an edit makes a new document that shares all it did not touch. Nothing here looks at node types,
so a document is readable whatever nodes are installed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from itertools import count
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic import model_validator as _model_validator
from pydantic_core import core_schema

from peephole.workflow.repeat import Repeat
from peephole.workflow.values import Kept, Value

FORMAT: Literal["peephole-workflow"] = "peephole-workflow"
VERSION = 1
COMPONENT = "component"
SETTINGS = "settings."  # an input port `settings.NAME` takes a variable that feeds the setting NAME
MAX_NESTING = 20  # components in components
MAX_COORDINATE = 10_000_000

_ID = r"[A-Za-z][A-Za-z0-9_-]*"
_WIRE = rf"^({_ID})?\.(\S+) -> ({_ID})?\.(\S+)$"


class Wire(NamedTuple):
    """From an output port to an input port; written `flights.table -> join.left`.

    input: `settings.NAME` where a variable feeds a setting. Inside a component an empty node means the component's own
    edge: `.table -> filter.table` makes an input port, `filter.table -> .table` an output port, and
    `.settings.limit -> filter.settings.limit` a setting of the component.
    """

    source: str
    output: str
    target: str
    input: str

    @classmethod
    def parse(cls, text: str) -> Wire:
        """Read `node.port -> node.port`; raises ValueError for anything else."""
        found = re.fullmatch(_WIRE, text)
        if found is None:
            raise ValueError(f'A wire reads "node.port -> node.port", and this is "{text[:80]}"')
        return cls(found[1] or "", found[2], found[3] or "", found[4])

    def __str__(self) -> str:
        return f"{self.source}.{self.output} -> {self.target}.{self.input}"

    @property
    def setting(self) -> str | None:
        """The setting that this wire feeds, if it feeds one."""
        return self.input.removeprefix(SETTINGS) if self.input.startswith(SETTINGS) else None

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """In JSON a wire is its text."""
        text = core_schema.str_schema(pattern=_WIRE)
        return core_schema.json_or_python_schema(
            json_schema=core_schema.no_info_after_validator_function(cls.parse, text),
            python_schema=core_schema.no_info_plain_validator_function(_wire),
            serialization=core_schema.to_string_ser_schema(),
        )


def _wire(value: Any) -> Wire:
    if isinstance(value, Wire):
        return value
    return Wire.parse(value if isinstance(value, str) else repr(value))


def _whole(value: Any) -> Any:
    """Positions are whole numbers, so that a difference between two versions reads well."""
    return round(value) if isinstance(value, float) and math.isfinite(value) else value


Id = Annotated[str, Field(pattern=rf"^{_ID}$", max_length=100)]
Coordinate = Annotated[int, BeforeValidator(_whole), Field(ge=-MAX_COORDINATE, le=MAX_COORDINATE)]
# Written by hand: inside unions in unions Pydantic tries the wrong length first, and warns.
Place = Annotated[
    tuple[Coordinate, Coordinate] | tuple[Coordinate, Coordinate, Coordinate, Coordinate],
    PlainSerializer(list, when_used="json"),
    WithJsonSchema({"anyOf": [{"type": "array", "prefixItems": [{"type": "integer"}] * n} for n in (2, 4)]}),
]


class Part(BaseModel):
    """A part of a document. Keys that this version does not know are kept and written back."""

    model_config = ConfigDict(frozen=True, extra="allow", serialize_by_alias=True, defer_build=True)
    __pydantic_extra__: dict[str, Value] = Field(init=False)

    def with_(self, **changes: Any) -> Any:
        """The same with some fields changed; what is given is taken as valid."""
        return self.model_copy(update=changes)


class Note(Part):
    """A text on the canvas (Markdown)."""

    text: str = ""
    colour: str = ""


class Frame(Part):
    """A titled rectangle behind nodes that belong together."""

    title: str = ""
    colour: str = ""


class NodeBlock(Part):
    """One node: its type and the settings that differ from what the type gives.

    version: of the node type when the settings were made.  note: a remark by the person.  pinned: its result is kept.
    inside: the workflow within a component (type "component"); its ports and settings are wires to the empty node.
    repeat: the component runs many times, and what comes out is put together.
    kept: a block that a newer Peephole wrote and this one cannot read, as it was found; shown as a placeholder.
    """

    type: str = Field(min_length=1)
    version: int = Field(default=1, ge=0)
    title: str = ""
    note: str = ""
    pinned: bool = False
    settings: dict[str, Value] = {}
    inside: Document | None = None
    repeat: Repeat | None = None
    kept: Kept = Field(default=None, alias="$kept")


class Document(Part):
    """A workflow. The order of nodes and wires is kept: it settles ties, and what a port of many wires takes first.

    layout: where nodes, notes and frames stand: [x, y] or [x, y, width, height]. They share one set of ids. A node with a
    size shows on the canvas what comes out of it.
    kept: entries that a newer Peephole wrote and this one cannot read, by section.
    """

    format: Literal["peephole-workflow"] = FORMAT
    version: int = VERSION
    title: str = ""
    description: str = ""
    nodes: dict[Id, NodeBlock] = {}
    wires: tuple[Wire, ...] = ()
    notes: dict[Id, Note] = {}
    frames: dict[Id, Frame] = {}
    layout: dict[Id, Place] = {}
    kept: dict[str, Kept] = Field(default={}, alias="$kept")

    @_model_validator(mode="after")
    def _ids_are_unique(self) -> Document:
        seen: set[str] = set()
        for one in (*self.nodes, *self.notes, *self.frames):
            if one in seen:
                raise ValueError(f'the id "{one}" is used twice; nodes, notes and frames share one set of ids')
            seen.add(one)
        return self

    def has(self, one: str) -> bool:
        """Whether a node, note or frame has this id."""
        return one in self.nodes or one in self.notes or one in self.frames

    def taken(self, one: str) -> bool:
        """Whether the id is in use, be it for something that this version cannot read."""
        if self.has(one) or one in self.layout:
            return True
        return any(isinstance(section, dict) and one in section for section in self.kept.values())


class Exposed(NamedTuple):
    """A component's own ports and settings by name, each with the wires that lead to them inside."""

    inputs: dict[str, list[Wire]]
    outputs: dict[str, list[Wire]]
    settings: dict[str, list[Wire]]


def exposed(inside: Document) -> Exposed:
    """The ports and settings that a component shows, in the order of its wires."""
    found = Exposed({}, {}, {})
    for wire in inside.wires:
        if wire.source == "":
            setting = wire.output.startswith(SETTINGS)
            into = found.settings if setting else found.inputs
            into.setdefault(wire.output.removeprefix(SETTINGS) if setting else wire.output, []).append(wire)
        if wire.target == "":
            found.outputs.setdefault(wire.input, []).append(wire)
    return found


def overrides(inside: Document, given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What the settings given to a component set inside it, by node and setting."""
    found: dict[str, dict[str, Any]] = {}
    for wire in inside.wires if given else ():
        name = wire.output.removeprefix(SETTINGS)
        if wire.source == "" and name != wire.output and wire.setting is not None and name in given:
            found.setdefault(wire.target, {})[wire.setting] = given[name]
    return found


def fresh_id(wanted: str, taken: Callable[[str], bool]) -> str:
    """A free id made of a name: `read_csv`, then `read_csv_2` ...; `package/name` gives `name`.

    taken: whether an id is in use, as `document.taken`.
    """
    base = re.sub(r"[^a-z0-9]+", "_", wanted.rpartition("/")[2].lower()).strip("_") or "node"
    base = (base if base[0].isalpha() else f"n_{base}")[:80]
    if not taken(base):
        return base
    stem = re.sub(r"_\d+$", "", base)
    return next(name for name in (f"{stem}_{number}" for number in count(2)) if not taken(name))


def nesting(document: Document) -> int:
    """How deep components lie in components: 0 where there are none."""
    return max((1 + nesting(b.inside) for b in document.nodes.values() if b.inside is not None), default=0)
