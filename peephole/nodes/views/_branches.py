"""A fitted tree read into branches with words, drawn, and written out as rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from peephole.core.errors import DataError, SettingError
from peephole.core.types import Figure, Model, Table
from peephole.figures.palette import SEQUENTIAL, colours_for
from peephole.figures.text import cut, short
from peephole.figures.trees import tree
from peephole.nodes.mining._names import label_text
from peephole.nodes.mining._rows import table_of

ROOM, LETTER = 690, 6.4  # for the boxes from left to right, and of a letter, in points of the screen
LEAF = -1


@dataclass
class Branch:
    """One node of a tree.

    words: what leads here from its parent.  whole: the same, saying where rows without a value go.
    shares: of the classes; empty for numbers.
    """

    words: str
    whole: str
    rows: int
    prediction: str
    shares: list[float]
    value: float
    children: list[Branch] = field(default_factory=list)


@dataclass(frozen=True)
class Tree:
    """A whole tree.  classes: as text; empty where numbers are predicted."""

    root: Branch
    target: str
    title: str
    classes: list[str]


def read_tree(model: Model, number: int) -> Tree:
    """The tree of a model. Raises DataError for a model that is no tree, SettingError for a tree that is not there."""
    estimator: Any = model.estimator[-1] if hasattr(model.estimator, "steps") else None
    trees = list(getattr(estimator, "estimators_", [])) if hasattr(estimator, "estimators_") else [estimator]
    trees = [t for t in trees if hasattr(t, "tree_")]
    if not trees:
        raise DataError(
            f"{model.title or 'The model'} is no tree that can be drawn.",
            remedy="Connect the model of a decision tree or a random forest.",
        )
    if number > len(trees):
        raise SettingError(f"There are {len(trees)} trees.", remedy="Choose one of them.", setting="number")
    classes = [label_text(c) for c in model.classes]
    reader = _Reader(trees[number - 1].tree_, model.estimator[0], classes)
    which = f", tree {number} of {len(trees)}" if len(trees) > 1 else ""
    return Tree(reader.branch(0, ("all rows", "all rows")), model.target or "", f"{model.title}{which}", classes)


@dataclass(frozen=True)
class _Reader:
    fitted: Any
    prepare: Any
    classes: list[str]

    def branch(self, at: int, words: tuple[str, str]) -> Branch:
        """The node of this number and all below it."""
        value = self.fitted.value[at][0]
        shares = (value / value.sum()).tolist() if self.classes else []
        said = self.classes[int(np.argmax(value))] if self.classes else short(float(value[0]))
        found = Branch(*words, int(self.fitted.n_node_samples[at]), said, shares, float(value[0]))
        ways = (int(self.fitted.children_left[at]), int(self.fitted.children_right[at]))
        if ways[0] != LEAF:
            found.children = [self.branch(way, words) for way, words in zip(ways, self._words(at), strict=True)]
        return found

    def _words(self, at: int) -> list[tuple[str, str]]:
        """The question of a node, answered yes and no; each briefly, and with the way of rows without a value."""
        place, limit = int(self.fitted.feature[at]), float(self.fitted.threshold[at])
        name = self.prepare.names()[place]
        if place >= self.prepare.categorical_:
            sides = [f"{name} ≤ {_number(limit)}", f"{name} > {_number(limit)}"]
        else:
            column = self.prepare.columns_[place]
            codes = list(zip(column["codes"], column["categories"], strict=True))
            parts = [[t for code, t in codes if code <= limit], [t for code, t in codes if code > limit]]
            if column["other"] is not None:
                parts[int(column["other"] > limit)].append("others")
            sides = [f"{name}: {', '.join(part)}" for part in parts]
        gap = 0 if self.fitted.missing_go_to_left[at] else 1
        return [(side, f"{side} or missing" if i == gap else side) for i, side in enumerate(sides)]


def _number(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 1e5 else f"{value:,.0f}"


def figure(found: Tree, depth: int, title: str) -> Figure:
    """The tree down to some depth."""
    spread = [b.value for b, _ in _all(found.root)]
    colours = dict(zip(found.classes, colours_for(found.classes, found.target), strict=True))
    rows: list[dict[str, Any]] = []
    count = itertools.count()
    letters = max(12, min(34, int(ROOM / min(depth, _depth(found.root)) / LETTER) - 5)) if found.root.children else 34

    def drawn(one: Branch, level: int, parent: int | None) -> dict[str, Any]:
        me = next(count)
        rows.append({"node": me, "parent": parent, "rule": one.words, "rows": one.rows, "prediction": one.prediction})
        colour = _colour(one, found.classes, colours, (min(spread), max(spread)))
        hidden = bool(one.children) and level >= depth
        lines = [*_lines(one, found.classes, letters), *([f"… {_size(one)} leaves below"] if hidden else [])]
        children = [] if hidden else [drawn(child, level + 1, me) for child in one.children]
        return {"name": f"{me}", "lines": lines, "colour": colour, "ink": _ink(colour), "children": children}

    root = drawn(found.root, 0, None)
    deepest, leaves, highest = _extent(root, 0)
    kinds = {
        "node": pa.int64(),
        "parent": pa.int64(),
        "rule": pa.string(),
        "rows": pa.int64(),
        "prediction": pa.string(),
    }
    data = pa.table({n: pa.array([r[n] for r in rows], k) for n, k in kinds.items()})
    return tree(root, data, title=title or found.title, leaves=leaves, depth=deepest, lines=highest)


def _lines(one: Branch, classes: Sequence[str], letters: int) -> list[str]:
    said = f"{cut(one.prediction, 14)} {max(one.shares):.0%}" if classes else f"mean {one.prediction}"
    return [cut(one.words, letters), f"{said} · {one.rows:,} row{'s' if one.rows != 1 else ''}"]


def _extent(one: dict[str, Any], level: int) -> tuple[int, int, int]:
    """The deepest level, how many leaves, and the most lines in a box."""
    below = [_extent(child, level + 1) for child in one["children"]]
    if not below:
        return level, 1, len(one["lines"])
    return max(b[0] for b in below), sum(b[1] for b in below), max(len(one["lines"]), *(b[2] for b in below))


def _depth(one: Branch) -> int:
    return 1 + max(_depth(child) for child in one.children) if one.children else 0


def _size(one: Branch) -> int:
    return sum(_size(child) for child in one.children) if one.children else 1


def _colour(one: Branch, classes: Sequence[str], colours: dict[str, str], span: tuple[float, float]) -> str:
    if not classes:
        low, high = span
        return SEQUENTIAL[1 + round((one.value - low) / ((high - low) or 1.0) * (len(SEQUENTIAL) - 3))]
    sure = (max(one.shares) - 1 / len(classes)) / (1 - 1 / len(classes)) if len(classes) > 1 else 1.0
    return _mixed(colours[one.prediction], 0.15 + 0.6 * sure)


def _mixed(colour: str, share: float) -> str:
    """A colour on white."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(255 + (p - 255) * share):02X}" for p in parts)


def _ink(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return "#111111" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "#FFFFFF"


def _all(one: Branch, way: tuple[str, ...] = ()) -> Iterator[tuple[Branch, tuple[str, ...]]]:
    yield one, way
    for child in one.children:
        yield from _all(child, (*way, child.whole))


def rules(found: Tree) -> Table:
    """One row for each leaf."""
    leaves = [(one, way) for one, way in _all(found.root) if not one.children]
    leaves.sort(key=lambda pair: -pair[0].rows)
    columns: dict[str, list[Any]] = {
        "rule": [" and ".join(way) or "all rows" for _, way in leaves],
        "rows": [one.rows for one, _ in leaves],
        "prediction": [one.prediction if found.classes else one.value for one, _ in leaves],
    }
    if found.classes:
        columns["share"] = [max(one.shares) for one, _ in leaves]
    return table_of(columns)
