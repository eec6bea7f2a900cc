"""Copy and paste: a piece of a workflow is itself a workflow, and its text goes to any other."""

from __future__ import annotations

from collections.abc import Iterable

from peephole.core.errors import EditError, listing
from peephole.workflow.applying import level
from peephole.workflow.document import Document, NodeBlock, Place, fresh_id
from peephole.workflow.edit import Insert


def copied(document: Document, ids: Iterable[str], within: str = "") -> Document:
    """The chosen nodes, notes and frames, and the wires between them. Raises EditError for an id that is not there."""
    inner = level(document, within)
    chosen = set(ids)
    missing = sorted(one for one in chosen if not inner.has(one))
    if missing:
        raise EditError(f"There is no {listing(missing)} to copy.", remedy="Select something else.")
    nodes = {one: block for one, block in inner.nodes.items() if one in chosen}
    unread = [one for one, block in nodes.items() if _unread(block)]
    if unread:
        what = f"A newer Peephole wrote {listing(unread)}, and this one cannot read it"
        raise EditError(f"{what}.", remedy="Update Peephole to copy it.")
    return Document(
        nodes=nodes,
        wires=tuple(wire for wire in inner.wires if wire.source in chosen and wire.target in chosen),
        notes={one: note for one, note in inner.notes.items() if one in chosen},
        frames={one: frame for one, frame in inner.frames.items() if one in chosen},
        layout={one: place for one, place in inner.layout.items() if one in chosen},
    )


def pasted(document: Document, piece: Document, at: tuple[int, int] | None = None, within: str = "") -> Insert:
    """The edit that pastes a piece under free ids.  at: where its upper left corner comes; where it was if not given."""
    inner = level(document, within)
    names: dict[str, str] = {}
    used: set[str] = set()
    for one in (*piece.nodes, *piece.notes, *piece.frames):
        names[one] = fresh_id(one, lambda name: inner.taken(name) or name in used)
        used.add(names[one])
    corner = [min((place[axis] for place in piece.layout.values()), default=0) for axis in (0, 1)]
    x, y = (at[0] - corner[0], at[1] - corner[1]) if at else (0, 0)
    return Insert(
        within=within,
        nodes={names[one]: block for one, block in piece.nodes.items()},
        wires=tuple(
            wire._replace(source=names[wire.source], target=names[wire.target])
            for wire in piece.wires
            if wire.source in names and wire.target in names
        ),
        notes={names[one]: note for one, note in piece.notes.items()},
        frames={names[one]: frame for one, frame in piece.frames.items()},
        layout={names[one]: _moved(place, x, y) for one, place in piece.layout.items() if one in names},
    )


def _unread(block: NodeBlock) -> bool:
    inside = block.inside
    return block.kept is not None or (
        inside is not None and (bool(inside.kept) or any(map(_unread, inside.nodes.values())))
    )


def _moved(place: Place, x: int, y: int) -> Place:
    return (place[0] + x, place[1] + y) if len(place) == 2 else (place[0] + x, place[1] + y, place[2], place[3])
