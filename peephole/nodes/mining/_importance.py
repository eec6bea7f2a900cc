"""How much a model leans on each column: by shuffling the column, or as the estimator itself tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from peephole.core.errors import DataError
from peephole.core.progress import message, progress
from peephole.core.types import Figure, Model, Table
from peephole.figures.charts import bars
from peephole.nodes.mining._applying import class_type, matrix_of, require
from peephole.nodes.mining._classes import log_loss, roc
from peephole.nodes.mining._rows import known, read, table_of
from peephole.nodes.mining._threads import fitting_threads

MOST_BARS = 30


@dataclass(frozen=True)
class Importance:
    """For each column how important it is, and how much that varied.  unit: what the numbers are."""

    columns: list[str]
    values: list[float]
    deviations: list[float | None]
    unit: str

    def ordered(self) -> Importance:
        """The most important first; equal ones stay in the table's order."""
        order = sorted(range(len(self.columns)), key=lambda i: -self.values[i])
        pick = [(self.columns[i], self.values[i], self.deviations[i]) for i in order]
        return Importance([p[0] for p in pick], [p[1] for p in pick], [p[2] for p in pick], self.unit)


Score = Callable[[Any, Any, Any], float]


def _accuracy(estimator: Any, matrix: Any, actual: Any) -> float:
    return float((estimator.predict(matrix) == actual).mean())


def _auc(estimator: Any, matrix: Any, actual: Any) -> float:
    shares = estimator.predict_proba(matrix)
    classes = [1] if shares.shape[1] == 2 else range(shares.shape[1])
    found = [roc(actual == c, shares[:, c]) for c in classes]
    areas = [curve.auc for curve in found if curve is not None]
    if not areas:
        raise DataError("The rows hold one class only, so there is no AUC.", remedy="Choose another measure.")
    return float(np.mean(areas))


def _log_loss(estimator: Any, matrix: Any, actual: Any) -> float:
    return -log_loss(actual, estimator.predict_proba(matrix))


def _r2(estimator: Any, matrix: Any, actual: Any) -> float:
    variance = float(actual.var())
    if variance == 0:
        raise DataError("The target is always the same in these rows, so there is no R2.", remedy="Use other rows.")
    return 1 - float(((estimator.predict(matrix) - actual) ** 2).mean()) / variance


def _absolute(estimator: Any, matrix: Any, actual: Any) -> float:
    return -float(np.abs(estimator.predict(matrix) - actual).mean())


MEASURES: dict[str, dict[str, Score]] = {
    "classification": {"accuracy": _accuracy, "AUC": _auc, "log loss": _log_loss},
    "regression": {"R2": _r2, "mean absolute error": _absolute},
}


def permutation(
    table: Table, model: Model, *, target: str, measure: str, repeats: int, seed: int, rows: int
) -> Importance:
    """How much worse the model scores when a column is shuffled (Breiman 2001), over `repeats` shufflings."""
    scores = MEASURES[model.task]
    measure = next(iter(scores)) if measure == "auto" else measure
    if measure not in scores:
        raise DataError(f"{measure} does not fit a model for {model.task}.", remedy=f"Measures: {', '.join(scores)}.")
    sample, actual = _sample(table, model, target, rows, seed)
    with fitting_threads(len(actual)):
        if not hasattr(model.estimator, "steps"):  # made of several models: the columns themselves are shuffled
            losses = _shuffled_columns(
                model, sample, lambda rows: scores[measure](model.estimator, rows, actual), repeats, seed
            )
        else:
            matrix, sources, estimator = matrix_of(model, sample)
            losses = _shuffled(
                model, matrix, sources, lambda: scores[measure](estimator, matrix, actual), repeats, seed
            )
    unit = f"loss of {measure} when shuffled" if measure in ("accuracy", "AUC", "R2") else f"rise of {measure}"
    return Importance(list(model.features), losses.mean(axis=1).tolist(), losses.std(axis=1).tolist(), unit)


def _shuffled(
    model: Model, matrix: Any, sources: Sequence[str], score: Callable[[], float], repeats: int, seed: int
) -> Any:
    """What is lost by shuffling the matrix columns that come from one table column, for each column and repeat."""
    whole = score()
    places = {name: [i for i, source in enumerate(sources) if source == name] for name in model.features}
    losses = np.empty((len(places), repeats))
    jobs = [(f, r) for f in range(len(places)) for r in range(repeats)]
    streams = [np.random.default_rng([seed, f]) for f in range(len(places))]
    columns = list(places.values())
    for f, r in progress(jobs, "Shuffling columns"):
        kept = matrix[:, columns[f]].copy()
        matrix[:, columns[f]] = kept[streams[f].permutation(len(kept))]
        losses[f, r] = whole - score()
        matrix[:, columns[f]] = kept
    return losses


def _shuffled_columns(model: Model, rows: pa.Table, score: Callable[[pa.Table], float], repeats: int, seed: int) -> Any:
    """The same by shuffling the table's columns themselves."""
    whole = score(rows)
    names = list(model.features)
    losses = np.empty((len(names), repeats))
    streams = [np.random.default_rng([seed, f]) for f in range(len(names))]
    for f, r in progress([(f, r) for f in range(len(names)) for r in range(repeats)], "Shuffling columns"):
        order = pa.array(streams[f].permutation(rows.num_rows))
        at = rows.column_names.index(names[f])
        losses[f, r] = whole - score(rows.set_column(at, names[f], rows.column(at).take(order)))
    return losses


def built_in(model: Model) -> Importance:
    """What the fitted trees say: the share of all gains that came from splits on each column."""
    if not hasattr(model.estimator, "steps"):
        raise DataError(f"{model.title} has no importance of its own.", remedy="Set method to permutation.")
    prepare, estimator = model.estimator[0], model.estimator[-1]
    gains = _gains(estimator, len(prepare.sources()))
    total = gains.sum() or 1.0
    of_source = dict.fromkeys(model.features, 0.0)
    for source, gain in zip(prepare.sources(), gains, strict=True):
        of_source[source] += float(gain / total)
    return Importance(list(of_source), list(of_source.values()), [None] * len(of_source), "share of the gain")


def _gains(estimator: Any, width: int) -> Any:
    if hasattr(estimator, "feature_importances_"):
        return estimator.feature_importances_
    gains = np.zeros(width)
    for predictors in getattr(estimator, "_predictors", []):
        for predictor in predictors:
            splits = predictor.nodes[predictor.nodes["is_leaf"] == 0]
            np.add.at(gains, splits["feature_idx"], splits["gain"])
    if not hasattr(estimator, "_predictors"):
        raise DataError(
            f"{type(estimator).__name__} has no importance of its own.", remedy="Set method to permutation."
        )
    return gains


def _sample(table: Table, model: Model, target: str, most: int, seed: int) -> tuple[pa.Table, Any]:
    """Rows with a known target, at most so many, and the target as the estimator knows it."""
    require(model, table, *MEASURES)
    rows = read(table, [*model.features, target])
    rows = rows.filter(known(rows.column(target)))
    if rows.num_rows > most:
        message(f"A sample of {most} of {rows.num_rows} rows is used.")
        rows = rows.take(np.sort(np.random.default_rng(seed).choice(rows.num_rows, most, replace=False)))
    if rows.num_rows == 0:
        raise DataError(f'No row has a value in "{target}".', remedy="Use rows whose target is known.")
    try:
        values = pc.cast(rows.column(target), class_type(model), safe=False)
    except pa.ArrowException:
        raise DataError(
            f'"{target}" is of type {rows.column(target).type}, and the model learnt {model.notes["target_type"]}.',
            remedy="Choose the column that the model was learnt on.",
            setting="target",
        ) from None
    if model.task == "regression":
        return rows, values.to_numpy()
    codes = pc.index_in(values, value_set=pa.array(model.classes, class_type(model)))
    seen = pc.is_valid(codes)
    if pc.sum(pc.invert(seen)).as_py():
        message(f'{pc.sum(pc.invert(seen)).as_py()} rows are left out: the model never saw their class of "{target}".')
    if not pc.any(seen).as_py():
        raise DataError(
            f'No value of "{target}" is a class of the model.', remedy="Choose its target.", setting="target"
        )
    return rows.filter(seen), codes.filter(seen).to_numpy().astype(np.int64)


def importance_table(found: Importance) -> Table:
    """One row for each column, the most important first."""
    return table_of(
        {"feature": found.columns, "importance": found.values, "deviation": found.deviations},
        {"deviation": pa.float64()},
    )


def importance_figure(found: Importance, title: str) -> Figure:
    """The most important columns as bars."""
    if len(found.columns) > MOST_BARS:
        message(f"The figure shows the {MOST_BARS} most important of {len(found.columns)} columns.")
    data = pa.table({"feature": found.columns[:MOST_BARS], found.unit: found.values[:MOST_BARS]})
    return bars(data, x="feature", ys=[found.unit], title=title, x_name="", y_name=found.unit, horizontal=True)
