"""What a learner learns: a column of classes or of numbers, decided by its type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from peephole.core.errors import DataError
from peephole.core.progress import message
from peephole.core.schema import ColumnType
from peephole.nodes.mining._features import Codes, Floats
from peephole.nodes.mining._reading import Rows
from peephole.nodes.mining._rows import known, word_of

Task = Literal["auto", "classification", "regression"]
FEW_INTEGERS = 10
MANY_CLASSES = 100


@dataclass(frozen=True)
class Target:
    """The target's values: class codes into `classes`, or numbers."""

    task: Literal["classification", "regression"]
    values: Floats | Codes
    classes: list[Any]
    word: ColumnType


def with_target(rows: Rows, target: str) -> Any:
    """The rows whose target is known. Raises DataError where there are none."""
    if rows.num_rows == 0:
        raise DataError("There are no rows to learn from.", remedy="Look at the node before this one.")
    there = known(rows.column(target))
    count = pc.sum(there).as_py() or 0
    if count == 0:
        raise DataError(f'The target "{target}" has no values.', remedy="Choose another target.", setting="target")
    if count == rows.num_rows:
        return rows
    message(f'{rows.num_rows - count} of {rows.num_rows} rows are left out: their "{target}" is missing.')
    return rows.filter(there)


def encode_target(column: pa.ChunkedArray, name: str, task: Task) -> Target:
    """The target's values, none missing, as what it is learnt as. Raises DataError where that cannot be."""
    word = word_of(column.type)
    if word not in ("text", "boolean", "integer", "number"):
        raise DataError(
            f'The target "{name}" is of type {word}, which cannot be learnt.',
            remedy="Choose a column of text, booleans or numbers.",
            setting="target",
        )
    if task == "auto":
        task = _task(column, name, word)
    if task == "regression":
        return Target("regression", _numbers(column, name, word), [], word)
    codes, classes = _classes(column, word)
    _check_classes(classes, len(codes), name)
    return Target("classification", codes, classes, word)


def _task(column: pa.ChunkedArray, name: str, word: ColumnType) -> Literal["classification", "regression"]:
    if word == "integer":
        different = pc.count_distinct(column).as_py()
        task: Literal["classification", "regression"] = "classification" if different <= FEW_INTEGERS else "regression"
        message(
            f'"{name}" has {different} different whole numbers and is learnt as '
            f"{'classes' if task == 'classification' else 'a number'}; the setting task decides otherwise."
        )
        return task
    return "regression" if word == "number" else "classification"


def _numbers(column: pa.ChunkedArray, name: str, word: ColumnType) -> Floats:
    if word not in ("integer", "number"):
        raise DataError(
            f'The target "{name}" is of type {word}, and regression learns numbers.',
            remedy="Set task to classification, or choose a numeric target.",
            setting="task",
        )
    values: Floats = pc.cast(column, pa.float64(), safe=False).to_numpy()
    if np.isinf(values).any():
        raise DataError(f'The target "{name}" has infinite values.', remedy="Filter them out.", setting="target")
    if len(values) < 2:
        raise DataError("There is one row to learn from.", remedy="A number can be learnt from two rows or more.")
    if values.min() == values.max():
        message(f'The target "{name}" is always {values[0]:g}: there is nothing to learn.', "warning")
    return values


def _classes(column: pa.ChunkedArray, word: ColumnType) -> tuple[Codes, list[Any]]:
    plain = {"integer": pa.int64(), "number": pa.float64(), "text": pa.string(), "boolean": pa.bool_()}[word]
    values = pc.cast(column, plain, safe=False)
    labels = sorted(pc.unique(values).to_pylist())
    codes = pc.index_in(values, value_set=pa.array(labels, plain)).to_numpy()
    return codes.astype(np.int64), labels


def _check_classes(classes: list[Any], rows: int, name: str) -> None:
    if len(classes) < 2:
        raise DataError(
            f'The target "{name}" has one class only: {classes[0]!r}.',
            remedy="Learning to tell classes apart needs rows of two or more. Is a filter too strict?",
            setting="target",
        )
    if len(classes) > MANY_CLASSES and len(classes) > rows / 10:
        raise DataError(
            f'The target "{name}" has {len(classes)} classes in {rows} rows: too many to learn.',
            remedy="Choose another target, or set task to regression if it is a number.",
            setting="target",
        )
