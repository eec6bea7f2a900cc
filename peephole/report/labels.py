"""How a node is called and what its settings say in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peephole.core.node import NodeSpec
from peephole.workflow.describe import WIDTH, describe
from peephole.workflow.document import Document, NodeBlock
from peephole.workflow.repeat import words_of
from peephole.workflow.unroll import shown_nodes


def title_of(block: NodeBlock, spec: NodeSpec | None) -> str:
    """The person's title, else the node's."""
    return block.title or (spec.title if spec else block.type)


def summary_of(block: NodeBlock, spec: NodeSpec | None) -> str:
    """What the node is set to, in one line."""
    if block.repeat is not None:
        return words_of(block.repeat)
    if spec is not None:
        return describe(spec, block.settings)
    return ", ".join(value_text(v) for v in block.settings.values())[:WIDTH]


def settings_of(block: NodeBlock, spec: NodeSpec | None) -> list[tuple[str, str]]:
    """Every setting that differs from its default, as text."""
    return [(n, value_text(v)) for n, v in block.settings.items() if spec is None or spec.defaults.get(n, ...) != v]


def flat_labels(document: Document, specs: Mapping[str, NodeSpec]) -> dict[str, tuple[str, str]]:
    """Title and summary of every node, those in components by `component/node`."""
    nodes = shown_nodes(document)
    return {i: (title_of(b, specs.get(b.type)), summary_of(b, specs.get(b.type))) for i, b in nodes.items()}


def value_text(value: Any) -> str:
    """A setting's value as a person would say it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "not set"
    if isinstance(value, list) and any(isinstance(v, dict) for v in value):
        return "\n".join(value_text(v) for v in value)
    if isinstance(value, list):
        return ", ".join(value_text(v) for v in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{k.replace('_', ' ')} {value_text(v)}" for k, v in value.items() if v is not None)
    return str(value)
