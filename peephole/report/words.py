"""Numbers, durations and cut texts as a person reads them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

_NARROW, _WIDE = frozenset(" ijltfrI.,:;'|!()[]{}\"-"), frozenset("mwMW@%—…")


def text_width(text: str, size: float, bold: bool = False) -> float:
    """About how wide a text is in a usual sans-serif, no font is asked."""
    return sum(_advance(c) for c in text) * size * (1.05 if bold else 1.0)


def _advance(c: str) -> float:
    if c in _NARROW:
        return 0.33
    if c in _WIDE:
        return 0.9
    if ord(c) > 0x2E7F:  # full-width scripts
        return 1.0
    return 0.69 if c.isupper() else 0.56


def cut(text: str, width: float, size: float, bold: bool = False) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if text_width(text, size, bold) <= width:
        return text
    while text and text_width(text + "…", size, bold) > width:
        text = text[:-1]
    return text.rstrip(" ,.;:") + "…"


def duration(seconds: float | None) -> str:
    """`90 ms`, `0.8 s`, `12 s`, `3 min 20 s`, `2 h 05 min`."""
    if seconds is None:
        return ""
    if seconds < 0.1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.5:
        return f"{seconds:.{1 if seconds < 9.95 else 0}f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def count(number: float | None) -> str:
    """A whole number with thousands set off: `336,776`."""
    if number is None:
        return ""
    return f"{number:,}" if isinstance(number, int) else f"{number:,.0f}"  # a float would lose digits of a long one


def plural(number: int, noun: str) -> str:
    """`1 row`, `2,000 rows`."""
    return f"{count(number)} {noun}{'' if number == 1 else 's'}"


def number(value: float, digits: int | None = None) -> str:
    """A number for a cell.  digits: decimals, where the column shares them; else about five figures that matter."""
    if math.isnan(value) or math.isinf(value):
        return {"nan": "NaN", "inf": "∞", "-inf": "−∞"}[str(float(value))]
    if digits is not None:
        text = f"{value:,.{digits}f}"
    elif value == 0 or 1e-4 <= abs(value) < 1e15:
        text = f"{value:,.{max(0, 4 - math.floor(math.log10(abs(value))))}f}" if value else "0"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{value:.4g}"
    return text.replace("-", "−")


MONEY = 2  # decimals


def decimals(values: list[float]) -> int | None:
    """How many decimals a column of numbers shares: enough for four figures of the largest; None where they differ too much."""
    finite = [v for v in values if math.isfinite(v)]
    sizes = [abs(v) for v in finite if v]
    if not sizes:
        return 0
    # short decimals (prices, 0.25) keep their length; measured numbers all get the same
    exact = next((d for d in range(MONEY + 1) if all(abs(v - round(v, d)) <= 1e-12 * abs(v) for v in finite)), None)
    if exact is not None and max(sizes) < 1e12:
        return exact
    if max(sizes) >= 1e9 or max(sizes) < 1e-3:
        return None
    wanted = min(4, max(1, 3 - math.floor(math.log10(max(sizes)))))
    if min(sizes) < 10**-wanted:
        needed = 1 - math.floor(math.log10(min(sizes)))  # two figures of the smallest
        return needed if needed <= 6 else None
    fits = (d for d in range(wanted) if all(abs(v - round(v, d)) <= 1e-9 * abs(v) for v in finite))
    return next(fits, wanted)


def cell(value: Any, digits: int | None = None) -> str:
    """Any cell's value as text; nothing for null (the page shows a muted dash)."""
    if isinstance(value, float):
        return number(value, digits)
    return _WAYS[next((t for t in _WAYS if isinstance(value, t)), object)](value)


def _moment(value: datetime) -> str:
    return value.isoformat(" ", "seconds" if value.microsecond == 0 else "milliseconds")


def _span(value: timedelta) -> str:
    return duration(value.total_seconds()) if value >= timedelta(0) else f"−{duration(-value.total_seconds())}"


def _list(value: Iterable[Any]) -> str:
    return "[" + ", ".join(cell(v) for v in value) + "]"


def _struct(value: Mapping[Any, Any]) -> str:
    return "{" + ", ".join(f"{k}: {cell(v)}" for k, v in value.items()) + "}"


# The first type that fits is used: bool before int, datetime before date.
_WAYS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda v: "true" if v else "false",
    int: lambda v: count(v).replace("-", "−"),
    datetime: _moment,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: _span,
    bytes: lambda v: plural(len(v), "byte"),
    dict: _struct,
    list: _list,
    tuple: _list,
    object: str,
}
