"""`--set node.setting=value`: settings changed for one run, checked against the nodes that are there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from peephole.cli.errors import UsageError
from peephole.core.errors import listing, nearest

if TYPE_CHECKING:
    from peephole.core.node import NodeSpec
    from peephole.workflow.document import Document


def with_settings(document: Document, assignments: Sequence[str], specs: Mapping[str, NodeSpec]) -> Document:
    """The document with `node.setting=value` carried out, one after the other.

    A node in a component is named `component/node`. Raises UsageError that names the nearest node or setting.
    """
    for text in assignments:
        node, setting, value = _parse(text)
        document = _assign(document, node, node.split("/"), setting, value, specs)
    return document


def value_of(text: str) -> Any:
    """A value as typed: JSON where it is JSON (numbers, true, lists ...), else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _parse(text: str) -> tuple[str, str, Any]:
    target, equals, value = text.partition("=")
    node, dot, setting = target.strip().rpartition(".")
    if not equals or not dot or not node or not setting:
        raise UsageError(
            f'--set takes node.setting=value, and got "{text}".', remedy="For example: --set tree.max_depth=6"
        )
    return node, setting, value_of(value.strip())


def _assign(
    document: Document, node: str, path: list[str], setting: str, value: Any, specs: Mapping[str, NodeSpec]
) -> Document:
    block = document.nodes.get(path[0])
    if block is None:
        known = list(document.nodes)
        raise UsageError(
            f'The workflow has no node "{node}".', remedy=f"{nearest(path[0], known)} Nodes: {listing(known)}.".strip()
        )
    if len(path) > 1:
        if block.inside is None:
            raise UsageError(
                f'"{path[0]}" is no component: there is nothing in it.', remedy=f"Name a setting of {path[0]} itself."
            )
        inner = _assign(block.inside, node, path[1:], setting, value, specs)
        changed = block.with_(inside=inner)
    else:
        _check_setting(node, block.type, setting, specs)
        changed = block.with_(settings={**block.settings, setting: value})
    return document.model_copy(update={"nodes": {**document.nodes, path[0]: changed}})


def _check_setting(node: str, node_type: str, setting: str, specs: Mapping[str, NodeSpec]) -> None:
    spec = specs.get(node_type)
    if spec is None or setting in spec.settings.model_fields:
        return  # an unknown node's settings are not known either: the run will tell
    known = list(spec.settings.model_fields)
    raise UsageError(
        f'"{node}" ({spec.title}) has no setting "{setting}".',
        remedy=f"{nearest(setting, known)} Settings: {listing(known)}.".strip(),
    )
