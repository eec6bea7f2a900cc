"""Reads a node's declaration off its function: ports, settings, help. What is missing is named with its remedy."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, NoReturn, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, PydanticUserError, ValidationError, create_model

from peephole.core.errors import DeclarationError, listing
from peephole.core.settings import node_type
from peephole.core.types import PortType, port_type_of, port_types

SettingsModel = type[BaseModel]


@dataclass(frozen=True)
class Port:
    """One input or output.  optional: may stay unconnected.  many: takes any number of wires, in order."""

    name: str
    type: PortType
    doc: str
    optional: bool = False
    many: bool = False


@dataclass(frozen=True)
class Declaration:
    """What a function's signature and docstring say."""

    type: str
    title: str
    summary: str
    doc: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    settings: SettingsModel
    setting_docs: dict[str, str]


def read_declaration(
    function: Callable[..., Any], *, family: str, version: int, migrations: Mapping[int, Any]
) -> Declaration:
    """The declaration of `function`; raises DeclarationError where something is missing."""
    where = f"{function.__module__}.{function.__qualname__}"
    text = inspect.getdoc(function) or ""
    if not text.strip():
        _incomplete(where, "has no docstring", "Write one: its first line is the palette's tooltip")
    if not family:
        _incomplete(where, "has no family", 'Say @node(family="...")')
    unknown = sorted(set(migrations) ^ set(range(1, version)))
    if unknown:
        _incomplete(
            where,
            f"has version {version} and no fitting migration for {unknown}",
            "Give one for each version before it",
        )
    hints = _hints(function, where)
    parameters = list(inspect.signature(function).parameters.values())
    taken, given = [p.name for p in parameters], _field_names(hints.get("return"))
    described, results, doc = _parse_doc(text, taken, given)
    inputs = tuple(
        _input(p, hints, described, where) for p in parameters if p.kind not in (p.KEYWORD_ONLY, p.VAR_KEYWORD)
    )
    settings = [p for p in parameters if p.kind is p.KEYWORD_ONLY]
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        _incomplete(where, "takes **keywords", "Name each setting as a keyword-only parameter")
    return Declaration(
        type=node_type(function.__module__, function.__name__),
        title=function.__name__.replace("_", " ").capitalize(),
        summary=text.splitlines()[0].strip(),
        doc=doc,
        inputs=inputs,
        outputs=_outputs(hints, results, where),
        settings=_settings_model(function.__name__, settings, hints, described, where),
        setting_docs={p.name: described[p.name] for p in settings},
    )


def _hints(function: Callable[..., Any], where: str) -> dict[str, Any]:
    try:
        return get_type_hints(function, include_extras=True)
    except Exception as error:  # a hint is code: it may fail in any way
        _incomplete(
            where,
            f"has a type hint that cannot be resolved ({error})",
            "Import the name at run time, not only for type checking",
        )


def _input(p: inspect.Parameter, hints: dict[str, Any], described: dict[str, str], where: str) -> Port:
    annotation = hints.get(p.name)
    options = (
        [a for a in get_args(annotation) if a is not NoneType] if get_origin(annotation) in (Union, UnionType) else []
    )
    optional = len(options) == 1 and p.default is None
    port_type = port_type_of(options[0] if optional else annotation)
    if port_type is None:
        _incomplete(
            where,
            f'has the positional parameter "{p.name}" of type {annotation!r}, which is no port type',
            f"Use one of {listing(port_types())}, or put settings behind a * to make them keyword-only",
        )
    if p.default is not p.empty and not optional:
        _incomplete(
            where,
            f'has the port "{p.name}" with a default',
            f'Write "{p.name}: {port_type.name} | None = None" for a port that may stay unconnected',
        )
    return Port(
        p.name,
        port_type,
        _doc(p.name, described, where),
        optional or p.kind is p.VAR_POSITIONAL,
        p.kind is p.VAR_POSITIONAL,
    )


def _outputs(hints: dict[str, Any], described: dict[str, str], where: str) -> tuple[Port, ...]:
    if "return" not in hints:
        _incomplete(where, "has no return type", "Write -> Table, a NamedTuple of several ports, or -> None")
    result = hints["return"]
    if result is NoneType or result is None:
        return ()
    single = port_type_of(result)
    if single is not None:
        return (Port(single.name.lower(), single, described.get("returns", "")),)
    fields = get_type_hints(result, include_extras=True) if hasattr(result, "_fields") else {}
    ports = {name: port_type_of(fields.get(name)) for name in getattr(result, "_fields", ())}
    if not ports or None in ports.values():
        _incomplete(
            where,
            f"returns {result!r}, which is no port type",
            f"Return one of {listing(port_types())}, or a NamedTuple of them",
        )
    return tuple(Port(name, t, _doc(name, described, where)) for name, t in ports.items() if t is not None)


def _settings_model(
    name: str, parameters: list[inspect.Parameter], hints: dict[str, Any], described: dict[str, str], where: str
) -> SettingsModel:
    fields: dict[str, Any] = {}
    for p in parameters:
        if p.name not in hints:
            _incomplete(where, f'has the setting "{p.name}" without a type', "Add a type hint")
        default = ... if p.default is p.empty else p.default
        fields[p.name] = (hints[p.name], Field(default, description=_doc(p.name, described, where)))
    try:
        model: SettingsModel = create_model(
            "".join(part.capitalize() for part in name.split("_")) + "Settings",
            __config__=ConfigDict(extra="forbid", frozen=True, validate_default=True, use_enum_values=True),
            **fields,
        )
    except (PydanticUserError, NameError) as error:
        _incomplete(
            where, f"has a setting that no form can be made for ({error})", "Use plain types, Literal, or a Group"
        )
    _check_defaults(model, where)
    model.__annotations__ = {p.name: hints[p.name] for p in parameters}  # with the markers that pydantic takes off
    return model


def _check_defaults(model: SettingsModel, where: str) -> None:
    try:
        model.model_validate({})
    except ValidationError as error:
        for wrong in error.errors(include_url=False):
            if wrong["type"] != "missing":
                name = ".".join(map(str, wrong["loc"]))
                _incomplete(where, f"has a default that is not allowed: {name}", wrong["msg"])


def _doc(name: str, described: dict[str, str], where: str) -> str:
    if not described.get(name):
        _incomplete(
            where,
            f'does not describe "{name}"',
            f'Add a line "{name}: ..." to its docstring (two where a port that goes in and one that comes out have one name)',
        )
    return described[name]


def _field_names(result: Any) -> list[str]:
    return [*getattr(result, "_fields", ()), "returns"]


def _parse_doc(text: str, taken: list[str], given: list[str]) -> tuple[dict[str, str], dict[str, str], str]:
    """Split a docstring into what it says of each parameter and of each result, and the rest.

    It says `name: text`, going on in the lines below. Where a parameter and a result have one name, it stands there
    twice, the parameter first.
    """
    parameters: dict[str, str] = {}
    results: dict[str, str] = {}
    rest: list[str] = []
    current: tuple[dict[str, str], str] | None = None
    for line in text.splitlines():
        start = re.match(r"\*?(\w+): (.+)", line)
        name = start.group(1) if start else ""
        if start and name in (*taken, *given):
            current = (parameters if name in taken and name not in parameters else results), name
            current[0][name] = start.group(2).strip()
        elif current and line.strip():
            current[0][current[1]] += " " + line.strip()
        else:
            current = None
            rest.append(line)
    return parameters, results, "\n".join(rest).strip()


def _incomplete(where: str, what: str, remedy: str) -> NoReturn:
    raise DeclarationError(f"The node {where} {what}.", remedy=f"{remedy}.")
