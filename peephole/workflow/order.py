"""Pure topology: the order in which nodes run, loops, what stands before and after a node, components opened out."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple, Protocol

from peephole.core.errors import DocumentError
from peephole.workflow.document import Document, NodeBlock, Wire, overrides


class Graph(Protocol):
    """Nodes by id, in document order, and wires; a Document and a FlatGraph are both."""

    @property
    def nodes(self) -> Mapping[str, Any]:
        """Nodes by id, in document order."""

    @property
    def wires(self) -> Iterable[Wire]:
        """The wires, in document order."""


@dataclass(frozen=True)
class FlatGraph:
    """A document with all components opened out: ids read `component/inner`, wires go from node to node."""

    nodes: dict[str, NodeBlock]
    wires: tuple[Wire, ...]

    @cached_property
    def incoming(self) -> dict[str, list[Wire]]:
        """The wires into each node, in document order."""
        found: dict[str, list[Wire]] = {node: [] for node in self.nodes}
        for wire in self.wires:
            found[wire.target].append(wire)
        return found

    @cached_property
    def outgoing(self) -> dict[str, list[Wire]]:
        """The wires out of each node, in document order."""
        found: dict[str, list[Wire]] = {node: [] for node in self.nodes}
        for wire in self.wires:
            found[wire.source].append(wire)
        return found


def order(graph: Graph) -> list[str]:
    """The nodes so that each comes after all it depends on; ties are broken by document order.

    Raises DocumentError that names the loop where there is one.
    """
    after, waiting = _successors(graph), dict.fromkeys(graph.nodes, 0)
    for targets in after.values():
        for target in targets:
            waiting[target] += 1
    ids = list(graph.nodes)
    place = {node: i for i, node in enumerate(ids)}
    ready = [place[node] for node, count in waiting.items() if count == 0]  # ascending, hence a heap
    done: list[str] = []
    while ready:
        node = ids[heapq.heappop(ready)]
        done.append(node)
        for target in after[node]:
            waiting[target] -= 1
            if waiting[target] == 0:
                heapq.heappush(ready, place[target])
    if len(done) < len(ids):
        raise DocumentError(
            f"The workflow has a loop: {' -> '.join(loops(graph)[0])}.", remedy="Disconnect one of its wires."
        )
    return done


def loops(graph: Graph) -> list[list[str]]:
    """One loop for each knot of nodes that depend on each other, as a path whose last node is its first again."""
    after = _successors(graph)
    return [_shortest_loop(knot, after) for knot in _knots(list(graph.nodes), after)]


def ancestors(graph: Graph, nodes: Iterable[str]) -> set[str]:
    """All that the given nodes depend on, themselves included."""
    return _reach(_reversed(_successors(graph)), nodes)


def descendants(graph: Graph, nodes: Iterable[str]) -> set[str]:
    """All that depends on the given nodes, themselves included."""
    return _reach(_successors(graph), nodes)


def flatten(document: Document) -> FlatGraph:
    """Open out all components, nested ones too. Wires that lead nowhere are left out: `check` reports them."""
    nodes: dict[str, NodeBlock] = {}
    links: dict[_End, list[_End]] = {}
    _open(document, "", {}, nodes, links)
    wires = [
        Wire(source.node, source.port, target.node, target.port)
        for target in links
        if target.kind == "node"
        for source in _sources(target, links)
    ]
    return FlatGraph(nodes, tuple(wires))


class _End(NamedTuple):
    """One end of a wire: a port of a node, or of a component's edge seen from either side."""

    node: str
    port: str
    kind: Literal["node", "in", "out"]


def _open(
    document: Document,
    prefix: str,
    given: Mapping[str, Any],
    nodes: dict[str, NodeBlock],
    links: dict[_End, list[_End]],
) -> None:
    """Collect the nodes of one level and the links between ports.  given: the settings of the component around it."""
    preset = overrides(document, given)
    for node, block in document.nodes.items():
        settings = {**block.settings, **preset[node]} if node in preset else block.settings
        if block.inside is None:
            nodes[prefix + node] = block if settings is block.settings else block.with_(settings=settings)
        else:
            _open(block.inside, f"{prefix}{node}/", settings, nodes, links)
    for wire in document.wires:
        source = _end(document, prefix, wire.source, wire.output, source=True)
        target = _end(document, prefix, wire.target, wire.input, source=False)
        if source is not None and target is not None:
            links.setdefault(target, []).append(source)


def _end(document: Document, prefix: str, node: str, port: str, *, source: bool) -> _End | None:
    """Where a wire starts or ends: at a node, or at an edge seen from inside (node "") or from outside (a component)."""
    if node == "":
        return _End(prefix[:-1], port, "in" if source else "out") if prefix else None
    block = document.nodes.get(node)
    if block is None:
        return None
    if block.inside is None:
        return _End(prefix + node, port, "node")
    return _End(prefix + node, port, "out" if source else "in")


def _sources(target: _End, links: Mapping[_End, list[_End]]) -> list[_End]:
    """The node ports that feed a port, through however many component edges, each once and in order."""
    found: list[_End] = []
    seen: set[_End] = set()
    stack = list(reversed(links.get(target, ())))
    while stack:
        end = stack.pop()
        if end in seen:
            continue
        seen.add(end)
        if end.kind == "node":
            found.append(end)
        else:
            stack.extend(reversed(links.get(end, ())))
    return found


def _successors(graph: Graph) -> dict[str, list[str]]:
    after: dict[str, list[str]] = {node: [] for node in graph.nodes}
    for wire in graph.wires:
        if wire.source in after and wire.target in after:
            after[wire.source].append(wire.target)
    return after


def _reversed(after: Mapping[str, list[str]]) -> dict[str, list[str]]:
    before: dict[str, list[str]] = {node: [] for node in after}
    for source, targets in after.items():
        for target in targets:
            before[target].append(source)
    return before


def _reach(edges: Mapping[str, list[str]], start: Iterable[str], within: Collection[str] | None = None) -> set[str]:
    """All that can be reached, the start included; only through nodes `within`, where that is given."""
    allowed = edges if within is None else within
    found = {node for node in start if node in allowed}
    stack = list(found)
    while stack:
        for other in edges[stack.pop()]:
            if other not in found and other in allowed:
                found.add(other)
                stack.append(other)
    return found


def _knots(ids: list[str], after: Mapping[str, list[str]]) -> list[list[str]]:
    """Groups of nodes that reach each other (Kosaraju, without recursion), in document order."""
    finished: list[str] = []
    seen: set[str] = set()
    for root in ids:
        stack = [] if root in seen else [(root, iter(after[root]))]
        seen.add(root)
        while stack:
            rest = stack[-1][1]
            step = next((t for t in rest if t not in seen), None)
            if step is None:
                finished.append(stack.pop()[0])
            else:
                seen.add(step)
                stack.append((step, iter(after[step])))
    place = {node: i for i, node in enumerate(ids)}
    before = _reversed(after)
    left = set(ids)
    knots: list[list[str]] = []
    for root in reversed(finished):
        if root in left:
            knot = _reach(before, [root], within=left)
            left -= knot
            if len(knot) > 1 or root in after[root]:
                knots.append(sorted(knot, key=place.__getitem__))
    return sorted(knots, key=lambda knot: place[knot[0]])


def _shortest_loop(knot: list[str], after: Mapping[str, Collection[str]]) -> list[str]:
    """The shortest way from the knot's first node back to itself."""
    start, inside = knot[0], set(knot)
    came: dict[str, str] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for target in after[node]:
            if target == start:
                path = [start, node]
                while path[-1] != start:
                    path.append(came[path[-1]])
                return path[::-1]
            if target in inside and target not in came:
                came[target] = node
                queue.append(target)
    raise AssertionError("unreachable: a knot has a loop through each of its nodes")
