"""Older documents brought up to today's format and node versions; newer ones made readable without losing anything."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from peephole.core.errors import DocumentError, PeepholeError
from peephole.workflow.document import VERSION, Document, Frame, Id, NodeBlock, Note, Place, Wire
from peephole.workflow.values import Value

if TYPE_CHECKING:
    from peephole.core.node import NodeSpec

Raw = dict[str, Any]
_ABSENT = object()


def to_current_format(raw: Raw, version: int, name: str) -> Raw:
    """Plain data of an older format as today's; raises DocumentError where they do not fit their own format."""
    for step in range(version, VERSION):
        try:
            raw = {**FORMAT_MIGRATIONS[step](raw), "version": step + 1}
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise DocumentError(
                f"{name} says that it has format version {step}, and does not fit it ({error!r}).",
                remedy="Mend it in a text editor, or open an older copy.",
            ) from None
    return raw


def _from_0(raw: Raw) -> Raw:
    """Version 0, of the first prototypes: nodes as a list with their positions, wires as pairs of ends."""
    known = ("id", "x", "y")
    nodes = {node["id"]: {k: v for k, v in node.items() if k not in known} for node in raw.get("nodes", [])}
    if len(nodes) < len(raw.get("nodes", [])):
        raise ValueError("an id is used twice")
    layout = {node["id"]: [node["x"], node["y"]] for node in raw.get("nodes", []) if "x" in node}
    wires = ["{0[0]}.{0[1]} -> {1[0]}.{1[1]}".format(wire["from"], wire["to"]) for wire in raw.get("wires", [])]
    return {**raw, "nodes": nodes, "wires": wires, "layout": layout}


FORMAT_MIGRATIONS: Mapping[int, Callable[[Raw], Raw]] = {0: _from_0}


def readable(raw: Raw) -> Raw:
    """A document of a newer format with everything that does not fit put aside under `$kept`, entry by entry."""
    clean, kept = dict(raw), {}
    for section, fits in _SECTIONS.items():
        value = clean.get(section, _ABSENT)
        unread: Any = None
        if section == "wires" and isinstance(value, list):
            clean[section] = [wire for wire in value if _fits(fits, wire)]
            unread = [wire for wire in value if not _fits(fits, wire)]
        elif section != "wires" and isinstance(value, dict):
            if section == "nodes":
                value = {node: _readable_node(block) for node, block in value.items()}
            clean[section] = {one: part for one, part in value.items() if _fits(fits, part) and _fits(_ID, one)}
            unread = {one: raw[section][one] for one in value if one not in clean[section]}
        elif value is not _ABSENT:
            kept[section] = clean.pop(section)
        if unread:
            kept[section] = unread
    for text in ("title", "description"):
        if not isinstance(clean.get(text, ""), str):
            kept[text] = clean.pop(text)
    _one_id_each(clean, kept)
    return {**clean, "$kept": kept}


def _one_id_each(clean: Raw, kept: Raw) -> None:
    """Put aside notes and frames that have the id of something else."""
    used = set(clean.get("nodes", ()))
    for section in ("notes", "frames"):
        for one in [one for one in clean.get(section, ()) if one in used]:
            kept.setdefault(section, {})[one] = clean[section].pop(one)
        used.update(clean.get(section, ()))


def _readable_node(block: Any) -> Any:
    """A node that fits, with what lies inside made readable; otherwise a placeholder that keeps the whole block."""
    clean = block
    if isinstance(block, dict) and isinstance(block.get("inside"), dict):
        clean = {**block, "inside": readable(block["inside"])}
    if block is None or _fits(_NODE, clean):  # null cannot be told from nothing kept: it is put aside
        return clean
    named = block.get("type") if isinstance(block, dict) else None
    return {"type": named if isinstance(named, str) and named else "unknown", "$kept": block}


def _fits(kind: TypeAdapter[Any], value: Any) -> bool:
    try:
        kind.validate_python(value)
    except ValidationError:
        return False
    return True


_LATER = ConfigDict(defer_build=True)  # most documents need none of these
_ID: TypeAdapter[Any] = TypeAdapter(Id, config=_LATER)
_SETTINGS: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Value], config=_LATER)
_NODE: TypeAdapter[Any] = TypeAdapter(NodeBlock)
_SECTIONS: dict[str, TypeAdapter[Any]] = {
    "nodes": _NODE,
    "wires": TypeAdapter(Wire, config=_LATER),
    "notes": TypeAdapter(Note),
    "frames": TypeAdapter(Frame),
    "layout": TypeAdapter(Place, config=_LATER),
}


class MigrationError(PeepholeError):
    """Settings that an older version of a node saved, and that its migration cannot bring up to date."""

    id = "migration"


def current_settings(block: NodeBlock, spec: NodeSpec) -> dict[str, Any]:
    """A node's settings as today's version of its type wants them; raises MigrationError where that fails."""
    if block.version >= spec.version:
        return block.settings
    try:
        return _SETTINGS.validate_python(spec.migrate(copy.deepcopy(block.settings), block.version))
    except Exception as error:  # migrations are code of other packages: none may keep a document from opening
        raise MigrationError(
            f"{spec.title}: settings of version {block.version} cannot be brought to version {spec.version} ({error!r}).",
            remedy="Set it up anew, or report it to the authors of the node.",
        ) from error


def upgrade(document: Document, specs: Mapping[str, NodeSpec]) -> Document:
    """The document with every node brought to today's version of its type; what cannot be is left as it is."""
    changed: dict[str, NodeBlock] = {}
    for node, block in document.nodes.items():
        spec = specs.get(block.type)
        if block.inside is not None:
            inside = upgrade(block.inside, specs)
            if inside is not block.inside:
                changed[node] = block.with_(inside=inside)
        elif spec is not None and block.kept is None and block.version < spec.version:
            try:
                changed[node] = block.with_(settings=current_settings(block, spec), version=spec.version)
            except MigrationError:
                continue  # `check` tells of it
    if not changed:
        return document
    upgraded: Document = document.with_(nodes={**document.nodes, **changed})
    return upgraded
