"""A document as text: plain JSON in a stable order, written so that a difference between two versions reads well.

One node a block, one setting a line, one wire a line, one position a line, the positions last.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from pydantic import ValidationError

from peephole.core.errors import DocumentError
from peephole.workflow.document import FORMAT, VERSION, Document, NodeBlock, Part
from peephole.workflow.migrate import readable, to_current_format
from peephole.workflow.repeat import plain_repeat

MAX_BYTES = 64 * 2**20
MAX_DEPTH = 192
_WIDTH = 100
_SECTIONS = ("nodes", "wires", "notes", "frames")


def loads(text: str, name: str = "the workflow") -> Document:
    """Read a document from its text.  name: what to call it in messages.

    Raises DocumentError for anything that is not a workflow, with the place and the remedy. A document of a newer format
    opens as far as it can be understood; the rest is kept and written back.
    """
    if len(text) > MAX_BYTES:
        raise DocumentError(
            f"{name} has {len(text) / 2**20:.0f} MB, and a workflow may have {MAX_BYTES // 2**20} MB.",
            remedy="Data belong into files of their own, which a node reads.",
        )
    raw = _json(text, name)
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise DocumentError(
            f'{name} is no Peephole workflow: it does not say "format": "{FORMAT}".', remedy="Choose another file."
        )
    return from_json(raw, name)


def from_json(raw: dict[str, Any], name: str = "the workflow") -> Document:
    """A document from its plain data; raises DocumentError where they do not fit."""
    version = raw.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        raise DocumentError(
            f'{name}: "version" is {json.dumps(version)[:80]}, and has to be a whole number.',
            remedy=f"The format described in the documentation has version {VERSION}.",
        )
    if version < VERSION:
        raw = to_current_format(raw, version, name)
    elif version > VERSION:
        raw = readable(raw)
    try:
        return Document.model_validate(raw)
    except ValidationError as error:
        raise _invalid(error, name) from None


def to_json(document: Document) -> dict[str, Any]:
    """A document as plain data, in the order in which it is written."""
    return {"format": document.format, "version": document.version, **_inner(document)}


def dumps(document: Document) -> str:
    """A document as the text of its file. The same document always gives the same text."""
    text = _document_text(to_json(document), "") + "\n"
    # Half a surrogate pair (a browser can send one) is no UTF-8: it is written as an escape, and read back as it was.
    return re.sub(r"[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", text)


def _inner(document: Document) -> dict[str, Any]:
    sections: dict[str, Any] = {
        "title": document.title,
        "description": document.description,
        "nodes": {node: _block(block) for node, block in document.nodes.items()},
        "wires": [str(wire) for wire in document.wires],
        "notes": {one: _fields(note) for one, note in document.notes.items()},
        "frames": {one: _fields(frame) for one, frame in document.frames.items()},
    }
    shown = [one for one in (*document.nodes, *document.notes, *document.frames) if one in document.layout]
    rest = [one for one in document.layout if not document.has(one)]
    layout = {"layout": {one: list(document.layout[one]) for one in (*shown, *rest)}}
    whole = {**sections, **(document.__pydantic_extra__ or {}), **layout}
    for section, kept in document.kept.items():
        ours = whole.get(section)
        if isinstance(ours, dict) and isinstance(kept, dict):
            whole[section] = {**ours, **kept}
        elif isinstance(ours, list) and isinstance(kept, list):
            whole[section] = [*ours, *kept]
        elif not ours:
            whole[section] = kept
    optional = {*sections, "layout"} - set(document.kept)
    return {key: value for key, value in whole.items() if value or key not in optional}


def _block(block: NodeBlock) -> Any:
    if block.kept is not None:
        return block.kept
    fields = {"type": block.type, "version": block.version}
    fields |= {key: value for key, value in _fields(block).items() if key not in ("type", "version", "inside")}
    if block.repeat is not None:
        fields["repeat"] = plain_repeat(block.repeat)
    return fields if block.inside is None else {**fields, "inside": _inner(block.inside)}


def _fields(part: Part) -> dict[str, Any]:
    fields = type(part).model_fields
    said = {name: getattr(part, name) for name, field in fields.items() if getattr(part, name) != field.default}
    return {**said, **(part.__pydantic_extra__ or {})}


def _document_text(data: dict[str, Any], indent: str) -> str:
    deeper = indent + "  "
    parts: dict[str, str] = {}
    for key, value in data.items():
        if key == "nodes" and isinstance(value, dict):
            parts[key] = _open({node: _node_text(block, deeper + "  ") for node, block in value.items()}, deeper)
        elif key == "wires" and isinstance(value, list):
            parts[key] = _open([_fitted(wire, deeper + "  ", 2) for wire in value], deeper)
        elif key in ("notes", "frames", "layout") and isinstance(value, dict):
            parts[key] = _open({one: _fitted(v, deeper + "  ", len(one) + 4) for one, v in value.items()}, deeper)
        else:
            parts[key] = _fitted(value, deeper, len(key) + 4)
    return _open(parts, indent)


def _node_text(block: Any, indent: str) -> str:
    if not isinstance(block, dict):
        return _fitted(block, indent, 0)
    deeper = indent + "  "
    parts: dict[str, str] = {}
    for key, value in block.items():
        if key == "settings" and isinstance(value, dict) and value:
            lines = {name: _fitted(setting, deeper + "  ", len(name) + 4) for name, setting in value.items()}
            parts[key] = _open(lines, deeper)
        elif key == "inside" and isinstance(value, dict):
            parts[key] = _document_text(value, deeper)
        else:
            parts[key] = _fitted(value, deeper, len(key) + 4)
    return _open(parts, indent)


def _fitted(value: Any, indent: str, before: int) -> str:
    """On one line where it fits (after `before` characters), otherwise one entry a line."""
    line = _line(value)
    if not isinstance(value, dict | list) or not value or len(indent) + before + len(line) <= _WIDTH:
        return line
    deeper = indent + "  "
    if isinstance(value, dict):
        return _open({key: _fitted(item, deeper, len(key) + 4) for key, item in value.items()}, indent)
    return _open([_fitted(item, deeper, 1) for item in value], indent)


def _open(parts: dict[str, str] | list[str], indent: str) -> str:
    start, end = "{}" if isinstance(parts, dict) else "[]"
    lines = [f"{_line(key)}: {text}" for key, text in parts.items()] if isinstance(parts, dict) else parts
    if not lines:
        return start + end
    inner = f",\n{indent}  ".join(lines)
    return f"{start}\n{indent}  {inner}\n{indent}{end}"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _json(text: str, name: str) -> Any:
    try:
        raw = json.loads(
            text, object_pairs_hook=_no_twins, parse_float=_finite, parse_constant=_no_constant, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"{name} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}.",
            remedy="Mend it in a text editor, or open a copy.",
        ) from None
    except _UnfitError as error:
        raise DocumentError(f"{name}: {error}.", remedy="Mend it in a text editor, or open a copy.") from None
    except RecursionError:
        raise _too_deep(name) from None
    level = [raw]
    for _ in range(MAX_DEPTH):
        level = [
            item
            for value in level
            if isinstance(value, dict | list)
            for item in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return raw
    raise _too_deep(name)


def _too_deep(name: str) -> DocumentError:
    return DocumentError(
        f"{name} is nested more than {MAX_DEPTH} deep, and no workflow is.", remedy="Choose another file."
    )


class _UnfitError(Exception):
    """JSON that Python reads, and that could not be written back as it was."""


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        twin = next(key for i, key in enumerate(names) if key in names[:i])
        raise _UnfitError(f'the key "{twin[:80]}" stands twice in one block')
    return found


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise _UnfitError(f"the number {digits[:40]} is too large")
    return value


def _integer(digits: str) -> int:
    if len(digits) > 300:
        raise _UnfitError(f"the number {digits[:40]}... is too large")
    return int(digits)


def _no_constant(name: str) -> NoReturn:
    raise _UnfitError(f"{name} is no JSON number")


def _invalid(error: ValidationError, name: str) -> DocumentError:
    """The first thing that does not fit, with its place in the file."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "the document"
    got = repr(first["input"])
    what = first["msg"].removeprefix("Value error, ").rstrip(".")
    shown = (
        ""
        if first["loc"] == () or first["type"] == "missing"
        else f", and is {got if len(got) < 80 else got[:77] + '...'}"
    )
    return DocumentError(
        f"{name}: {place} does not fit{shown}.", remedy=f"{what}. Mend it in a text editor, or open a copy."
    )
