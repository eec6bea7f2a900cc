"""Settings checked against their declaration. What is wrong is told with its place, what was got, and the remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from peephole.core.errors import SettingError, UnsetError, listing, nearest
from peephole.core.settings import Elsewhere, settings_elsewhere

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from peephole.core.node import NodeSpec

_UNFILLED: tuple[Any, ...] = ([], "")


def validated(spec: NodeSpec, settings: Mapping[str, Any]) -> BaseModel:
    """The settings with defaults filled in; raises SettingError that names the field, UnsetError for one still to be set."""
    try:
        checked = spec.settings.model_validate(dict(settings))
    except ValidationError as error:
        raise _worded(spec.title, spec, error.errors(include_url=False)[0]) from None
    for place in settings_elsewhere(checked):
        _check_elsewhere(spec.title, place)
    return checked


def declared_at(place: str) -> NodeSpec:
    """The node that is declared there ("package.module:function")."""
    module, _, function = place.partition(":")
    found: NodeSpec = getattr(import_module(module), function).spec
    return found


def _check_elsewhere(title: str, place: Elsewhere) -> None:
    """Raise SettingError where settings of another node, given here, are not such as that node takes."""
    declared = dict(place.mark.nodes).get(place.choice)
    if declared is None or place.value in (None, {}, []):  # nothing to check: then no other node is imported
        return
    other = declared_at(declared)
    known = [name for name in other.settings.model_fields if name not in place.mark.without]
    title = f"{title}: {place.choice}"
    for at, name, values in _given(place):
        if name == "":
            raise UnsetError(f"{title}: {at} is not set.", remedy=f"Choose one of {listing(known)}.", setting=at)
        if name not in known:
            raise _unknown(title, name, known, at)
        for where, value in values:
            _check_value(title, other, name, value, where)


def _given(place: Elsewhere) -> Iterator[tuple[str, str, list[tuple[str, Any]]]]:
    """What is given there: its path, the setting's name, and values with their paths."""
    path, value = place.path, place.value
    if place.mark.named:
        entries = [(f"{path}[{i}]", one) for i, one in enumerate(value)] if isinstance(value, list) else [(path, value)]
        yield path, str(place.named), entries
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield f"{path}.{name}", name, [(f"{path}.{name}", one)]
    else:
        yield path, str(value), []


def _check_value(title: str, spec: NodeSpec, name: str, value: Any, where: str) -> None:
    """Raise SettingError where a node does not take the value for its setting.  where: the value's path here."""
    try:
        spec.settings.model_validate({name: value})
    except ValidationError as error:
        for one in error.errors(include_url=False):
            if one["loc"][0] == name:  # what else the node needs is not given here
                told = _worded(title, spec, one)
                path = where + (told.setting or "").removeprefix(name)
                raise type(told)(told.what, remedy=told.remedy, setting=path) from None


def _worded(title: str, spec: NodeSpec, wrong: ErrorDetails) -> SettingError:
    """The error that a person reads.  title: of what it stands on."""
    path = _path(wrong["loc"])
    name = str(wrong["loc"][0]) if wrong["loc"] else ""
    if wrong["type"] == "extra_forbidden":
        return _unknown(title, path, list(spec.settings.model_fields), path)
    if wrong["type"] == "missing" or (wrong["type"].endswith("too_short") and wrong["input"] in _UNFILLED):
        return UnsetError(
            f"{title}: {path} is not set.", remedy=f"Give {path}: {spec.setting_docs.get(name, '')}", setting=path
        )
    got = repr(wrong["input"])
    said = wrong["msg"].removeprefix("Value error, ").rstrip(".")
    return SettingError(
        f"{title}: {path} cannot be {got if len(got) < 80 else got[:77] + '...'}.",
        remedy=f"{_wanted(wrong['type'], wrong['input']) or said}.",
        setting=path,
    )


def _unknown(title: str, name: str, known: Sequence[str], path: str) -> SettingError:
    return SettingError(
        f'{title}: there is no setting "{name}".',
        remedy=f"{nearest(name, known)} Settings: {listing(known)}.".strip(),
        setting=path,
    )


_WANTED = {
    "dict": "Give names with their values",
    "model": "Give names with their values",
    "int": "Give a whole number",
    "float": "Give a number",
    "bool": "Give true or false",
    "string": "Give a text",
}


def _wanted(kind: str, got: Any) -> str:
    """What to give instead, for a value of another type; empty where the library's own words say more."""
    if kind == "list_type":
        return f"Give a list, such as {[got]!r}" if isinstance(got, str) and len(got) < 60 else "Give a list"
    return _WANTED.get(kind.partition("_")[0], "") if kind.endswith(("_type", "_parsing", "_from_float")) else ""


def _path(location: Sequence[int | str]) -> str:
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")
