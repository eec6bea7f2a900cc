"""Where templates put their boxes: nothing lies on anything else, wires run forward, but where a row goes on below."""

from __future__ import annotations

from itertools import combinations

import pytest

from peephole.engine.catalog import catalog
from peephole.studio.templates import templates, workflow_of
from peephole.workflow.document import Document
from peephole.workflow.files import load

WIDTH, HEAD, PORT, FOOT = 224, 50, 20, 26  # of a box in the studio, in pixels
BACKWARD = 2  # wires of a template at most

Area = tuple[float, float, float, float]


def area(document: Document, name: str) -> Area:
    """Left, top, right, bottom."""
    x, y, *size = document.layout[name]
    if size:
        return x, y, x + size[0], y + size[1]
    block = document.nodes[name]
    if block.inside is None:
        spec = catalog().require(block.type).spec
        ports = max(len(spec.inputs), len(spec.outputs))
    else:
        ports = len({(w.source, w.target) for w in block.inside.wires if "" in (w.source, w.target)})
    return x, y, x + WIDTH, y + HEAD + FOOT + (PORT * ports + 6 if ports > 1 else 0)


@pytest.mark.parametrize("name", sorted(templates()))
def test_boxes_and_notes_lie_apart_and_wires_run_forward(name):
    document = load(workflow_of(templates()[name]))
    areas = {one: area(document, one) for one in (*document.nodes, *document.notes)}
    for (a, one), (b, other) in combinations(areas.items(), 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart, f"{a} lies on {b}"
    backward = [wire for wire in document.wires if areas[wire.source][2] > areas[wire.target][0]]
    assert len(backward) <= BACKWARD, backward
