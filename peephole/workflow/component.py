"""Collapsing nodes to a component, and expanding it again, spelled out as removing and inserting."""

from __future__ import annotations

from collections.abc import Iterable

from peephole.core.errors import EditError, listing
from peephole.workflow.document import COMPONENT, SETTINGS, Document, NodeBlock, Place, Wire, fresh_id, overrides
from peephole.workflow.edit import Collapse, Expand, Insert, Remove
from peephole.workflow.order import ancestors, descendants


def collapse(document: Document, op: Collapse) -> tuple[Remove, Insert]:
    """Take out what is chosen and put a component in its place. Raises EditError where that would make a loop."""
    chosen = set(op.ids)
    nodes = {one: block for one, block in document.nodes.items() if one in chosen}
    missing = [one for one in op.ids if not document.has(one)]
    if missing or not nodes:
        what = f"There is no {listing(missing)} to collapse" if missing else "There is no node to collapse"
        raise EditError(f"{what}.", remedy="Select the nodes that shall become one.")
    _refuse_loop(document, nodes)
    inside, outside, spots = _parted_wires(document, set(nodes), op.id)
    inner = Document(
        nodes=nodes,
        wires=inside,
        notes={one: note for one, note in document.notes.items() if one in chosen},
        frames={one: frame for one, frame in document.frames.items() if one in chosen},
        layout={one: place for one, place in document.layout.items() if one in chosen},
    )
    middle = _middle(inner.layout[one] for one in nodes if one in inner.layout)
    first = list(document.nodes).index(next(iter(nodes)))
    insert = Insert(
        within=op.within,
        nodes={op.id: NodeBlock(type=COMPONENT, title=op.title, inside=inner)},
        node_at=(first,),
        wires=outside,
        wire_at=spots,
        layout={} if middle is None else {op.id: middle},
    )
    return Remove(within=op.within, ids=(*nodes, *inner.notes, *inner.frames)), insert


def expand(document: Document, op: Expand) -> tuple[Remove, Insert]:
    """Take out a component and put in its place what lies inside, under free ids."""
    block = document.nodes.get(op.id)
    if block is None or block.inside is None:
        raise EditError(f'"{op.id}" is no component.', remedy="Select a component.")
    if block.repeat is not None:
        raise EditError(f'"{op.id}" is repeated.', remedy="Let it run once first.")
    inner = block.inside
    names = _free_ids(document, inner, op.id)
    wires, spots = _spread_wires(document, inner, op.id, names)
    preset = overrides(inner, block.settings)
    first = list(document.nodes).index(op.id)
    insert = Insert(
        within=op.within,
        nodes={names[one]: _preset(b, preset.get(one)) for one, b in inner.nodes.items()},
        node_at=tuple(range(first, first + len(inner.nodes))),
        wires=wires,
        wire_at=spots,
        notes={names[one]: note for one, note in inner.notes.items()},
        frames={names[one]: frame for one, frame in inner.frames.items()},
        layout=_moved_layout(inner, names, document.layout.get(op.id)),
    )
    return Remove(within=op.within, ids=(op.id,)), insert


def _refuse_loop(document: Document, nodes: dict[str, NodeBlock]) -> None:
    between = (descendants(document, nodes) & ancestors(document, nodes)) - set(nodes)
    if between:
        names = listing(one for one in document.nodes if one in between)
        raise EditError(
            f"The component would depend on itself, through {names}.", remedy=f"Select {names} too, or fewer nodes."
        )


def _parted_wires(
    document: Document, nodes: set[str], component: str
) -> tuple[tuple[Wire, ...], tuple[Wire, ...], tuple[int, ...]]:
    """The wires inside, the new wires outside, and at which places these stand.

    What comes from one port outside shares one port of the component; so the order of wires into a port is kept.
    """
    inside: list[Wire] = []
    outside: dict[int, Wire] = {}
    ports: dict[tuple[str, str, bool], str] = {}
    results: dict[tuple[str, str], str] = {}
    spot = 0
    for wire in document.wires:
        into, out = wire.target in nodes, wire.source in nodes
        if into and out:
            inside.append(wire)
        elif into:
            key = (wire.source, wire.output, wire.setting is not None)
            new = key not in ports
            if new:
                used = {name for (_, _, setting), name in ports.items() if setting == key[2]}
                ports[key] = _unique(wire.setting or wire.input, used)
            port = SETTINGS + ports[key] if key[2] else ports[key]
            inside.append(Wire("", port, wire.target, wire.input))
            if new:
                outside[spot] = Wire(wire.source, wire.output, component, port)
                spot += 1
        elif out:
            result = (wire.source, wire.output)
            if result not in results:
                results[result] = _unique(wire.output, set(results.values()))
                inside.append(Wire(*result, "", results[result]))
            outside[spot] = Wire(component, results[result], wire.target, wire.input)
            spot += 1
        else:
            spot += 1
    return tuple(inside), tuple(outside.values()), tuple(outside)


def _spread_wires(
    document: Document, inner: Document, component: str, names: dict[str, str]
) -> tuple[tuple[Wire, ...], tuple[int, ...]]:
    """The wires that take the place of a component's, and at which places they stand."""
    feeds: dict[str, list[tuple[str, str]]] = {}
    for wire in document.wires:
        if wire.target == component and wire.source != component:
            feeds.setdefault(wire.input, []).append((wire.source, wire.output))

    def sources(wire: Wire) -> list[tuple[str, str]]:
        if wire.source == "":
            return feeds.get(wire.output, [])
        return [(names[wire.source], wire.output)] if wire.source in names else []

    spread: dict[int, Wire] = {}
    spot = 0
    for wire in document.wires:
        if wire.source == component and wire.target != component:
            ends = [e for w in inner.wires if w.target == "" and w.input == wire.output for e in sources(w)]
            for end in dict.fromkeys(ends):
                spread[spot] = Wire(*end, wire.target, wire.input)
                spot += 1
        elif wire.target != component:
            spot += 1
    for wire in inner.wires:
        if wire.target in names:
            for end in sources(wire):
                spread[spot] = Wire(*end, names[wire.target], wire.input)
                spot += 1
    return tuple(spread.values()), tuple(spread)


def _preset(block: NodeBlock, settings: dict[str, object] | None) -> NodeBlock:
    if not settings or block.kept is not None:
        return block
    changed: NodeBlock = block.with_(settings={**block.settings, **settings})
    return changed


def _middle(places: Iterable[Place]) -> Place | None:
    found = list(places)
    if not found:
        return None
    return round(sum(p[0] for p in found) / len(found)), round(sum(p[1] for p in found) / len(found))


def _moved_layout(inner: Document, names: dict[str, str], place: Place | None) -> dict[str, Place]:
    """Places as they were to each other, around where the component stood."""
    middle = _middle(inner.layout[one] for one in inner.nodes if one in inner.layout)
    x, y = (place[0] - middle[0], place[1] - middle[1]) if place and middle else (0, 0)
    moved: dict[str, Place] = {}
    for one, name in names.items():
        at = inner.layout.get(one)
        if at is not None:
            moved[name] = (at[0] + x, at[1] + y) if len(at) == 2 else (at[0] + x, at[1] + y, at[2], at[3])
    return moved


def _free_ids(document: Document, inner: Document, component: str) -> dict[str, str]:
    """The id outside for each id inside; the component's own becomes free."""
    names: dict[str, str] = {}
    used: set[str] = set()
    for one in (*inner.nodes, *inner.notes, *inner.frames):

        def taken(name: str, own: str = one) -> bool:
            outside = name != component and document.taken(name)
            return outside or name in used or (name != own and inner.has(name))

        names[one] = fresh_id(one, taken) if taken(one) else one
        used.add(names[one])
    return names


def _unique(name: str, used: set[str]) -> str:
    number = 2
    free = name
    while free in used:
        free = f"{name}_{number}"
        number += 1
    return free
