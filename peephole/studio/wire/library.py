"""The node library."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from peephole.studio.wire.base import Answer, Json


class PortKind(Answer):
    """A port type and how it looks.  on_light, on_dark: its colour for thin lines on either ground."""

    name: str
    colour: str
    on_light: str
    on_dark: str
    shape: str
    doc: str


class Family(Answer):
    """A family of nodes.  drawing: the `d` of a path to stroke on a 24 by 24 grid."""

    name: str
    title: str
    drawing: str


class InputPort(Answer):
    """An input port.  type: name of its port type.  optional: may stay unconnected.  many: takes several wires."""

    name: str
    type: str
    doc: str
    optional: bool
    many: bool


class OutputPort(Answer):
    """An output port."""

    name: str
    type: str
    doc: str


class NodeType(Answer):
    """A node of the library.

    drawing: its icon, the `d` of a path to stroke on a 24 by 24 grid.  schema: JSON Schema of the settings with
    x-columnpicker, x-formulatext, x-filepath, x-dataset, x-multiline, x-rowsof.  runs: "engine" where it becomes part of a query.
    effect: it changes something outside.  has_code: a setting of it is run as a program.
    lasts: the setting that says for how long it works: a person may stop it and keep what there is.
    missing: libraries it needs that are not installed.  also: names it has in other programs, for searching.
    """

    type: str
    title: str
    family: str
    icon: str
    drawing: str
    version: int
    summary: str
    doc: str
    inputs: list[InputPort]
    outputs: list[OutputPort]
    settings_schema: dict[str, Json] = Field(serialization_alias="schema")
    defaults: dict[str, Json]
    setting_docs: dict[str, str]
    runs: Literal["engine", "outside"]
    data_dependent: bool
    effect: bool
    has_code: bool
    lasts: str
    missing: list[str]
    also: list[str]


class Catalog(Answer):
    """The node library.  broken: packages whose nodes could not be loaded."""

    port_types: list[PortKind]
    families: list[Family]
    nodes: list[NodeType]
    broken: list[str]
