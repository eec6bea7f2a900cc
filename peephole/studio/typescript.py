"""Makes `ui/src/api/generated.ts` from the models: `python -m peephole.studio.typescript`; a test says when it is stale.

What the server tells is described as it is written (every field there), what the browser sends as it is read (fields with a
default may be left out). A model that travels both ways has two types, `NodeBlock` and `NodeBlockInput`; edits have one.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from peephole.studio import messages
from peephole.studio.wire import base, library, start, state, values

Definitions = dict[str, dict[str, Any]]
_MODULES = (base, start, library, state, values)

_HEAD = """\
// Made by `python -m peephole.studio.typescript` from wire/ and messages.py there. Do not edit.

/** Anything that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
"""
# Tagged models get a second word in their name: `Set` is a word of TypeScript's own.
_SUFFIX = {"op": "Op", "do": "Message", "is": "Message", "over": "Repeat"}
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def generate() -> str:
    """The text of the file."""
    models = list(dict.fromkeys(model for module in _MODULES for model in _models(module)))
    told = _definitions([m for m in models if not issubclass(m, base.Request)], "serialization")
    told |= _union_definitions(messages.ServerMessage, "serialization")
    asked = _definitions([m for m in models if issubclass(m, base.Request)], "validation")
    asked |= _union_definitions(messages.ClientMessage, "validation")
    ops = {name for name, schema in asked.items() if "op" in schema.get("properties", {}) and _tagged(schema, "op")}
    told = {name: _all_required(schema) for name, schema in told.items() if name not in ops}
    asked = {name: _tags_required(schema) for name, schema in asked.items()}
    names = {name: _named(name, schema) for name, schema in (told | asked).items()}
    both = _both(told, asked)
    asked_names = names | {name: f"{names[name]}Input" for name in both}
    events = {name for name, schema in told.items() if _tagged(schema, "event")}
    writer = _Writer(names, {"Op": ops, "Event": events})
    asked_writer = _Writer(asked_names, writer.unions)
    blocks = [writer.declared(n, s) for n, s in told.items()]
    blocks += [asked_writer.declared(n, s) for n, s in asked.items() if n not in told or n in both]
    unions = {
        "Op": sorted(names[n] for n in ops),
        "Event": sorted(events),
        "ServerMessage": _members(messages.ServerMessage, names),
        "ClientMessage": _members(messages.ClientMessage, names),
    }
    blocks += [f"export type {name} =\n  | " + "\n  | ".join(members) + ";\n" for name, members in unions.items()]
    return "\n".join([_HEAD, *blocks])


def _models(module: ModuleType) -> Iterator[type[BaseModel]]:
    for found in vars(module).values():
        if isinstance(found, type) and issubclass(found, base.Answer | base.Request):
            yield found


def target() -> Path:
    """Where the file lies in a checkout."""
    return Path(__file__).parents[2] / "ui" / "src" / "api" / "generated.ts"


def _definitions(models: list[type[BaseModel]], mode: JsonSchemaMode) -> Definitions:
    _, schema = models_json_schema([(m, mode) for m in models], by_alias=True)
    found: Definitions = schema["$defs"]
    return {name: s for name, s in found.items() if name not in ("Answer", "Request", "Body", "JsonValue")}


def _union_definitions(union: Any, mode: JsonSchemaMode) -> Definitions:
    found: Definitions = TypeAdapter(union).json_schema(mode=mode, by_alias=True)["$defs"]
    return {name: s for name, s in found.items() if name != "JsonValue"}


def _members(union: Any, names: Mapping[str, str]) -> list[str]:
    schema = TypeAdapter(union).json_schema(by_alias=True)
    return [names[_target(option)] for option in schema["oneOf"]]


def _target(reference: Mapping[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _tagged(schema: Mapping[str, Any], key: str) -> bool:
    return "const" in schema.get("properties", {}).get(key, {})


def _named(name: str, schema: Mapping[str, Any]) -> str:
    return name + next((suffix for key, suffix in _SUFFIX.items() if _tagged(schema, key)), "")


def _all_required(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "required": list(schema.get("properties", ()))}


def _tags_required(schema: dict[str, Any]) -> dict[str, Any]:
    tags = [key for key in _SUFFIX if _tagged(schema, key)]
    return {**schema, "required": [*schema.get("required", ()), *tags]}


def _both(told: Definitions, asked: Definitions) -> set[str]:
    """Models that travel both ways and look different then, themselves or in what they hold."""
    shared = told.keys() & asked.keys()
    found = {n for n in shared if set(told[n].get("required", ())) != set(asked[n].get("required", ()))}
    while more := {n for n in shared - found if found & set(_references(asked[n]))}:
        found |= more
    return found


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield _target(schema)
        schema = list(schema.values())
    for item in schema if isinstance(schema, list) else ():
        yield from _references(item)


@dataclass(frozen=True)
class _Writer:
    """names: the TypeScript name of each definition.  unions: names for sets of definitions that stand for one another."""

    names: Mapping[str, str]
    unions: Mapping[str, set[str]]

    def declared(self, name: str, schema: Mapping[str, Any]) -> str:
        comment = _comment(schema.get("description", ""))
        needed = set(schema.get("required", ()))
        lines = [
            f"  {key if key.isidentifier() else json.dumps(key)}{'' if key in needed else '?'}: {self.type(field)};"
            for key, field in schema.get("properties", {}).items()
        ]
        return f"{comment}export interface {self.names[name]} {{\n" + "\n".join(lines) + "\n}\n"

    def type(self, schema: Any) -> str:
        if not isinstance(schema, dict):
            return "Json"
        if "$ref" in schema:
            return self.names.get(_target(schema), "Json")
        values = schema.get("enum", [schema["const"]] if "const" in schema else [])
        if options := schema.get("anyOf") or schema.get("oneOf"):
            return self._union(options)
        return " | ".join(json.dumps(value) for value in values) or self._plain(schema)

    def _plain(self, schema: Mapping[str, Any]) -> str:
        match schema.get("type"):
            case "array":
                return self._array(schema)
            case "object":
                values = next(iter(schema.get("patternProperties", {}).values()), schema.get("additionalProperties"))
                return f"{{ [key: string]: {self.type(values)} }}"
            case kind:
                return _PLAIN.get(kind or "", "Json")

    def _union(self, options: list[Any]) -> str:
        members = {_target(option) for option in options if "$ref" in option}
        named = next((name for name, found in self.unions.items() if members == found), "")
        return named or " | ".join(dict.fromkeys(self.type(option) for option in options))

    def _array(self, schema: Mapping[str, Any]) -> str:
        if "prefixItems" in schema:
            return "[" + ", ".join(self.type(item) for item in schema["prefixItems"]) + "]"
        inner = self.type(schema.get("items"))
        return f"({inner})[]" if " | " in inner else f"{inner}[]"


def _comment(text: str) -> str:
    lines = re.sub(r"\bNone\b", "null", text.strip()).replace("*/", "* /").split("\n")
    if len(lines) == 1:
        return f"/** {lines[0]} */\n" if lines[0] else ""
    return "/**\n" + "".join(f" * {line.strip()}".rstrip() + "\n" for line in lines) + " */\n"


if __name__ == "__main__":
    target().parent.mkdir(parents=True, exist_ok=True)
    target().write_text(generate(), encoding="utf-8")
    print(f"{target()} is written.", file=sys.stderr)
