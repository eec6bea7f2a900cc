"""Checks that explain: what stands in the way of running a document, where, and the remedy. Nothing is run or read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from peephole.core.errors import listing, nearest
from peephole.workflow.document import SETTINGS, Document, NodeBlock, Wire
from peephole.workflow.faces import VARIABLE, Face, Faces
from peephole.workflow.findings import Finding
from peephole.workflow.levels import Level, levels
from peephole.workflow.migrate import MigrationError, current_settings
from peephole.workflow.order import flatten, loops
from peephole.workflow.repeat_check import repeat_findings
from peephole.workflow.settings import column_problems, setting_problems

if TYPE_CHECKING:
    from peephole.core.node import NodeSpec
    from peephole.core.schema import Schema


def check(document: Document, specs: Mapping[str, NodeSpec]) -> list[Finding]:
    """Everything that is wrong with a document, in document order. Any document is taken; none makes this fail."""
    found: list[Finding] = []
    for level in levels(document, Faces(specs)):
        for node, block in level.document.nodes.items():
            found += _type(level, node, block, specs)
            found += _settings(level, node, block)
            found += _inputs(level, node, block)
            if block.repeat is not None:
                found += repeat_findings(level, node, block, block.repeat)
        for wire in level.document.wires:
            found += _wire(level, wire)
        for wires in level.into.values():
            found += _clashes(level, wires)
    found += [
        _finding(
            "loop", loop[0], f"These nodes wait for each other: {' -> '.join(loop)}.", "Disconnect one of these wires."
        )
        for loop in loops(flatten(document))
    ]
    return _sorted(found, document)


def check_columns(
    document: Document, specs: Mapping[str, NodeSpec], schemas: Mapping[str, Mapping[str, Schema]]
) -> list[Finding]:
    """Settings that name columns their inputs do not have, or none yet where one is needed.

    schemas: by node path and input port, as far as they are known.
    """
    found = [
        level.about(node, error.setting, error.id, error.what, error.remedy)
        for level in levels(document, Faces(specs))
        for node, spec, settings in level.readable()
        if level.prefix + node in schemas
        for error in column_problems(spec, settings, schemas[level.prefix + node], level.fed.get(node, ()))
    ]
    return _sorted(found, document)


def _type(level: Level, node: str, block: NodeBlock, specs: Mapping[str, NodeSpec]) -> Iterator[Finding]:
    """Nodes that can only be shown as placeholders."""
    path = level.prefix + node
    spec = specs.get(block.type)
    if block.kept is not None:
        what = "A newer Peephole wrote this node, and this one cannot read it"
        yield _finding("newer-block", path, f"{what}.", "Update Peephole; the node is kept as it is.", warning=True)
    elif block.inside is not None:
        return
    elif spec is None:
        hint = nearest(block.type, specs) or "Install the package that brings it, or remove the node."
        yield _finding("unknown-type", path, f'There is no node type "{block.type}".', hint, warning=True)
    elif block.version > spec.version:
        what = f"{spec.title}: this node was made with version {block.version}, and version {spec.version} is installed"
        yield _finding("newer-node", path, f"{what}.", "Update the package that brings it.", warning=True)


def _settings(level: Level, node: str, block: NodeBlock) -> Iterator[Finding]:
    """Settings that are missing, wrong, or of no use."""
    path, spec = level.prefix + node, level.faces.spec(block)
    if block.inside is not None:
        face = level.faces.of(block)
        for name in block.settings:
            if face is not None and name not in face.settings:
                yield _finding(
                    "no-setting",
                    path,
                    f'{face.title}: there is no setting "{name}".',
                    _names("Settings", name, face.settings),
                    setting=name,
                )
    elif spec is not None:
        try:
            settings = {**current_settings(block, spec), **level.preset.get(node, {})}
        except MigrationError as error:
            yield _finding("migration", path, error.what, error.remedy)
            return
        for problem in setting_problems(spec, settings, level.fed.get(node, ())):
            yield level.about(node, problem.setting, problem.id, problem.what, problem.remedy)


def _inputs(level: Level, node: str, block: NodeBlock) -> Iterator[Finding]:
    """Input ports that need a wire and have none."""
    face = level.faces.of(block)
    wired = {wire.input for wire in level.into.get(node, ())}
    for name, port in face.inputs.items() if face else ():
        if not port.optional and name not in wired:
            yield _finding(
                "input-missing",
                level.prefix + node,
                f'{face.title if face else node}: nothing is connected to "{name}".',
                f"Connect a {port.type or 'wire'}: {port.doc or name + '.'}",
            )


def _wire(level: Level, wire: Wire) -> Iterator[Finding]:
    """A wire whose ends are not there or do not fit together."""
    nodes, text = level.document.nodes, str(wire)
    if "" in (wire.source, wire.target) and not level.prefix:
        yield _finding("open-end", "", f'The wire "{text}" has an open end.', "Remove it.", wire=text)
        return
    for end in (wire.source, wire.target):
        if end and end not in nodes:
            at = next((level.prefix + one for one in (wire.target, wire.source) if one in nodes), level.prefix[:-1])
            hint = f"{nearest(end, nodes)} Connect another node, or remove the wire.".strip()
            yield _finding("no-node", at, f'The wire "{text}" leads to "{end}", which is not there.', hint, wire=text)
            return
    source = level.faces.of(nodes[wire.source]) if wire.source else None
    target = level.faces.of(nodes[wire.target]) if wire.target else None
    missing = [
        *_missing_port(source, "output", wire.output, source.outputs if source else ()),
        *(_missing_setting(target, wire.setting) if wire.setting is not None else ()),
        *(_missing_port(target, "input", wire.input, target.inputs if target and wire.setting is None else ())),
    ]
    at = level.prefix + (wire.target or wire.source)
    for kind, what, remedy in missing:
        yield _finding(kind, at, what, remedy, wire=text)
    if not missing:
        yield from _misfit(level, wire, target, at)


def _misfit(level: Level, wire: Wire, target: Face | None, at: str) -> Iterator[Finding]:
    """A wire whose two ports are of different types."""
    gives = level.faces.given(level.document, wire)
    if wire.source == "" and wire.output.startswith(SETTINGS):
        gives = VARIABLE
    if wire.setting is not None:
        takes: str | None = VARIABLE
    else:
        takes = target.inputs[wire.input].type if target is not None else None
    if gives and takes and gives != takes:
        what = f"{wire.source}.{wire.output} gives a {gives}, and {wire.target}.{wire.input} takes a {takes}"
        yield _finding("port-type", at, f"{what}.", "Connect a port of the same type.", wire=str(wire))


def _clashes(level: Level, wires: list[Wire]) -> Iterator[Finding]:
    """Several wires at a port that takes one, and wires that stand there twice."""
    node = wires[0].target
    block = level.document.nodes.get(node)
    face = level.faces.of(block) if block is not None else None
    ports: dict[str, list[Wire]] = {}
    for wire in wires:
        others = ports.setdefault(wire.input, [])
        port = face.inputs.get(wire.input) if face else None
        at = (level.prefix + node) if node else level.prefix[:-1]
        if wire in others:
            yield _finding("wire-twice", at, f'The wire "{wire}" is there twice.', "Remove one.", wire=str(wire))
        elif others and (face is not None or wire.setting is not None or not node) and not (port and port.many):
            first = f"{others[0].source}.{others[0].output}"
            what = f"{node}.{wire.input} takes one wire, and both {first} and {wire.source}.{wire.output} lead to it"
            yield _finding("port-taken", at, f"{what}.", "Remove one of them.", wire=str(wire))
        others.append(wire)


def _missing_port(face: Face | None, side: str, port: str, known: Iterable[str]) -> list[tuple[str, str, str]]:
    if face is None or port in known or (side == "input" and port.startswith(SETTINGS)):
        return []
    what = f'{face.title} has no {side} "{port}".'
    return [("no-port", what, _names(f"{side.capitalize()}s", port, known))]


def _missing_setting(face: Face | None, setting: str) -> list[tuple[str, str, str]]:
    if face is None or setting in face.settings:
        return []
    return [("no-setting", f'{face.title} has no setting "{setting}".', _names("Settings", setting, face.settings))]


def _names(kind: str, name: str, known: Iterable[str]) -> str:
    names = sorted(known) if isinstance(known, frozenset) else list(known)
    return f"{nearest(name, names)} {kind}: {listing(names)}.".strip()


def _finding(
    kind: str,
    node: str,
    what: str,
    remedy: str,
    *,
    setting: str | None = None,
    wire: str | None = None,
    warning: bool = False,
) -> Finding:
    severity: Literal["warning", "error"] = "warning" if warning else "error"
    return Finding(id=kind, severity=severity, node=node, what=what, remedy=remedy, setting=setting, wire=wire)


def _sorted(found: list[Finding], document: Document) -> list[Finding]:
    """In document order, a component before what lies in it; what is of no node comes first."""
    place: dict[str, int] = {}

    def walk(inner: Document, prefix: str) -> None:
        for node, block in inner.nodes.items():
            place[prefix + node] = len(place)
            if block.inside is not None:
                walk(block.inside, f"{prefix}{node}/")

    walk(document, "")
    return sorted(found, key=lambda finding: place.get(finding.node, -1))
