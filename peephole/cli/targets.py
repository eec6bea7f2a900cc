"""`--to node`: the nodes a run is limited to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from peephole.cli.errors import UsageError
from peephole.core.errors import listing, nearest

if TYPE_CHECKING:
    from peephole.workflow.document import Document


def checked_targets(document: Document, named: Sequence[str] | None) -> list[str] | None:
    """The ids of the nodes named by id or by title; a component stands for all that is in it.

    Raises UsageError with the nearest name.
    """
    from peephole.workflow.unroll import shown_nodes

    if not named:
        return None
    flat = list(shown_nodes(document))
    titles = {block.title: node for node, block in document.nodes.items() if block.title}
    found: list[str] = []
    for name in named:
        one = titles.get(name, name)
        inside = [one] if one in flat else [node for node in flat if node.startswith(f"{one}/")]
        if not inside:
            raise UsageError(
                f'The workflow has no node "{name}".', remedy=f"{nearest(name, flat)} Nodes: {listing(flat)}.".strip()
            )
        found += inside
    return list(dict.fromkeys(found))
