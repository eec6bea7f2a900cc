"""A document's canvas in miniature, for the gallery of templates: boxes where they stand, their icons, wires, notes; no words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Literal

from peephole.core.node import NodeSpec
from peephole.core.types import PortType
from peephole.report import icons
from peephole.report.colours import wire_colours
from peephole.report.from_document import sketch_of
from peephole.report.layout import WIDTH, Spot, box_height, place
from peephole.report.routes import Obstacle, aside, course
from peephole.report.sketch import Box, Sketch, Wire
from peephole.report.wires import port_heights
from peephole.workflow.document import Document

Theme = Literal["light", "dark"]
Area = tuple[float, float, float, float]  # x, y, width, height

GREY = "#8b95a3"
ICON_SIDE = 24.0  # of the square that icons are drawn in
MARGIN = 30.0
CARD_WIDTH = 380.0  # of the picture in the gallery, in pixels
_NOTE = {"light": ("#fdf3e0", "#e3c894"), "dark": ("#2b2518", "#6b5a33")}  # paper and edge


def draw_thumbnail(document: Document, specs: Mapping[str, NodeSpec], theme: Theme) -> str:
    """The whole canvas as an SVG picture that can be told from others at a few hundred pixels' width."""
    sketch = sketch_of(document, specs, {})
    spots = _spots(sketch)
    places = (document.layout.get(name) for name in document.notes)
    notes = [place for place in places if place is not None and len(place) == 4]
    left, top, width, height = _around([*notes, *((s.x, s.y, WIDTH, s.height) for s in spots.values())])
    pixel = max(width, 2 * height) / CARD_WIDTH
    boxes = {box.id: box for box in sketch.boxes}
    obstacles = [Obstacle(spot.x, spot.y, WIDTH, spot.height) for spot in spots.values()]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.0f} {top:.0f} {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" aria-label="{escape(document.title or "Workflow")}">',
        *(_note(area, theme, pixel) for area in notes),
        *(_wire(wire, boxes, spots, obstacles, theme, pixel) for wire in sketch.wires),
        *(_box(box, spots[box.id], theme, pixel) for box in sketch.boxes),
        "</svg>",
    ]
    return "\n".join(parts)


def _spots(sketch: Sketch) -> Mapping[str, Spot]:
    """Where the person put the boxes; in columns where some were never put anywhere."""
    by_hand = {b.id: Spot(*b.position, box_height(b)) for b in sketch.boxes if b.position is not None}
    return by_hand if len(by_hand) == len(sketch.boxes) else place(sketch).spots


def _around(areas: Iterable[Area]) -> Area:
    corners = [(x, y, x + w, y + h) for x, y, w, h in areas] or [(0.0, 0.0, WIDTH, WIDTH)]
    left, top = min(c[0] for c in corners) - MARGIN, min(c[1] for c in corners) - MARGIN
    return left, top, max(c[2] for c in corners) + MARGIN - left, max(c[3] for c in corners) + MARGIN - top


def _colour(port: PortType | None, theme: Theme) -> str:
    return wire_colours(port.colour if port else GREY)[theme == "dark"]


def _note(area: Area, theme: Theme, pixel: float) -> str:
    x, y, width, height = area
    paper, edge = _NOTE[theme]
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" rx="12" '
        f'fill="{paper}" stroke="{edge}" stroke-width="{pixel / 2:.1f}"/>'
    )


def _wire(
    wire: Wire,
    boxes: Mapping[str, Box],
    spots: Mapping[str, Spot],
    obstacles: Sequence[Obstacle],
    theme: Theme,
    pixel: float,
) -> str:
    """A wire by the route that it takes on the canvas too."""
    source, target = boxes[wire.source], boxes[wire.target]
    a, b = spots[source.id], spots[target.id]
    y1 = port_heights(source, a)[1].get(wire.source_port, a.y + a.height / 2)
    y2 = port_heights(target, b)[0].get(wire.target_port, b.y + b.height / 2)
    colour = _colour(next((d.type for d in source.outputs if d.name == wire.source_port), None), theme)
    way = course((a.right, y1), (b.x, y2), obstacles, aside(f"{wire.source}.out:{wire.source_port}"))
    return f'<path d="{way}" fill="none" stroke="{colour}" stroke-width="{pixel:.1f}" stroke-opacity=".7"/>'


def _box(box: Box, spot: Spot, theme: Theme, pixel: float) -> str:
    """A box in the colour of what it gives, its icon as large as fits."""
    colour = _colour(next((d.type for d in (*box.outputs, *box.inputs) if d.type), None), theme)
    ground = "#ffffff" if theme == "light" else "#15181d"
    size = 0.62 * min(spot.height, 90.0) / ICON_SIDE
    x, y = spot.x + (WIDTH - size * ICON_SIDE) / 2, spot.y + (spot.height - size * ICON_SIDE) / 2
    card = f'x="{spot.x:.0f}" y="{spot.y:.0f}" width="{WIDTH:.0f}" height="{spot.height:.0f}" rx="16"'
    return (
        f'<rect {card} fill="{ground}"/>'
        f'<rect {card} fill="{colour}" fill-opacity=".16" stroke="{colour}" stroke-opacity=".65" stroke-width="{pixel:.1f}"/>'
        f'<path transform="translate({x:.1f} {y:.1f}) scale({size:.2f})" d="{icons.drawing(box.icon, box.family)}" '
        f'fill="none" stroke="{colour}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>'
    )
