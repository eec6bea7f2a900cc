"""Applying an edit: a new document that shares all that was not touched, and the edit that undoes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peephole.core.errors import EditError, listing
from peephole.workflow import edit
from peephole.workflow.component import collapse, expand
from peephole.workflow.document import Document, NodeBlock, Place
from peephole.workflow.edit import Batch, Op, Plain
from peephole.workflow.structure import (
    Applied,
    add,
    check_depth,
    connect,
    disconnect,
    insert,
    known,
    merged,
    node_of,
    remove,
    touching,
    with_node,
)


def apply(document: Document, op: Op) -> tuple[Document, Op]:
    """The document after an edit, and the edit that leads back exactly.

    Raises EditError where the edit does not fit the document, which is then unchanged.
    """
    if isinstance(op, Batch):
        undo: list[Plain] = []
        for one in op.ops:
            document, back = _apply_one(document, one)
            undo[:0] = back
        return document, Batch(ops=tuple(undo))
    document, back = _apply_one(document, op)
    return document, back[0] if len(back) == 1 else Batch(ops=back)


def spelled_out(document: Document, op: Op) -> Op:
    """Collapse and expand as the plain removing and inserting they are; any other edit as it is."""
    if isinstance(op, edit.Collapse):
        return Batch(ops=collapse(level(document, op.within), op))
    if isinstance(op, edit.Expand):
        return Batch(ops=expand(level(document, op.within), op))
    return op


def level(document: Document, within: str) -> Document:
    """The workflow inside the component of that path; raises EditError where there is none."""
    for step in within.split("/") if within else ():
        block = document.nodes.get(step)
        if block is None or block.inside is None:
            raise EditError(f'There is no component "{within}".', remedy=known(step, document.nodes))
        document = block.inside
    return document


def _apply_one(document: Document, op: Plain) -> Applied:
    if not op.within:
        return _APPLY[type(op)](document, op)
    path = op.within.split("/")
    levels = [level(document, "/".join(path[:depth])) for depth in range(len(path) + 1)]
    changed, undo = _APPLY[type(op)](levels[-1], op)
    for outer, step in zip(reversed(levels[:-1]), reversed(path), strict=True):
        changed = with_node(outer, step, outer.nodes[step].with_(inside=changed))
    return changed, undo


def _set(document: Document, op: edit.Set) -> Applied:
    block = _changeable(document, op.node)
    undo: Plain
    if op.setting in block.settings:
        undo = edit.Set(within=op.within, node=op.node, setting=op.setting, value=block.settings[op.setting])
        settings = {**block.settings, op.setting: op.value}
    else:
        undo = edit.Unset(within=op.within, node=op.node, setting=op.setting)
        settings = merged(block.settings, {op.setting: op.value}, None if op.index is None else (op.index,))
    return with_node(document, op.node, block.with_(settings=settings)), (undo,)


def _unset(document: Document, op: edit.Unset) -> Applied:
    block = _changeable(document, op.node)
    if op.setting not in block.settings:
        return document, ()
    spot = list(block.settings).index(op.setting)
    value = block.settings[op.setting]
    undo = edit.Set(within=op.within, node=op.node, setting=op.setting, value=value, index=spot)
    settings = {name: v for name, v in block.settings.items() if name != op.setting}
    return with_node(document, op.node, block.with_(settings=settings)), (undo,)


def _replace(document: Document, op: edit.Replace) -> Applied:
    check_depth([op.node], op.within)
    undo = edit.Replace(within=op.within, id=op.id, node=node_of(document, op.id))
    return with_node(document, op.id, op.node), (undo,)


def _move(document: Document, op: edit.Move) -> Applied:
    old: dict[str, Place | None] = {}
    layout = dict(document.layout)
    for one, place in op.layout.items():
        if not document.has(one):
            raise EditError(f'There is no "{one}" to move.', remedy=known(one, document.nodes))
        old[one] = layout.pop(one, None)
        if place is not None:
            layout[one] = place
    return document.with_(layout=layout), (edit.Move(within=op.within, layout=old),)


def _rename(document: Document, op: edit.Rename) -> Applied:
    block = _changeable(document, op.node)
    undo = edit.Rename(within=op.within, node=op.node, title=block.title)
    return with_node(document, op.node, block.with_(title=op.title)), (undo,)


def _annotate(document: Document, op: edit.Annotate) -> Applied:
    block = _changeable(document, op.node)
    undo = edit.Annotate(within=op.within, node=op.node, note=block.note)
    return with_node(document, op.node, block.with_(note=op.note)), (undo,)


def _pin(document: Document, op: edit.Pin) -> Applied:
    block = _changeable(document, op.node)
    undo = edit.Pin(within=op.within, node=op.node, pinned=block.pinned)
    return with_node(document, op.node, block.with_(pinned=op.pinned)), (undo,)


def _set_repeat(document: Document, op: edit.SetRepeat) -> Applied:
    block = _changeable(document, op.node)
    if block.inside is None:
        raise EditError(f'"{op.node}" is no component.', remedy="Make a component of the nodes that shall be repeated.")
    undo = edit.SetRepeat(within=op.within, node=op.node, repeat=block.repeat)
    return with_node(document, op.node, block.with_(repeat=op.repeat)), (undo,)


def _change_id(document: Document, op: edit.ChangeId) -> Applied:
    old, new = op.node, op.to
    node_of(document, old)
    if old == new:
        return document, ()
    if document.taken(new) or touching(document, (new,)):
        raise EditError(f'The id "{new}" is in use.', remedy="Choose another id.")
    wires = list(document.wires)
    for i, wire in touching(document, (old,)).items():
        source, target = (new if end == old else end for end in (wire.source, wire.target))
        wires[i] = wire._replace(source=source, target=target)
    changed = document.with_(
        nodes={new if one == old else one: block for one, block in document.nodes.items()},
        wires=tuple(wires),
        layout={new if one == old else one: place for one, place in document.layout.items()},
    )
    return changed, (edit.ChangeId(within=op.within, node=new, to=old),)


def _add_note(document: Document, op: edit.AddNote) -> Applied:
    layout = {} if op.at is None else {op.id: op.at}
    return insert(document, edit.Insert(within=op.within, notes={op.id: op.note}, layout=layout))


def _add_frame(document: Document, op: edit.AddFrame) -> Applied:
    layout = {} if op.at is None else {op.id: op.at}
    return insert(document, edit.Insert(within=op.within, frames={op.id: op.frame}, layout=layout))


def _edit_note(document: Document, op: edit.EditNote) -> Applied:
    if op.id not in document.notes:
        raise EditError(f'There is no note "{op.id}".', remedy=known(op.id, document.notes))
    undo = edit.EditNote(within=op.within, id=op.id, note=document.notes[op.id])
    return document.with_(notes={**document.notes, op.id: op.note}), (undo,)


def _edit_frame(document: Document, op: edit.EditFrame) -> Applied:
    if op.id not in document.frames:
        raise EditError(f'There is no frame "{op.id}".', remedy=known(op.id, document.frames))
    undo = edit.EditFrame(within=op.within, id=op.id, frame=document.frames[op.id])
    return document.with_(frames={**document.frames, op.id: op.frame}), (undo,)


def _entitle(document: Document, op: edit.Entitle) -> Applied:
    said = {name: value for name in ("title", "description") if (value := getattr(op, name)) is not None}
    unreadable = sorted(set(said) & set(document.kept))
    if unreadable:
        raise EditError(f"A newer Peephole wrote the {listing(unreadable)}.", remedy="Update Peephole to change it.")
    undo = edit.Entitle(within=op.within, **{name: getattr(document, name) for name in said})
    return document.with_(**said), (undo,)


def _in_steps(steps: Callable[[Document, Any], tuple[Plain, ...]]) -> Callable[[Document, Any], Applied]:
    """Apply an edit that is spelled out as others; these happen on the level that is given, whatever their path."""

    def applied(document: Document, op: Any) -> Applied:
        undo: tuple[Plain, ...] = ()
        for step in steps(document, op):
            document, back = _APPLY[type(step)](document, step)
            undo = (*back, *undo)
        return document, undo

    return applied


def _changeable(document: Document, node: str) -> NodeBlock:
    block = node_of(document, node)
    if block.kept is not None:
        raise EditError(
            f'A newer Peephole wrote the node "{node}", and this one cannot read it.',
            remedy="Update Peephole to change it; it is kept as it is.",
        )
    return block


_APPLY: dict[type[Plain], Callable[[Document, Any], Applied]] = {
    edit.Add: add,
    edit.Insert: insert,
    edit.Remove: remove,
    edit.Replace: _replace,
    edit.Connect: connect,
    edit.Disconnect: disconnect,
    edit.Set: _set,
    edit.Unset: _unset,
    edit.Move: _move,
    edit.Rename: _rename,
    edit.ChangeId: _change_id,
    edit.Annotate: _annotate,
    edit.Pin: _pin,
    edit.SetRepeat: _set_repeat,
    edit.AddNote: _add_note,
    edit.EditNote: _edit_note,
    edit.AddFrame: _add_frame,
    edit.EditFrame: _edit_frame,
    edit.Entitle: _entitle,
    edit.Collapse: _in_steps(collapse),
    edit.Expand: _in_steps(expand),
}
