"""Which column a box stands in and in which order from top to bottom: the first half of a layered drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Edge = tuple[str, str]
Item = str | tuple[int, int]  # a box, or the place where wire i passes through column j
SWEEPS = 8


def ranks(ids: Sequence[str], edges: Iterable[Edge]) -> dict[str, int]:
    """The column of each box: right of everything it reads from; a box that reads nothing stands just before its first reader.

    Wires that would close a circle are left out of account, so that a faulty document can be drawn too.
    """
    forward = _without_circles(ids, edges)
    before: dict[str, list[str]] = {i: [] for i in ids}
    after: dict[str, list[str]] = {i: [] for i in ids}
    for source, target in forward:
        before[target].append(source)
        after[source].append(target)
    result: dict[str, int] = {}
    for box in _in_order(ids, before):
        result[box] = max((result[b] + 1 for b in before[box]), default=0)
    for box in ids:
        if not before[box] and after[box]:
            result[box] = min(result[a] for a in after[box]) - 1
    lowest = min(result.values(), default=0)
    return {box: rank - lowest for box, rank in result.items()}


def _without_circles(ids: Sequence[str], edges: Iterable[Edge]) -> list[Edge]:
    """The edges, less those that lead back to a box on the way to them (depth first, in document order)."""
    after: dict[str, list[str]] = {i: [] for i in ids}
    for source, target in dict.fromkeys(edges):
        if source in after and target in after and source != target:
            after[source].append(target)
    kept: list[Edge] = []
    state: dict[str, int] = {}
    for start in ids:
        if start in state:
            continue
        state[start] = 1
        way = [(start, iter(after[start]))]
        while way:
            box, rest = way[-1]
            step = next(rest, None)
            if step is None:
                state[box] = 2
                way.pop()
            elif state.get(step) != 1:
                kept.append((box, step))
                if step not in state:
                    state[step] = 1
                    way.append((step, iter(after[step])))
    return kept


def _in_order(ids: Sequence[str], before: Mapping[str, Sequence[str]]) -> list[str]:
    """Each box after everything it reads from, ties in document order."""
    placed: dict[str, None] = {}
    waiting = list(ids)
    while waiting:
        ready = [i for i in waiting if all(b in placed for b in before[i])]
        placed.update(dict.fromkeys(ready))
        waiting = [i for i in waiting if i not in placed]
    return list(placed)


def order(columns: Sequence[Sequence[Item]], links: Sequence[tuple[Item, Item]]) -> list[list[Item]]:
    """The columns with their items reordered so that few wires cross (mean position of the neighbours, swept both ways)."""
    left: dict[Item, list[Item]] = {}
    right: dict[Item, list[Item]] = {}
    for a, b in links:
        right.setdefault(a, []).append(b)
        left.setdefault(b, []).append(a)
    current = [list(c) for c in columns]
    best, fewest = current, crossings(current, links)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        current = _swept(current, left if forward else right, forward)
        count = crossings(current, links)
        if count < fewest:
            best, fewest = current, count
    return best


def _swept(columns: list[list[Item]], neighbours: Mapping[Item, list[Item]], forward: bool) -> list[list[Item]]:
    result = [list(c) for c in columns]
    at = {item: i for column in result for i, item in enumerate(column)}
    for column in result if forward else reversed(result):
        means = {item: _mean([at[n] for n in neighbours.get(item, ())], at[item]) for item in column}
        column.sort(key=means.__getitem__)
        at.update({item: i for i, item in enumerate(column)})
    return result


def _mean(values: list[int], otherwise: int) -> float:
    return sum(values) / len(values) if values else otherwise


def crossings(columns: Sequence[Sequence[Item]], links: Sequence[tuple[Item, Item]]) -> int:
    """How many pairs of wires between neighbouring columns cross."""
    column_of = {item: c for c, column in enumerate(columns) for item in column}
    at = {item: i for column in columns for i, item in enumerate(column)}
    between: dict[int, list[tuple[int, int]]] = {}
    for a, b in links:
        between.setdefault(column_of[a], []).append((at[a], at[b]))
    return sum(
        1
        for pairs in between.values()
        for i, (a, b) in enumerate(pairs)
        for c, d in pairs[i + 1 :]
        if (a - c) * (b - d) < 0
    )
