"""Values as the short texts that stand on axes and in cells."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from typing import Any

MISSING = "missing"


def label(value: Any) -> str:
    """A category as text: `missing` for none, whole numbers without a point, days without a time."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.6g}"
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time(0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    text = " ".join(str(value).split())
    return text or "(blank)"


def labels(values: Iterable[Any]) -> list[str]:
    """Each category as text."""
    return [label(v) for v in values]


def short(value: float | None) -> str:
    """A number for a cell: three digits, thousands apart."""
    if value is None or math.isnan(value):
        return ""
    if value == 0 or 1e-3 <= abs(value) < 1000:
        return f"{int(value)}" if float(value).is_integer() else f"{value:.3g}"
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e7 else f"{value:.2e}"


_LARGE = ((1e12, "T"), (1e9, "bn"), (1e6, "M"))


def edge(value: float) -> str:
    """An end of a range, at most six figures: `0.25`, `2015` (a year, perhaps), `12,500`, `-2.5M`."""
    if 1e6 <= abs(value) < 1e15:
        size, word = next((s, w) for s, w in _LARGE if abs(value) >= s)
        return f"{value / size:.6g}{word}"
    value += 0.0  # no minus before a zero
    return f"{value:,.6g}" if abs(value) >= 1e4 else f"{value:.6g}"


def digits(largest: float) -> int:
    """How many decimals numbers up to `largest` need to show about three figures."""
    if largest <= 0 or not math.isfinite(largest):
        return 0
    return min(12, max(0, 2 - math.floor(math.log10(largest))))


def cut(text: str, most: int) -> str:
    """A text cut to a length, with an ellipsis where something is missing."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def shorten(text: str, most: int) -> str:
    """A name cut in its middle, since long names often differ at their end."""
    if len(text) <= most:
        return text
    end = most // 3
    return f"{text[: most - end - 1].rstrip()}…{text[-end:].lstrip()}"


def distinct(*names: str) -> list[str]:
    """Names made different: a second `x` becomes `x (2)`."""
    taken: list[str] = []
    for name in names:
        new, count = name, 1
        while new in taken:
            count += 1
            new = f"{name} ({count})"
        taken.append(new)
    return taken
