"""The marks of a drawing: ports by type (colour and shape) and states (shape first, colour second)."""

from __future__ import annotations

from math import cos, pi, sin

from peephole.report.sketch import STATE_NAMES, State

SIZE = 5.2  # half the size of a port's mark
# Wires are told apart by dash too; a type that is not named here gets one by its shape.
DASHES = {
    "square": "", "hexagon": "9 4", "triangle": "2 4", "circle": "6 3 1.5 3", "diamond": "12 3 2 3", "star": "4 4",
    "pentagon": "14 4",
}  # fmt: skip
_CORNERS = {"triangle": (3, -90), "diamond": (4, 0), "pentagon": (5, -90), "hexagon": (6, 0)}


def port_mark(shape: str, x: float, y: float) -> str:
    """An SVG element for a port of this shape, its middle at x, y."""
    if shape == "square":
        a = SIZE - 0.7
        return f'<rect x="{x - a:.1f}" y="{y - a:.1f}" width="{2 * a:.1f}" height="{2 * a:.1f}" rx="1"/>'
    if shape == "star":
        return _polygon(x, y, [(SIZE * (1.25 if i % 2 == 0 else 0.55), -90 + 36 * i) for i in range(10)])
    if shape in _CORNERS:
        corners, turn = _CORNERS[shape]
        return _polygon(x, y, [(SIZE * 1.15, turn + 360 / corners * i) for i in range(corners)])
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{SIZE - 0.4:.1f}"/>'


def _polygon(x: float, y: float, corners: list[tuple[float, float]]) -> str:
    points = " ".join(f"{x + r * cos(a * pi / 180):.1f},{y + r * sin(a * pi / 180):.1f}" for r, a in corners)
    return f'<polygon points="{points}"/>'


_DISC = '<circle r="7.5"/>'
_STATES: dict[State, str] = {
    "done": _DISC + '<path d="M-3.4 .3-1 2.7 3.5-2.3"/>',
    "cached": '<circle class="o" r="6.8"/><path d="M-3.2 .3-.9 2.5 3.3-2.2"/>',
    "failed": '<path class="f" d="M-3.3-8h6.6L8-3.3v6.6L3.3 8h-6.6L-8 3.3v-6.6z"/><path d="M0-4v4.5M0 3.6v.1"/>',
    "skipped": '<circle class="o" r="6.8" stroke-dasharray="2.6 2.4"/><path d="M-2.8 0h5.6"/>',
    "cancelled": '<rect class="f" x="-7" y="-7" width="14" height="14" rx="3"/><path d="M-2.7-2.7 2.7 2.7M2.7-2.7-2.7 2.7"/>',
    "interrupted": '<path class="f" d="M0-9 9 0 0 9-9 0z"/><path d="M.7-4-1.7.4H1.7L-.7 4"/>',
    "incomplete": '<circle class="o" r="6.8"/><path d="M-3.2 0v.1M0 0v.1M3.2 0v.1"/>',
    "waiting": '<circle class="o" r="6.8"/>',
    "running": '<circle class="o" r="6.8"/><path class="f" d="M0-6.8A6.8 6.8 0 0 1 0 6.8z"/>',
    "unknown": '<circle class="o" r="6.8"/><path d="M-1.8-1.6C-1.6-4.4 2.4-4 2-1.5 1.8-.2 0 0 0 1.5M0 3.7v.1"/>',
}


def state_mark(state: State) -> str:
    """The inner SVG of a state's mark, its middle at 0, 0, within a circle of radius 9."""
    return _STATES[state]


def state_icon(state: State) -> str:
    """A state's mark as a little picture of its own, with its name for screen readers."""
    name = STATE_NAMES[state]
    return (
        f'<svg class="state s-{state}" viewBox="-10 -10 20 20" role="img" aria-label="{name}">{state_mark(state)}</svg>'
    )
