"""Edits that change what is there: nodes, notes, frames and wires added and removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from peephole.core.errors import EditError, listing, nearest
from peephole.workflow import edit
from peephole.workflow.document import MAX_NESTING, Document, NodeBlock, Wire, nesting
from peephole.workflow.edit import Plain

T = TypeVar("T")
Applied = tuple[Document, tuple[Plain, ...]]


def add(document: Document, op: edit.Add) -> Applied:
    """A node, with its place on the canvas."""
    places = {} if op.at is None else {op.id: op.at}
    spot = None if op.index is None else (op.index,)
    return insert(document, edit.Insert(within=op.within, nodes={op.id: op.node}, layout=places, node_at=spot))


def insert(document: Document, op: edit.Insert) -> Applied:
    """Many things at once; their ids have to be free."""
    ids = (*op.nodes, *op.notes, *op.frames)
    for one in ids:
        if document.taken(one) or (one in op.nodes) + (one in op.notes) + (one in op.frames) > 1:
            raise EditError(f'The id "{one}" is in use.', remedy="Choose another id.")
    check_depth(op.nodes.values(), op.within)
    strange = sorted(set(op.layout) - set(ids))
    if strange:
        raise EditError(f"Places are given for {listing(strange)}, not inserted here.", remedy="Leave them out.")
    dangling = touching(document, op.nodes)
    changed = document.with_(
        nodes=merged(document.nodes, op.nodes, op.node_at),
        wires=tuple(_spliced(document.wires, op.wires, op.wire_at)),
        notes=merged(document.notes, op.notes, op.note_at),
        frames=merged(document.frames, op.frames, op.frame_at),
        layout={**document.layout, **op.layout} if op.layout else document.layout,
    )
    return changed, _take_out(document, op, ids, dangling)


def _take_out(
    document: Document, op: edit.Insert, ids: tuple[str, ...], dangling: dict[int, Wire]
) -> tuple[Plain, ...]:
    """The edits that undo an insertion; wires that led nowhere before lead nowhere again."""
    end = len(document.wires)
    spots = op.wire_at or range(end, end + len(op.wires))
    loose = [
        (i, w) for i, w in zip(spots, op.wires, strict=True) if w.source not in op.nodes and w.target not in op.nodes
    ]
    undo: list[Plain] = [edit.Disconnect(within=op.within, wire=w, index=i) for i, w in sorted(loose, reverse=True)]
    if ids:
        undo.append(edit.Remove(within=op.within, ids=ids))
    if dangling:
        undo.append(edit.Insert(within=op.within, wires=tuple(dangling.values()), wire_at=tuple(dangling)))
    return tuple(undo)


def remove(document: Document, op: edit.Remove) -> Applied:
    """Nodes with their wires, notes and frames."""
    gone = set(op.ids)
    for one in op.ids:
        if not document.has(one):
            raise EditError(f'There is no "{one}" to remove.', remedy=known(one, document.nodes))
    nodes, notes, frames = (_split(part, gone) for part in (document.nodes, document.notes, document.frames))
    layout = _split(document.layout, gone)
    wires = touching(document, nodes.out)
    undo = edit.Insert(
        within=op.within,
        nodes=nodes.out,
        notes=notes.out,
        frames=frames.out,
        layout=layout.out,
        wires=tuple(wires.values()),
        node_at=nodes.spots,
        note_at=notes.spots,
        frame_at=frames.spots,
        wire_at=tuple(wires),
    )
    rest = list(document.wires)
    for spot in reversed(wires):
        del rest[spot]
    changed = document.with_(
        nodes=nodes.rest,
        notes=notes.rest,
        frames=frames.rest,
        layout=layout.rest,
        wires=tuple(rest) if wires else document.wires,
    )
    return changed, (undo,)


def connect(document: Document, op: edit.Connect) -> Applied:
    """A wire, where it does not clash with another."""
    wire = op.wire
    for node in filter(None, (wire.source, wire.target)):
        node_of(document, node)
    if "" in (wire.source, wire.target) and not op.within:
        raise EditError(
            f'The wire "{wire}" has an open end.', remedy="Only inside a component may a wire end at the edge."
        )
    if wire.source == wire.target:
        what = f'"{wire.source}" cannot be connected to itself' if wire.source else "A wire cannot go from edge to edge"
        raise EditError(f"{what}.", remedy="Choose another node.")
    for other in document.wires:
        if other.target == wire.target and other.input == wire.input:
            if other == wire:
                raise EditError(f'The wire "{wire}" is there already.', remedy="One is enough.")
            if not op.many:
                raise EditError(
                    f"The port {wire.target}.{wire.input} already takes {other.source}.{other.output}.",
                    remedy="Disconnect that wire first.",
                )
    wires = list(document.wires)
    spot = len(wires) if op.index is None else min(op.index, len(wires))
    wires.insert(spot, wire)
    return document.with_(wires=tuple(wires)), (edit.Disconnect(within=op.within, wire=wire, index=spot),)


def disconnect(document: Document, op: edit.Disconnect) -> Applied:
    """One wire less."""
    wires, spot = document.wires, op.index
    if spot is None or spot >= len(wires) or wires[spot] != op.wire:
        if op.wire not in wires:
            raise EditError(f'There is no wire "{op.wire}".', remedy=known(str(op.wire), map(str, wires)))
        spot = wires.index(op.wire)
    undo = edit.Insert(within=op.within, wires=(op.wire,), wire_at=(spot,))
    return document.with_(wires=wires[:spot] + wires[spot + 1 :]), (undo,)


def node_of(document: Document, node: str) -> NodeBlock:
    """The block of a node; raises EditError where there is none."""
    block = document.nodes.get(node)
    if block is None:
        raise EditError(f'There is no node "{node}".', remedy=known(node, document.nodes))
    return block


def with_node(document: Document, node: str, block: NodeBlock) -> Document:
    """The document with another block for a node."""
    changed: Document = document.with_(nodes={**document.nodes, node: block})
    return changed


def check_depth(blocks: Iterable[NodeBlock], within: str) -> None:
    """Raise EditError where components would lie too deep in each other to be saved."""
    deepest = max((1 + nesting(b.inside) for b in blocks if b.inside is not None), default=0)
    if deepest and deepest + (len(within.split("/")) if within else 0) > MAX_NESTING:
        raise EditError(f"Components may lie {MAX_NESTING} deep in each other.", remedy="Expand one of them first.")


def known(name: str, names: Iterable[str]) -> str:
    """The hint for a name that is not there: the nearest one, and which there are."""
    names = list(names)
    return f"{nearest(name, names)} There are: {listing(names)}.".strip()


def merged(old: Mapping[str, T], new: Mapping[str, T], at: Sequence[int] | None) -> dict[str, T]:
    """Both, the new entries standing at the given places afterwards."""
    if at is None:
        return {**old, **new}
    return dict(_spliced(list(old.items()), list(new.items()), at)) if new else dict(old)


def _spliced(old: Sequence[T], new: Sequence[T], at: Sequence[int] | None) -> list[T]:
    result = list(old)
    if at is None:
        return [*result, *new]
    for spot, item in sorted(zip(at, new, strict=True), key=lambda pair: pair[0]):
        result.insert(spot, item)
    return result


def touching(document: Document, ids: Iterable[str]) -> dict[int, Wire]:
    """The wires that start or end at one of these, by their place."""
    found = set(ids)
    return {i: w for i, w in enumerate(document.wires) if w[0] in found or w[2] in found} if found else {}


class _Parted(NamedTuple, Generic[T]):
    rest: dict[str, T]
    out: dict[str, T]
    spots: tuple[int, ...]


def _split(part: dict[str, T], gone: set[str]) -> _Parted[T]:
    """Entries that stay, entries that go, and where these stood."""
    if gone.isdisjoint(part):
        return _Parted(part, {}, ())
    rest = {one: value for one, value in part.items() if one not in gone}
    out = {one: value for one, value in part.items() if one in gone}
    return _Parted(rest, out, tuple(i for i, one in enumerate(part) if one in gone))
