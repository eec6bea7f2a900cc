"""`--to node`: the nodes a run is limited to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from peephole.cli.errors import UsageError
from peephole.core.errors import listing, nearest

if TYPE_CHECKING:
    from peephole.core.node import NodeSpec
    from peephole.workflow.document import Document, NodeBlock


def checked_targets(
    document: Document,
    named: Sequence[str] | None,
    fitting: Callable[[NodeSpec], bool] = lambda _: True,
    none: str = "It has no nodes.",
) -> list[str] | None:
    """The ids of the nodes named by id or by title; a component stands for all that is in it.

    fitting: which nodes are proposed where there is none of that name.  none: what is said where none fits.
    Raises UsageError with the nearest name.
    """
    from peephole.workflow.unroll import shown_nodes

    if not named:
        return None
    flat = shown_nodes(document)
    titles = {block.title: node for node, block in document.nodes.items() if block.title}
    found: list[str] = []
    for name in named:
        one = titles.get(name, name)
        inside = [one] if one in flat else [node for node in flat if node.startswith(f"{one}/")]
        if not inside:
            raise UsageError(f'The workflow has no node "{name}".', remedy=_proposed(name, flat, fitting) or none)
        found += inside
    return list(dict.fromkeys(found))


def _proposed(name: str, flat: Mapping[str, NodeBlock], fitting: Callable[[NodeSpec], bool]) -> str:
    """The node whose id or title is like the name, and all that fit, each with its title; empty where none fits."""
    from peephole.engine.catalog import catalog
    from peephole.report.labels import title_of

    specs = catalog().specs
    known = {node: specs.get(block.type) for node, block in flat.items()}
    said = {node: title_of(flat[node], spec) for node, spec in known.items() if spec is None or fitting(spec)}
    alike = [node for node, title in said.items() if name.casefold() in title.casefold()]
    meant = next((node for node in alike if said[node].casefold() == name.casefold()), next(iter(alike), None))
    hint = f'Did you mean "{meant}"?' if meant and len(name) > 2 else nearest(name, said)
    shown = [node if title.casefold() == node else f"{node} ({title})" for node, title in said.items()]
    return f"{hint} Nodes: {listing(shown)}.".strip() if shown else ""
