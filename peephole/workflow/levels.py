"""A workflow and the insides of its components, each with what comes from around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peephole.workflow.document import SETTINGS, Document, Wire, overrides
from peephole.workflow.faces import Faces
from peephole.workflow.findings import Finding
from peephole.workflow.migrate import MigrationError, current_settings
from peephole.workflow.repeat import names_of

if TYPE_CHECKING:
    from peephole.core.node import NodeSpec


# A workflow, its path, the settings given to it, those of them that a wire feeds, and where the person sets them.
_Inside = tuple[Document, str, Mapping[str, object], set[str], Mapping[str, tuple[str, str]]]


@dataclass(frozen=True)
class Level:
    """A workflow or the inside of a component, with what comes from around it.

    preset: values that the component's settings give.  fed: settings that a wire feeds.  shown: where a setting that the
    component exposes is set by the person: (node path, setting).
    """

    document: Document
    prefix: str
    faces: Faces
    preset: Mapping[str, Mapping[str, object]]
    fed: Mapping[str, set[str]]
    shown: Mapping[tuple[str, str], tuple[str, str]]
    into: Mapping[str, list[Wire]]

    def readable(self) -> Iterator[tuple[str, NodeSpec, dict[str, object]]]:
        """The nodes whose type is known, with their settings as today's version wants them."""
        for node, block in self.document.nodes.items():
            spec = self.faces.spec(block)
            if spec is not None:
                try:
                    settings = current_settings(block, spec)
                except MigrationError:
                    continue  # reported by `check`
                yield node, spec, {**settings, **self.preset.get(node, {})}

    def about(self, node: str, setting: str | None, kind: str, what: str, remedy: str) -> Finding:
        """A finding about a setting, put where the person sets it."""
        name, path = (setting or "").partition(".")[0].partition("[")[0], self.prefix + node
        if (node, name) in self.shown:
            path, setting = self.shown[node, name]
        return Finding(id=kind, severity="error", node=path, setting=setting, what=what, remedy=remedy)


def levels(document: Document, faces: Faces) -> Iterator[Level]:
    """The workflow and the inside of each component, outer ones first."""
    waiting: list[_Inside] = [(document, "", {}, set(), {})]
    while waiting:
        inner, prefix, given, wired, lifted = waiting.pop()
        level = _level(inner, prefix, faces, given, wired, lifted)
        yield level
        for node, block in reversed(inner.nodes.items()):
            if block.inside is not None:
                settings = {**block.settings, **level.preset.get(node, {})}
                shown = {name: at for (one, name), at in level.shown.items() if one == node}
                wired = level.fed.get(node, set())
                if block.repeat is not None:
                    wired = wired | set(names_of(block.repeat))
                waiting.append((block.inside, f"{prefix}{node}/", settings, wired, shown))


def _level(
    document: Document,
    prefix: str,
    faces: Faces,
    given: Mapping[str, object],
    wired: set[str],
    lifted: Mapping[str, tuple[str, str]],
) -> Level:
    fed: dict[str, set[str]] = {}
    shown: dict[tuple[str, str], tuple[str, str]] = {}
    into: dict[str, list[Wire]] = {}
    for wire in document.wires:
        into.setdefault(wire.target, []).append(wire)
        if wire.setting is None:
            continue
        name = wire.output.removeprefix(SETTINGS)
        exposed = wire.source == "" and name != wire.output
        if exposed:
            shown[wire.target, wire.setting] = lifted.get(name, (prefix[:-1], name))
        if not exposed or name in wired:
            fed.setdefault(wire.target, set()).add(wire.setting)
    return Level(document, prefix, faces, overrides(document, given), fed, shown, into)
