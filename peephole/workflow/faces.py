"""What a node shows to its neighbours: its ports and settings, be they declared or those of a component."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from peephole.workflow.document import Document, NodeBlock, Wire, exposed
from peephole.workflow.repeat import Rounds

if TYPE_CHECKING:
    from peephole.core.node import NodeSpec

VARIABLE = "Variable"
# What is put together of the runs of a repeated component: tables, a row for each variable, a page of figures. Of all else
# the best run's is given.
COLLECTED = {"Table": "Table", "Variable": "Table", "Figure": "Report"}


class Input(NamedTuple):
    """An input port.  type: name of its port type, None where it is not known."""

    type: str | None
    optional: bool = False
    many: bool = False
    doc: str = ""


class Face(NamedTuple):
    """Ports and settings of a node by name."""

    title: str
    inputs: Mapping[str, Input]
    outputs: Mapping[str, str | None]
    settings: frozenset[str]


class Faces:
    """The faces of a document's nodes; None for placeholders, which may have any ports."""

    def __init__(self, specs: Mapping[str, NodeSpec]) -> None:
        self._specs = specs
        self._found: dict[int, Face | None] = {}

    def spec(self, block: NodeBlock) -> NodeSpec | None:
        """The declaration of a node, where it is known in this version or an older one."""
        spec = None if block.kept is not None or block.inside is not None else self._specs.get(block.type)
        return spec if spec is not None and block.version <= spec.version else None

    def of(self, block: NodeBlock) -> Face | None:
        """The face of a node."""
        if id(block) not in self._found:  # blocks live as long as the document that is looked at
            self._found[id(block)] = self._component(block, block.inside) if block.inside else self._node(block)
        return self._found[id(block)]

    def _node(self, block: NodeBlock) -> Face | None:
        spec = self.spec(block)
        if spec is None:
            return None
        return Face(
            block.title or spec.title,
            {p.name: Input(p.type.name, p.optional, p.many, p.doc) for p in spec.inputs},
            {p.name: p.type.name for p in spec.outputs},
            frozenset(spec.settings.model_fields),
        )

    def _component(self, block: NodeBlock, inside: Document) -> Face:
        shown = exposed(inside)
        inputs = {name: self._joined([self._fed(inside, w) for w in wires]) for name, wires in shown.inputs.items()}
        outputs = {name: self.given(inside, wires[0]) for name, wires in shown.outputs.items()}
        if block.repeat is not None and not isinstance(block.repeat, Rounds):
            outputs = {name: COLLECTED.get(kind or "", kind) for name, kind in outputs.items()}
        return Face(block.title or "Component", inputs, outputs, frozenset(shown.settings))

    def _joined(self, ports: list[Input]) -> Input:
        """One port that feeds several: as demanding as the most demanding of them."""
        known = next((p.type for p in ports if p.type is not None), None)
        doc = next((p.doc for p in ports if p.doc), "")
        return Input(known, all(p.optional for p in ports), all(p.many for p in ports), doc)

    def _fed(self, inside: Document, wire: Wire) -> Input:
        if wire.setting is not None:
            return Input(VARIABLE, optional=True)
        block = inside.nodes.get(wire.target)
        face = None if block is None else self.of(block)
        return (face.inputs.get(wire.input) if face else None) or Input(None, optional=True, many=True)

    def given(self, document: Document, wire: Wire) -> str | None:
        """The port type that a wire carries, as far as it is known."""
        block = document.nodes.get(wire.source)
        face = None if block is None else self.of(block)
        return None if face is None else face.outputs.get(wire.output)
