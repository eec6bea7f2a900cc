"""Port colours on the page: exact for the marks, darker or lighter for thin wires, so that these are seen on either ground."""

from __future__ import annotations

LIGHT, DARK = "#ffffff", "#15181d"  # the grounds a wire is drawn on
SEEN_LIGHT, SEEN_DARK = 3.2, 5.0  # contrast that a thin line needs (WCAG asks 3; light on dark looks thinner)


def wire_colours(colour: str) -> tuple[str, str]:
    """The colour of a thin line of this colour on the light and on the dark ground."""
    return _until_seen(colour, LIGHT, "#000000", SEEN_LIGHT), _until_seen(colour, DARK, "#ffffff", SEEN_DARK)


def contrast(a: str, b: str) -> float:
    """The WCAG contrast ratio of two colours."""
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _until_seen(colour: str, ground: str, toward: str, enough: float) -> str:
    for share in range(0, 100, 4):
        mixed = _mix(colour, toward, share / 100)
        if contrast(mixed, ground) >= enough:
            return mixed
    return toward


def _mix(a: str, b: str, share: float) -> str:
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(_channels(a), _channels(b), strict=True))


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
