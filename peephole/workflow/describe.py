"""One line that says what a node is set to, for the canvas and for reports.

A node gives the phrase for what matters most (`@node(says="{keys} -> {compute}")`); the other settings that differ from their
defaults follow with their names: `origin, month -> mean of dep_delay, sort keys`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from pydantic import ValidationError

from peephole.core.settings import Drawn, Group

if TYPE_CHECKING:
    from peephole.core.node import NodeSpec

WIDTH = 60
# What says little about a node: the number that makes chance repeatable.
_UNTOLD = ("seed",)
_PART = re.compile(r"\[([^\]]*)\]")
_PLACE = re.compile(r"\{(\w+)(?::([^}]*))?\}")


def describe(spec: NodeSpec, settings: Mapping[str, Any]) -> str:
    """The node's phrase or its required settings, then those that differ from their defaults: `origin -> mean of delay`."""
    defaults, rows = spec.defaults, _row_types(spec)
    known = {name: _texts(value, rows.get(name)) for name, value in {**defaults, **settings}.items()}
    said = phrase_names(spec.says)
    line = [_phrase(spec.says, known) if all(known.get(name) for name in needed(spec.says)) else ""]
    told = said if line[0] else ()
    for name in spec.settings.model_fields:
        if name in told or name not in settings or settings[name] == defaults.get(name, ...) or name in _UNTOLD:
            continue
        if not _drawn(spec, name):
            line.append(
                _setting(name, settings[name], known[name], named=name in defaults and not _plain(name, settings[name]))
            )
    text = " ".join(", ".join(filter(None, line)).split())
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1].rstrip(' ,')}…"


def phrase_names(says: str) -> tuple[str, ...]:
    """The settings that a phrase names."""
    return tuple(name for name, _ in _PLACE.findall(says))


def needed(says: str) -> tuple[str, ...]:
    """Those without which it says nothing."""
    return phrase_names(_PART.sub("", says))


class _Texts:
    """A value as text, and as a phrase asks for it."""

    def __init__(self, value: Any, text: str) -> None:
        self.value = value
        self.text = text

    def __bool__(self) -> bool:
        return bool(self.text)

    def as_asked(self, how: str) -> str:
        """how: after the colon in a phrase.  `%`: a share; `row`: how many there are; words: instead of yes."""
        value, text = self.value, self.text
        match value:
            case bool() if how:
                text = how if value else ""
            case int() | float() if how == "%":
                text = f"{100 * value:g} %"
            case int() if how:
                text = _counted(value, how)
            case list() if how:
                text = _counted(len(value), how) if value else ""
            case dict() if how == "keys":
                text = ", ".join(map(str, value))
        return text


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _phrase(says: str, known: Mapping[str, _Texts]) -> str:
    def place(found: re.Match[str]) -> str:
        texts = known.get(found[1])
        return texts.as_asked(found[2] or "") if texts else ""

    def part(found: re.Match[str]) -> str:
        whole = all(place(one) for one in _PLACE.finditer(found[1]))
        return _PLACE.sub(place, found[1]) if whole else ""

    return _PLACE.sub(place, _PART.sub(part, says))


def _plain(name: str, value: Any) -> bool:
    """Whether the value speaks for itself."""
    return name == "title" or (name == "columns" and isinstance(value, list))


def _setting(name: str, value: Any, texts: _Texts, *, named: bool) -> str:
    words = name.replace("_", " ")
    if isinstance(value, bool):
        return words if value else f"{words}: no"
    if name == "name":
        words = "named"
    if name == "settings" and isinstance(value, dict):  # of a learner: they have names of their own
        return ", ".join(f"{key.replace('_', ' ')} {_text(item)}" for key, item in value.items())
    return f"{words} {texts.text}" if texts and (named or isinstance(value, int | float)) else texts.text


def _texts(value: Any, row: type[Group] | None) -> _Texts:
    return _Texts(value, _text(value, row))


def _text(value: Any, row: type[Group] | None = None) -> str:
    match value:
        case list():
            texts = [text for item in value if (text := _text(item, row))]
            return ("; " if row and any(", " in text for text in texts) else ", ").join(texts)
        case dict() if row is not None:
            return _row(value, row)
        case dict():
            return ", ".join(f"{key}: {text}" for key, item in value.items() if (text := _text(item)))
    return _plain_text(value)


def _row(value: dict[str, Any], row: type[Group]) -> str:
    """A row of a table of settings; one that is not complete yet, as far as it is."""
    with suppress(ValidationError):
        return row.model_validate(value).words()
    return " ".join(filter(None, map(_text, value.values())))


def _plain_text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case str() if value and not value.strip():
            return {" ": "space", "\t": "tab"}.get(value, "blank")
    return str(value)


def _row_types(spec: NodeSpec) -> dict[str, type[Group]]:
    """Of settings that are tables: what a row of them is."""
    fields = spec.settings.model_fields
    return {name: found for name, field in fields.items() if (found := _group_in(field.annotation)) is not None}


def _group_in(annotation: Any) -> type[Group] | None:
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is list:
        return _group_in(get_args(annotation)[0])
    return annotation if isinstance(annotation, type) and issubclass(annotation, Group) else None


def _drawn(spec: NodeSpec, name: str) -> bool:
    return any(isinstance(mark, Drawn) for mark in spec.settings.model_fields[name].metadata)
