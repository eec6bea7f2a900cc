"""Scores of single columns against a target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.feature_selection import f_classif, f_regression, mutual_info_classif, mutual_info_regression

from peephole.core.errors import SettingError
from peephole.core.progress import message, progress
from peephole.core.types import Figure, Table
from peephole.figures.charts import bars
from peephole.nodes.mining._learning import chosen_features
from peephole.nodes.mining._preparation import TableMatrix
from peephole.nodes.mining._rows import as_table, read_all, table_of
from peephole.nodes.mining._target import Target, Task, encode_target, with_target

MOST_BARS = 30
Floats = NDArray[np.floating[Any]]
Scored = tuple[float, float | None]  # score, p


def rank(
    table: Table,
    target: str,
    features: Sequence[str],
    *,
    by: str,
    keep: int | None,
    task: Task,
    categories: int,
    seed: int,
) -> tuple[Table, Table, Figure]:
    """The node's outputs in order."""
    chosen = chosen_features(table, target, features)
    rows = with_target(read_all(table), target)
    wanted = encode_target(rows.column(target), target, task)
    if wanted.task == "regression" and by in ("chi-square", "information gain", "Gini"):
        raise SettingError(f"{by} is for classes.", remedy="Choose mutual information or F test.", setting="by")
    preparation = TableMatrix(most=categories)
    matrix = preparation.fit_transform(rows, wanted.values, classes=len(wanted.classes), columns=chosen)
    if preparation.left_out_:
        message(f"Not ranked: {', '.join(f'{n} ({why})' for n, why in preparation.left_out_.items())}.")
    sources = preparation.sources()
    found: dict[str, Scored] = {}
    for name in progress(list(preparation.features), "Columns"):
        places = [i for i, source in enumerate(sources) if source == name]
        scored = [_score(matrix[:, i], i < preparation.categorical_, wanted, by, seed) for i in places]
        found[name] = max(scored, key=lambda s: s[0])  # a date has several parts: the best of them
    order = sorted(found, key=lambda n: -found[n][0])
    ranking = table_of(
        {"feature": order, "score": [found[n][0] for n in order], "p": [found[n][1] for n in order]},
        {"score": pa.float64(), "p": pa.float64()},
    )
    best = set(order[:keep])
    kept = [n for n in rows.column_names if n in best or n not in chosen]
    return ranking, as_table(rows.select(kept)), _figure(order, found, by, target)


def _score(values: Floats, categorical: bool, wanted: Target, by: str, seed: int) -> Scored:
    """The score of one column; missing numbers are left out, a missing category is one of its own."""
    actual = np.asarray(wanted.values)
    if categorical:
        values = np.where(np.isnan(values), np.nanmax(values) + 1, values)
    there = ~np.isnan(values)
    values, actual = values[there], actual[there]
    if len(actual) < 4 or values.min() == values.max() or actual.min() == actual.max():
        return 0.0, None
    return _SCORES[by](values, actual, categorical, wanted, seed)


def _mutual(values: Floats, actual: Any, categorical: bool, wanted: Target, seed: int) -> Scored:
    measure = mutual_info_regression if wanted.task == "regression" else mutual_info_classif
    neighbours = min(3, len(actual) - 1)
    found = measure(
        values.reshape(-1, 1), actual, discrete_features=categorical, n_neighbors=neighbours, random_state=seed
    )
    return float(found[0]), None


def _test(values: Floats, actual: Any, categorical: bool, wanted: Target, _seed: int) -> Scored:
    if wanted.task == "regression" and categorical:
        # The groups are the column's; the numbers are the target's.
        statistic, p = f_classif(actual.reshape(-1, 1), values)
    elif wanted.task == "regression":
        statistic, p = f_regression(values.reshape(-1, 1), actual)
    elif categorical:
        return _chi_square(values, actual, categorical, wanted, _seed)
    else:
        statistic, p = f_classif(values.reshape(-1, 1), actual)
    return _finite(float(statistic[0])), float(p[0])


def _chi_square(values: Floats, actual: Any, categorical: bool, _wanted: Target, _seed: int) -> Scored:
    from peephole.nodes.statistics.counts import chi_square

    if not categorical:  # in four ranges with as many rows
        values = np.searchsorted(np.unique(np.quantile(values, [0.25, 0.5, 0.75])), values).astype(np.float64)
    codes, classes = (np.unique(v, return_inverse=True)[1] for v in (values, actual))
    counts = np.zeros((codes.max() + 1, classes.max() + 1))
    np.add.at(counts, (codes, classes), 1)
    tested = chi_square([[int(n) for n in row] for row in counts], yates=False)
    return float(tested.get("chi_square", 0.0)), tested.get("p")


def _gain(impurity: Callable[[Floats], Floats]) -> Callable[..., Scored]:
    def best_cut(values: Floats, actual: Any, categorical: bool, _wanted: Target, _seed: int) -> Scored:
        counted = np.zeros((len(values), int(actual.max()) + 1))
        counted[np.arange(len(values)), actual.astype(np.int64)] = 1
        if categorical:
            codes = np.unique(values, return_inverse=True)[1]
            parts = np.zeros((codes.max() + 1, counted.shape[1]))
            np.add.at(parts, codes, counted)
            inside = (impurity(parts) * parts.sum(axis=1)).sum() / len(values)
            return float(impurity(counted.sum(axis=0, keepdims=True))[0] - inside), None
        order = np.argsort(values, kind="stable")
        below = np.cumsum(counted[order], axis=0)
        ends = np.flatnonzero(np.diff(values[order]))  # a cut lies between different values
        left, right = below[ends], below[-1] - below[ends]
        inside = (impurity(left) * left.sum(axis=1) + impurity(right) * right.sum(axis=1)) / len(values)
        return float(impurity(below[-1:])[0] - inside.min()), None

    return best_cut


def _entropy(counts: Floats) -> Floats:
    shares = counts / counts.sum(axis=1, keepdims=True)
    found: Floats = -(shares * np.log2(np.where(shares > 0, shares, 1.0))).sum(axis=1)
    return found


def _gini(counts: Floats) -> Floats:
    found: Floats = 1 - ((counts / counts.sum(axis=1, keepdims=True)) ** 2).sum(axis=1)
    return found


def _finite(value: float) -> float:
    return value if np.isfinite(value) else float(np.finfo(np.float64).max)


_SCORES: dict[str, Callable[..., Scored]] = {
    "mutual information": _mutual,
    "F test": _test,
    "chi-square": _chi_square,
    "information gain": _gain(_entropy),
    "Gini": _gain(_gini),
}


def _figure(order: Sequence[str], found: dict[str, Scored], by: str, target: str) -> Figure:
    shown = order[:MOST_BARS]
    data = pa.table({"feature": pa.array(shown, pa.string()), by: pa.array([found[n][0] for n in shown], pa.float64())})
    return bars(
        data, x="feature", ys=[by], title=f"What tells of {target}: {by}", x_name="", y_name=by, horizontal=True
    )
