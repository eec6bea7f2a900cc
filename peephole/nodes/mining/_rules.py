"""Frequent sets of items, depth first over bits (Zaki 2000, "Eclat"), and the rules that they make.

The sets are those of apriori and FP-growth. A library was judged and left: mlxtend needs pandas, with a column for every
item, changes the process's warnings when imported and cannot be stopped; with its own tables made it was no faster.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from peephole.core.errors import DataError
from peephole.core.progress import advance, message
from peephole.core.types import Figure, Table
from peephole.figures.charts import points
from peephole.figures.palette import STEPS
from peephole.nodes.mining._baskets import Baskets, Bits
from peephole.nodes.mining._rows import table_of

MOST_SETS = 1_000_000
MOST_POINTS = 4000
JOIN = ", "
Items = tuple[int, ...]


@dataclass(frozen=True)
class Sets:
    """The frequent sets, each with the number of baskets that hold it, by their items' places in `names`."""

    baskets: int
    names: list[str]
    counts: dict[Items, int]


@dataclass(frozen=True)
class Rule:
    """Who has `given` has `then` too.  Shares of all baskets: support, and those of both parts."""

    given: str
    then: str
    support: float
    of_given: float
    of_then: float

    @property
    def confidence(self) -> float:
        """The share of the baskets with the first part that hold the second."""
        return self.support / self.of_given

    @property
    def lift(self) -> float:
        """How many times likelier the second part is where the first is there."""
        return self.confidence / self.of_then

    @property
    def leverage(self) -> float:
        """How much more often both are together than if they had nothing to do with each other."""
        return self.support - self.of_given * self.of_then

    @property
    def conviction(self) -> float:
        """How many times more often the rule would be wrong by chance; infinite where it is never wrong."""
        wrong = 1 - self.confidence
        return (1 - self.of_then) / wrong if wrong > 0 else math.inf


def frequent(baskets: Baskets, support: float, size: int) -> Sets:
    """Every set of at most `size` items that this share of the baskets holds."""
    least = max(1, math.ceil(support * baskets.count - 1e-9))
    single = np.bitwise_count(baskets.bits).sum(axis=1, dtype=np.int64)
    kept = [int(i) for i in np.argsort(single, kind="stable") if single[i] >= least]  # the rarest first: small branches
    counts: dict[Items, int] = {(i,): int(single[i]) for i in kept}
    for at, first in enumerate(kept):
        advance(at, len(kept), "Items")
        if size > 1:
            _grow(
                (first,),
                baskets.bits[first],
                np.array(kept[at + 1 :], dtype=np.int64),
                baskets.bits,
                least,
                size,
                counts,
            )
        if len(counts) > MOST_SETS:
            raise DataError(
                f"There are more than {MOST_SETS} frequent sets.", remedy="Raise support, or lower size.",
                setting="support",
            )  # fmt: skip
    message(f"{baskets.count} baskets, {len(baskets.items)} items, {len(counts)} frequent sets.")
    return Sets(baskets.count, baskets.items, {tuple(sorted(items)): n for items, n in counts.items()})


def _grow(items: Items, held: Bits, others: Bits, bits: Bits, least: int, size: int, counts: dict[Items, int]) -> None:
    """Add the sets that begin with `items`, which these baskets hold, and go on with any of the others."""
    if not len(others):
        return
    together = bits[others] & held
    known = np.bitwise_count(together).sum(axis=1, dtype=np.int64)
    there = np.flatnonzero(known >= least)
    counts.update({(*items, int(others[i])): int(known[i]) for i in there})
    if len(items) + 1 >= size or len(counts) > MOST_SETS:
        return
    for at, i in enumerate(there[:-1]):
        _grow((*items, int(others[i])), together[i], others[there[at + 1 :]], bits, least, size, counts)


def rules_of(sets: Sets, confidence: float, lift: float, one: bool) -> list[Rule]:
    """The rules that the sets make, those with the highest lift first.  one: with one item in the second part."""
    found = [rule for items, count in sets.counts.items() for rule in _from_set(sets, items, count, one)]
    kept = [r for r in found if r.confidence >= confidence - 1e-12 and r.lift >= lift - 1e-12]
    return sorted(kept, key=lambda r: (-r.lift, -r.support, r.given, r.then))


def _from_set(sets: Sets, items: Items, count: int, one: bool) -> list[Rule]:
    sizes = range(1, 2 if one else len(items)) if len(items) > 1 else ()
    made = []
    for size in sizes:
        for then in itertools.combinations(items, size):
            given = tuple(i for i in items if i not in then)
            shares = (count / sets.baskets, sets.counts[given] / sets.baskets, sets.counts[then] / sets.baskets)
            made.append(Rule(_named(sets.names, given), _named(sets.names, then), *shares))
    return made


def _named(names: Sequence[str], items: Items) -> str:
    return JOIN.join(sorted(names[i] for i in items))


def rules_table(rules: Sequence[Rule]) -> Table:
    """One row for each rule."""
    measures = ("support", "confidence", "lift", "leverage", "conviction")
    values = {m: [v if math.isfinite(v := getattr(r, m)) else None for r in rules] for m in measures}
    columns: dict[str, Sequence[Any]] = {
        "given": [r.given for r in rules],
        "follows": [r.then for r in rules],
        **values,
    }
    return table_of(columns, {n: pa.string() if n in ("given", "follows") else pa.float64() for n in columns})


def sets_table(sets: Sets) -> Table:
    """One row for each frequent set, the most frequent first."""
    rows = sorted(
        ((n, _named(sets.names, items), len(items)) for items, n in sets.counts.items()), key=lambda r: (-r[0], r[1])
    )
    columns: dict[str, Sequence[Any]] = {
        "items": [r[1] for r in rows],
        "size": [r[2] for r in rows],
        "baskets": [r[0] for r in rows],
        "support": [r[0] / sets.baskets for r in rows],
    }
    kinds = {"items": pa.string(), "size": pa.int64(), "baskets": pa.int64(), "support": pa.float64()}
    return table_of(columns, kinds)


def figure(rules: Sequence[Rule]) -> Figure:
    """A point for each rule, darker with a higher lift."""
    if len(rules) > MOST_POINTS:
        message(f"The figure shows the {MOST_POINTS} rules with the highest lift.")
    drawn = list(rules[:MOST_POINTS])
    edges = np.unique(np.quantile([r.lift for r in drawn], [0, 0.25, 0.5, 0.75, 1])) if drawn else np.array([0.0])
    names = [f"lift {a:.2f} to {b:.2f}" for a, b in itertools.pairwise(edges)] or [f"lift {edges[0]:.2f}"]
    at = np.clip(np.searchsorted(edges, [r.lift for r in drawn], side="right") - 1, 0, len(names) - 1)
    data = pa.table(
        {
            "support": pa.array([r.support for r in drawn], pa.float64()),
            "confidence": pa.array([r.confidence for r in drawn], pa.float64()),
            "lift": pa.array([names[i] for i in at], pa.string()),
            "rule": pa.array([f"{r.given} → {r.then}" for r in drawn], pa.string()),
        }
    )
    colours = [STEPS[round(i * (len(STEPS) - 1) / max(1, len(names) - 1))] for i in range(len(names))]
    there = [i for i in range(len(names)) if i in set(at)]
    made = points(
        data,
        x="support",
        y="confidence",
        title=f"{len(rules)} rules: support, confidence and lift",
        groups=[names[i] for i in there],
        group="lift" if there else "",
        colours=[colours[i] for i in there],
    )
    for series in made.option["series"]:
        series["encode"]["tooltip"] = ["rule", "support", "confidence"]
    return made
