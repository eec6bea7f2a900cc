"""Columns added or dropped one by one, each choice by cross-validation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from peephole.core.errors import DataError, SettingError
from peephole.core.progress import advance, message
from peephole.core.types import Figure, Table
from peephole.figures.charts import lines
from peephole.nodes.mining._learning import chosen_features
from peephole.nodes.mining._rows import as_table, table_of
from peephole.nodes.mining._search import Plan
from peephole.nodes.mining._target import Task
from peephole.nodes.mining._validation import SMALLER, fold_scores, lesson, mean_of


@dataclass(frozen=True)
class Step:
    """One step on the way: the column that came or went (none for the start), those there then, and the measure."""

    column: str | None
    there: tuple[str, ...]
    value: float


def select(table: Table, plan: Plan, *, forward: bool, count: int | None, task: Task) -> tuple[Table, Table, Figure]:
    """The node's outputs in order."""
    names = chosen_features(table, plan.target, plan.features)
    if count is not None and count > len(names):
        raise SettingError(f"There are {len(names)} columns.", remedy="Ask for fewer.", setting="count")
    given = lesson(table, plan.target, plan.learner, task)
    measure = given.measure(plan.measure)
    sign = -1.0 if measure in SMALLER else 1.0
    of = given.folds(plan.folds, stratify=plan.stratify, seed=plan.seed)
    plan.teach(given, {})  # wrong settings show before anything is learnt

    def value(columns: Sequence[str]) -> float:
        teach = replace(plan, features=tuple(columns)).teach(given, {})
        try:
            mean, _ = mean_of(fold_scores(given, of, teach), measure)
        except DataError as error:
            if "no column to learn from" not in error.what:
                raise
            return -math.inf * sign  # the same in every row of some fold: it cannot be learnt from alone
        return -math.inf * sign if mean is None else mean

    steps = _forward(names, value, sign, count) if forward else _backward(names, value, sign, count)
    allowed = [s for s in steps if count is None or len(s.there) == count]
    # The first of equal ones forward, the last backward: fewer columns.
    best = max(reversed(allowed) if not forward else allowed, key=lambda s: sign * s.value)
    message(
        f"{len(best.there)} of {len(names)} columns are kept: {', '.join(best.there)} ({measure} {best.value:.4g})."
    )
    kept = [n for n in given.rows.column_names if n in best.there or n not in names]
    return as_table(given.rows.select(kept)), _table(steps, measure, forward), _figure(steps, measure, plan.target)


def _forward(names: Sequence[str], value: Any, sign: float, count: int | None) -> list[Step]:
    there: tuple[str, ...] = ()
    steps = []
    total = sum(len(names) - i for i in range(count or len(names)))
    done = 0
    while len(there) < (count or len(names)):
        tried = []
        for name in [n for n in names if n not in there]:
            tried.append(Step(name, (*there, name), value((*there, name))))
            done += 1
            advance(done, total, "Columns tried")
        best = max(tried, key=lambda s: sign * s.value)
        there = best.there
        steps.append(best)
    return steps


def _backward(names: Sequence[str], value: Any, sign: float, count: int | None) -> list[Step]:
    there = tuple(names)
    steps = [Step(None, there, value(there))]
    total = sum(len(names) - i for i in range(len(names) - (count or 1)))
    done = 0
    while len(there) > (count or 1):
        tried = []
        for name in there:
            left = tuple(n for n in there if n != name)
            tried.append(Step(name, left, value(left)))
            done += 1
            advance(done, total, "Columns tried")
        best = max(tried, key=lambda s: sign * s.value)
        there = best.there
        steps.append(best)
    return steps


def _table(steps: Sequence[Step], measure: str, forward: bool) -> Table:
    columns: dict[str, list[Any]] = {
        "step": list(range(1, len(steps) + 1)),
        "added" if forward else "dropped": [s.column for s in steps],
        "columns": [len(s.there) for s in steps],
        measure: [s.value if math.isfinite(s.value) else None for s in steps],
    }
    return table_of(columns, {("added" if forward else "dropped"): pa.string(), measure: pa.float64()})


def _figure(steps: Sequence[Step], measure: str, target: str) -> Figure:
    rows = sorted(((len(s.there), s.value) for s in steps if math.isfinite(s.value)), key=lambda r: r[0])
    data = pa.table(
        {
            "columns": pa.array([r[0] for r in rows], pa.int64()),
            measure: pa.array([r[1] for r in rows], pa.float64()),
        }
    )
    title = f"{measure[:1].upper()}{measure[1:]} for {target} with so many columns"
    return lines(data, x="columns", ys=[measure], kind="value", title=title, x_name="columns", y_name=measure)
