"""Scoring predicted classes: counts come from the engine, only the columns of the curves are read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from peephole.core.errors import DataError, SettingError, listing
from peephole.core.progress import message
from peephole.core.types import Figure, Table
from peephole.figures.charts import heat, points
from peephole.nodes.mining._classes import Array, Roc, class_scores, log_loss, overall_scores, roc
from peephole.nodes.mining._names import label_text, probability_name
from peephole.nodes.mining._rows import known, read, table_of, words

MOST_CLASSES = 200
MOST_CURVES = 8
CURVE_POINTS = 400
_COUNT = "__count__"


@dataclass(frozen=True)
class Counts:
    """The classes that occur, as values of the target and as text, and how often each is taken for each."""

    values: list[Any]
    labels: list[str]
    confusion: Array


def count(table: Table, target: str, prediction: str) -> Counts:
    """Count the pairs of actual and predicted class. Raises DataError where there are none, or far too many."""
    if target == prediction:
        raise SettingError("The prediction is the target itself.", remedy="Choose two columns.", setting="prediction")
    pairs = table.select(nw.col(target), nw.col(prediction)).group_by(target, prediction).agg(nw.len().alias(_COUNT))
    found = pairs.head(MOST_CLASSES**2 + 1).collect("pyarrow").to_native().to_pylist()
    there = [f for f in found if not (_missing(f[target]) or _missing(f[prediction]))]
    lost = sum(f[_COUNT] for f in found) - sum(f[_COUNT] for f in there)
    if not there:
        raise DataError(
            f'No row has both "{target}" and "{prediction}".', remedy="Score a table that went through a predictor."
        )
    if lost:
        message(f"{lost} rows are left out: the target or the prediction is missing.")
    values = {label_text(f[name]): f[name] for name in (prediction, target) for f in there}
    labels = _ordered(values)
    if len(labels) > MOST_CLASSES:
        raise DataError(
            f"There are more than {MOST_CLASSES} different values.", remedy="Use Numeric score for numbers."
        )
    at = {text: i for i, text in enumerate(labels)}
    confusion = np.zeros((len(labels), len(labels)))
    for f in there:
        confusion[at[label_text(f[target])], at[label_text(f[prediction])]] += f[_COUNT]
    return Counts([values[text] for text in labels], labels, confusion)


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _ordered(values: dict[str, Any]) -> list[str]:
    """Numbers by size, everything else by its text."""
    if all(isinstance(v, int | float) for v in values.values()):
        return sorted(values, key=lambda text: values[text])
    return sorted(values)


def curves(
    table: Table, counts: Counts, target: str, prediction: str, chosen: Sequence[str], positive: str | None
) -> tuple[dict[str, Roc], float | None]:
    """The curve of each class that has probabilities (of two classes: the positive one), and the log loss."""
    drawn = _positive(counts.labels, positive)
    columns = _probability_columns(table, counts.labels, prediction, chosen, drawn)
    if not columns:
        message(f'There are no columns like "{probability_name(prediction, counts.labels[0])}": no ROC curve.')
        return {}, None
    rows = read(table, [target, *columns.values()])
    there = known(rows.column(target))
    for column in columns.values():
        there = pc.and_(there, known(rows.column(column)))
    rows = rows.filter(there)
    actual = _codes(rows.column(target), counts.values)
    shares = {text: pc.cast(rows.column(name), pa.float64()).to_numpy() for text, name in columns.items()}
    found = {
        text: roc(actual == counts.labels.index(text), shares[text]) for text in drawn if text in shares and len(actual)
    }
    complete = len(shares) == len(counts.labels) and len(actual) > 0
    loss = log_loss(actual, np.column_stack([shares[text] for text in counts.labels])) if complete else None
    return {text: curve for text, curve in found.items() if curve is not None}, loss


def _positive(labels: list[str], positive: str | None) -> list[str]:
    """The classes to draw a curve of: all, or the positive one of two."""
    if positive is not None and positive not in labels:
        raise SettingError(
            f'There is no class "{positive}".', remedy=f"Classes: {listing(labels)}.", setting="positive"
        )
    if positive is not None:
        return [positive]
    return labels[-1:] if len(labels) == 2 else labels


def _probability_columns(
    table: Table, labels: list[str], prediction: str, chosen: Sequence[str], drawn: list[str]
) -> dict[str, str]:
    """The column with the probability of each class."""
    if not chosen:
        there = words(table)
        names = {text: probability_name(prediction, text) for text in labels}
        return {text: name for text, name in names.items() if there.get(name) == "number"}
    if len(chosen) == 1 and len(drawn) == 1:
        return {drawn[0]: chosen[0]}
    found = {text: name for text in labels for name in chosen if name.endswith(f" P({text})") or name == text}
    if len(found) < len(chosen):
        raise SettingError(
            f"It is not clear which class each of {listing(chosen)} is of.",
            remedy="Name the columns like the classes, or as the predictor does: prediction P(class).",
            setting="probabilities",
        )
    return found


def _codes(column: pa.ChunkedArray, values: list[Any]) -> Any:
    kind = pa.string() if pa.types.is_dictionary(column.type) else column.type
    plain = pc.cast(column, kind)
    return pc.fill_null(pc.index_in(plain, value_set=pa.array(values).cast(kind)), -1).to_numpy().astype(np.int64)


def metrics_table(counts: Counts, found: dict[str, Roc], loss: float | None) -> Table:
    """One row for each overall score."""
    scores = {"rows": float(counts.confusion.sum()), **overall_scores(counts.confusion)}
    if found:
        name = "AUC" if len(found) == 1 else "AUC (macro, one against the rest)"
        scores[name] = float(np.mean([curve.auc for curve in found.values()]))
    if loss is not None:
        scores["log loss"] = loss
    return table_of({"metric": list(scores), "value": list(scores.values())})


def classes_table(counts: Counts, found: dict[str, Roc]) -> Table:
    """One row for each class."""
    each = class_scores(counts.confusion)
    aucs = [found[text].auc if text in found else None for text in counts.labels]
    return table_of(
        {
            "class": counts.labels,
            "rows": each.rows.astype(np.int64).tolist(),
            "precision": each.precision.tolist(),
            "recall": each.recall.tolist(),
            "F1": each.f1.tolist(),
            "AUC": aucs,
        },
        {"AUC": pa.float64()},
    )


def confusion_table(counts: Counts) -> Table:
    """One row for each actual class, one column for each predicted one."""
    whole = counts.confusion.astype(np.int64)
    columns = {f"predicted {text}": whole[:, i].tolist() for i, text in enumerate(counts.labels)}
    return table_of({"actual": counts.labels, **columns})


def confusion_figure(counts: Counts, title: str) -> Figure:
    """The confusion matrix, coloured by the share of each actual class."""
    labels, whole = counts.labels, counts.confusion
    shares = np.divide(
        whole, whole.sum(axis=1, keepdims=True), out=np.zeros_like(whole), where=whole.sum(axis=1, keepdims=True) > 0
    )
    wide = len(labels) <= 6
    cells = [(i, j) for i in range(len(labels)) for j in range(len(labels))]
    data = pa.table(
        {
            "predicted": [labels[j] for _, j in cells],
            "actual": [labels[i] for i, _ in cells],
            "share of the actual class": [float(shares[c]) for c in cells],
            "shown": [f"{whole[c]:,.0f} ({shares[c]:.0%})" if wide else f"{whole[c]:,.0f}" for c in cells],
            "rows": pa.array([int(whole[c]) for c in cells], pa.int64()),
        }
    )
    return heat(
        data,
        x="predicted",
        y="actual",
        value="share of the actual class",
        text="shown",
        xs=labels,
        ys=labels,
        title=title,
        x_name="predicted",
        y_name="actual",
        span=(0.0, 1.0),
        formats={"share of the actual class": "percent", "rows": "integer"},
    )


def roc_figure(counts: Counts, found: dict[str, Roc], title: str) -> Figure:
    """The curves, with the area under each."""
    commonest = sorted(found, key=lambda text: -counts.confusion[counts.labels.index(text)].sum())
    drawn = [text for text in found if text in commonest[:MOST_CURVES]]
    if len(drawn) < len(found):
        message(f"The ROC figure shows the {MOST_CURVES} most frequent of {len(found)} classes.")
    names = {text: f"{text} (AUC {found[text].auc:.3f})" for text in drawn}
    if len(names) == 1:
        title = f"{title} = {next(iter(names.values()))}"
    thin = {text: found[text].thinned(CURVE_POINTS) for text in drawn}
    empty: list[Any] = [np.empty(0)]
    data = pa.table(
        {
            "class": pa.array([names[t] for t in drawn for _ in thin[t].true_positive_rate], pa.string()),
            "false positive rate": np.concatenate([thin[t].false_positive_rate for t in drawn] or empty),
            "true positive rate": np.concatenate([thin[t].true_positive_rate for t in drawn] or empty),
        }
    )
    return points(
        data,
        x="false positive rate",
        y="true positive rate",
        groups=list(names.values()),
        group="class" if names else "",
        joined=True,
        diagonal=(0.0, 1.0),
        span=(0.0, 1.0),
        title=title if names else f"{title}: the table has no probabilities",
    )
