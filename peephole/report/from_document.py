"""A workflow document as a drawing: components are one box, states come from a run where there was one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from peephole.core.node import NodeSpec
from peephole.core.types import port_types
from peephole.report.drawing import draw
from peephole.report.facts import all_facts
from peephole.report.labels import summary_of
from peephole.report.sketch import Box, Dot, Sketch, State, Wire
from peephole.report.words import duration
from peephole.workflow.document import SETTINGS, Document, NodeBlock
from peephole.workflow.faces import Faces

if TYPE_CHECKING:
    from peephole.engine.run import NodeResult

# Of the nodes within a component, the state that matters most.
_WEIGHTIEST: tuple[State, ...] = (
    "failed",
    "interrupted",
    "cancelled",
    "skipped",
    "running",
    "waiting",
    "done",
    "cached",
)


def draw_document(
    document: Document, specs: Mapping[str, NodeSpec], results: Mapping[str, NodeResult] | None = None
) -> str:
    """The workflow as an SVG picture.  results: of a run, by node; without them no states are shown."""
    return draw(sketch_of(document, specs, results or {}), title=document.title or "Workflow")


def sketch_of(document: Document, specs: Mapping[str, NodeSpec], results: Mapping[str, NodeResult]) -> Sketch:
    """Boxes and wires of a document, with what became of its nodes."""
    faces = Faces(specs)
    boxes = tuple(_box(document, node, faces, specs, results) for node in document.nodes)
    wires = tuple(Wire(w.source, w.output, w.target, w.input) for w in document.wires)
    return Sketch(boxes, wires)


def state_of(result: NodeResult) -> State:
    """A result's state as it is shown."""
    if result.state == "done" and result.cached:
        return "cached"
    return next((s for s in _WEIGHTIEST if s == result.state), "unknown")


def _box(
    document: Document, node: str, faces: Faces, specs: Mapping[str, NodeSpec], results: Mapping[str, NodeResult]
) -> Box:
    block = document.nodes[node]
    spec, face = specs.get(block.type), faces.of(block)
    mine = [r for i, r in results.items() if i == node or i.startswith(f"{node}/")]
    inputs, outputs = _ports(document, node, faces)
    place = document.layout.get(node)
    seconds = sum(r.seconds for r in mine)
    return Box(
        id=node,
        title=block.title or (face.title if face else block.type),
        kind=spec.title if spec else block.type,
        icon=spec.icon if spec else "box",
        family=spec.family if spec else "",
        summary=_summary(block, spec),
        facts=all_facts((o.type, o.facts) for r in mine[-1:] for o in r.outputs.values()),
        duration=duration(seconds) if seconds else "",
        state=_state(block, faces, mine),
        inputs=inputs,
        outputs=outputs,
        position=(float(place[0]), float(place[1])) if place is not None else None,
    )


def _summary(block: NodeBlock, spec: NodeSpec | None) -> str:
    if block.inside is not None:
        number = len(block.inside.nodes)
        return f"{number} node{'' if number == 1 else 's'} inside"
    return summary_of(block, spec)


def _state(block: NodeBlock, faces: Faces, results: list[NodeResult]) -> State:
    if faces.of(block) is None:
        return "unknown"
    states = {state_of(r) for r in results}
    return next((s for s in _WEIGHTIEST if s in states), "waiting")


def _ports(document: Document, node: str, faces: Faces) -> tuple[tuple[Dot, ...], tuple[Dot, ...]]:
    """A node's ports: those it declares, those that wires name (of a placeholder), and settings that a wire feeds."""
    face = faces.of(document.nodes[node])
    types = port_types()
    inputs = {name: types.get(port.type or "") for name, port in face.inputs.items()} if face else {}
    outputs = {name: types.get(port or "") for name, port in face.outputs.items()} if face else {}
    for wire in document.wires:
        if wire.target == node:
            inputs.setdefault(wire.input, types["Variable"] if wire.input.startswith(SETTINGS) else None)
        if wire.source == node:
            outputs.setdefault(wire.output, None)
    return tuple(Dot(n, t) for n, t in inputs.items()), tuple(Dot(n, t) for n, t in outputs.items())
