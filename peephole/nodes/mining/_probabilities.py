"""Rows with an actual class and one or more columns of probabilities, as one or more models gave them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from peephole.core.errors import DataError, SettingError, listing
from peephole.core.progress import message
from peephole.core.types import Table
from peephole.figures.text import distinct
from peephole.nodes.mining._names import label_text
from peephole.nodes.mining._rows import known, read, words

MOST_LINES = 8
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """Which rows are of the positive class, and what each model gives them.

    models: name -> probabilities.  columns: name -> the table's column.
    """

    target: str
    label: str
    positive: NDArray[np.bool_]
    models: dict[str, Floats]
    columns: dict[str, str]

    @property
    def title(self) -> str:
        """What is looked for, for a title."""
        return f"{self.target} = {self.label}"


def judged(table: Table, target: str, chosen: Sequence[str], positive: str | None) -> Judged:
    """Read the rows where everything is known. Raises where it is not clear what is sought, or by which columns."""
    classes = _classes(table, target)
    label = _positive(classes, positive)
    columns = list(dict.fromkeys(chosen)) or _columns(table, target, label)
    if len(columns) > MOST_LINES:
        raise SettingError(
            f"{len(columns)} lines cannot be told apart.",
            remedy=f"Choose at most {MOST_LINES}.",
            setting="probabilities",
        )
    rows = read(table, [target, *columns])
    there = known(rows.column(target))
    for name in columns:
        there = pc.and_(there, known(rows.column(name)))
    kept = rows.filter(there)
    if kept.num_rows < rows.num_rows:
        message(f"{rows.num_rows - kept.num_rows} rows are left out: the target or a probability is missing.")
    is_positive = pc.equal(kept.column(target), pa.scalar(classes[label], kept.column(target).type))
    found = is_positive.to_numpy().astype(bool)
    if not 0 < found.sum() < len(found):
        raise DataError(
            f'All rows with probabilities are of one kind: "{target}" = "{label}" is true for {int(found.sum())} of '
            f"{len(found)}.",
            remedy="A curve needs rows of the class, and others.",
        )
    names = dict(zip(columns, distinct(*(_short(n, label) for n in columns)), strict=True))
    models = {names[n]: pc.cast(kept.column(n), pa.float64()).to_numpy() for n in columns}
    return Judged(target, label, found, models, {name: column for column, name in names.items()})


def _classes(table: Table, target: str) -> dict[str, Any]:
    values = read(table.select(target).unique(), [target]).column(target)
    plain = values.filter(known(values)).to_pylist()
    if all(isinstance(v, int | float) for v in plain):
        return {label_text(v): v for v in sorted(plain)}
    return {label_text(v): v for v in sorted(plain, key=label_text)}


def _positive(classes: dict[str, Any], positive: str | None) -> str:
    if positive is not None and positive in classes:
        return positive
    if positive is not None:
        raise SettingError(
            f'There is no class "{positive}".', remedy=f"Classes: {listing(classes)}.", setting="positive"
        )
    if len(classes) != 2:
        raise SettingError(
            f"There are {len(classes)} classes: which is sought?", remedy=f"Choose one of {listing(classes)}.",
            setting="positive",
        )  # fmt: skip
    return list(classes)[1]


def _columns(table: Table, target: str, label: str) -> list[str]:
    found = [n for n, word in words(table).items() if word == "number" and n.endswith(f" P({label})") and n != target]
    if not found:
        raise SettingError(
            f'No column is called like "prediction P({label})".',
            remedy="Choose the columns with the probabilities, or put a predictor before.",
            setting="probabilities",
        )
    return found


def _short(column: str, label: str) -> str:
    return column.removesuffix(f" P({label})") or column
