"""One line that says what a node is set to, for the canvas and for reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from peephole.core.node import NodeSpec

WIDTH = 60


def describe(spec: NodeSpec, settings: Mapping[str, Any]) -> str:
    """The required settings first, then those that differ from their defaults: `origin, month -> mean dep_delay`."""
    fields = spec.settings.model_fields
    defaults = spec.defaults
    required = [name for name in fields if name not in defaults and name in settings]
    changed = [name for name in fields if name in defaults and settings.get(name, defaults[name]) != defaults[name]]
    line = ""
    for name in (*required, *changed):
        text = _setting(name, settings[name], named=name in changed)
        if text:
            # What is computed stands behind an arrow, after what it is computed of.
            line += (" -> " if _is_table(settings[name]) else ", ") + text if line else text
    line = " ".join(line.split())
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1].rstrip(' ,')}…"


def _setting(name: str, value: Any, *, named: bool) -> str:
    words = name.replace("_", " ")
    match value:
        case bool():
            return words if value else f"not {words}"
        case int() | float() if named:
            return f"{words} {value}"
        case dict():
            return ", ".join(f"{key}: {text}" for key, item in value.items() if (text := _text(item)))
    return _text(value)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case list():
            return ", ".join(filter(None, map(_text, value)))
        case dict():  # a row of a table of settings: its columns are known
            return " ".join(filter(None, map(_text, value.values())))
    return str(value)


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)
