"""Draws a workflow as SVG, for the report.

`draw(sketch)` gives a picture of its own; `draw(sketch, inside=True)` one that takes its colours from the page it stands in.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

from peephole.core.types import PortType, port_types
from peephole.report import icons
from peephole.report.colours import wire_colours
from peephole.report.layout import WIDTH, Layout, Spot, place
from peephole.report.marks import DASHES, port_mark, state_mark
from peephole.report.sketch import STATE_NAMES, Box, Dot, Sketch, Wire
from peephole.report.wires import courses, port_heights
from peephole.report.words import cut

PAD = 13.0
ICON = 32.0
TITLE, SMALL = 14.0, 12.0
_IF_DARK = "@media screen and (prefers-color-scheme:dark)"
_STYLE = Path(__file__).parent / "assets" / "drawing.css"


def draw(
    sketch: Sketch,
    *,
    inside: bool = False,
    links: str = "",
    title: str = "Workflow",
) -> str:
    """The workflow as SVG.

    inside: it is put into a page that holds `style()`; else it carries its style itself.
    links: prefix of the address each box leads to (`#node-`).  title: its name for screen readers.
    """
    layout = place(sketch)
    parts = [
        f'<svg class="workflow" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.width:.0f} {layout.height:.0f}" '
        f'width="{layout.width:.0f}" height="{layout.height:.0f}" role="group" aria-label="{escape(title)}">'
    ]
    if not inside:
        parts.append(f"<style>{style()}</style>")
        parts.append(f'<rect class="w-ground" width="{layout.width:.0f}" height="{layout.height:.0f}"/>')
    parts += _wires(sketch, layout)
    parts += [_linked(box, _box(box, layout.spots[box.id]), links) for box in sketch.boxes]
    return "\n".join([*parts, "</svg>"])


def style() -> str:
    """The style sheet of a drawing; the page may set the same variables itself."""
    light, dark = [], []
    for port in port_types().values():
        on_light, on_dark = wire_colours(port.colour)
        light.append(f".t-{_class(port)}{{--t:{port.colour};--w:{on_light}}}")
        dark.append(f".t-{_class(port)}{{--w:{on_dark}}}")
    return f"{_STYLE.read_text('utf-8')}{''.join(light)}{_IF_DARK}{{{''.join(dark)}}}"


def _class(port: PortType | None) -> str:
    return "".join(c if c.isalnum() else "-" for c in port.name) if port else "unknown"


def _wires(sketch: Sketch, layout: Layout) -> list[str]:
    """All wires of one port together, above a wider line in the ground's colour, so that crossings read well."""
    boxes = {b.id: b for b in sketch.boxes}
    nets: dict[tuple[str, str], list[str]] = {}
    under: dict[tuple[str, str], list[str]] = {}
    for wire, course in zip(sketch.wires, courses(sketch, layout), strict=True):
        if course:
            net = (wire.source, wire.source_port)
            under.setdefault(net, []).append(f'<path class="w-under" d="{course}"/>')
            nets.setdefault(net, []).append(_wire(wire, course, boxes))
    return ["".join(under[net] + lines) for net, lines in nets.items()]


def _wire(wire: Wire, course: str, boxes: Mapping[str, Box]) -> str:
    source, target = boxes[wire.source], boxes[wire.target]
    port = next((d.type for d in source.outputs if d.name == wire.source_port), None)
    dash = DASHES.get(port.shape, "") if port else "3 3"
    said = f"{source.title}: {wire.source_port} to {target.title}: {wire.target_port}"
    idle = " w-idle" if target.state in ("skipped", "cancelled", "waiting") else ""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path class="w-wire t-{_class(port)}{idle}" d="{course}"{dashes}><title>{escape(said)}</title></path>'


def _linked(box: Box, inner: str, links: str) -> str:
    if not links:
        return inner
    return f'<a href="{escape(links + box.id)}" aria-label="{escape(box.title)}: {STATE_NAMES[box.state]}">{inner}</a>'


def _box(box: Box, spot: Spot) -> str:
    said = [
        box.title,
        box.summary,
        box.facts,
        " · ".join(t for t in (STATE_NAMES[box.state], box.duration) if t),
    ]
    return (
        f'<g class="w-box w-{box.state}"><title>{escape(chr(10).join(t for t in said if t))}</title>'
        f'<rect class="w-card" x="{spot.x:.1f}" y="{spot.y:.1f}" width="{WIDTH:.0f}" height="{spot.height:.1f}" rx="11"/>'
        f"{_icon(box, spot)}{_texts(box, spot)}{_state(box, spot)}{_ports(box, spot)}</g>"
    )


def _icon(box: Box, spot: Spot) -> str:
    main = next((d.type for d in (*box.outputs, *box.inputs) if d.type), None)
    x, y = spot.x + PAD, spot.y + PAD
    return (
        f'<g class="w-icon t-{_class(main)}" transform="translate({x:.1f} {y:.1f})">'
        f'<rect width="{ICON:.0f}" height="{ICON:.0f}" rx="8"/>'
        f'<path transform="translate(5.5 5.5) scale(.875)" d="{icons.drawing(box.icon, box.family)}"/></g>'
    )


def _texts(box: Box, spot: Spot) -> str:
    left = spot.x + PAD + ICON + 10
    room = spot.x + WIDTH - 9 - left
    last = spot.y + spot.height - PAD
    side = 27.0  # the state's mark
    time = f'<text class="w-time" x="{spot.x + WIDTH - side - 5:.1f}" y="{last:.1f}">{escape(box.duration)}</text>'
    facts = cut(box.facts, WIDTH - PAD - side - 12 - 6.2 * len(box.duration), SMALL)
    summary = cut(box.summary, room, SMALL)
    title_y = spot.y + PAD + (12.5 if summary else 20.5)
    return (
        f'<text class="w-title" x="{left:.1f}" y="{title_y:.1f}">{escape(cut(box.title, room, TITLE, bold=True))}</text>'
        f'<text class="w-summary" x="{left:.1f}" y="{spot.y + PAD + 29:.1f}">{escape(summary)}</text>'
        f'<text class="w-facts" x="{spot.x + PAD:.1f}" y="{last:.1f}">{escape(facts)}</text>{time if box.duration else ""}'
    )


def _state(box: Box, spot: Spot) -> str:
    x, y = spot.x + WIDTH - PAD - 6.5, spot.y + spot.height - PAD - 4
    return (
        f'<g class="state s-{box.state}" transform="translate({x:.1f} {y:.1f}) scale(.86)">{state_mark(box.state)}</g>'
    )


def _ports(box: Box, spot: Spot) -> str:
    inputs, outputs = port_heights(box, spot)
    marks = [_port(d, spot.x, inputs[d.name]) for d in box.inputs]
    return "".join(marks + [_port(d, spot.right, outputs[d.name]) for d in box.outputs])


def _port(dot: Dot, x: float, y: float) -> str:
    said = f"{dot.name}: {dot.type.name}" if dot.type else dot.name
    shape = dot.type.shape if dot.type else "circle"
    return f'<g class="w-port t-{_class(dot.type)}"><title>{escape(said)}</title>{port_mark(shape, x, y)}</g>'
