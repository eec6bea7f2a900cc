"""What each threshold would give: counts of right and wrong, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from peephole.core.errors import SettingError
from peephole.core.progress import message
from peephole.core.types import Figure, Table
from peephole.figures.charts import lines
from peephole.nodes.mining._probabilities import judged
from peephole.nodes.mining._rows import table_of, words

MOST_ROWS = 1000
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Tried:
    """At each threshold, from the highest: rows of the class taken and not, other rows taken and not, and the measures."""

    column: str
    label: str
    at: Floats
    hits: Floats
    misses: Floats
    alarms: Floats
    rejections: Floats
    cost: Floats

    @property
    def accuracy(self) -> Floats:
        """The share of rows that are right."""
        return (self.hits + self.rejections) / (self.hits + self.misses + self.alarms + self.rejections)

    @property
    def precision(self) -> Floats:
        """The share of the rows taken that are right; 1 where none is taken."""
        taken = self.hits + self.alarms
        return np.divide(self.hits, taken, out=np.ones_like(taken), where=taken > 0)

    @property
    def recall(self) -> Floats:
        """The share of the rows of the class that are taken."""
        return self.hits / (self.hits + self.misses)

    @property
    def f1(self) -> Floats:
        """The harmonic mean of precision and recall."""
        return 2 * self.hits / (2 * self.hits + self.alarms + self.misses)

    @property
    def balanced(self) -> Floats:
        """The mean of the shares right in both kinds of rows."""
        return (self.recall + self.rejections / (self.alarms + self.rejections)) / 2


def tried(
    table: Table, target: str, probability: str | None, positive: str | None, false_alarm: float, miss: float
) -> Tried:
    """Every different probability as threshold, and one above all of them."""
    found = judged(table, target, [probability] if probability else [], positive)
    if len(found.models) > 1:
        raise SettingError(
            f"There are {len(found.models)} columns with probabilities.", remedy="Choose one.", setting="probability"
        )
    ((model, shares),) = found.models.items()
    order = np.argsort(-shares, kind="stable")
    falling = shares[order]
    last = np.append(np.nonzero(np.diff(falling))[0], len(falling) - 1)
    hits = np.append(0.0, np.cumsum(found.positive[order])[last])
    alarms = np.append(0.0, last + 1.0) - hits
    above = max(1.0, float(np.nextafter(falling[0], np.inf)))
    positives, negatives = hits[-1], alarms[-1]
    misses, rejections = positives - hits, negatives - alarms
    cost = (alarms * false_alarm + misses * miss) / len(shares)
    return Tried(
        found.columns[model], found.label, np.append(above, falling[last]), hits, misses, alarms, rejections, cost
    )


def best(found: Tried, choose: str) -> float:
    """The threshold that is best at something; of equal ones, the one nearest to a half."""
    value = {
        "lowest cost": -found.cost,
        "highest F1": found.f1,
        "highest accuracy": found.accuracy,
        "highest balanced accuracy": found.balanced,
    }[choose]
    equal = np.flatnonzero(value >= value.max() - 1e-12)
    at = equal[np.argmin(np.abs(found.at[equal] - 0.5))]
    message(
        f"Taken for {found.label} from a probability of {found.at[at]:.4g}: cost {found.cost[at]:.4g} a row, "
        f"precision {found.precision[at]:.3f}, recall {found.recall[at]:.3f}."
    )
    return float(found.at[at])


def decide(table: Table, column: str, threshold: float, name: str) -> Table:
    """The table with the decision."""
    if name in words(table):
        raise SettingError(f"The table already has a column {name}.", remedy="Choose another name.", setting="name")
    share = nw.col(column)
    return table.with_columns((share >= threshold).alias(name))


def thresholds_table(found: Tried) -> Table:
    """One row for each threshold, at most about a thousand, the lowest first."""
    at = _thin(found)
    columns = {
        "threshold": found.at,
        "hits": found.hits,
        "misses": found.misses,
        "false alarms": found.alarms,
        "rejections": found.rejections,
        "cost": found.cost,
        "accuracy": found.accuracy,
        "balanced accuracy": found.balanced,
        "precision": found.precision,
        "recall": found.recall,
        "F1": found.f1,
    }
    counts = ("hits", "misses", "false alarms", "rejections")
    kinds = {n: pa.int64() if n in counts else pa.float64() for n in columns}
    return table_of(
        {n: v[at].astype(np.int64 if n in counts else np.float64).tolist() for n, v in columns.items()}, kinds
    )


def _thin(found: Tried) -> NDArray[np.int64]:
    """Places along the thresholds, rising, with the best of each measure among them."""
    count = len(found.at)
    some = np.unique(np.linspace(0, count - 1, min(count, MOST_ROWS)).astype(np.int64))
    special = [np.argmin(found.cost), np.argmax(found.f1), np.argmax(found.accuracy), np.argmax(found.balanced)]
    return np.unique(np.append(some, special))[::-1].astype(np.int64)


def figure(found: Tried, used: float, target: str) -> Figure:
    """The measures as lines over the threshold."""
    at = _thin(found)
    names = ("cost (share of the highest)", "F1", "accuracy")
    values = (found.cost / (found.cost.max() or 1.0), found.f1, found.accuracy)
    data = pa.table({"threshold": found.at[at], **{n: v[at] for n, v in zip(names, values, strict=True)}})
    made = lines(
        data,
        x="threshold",
        ys=names,
        kind="value",
        title=f"{target} = {found.label}: used from {used:.3g}",
        x_name="threshold",
        y_name="",
    )
    made.option["xAxis"] |= {"min": 0, "max": 1}
    for series in made.option["series"]:
        series["showSymbol"] = False
    return made
