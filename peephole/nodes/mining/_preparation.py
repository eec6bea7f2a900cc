"""The preparation shared by all learners: an Arrow table becomes one matrix of numbers. It is saved with the model.

The class below is named in model files (`peephole.ports.model` trusts it by name): moving it needs an alias here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sklearn.base import BaseEstimator, TransformerMixin

from peephole.core.errors import DataError, listing
from peephole.core.schema import ColumnType
from peephole.nodes.mining._features import (
    ROLES,
    Codes,
    Encoded,
    Floats,
    Role,
    as_numbers,
    encode,
    order_by_target,
    part_names,
    varies,
)
from peephole.nodes.mining._reading import Rows
from peephole.nodes.mining._rows import word_of


class Prepared(TypedDict):
    """How one column is turned into numbers.

    categories: the labels kept, each with its code.  other: the code of all further labels; None: they count as missing.
    """

    name: str
    word: ColumnType
    role: Role
    categories: list[str]
    codes: list[int]
    other: int | None


class TableMatrix(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Numbers as they are, dates as their parts, text and booleans as codes; missing and infinite values as NaN.

    most: at most so many categories a column, the rarest pooled in one.  order: what the codes of categories go by.
    dtype: of the matrix.  The matrix has the categories first.
    """

    def __init__(
        self, *, most: int = 254, order: Literal["frequency", "target"] = "frequency", dtype: str = "float64"
    ) -> None:
        self.most = most
        self.order = order
        self.dtype = dtype

    def fit_transform(self, rows: Rows, y: Floats | Codes, *, classes: int = 0, columns: Sequence[str]) -> Floats:
        """Learn the categories, and give the matrix of these rows; each column is asked for once.

        y: the target, class codes where `classes` says how many there are.  columns: those learnt from.
        Raises DataError where no column is left to learn from.
        """
        self.left_out_: dict[str, str] = {}
        self.pooled_: dict[str, int] = {}
        self.columns_: list[Prepared] = []
        most = sum(len(part_names(name, _role(rows, name))) for name in columns)
        matrix = np.empty((rows.num_rows, most), dtype=self.dtype, order="F")  # memory is taken as it is filled
        at = 0
        for name in categories_first(rows.schema, columns):
            values = rows.column(name)
            found = self._prepare(name, values, y, classes)
            if found is not None:
                self.columns_.append(found)
                at = _fill(matrix, at, values, found)
        self.categorical_ = sum(c["role"] == "category" for c in self.columns_)
        if not self.columns_:
            reasons = [f"{name} {why}" for name, why in self.left_out_.items()]
            raise DataError(
                f"There is no column to learn from: {listing(reasons)}.", remedy="Choose other columns, or other rows."
            )
        return matrix[:, :at]

    def transform(self, rows: pa.Table) -> Floats:
        """The matrix of these rows; unseen categories count as the pooled ones, or as missing."""
        matrix = np.empty((rows.num_rows, len(self.sources())), dtype=self.dtype, order="F")
        at = 0
        for column in self.columns_:
            at = _fill(matrix, at, rows.column(column["name"]), column)
        return matrix

    def sources(self) -> list[str]:
        """For each column of the matrix, the table column it was made from."""
        return [c["name"] for c in self.columns_ for _ in part_names(c["name"], c["role"])]

    def names(self) -> list[str]:
        """What each column of the matrix is called."""
        return [name for c in self.columns_ for name in part_names(c["name"], c["role"])]

    @property
    def features(self) -> dict[str, ColumnType]:
        """The table columns needed, and their types."""
        return {c["name"]: c["word"] for c in self.columns_}

    def _prepare(self, name: str, column: pa.ChunkedArray, y: Floats | Codes, classes: int) -> Prepared | None:
        word = word_of(column.type)
        if word not in ROLES and column.null_count < len(column):
            self.left_out_[name] = f"is of type {column.type}"
            return None
        state = "empty" if word not in ROLES else varies(column)
        if state != "yes":
            self.left_out_[name] = "is always the same" if state == "constant" else "has no values"
            return None
        plain = Prepared(name=name, word=word, role=ROLES[word], categories=[], codes=[], other=None)
        return self._categories(plain, encode(column), y, classes) if plain["role"] == "category" else plain

    def _categories(self, plain: Prepared, found: Encoded, y: Floats | Codes, classes: int) -> Prepared | None:
        counts, different = found.counts, len(found.labels)
        if different > 20 and different > counts.sum() / 2:
            self.left_out_[plain["name"]] = f"has {different} different values in {counts.sum()} rows"
            return None
        labels = np.array(found.labels.to_pylist(), dtype=object)
        by_count = sorted(range(different), key=lambda i: (-counts[i], labels[i]))
        pooled = different > self.most
        kept = by_count[: self.most - 1] if pooled else by_count
        if pooled:
            self.pooled_[plain["name"]] = different
        to_code = np.full(different + 1, len(kept), dtype=np.int64)  # the last entry is for rows without a value
        to_code[kept] = np.arange(len(kept))
        to_code[-1] = -1
        ranks = np.arange(len(kept) + pooled)
        if self.order == "target":
            ranks = order_by_target(to_code[found.codes], len(ranks), y, classes)
        return {
            **plain,
            "categories": [str(labels[i]) for i in kept],
            "codes": [int(r) for r in ranks[: len(kept)]],
            "other": int(ranks[-1]) if pooled else None,
        }


def categories_first(schema: pa.Schema, columns: Sequence[str]) -> list[str]:
    """The columns in the order of the matrix."""
    return sorted(columns, key=lambda name: ROLES.get(word_of(schema.field(name).type)) != "category")


def _role(rows: Rows, name: str) -> Role:
    return ROLES.get(word_of(rows.schema.field(name).type), "number")


def _fill(matrix: Floats, at: int, values: pa.ChunkedArray, column: Prepared) -> int:
    """Write what one column is turned into, from the matrix column `at` on; where the next goes."""
    parts = [_codes(values, column)] if column["role"] == "category" else as_numbers(values, column["role"])
    for place, part in enumerate(parts, start=at):
        matrix[:, place] = part
    return at + len(parts)


def _codes(values: pa.ChunkedArray, column: Prepared) -> Floats:
    """The code of each row's category, NaN for none."""
    found = encode(values)
    at = pc.fill_null(pc.index_in(found.labels, value_set=pa.array(column["categories"], pa.string())), -1)
    known = np.array([*column["codes"], np.nan if column["other"] is None else column["other"]], dtype=np.float64)
    of_label = known[at.to_numpy(zero_copy_only=False)] if len(found.labels) else np.empty(0)
    codes: Floats = np.append(of_label, np.nan)[found.codes]
    return codes


def check_types(features: dict[str, str], got: dict[str, ColumnType]) -> None:
    """Raise DataError where a column that a model needs is missing or has become something else."""
    missing = [name for name in features if name not in got]
    if missing:
        raise DataError(
            f"The model needs the columns {listing(missing)}, and the table has not got them.",
            remedy=f"Bring them along, or learn the model without them. Columns: {listing(got)}.",
        )
    for name, learnt in features.items():
        same = _kind(learnt) == _kind(got[name]) or got[name] == "unknown"
        if not same:
            raise DataError(
                f'The column "{name}" was of type {learnt} when the model was learnt, and is now of type {got[name]}.',
                remedy="Cast it to the type it had.",
            )


def _kind(word: str) -> str:
    return {"integer": "number", "date": "day", "datetime": "day"}.get(word, word)
