"""SMOTE over the columns of a table: numbers and codes in, numbers and texts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from imblearn.over_sampling import SMOTE, SMOTEN, SMOTENC

from peephole.core.errors import DataError, SettingError
from peephole.core.schema import ROW
from peephole.core.types import Table
from peephole.nodes.mining._rows import as_table, read_all, word_of

_NUMBERS, _CATEGORIES = ("integer", "number"), ("text", "boolean")


def oversampled(table: Table, column: str, features: Sequence[str], neighbours: int, seed: int) -> Table:
    """The rows that have a class, then the new ones."""
    rows = read_all(table)
    rows = rows.filter(pc.is_valid(rows.column(column)))
    if ROW in rows.column_names:
        rows = rows.sort_by(ROW)
    kinds = {name: word_of(rows.schema.field(name).type) for name in rows.column_names if name not in (column, ROW)}
    used = list(features) or [name for name, kind in kinds.items() if kind in (*_NUMBERS, *_CATEGORIES)]
    _check(used, kinds)
    classes = rows.column(column).combine_chunks().dictionary_encode()
    codes = classes.indices.to_numpy()
    rarest = _rarest(classes, column)
    matrix, labels = _matrix(rows, used, kinds)
    categorical = [i for i, name in enumerate(used) if kinds[name] in _CATEGORIES]
    made, made_codes = _sampler(categorical, len(used), min(neighbours, rarest - 1), seed).fit_resample(matrix, codes)
    new, new_codes = made[len(codes) :], made_codes[len(codes) :]
    columns = {column: classes.dictionary.take(pa.array(new_codes))}
    for i, name in enumerate(used):
        columns[name] = _back(new[:, i], labels.get(name), rows.schema.field(name).type)
    if ROW in rows.column_names:
        first = (pc.max(rows.column(ROW)).as_py() or 0) + 1
        columns[ROW] = pa.array(range(first, first + len(new)), rows.schema.field(ROW).type)
    added = [columns.get(f.name, pa.nulls(len(new), f.type)).cast(f.type) for f in rows.schema]
    return as_table(pa.concat_tables([rows, pa.Table.from_arrays(added, schema=rows.schema)]).combine_chunks())


def _rarest(classes: pa.DictionaryArray, column: str) -> int:
    """How many rows the rarest class has."""
    if len(classes.dictionary) < 2:
        raise DataError(f'SMOTE: "{column}" has fewer than two classes.', remedy="Choose another column, or more rows.")
    counts = np.bincount(classes.indices.to_numpy())
    if counts.min() < 2:
        alone = classes.dictionary[int(counts.argmin())].as_py()
        raise DataError(
            f'SMOTE: the class "{alone}" of "{column}" has one row only, and nothing lies between.',
            remedy="Filter it out, or bring more rows.",
        )
    return int(counts.min())


def _check(used: Sequence[str], kinds: Mapping[str, str]) -> None:
    if not used:
        raise SettingError("SMOTE: there is no column that makes rows alike.", remedy="Bring one.", setting="features")
    for position, name in enumerate(used):
        if kinds.get(name) not in (*_NUMBERS, *_CATEGORIES):
            raise SettingError(
                f'SMOTE: "{name}" is {"the class itself" if name not in kinds else "of type " + kinds[name]}.',
                remedy="Choose numbers, texts and booleans.",
                setting=f"features[{position}]",
            )


def _matrix(rows: pa.Table, used: Sequence[str], kinds: Mapping[str, str]) -> tuple[Any, dict[str, pa.Array]]:
    """Numbers as they are, categories as codes (a missing one has a code of its own), and what the codes mean."""
    matrix, labels = np.empty((rows.num_rows, len(used))), {}
    for i, name in enumerate(used):
        values = rows.column(name).combine_chunks()
        if kinds[name] in _CATEGORIES:
            encoded = values.dictionary_encode(null_encoding="encode")
            matrix[:, i], labels[name] = encoded.indices.to_numpy(), encoded.dictionary
            continue
        matrix[:, i] = pc.cast(values, pa.float64()).to_numpy(zero_copy_only=False)
        if not np.isfinite(matrix[:, i]).all():
            raise DataError(
                f'SMOTE: the column "{name}" has missing or infinite values, between which nothing lies.',
                remedy="Fill them with Missing values, or choose other features.",
                setting="features",
            )
    return matrix, labels


def _sampler(categorical: list[int], count: int, neighbours: int, seed: int) -> Any:
    if not categorical:
        return SMOTE(k_neighbors=neighbours, random_state=seed)
    if len(categorical) == count:
        return SMOTEN(k_neighbors=neighbours, random_state=seed)
    return SMOTENC(categorical_features=categorical, k_neighbors=neighbours, random_state=seed)


def _back(values: Any, labels: pa.Array | None, kind: pa.DataType) -> pa.Array:
    if labels is not None:
        return labels.take(pa.array(values.astype(np.int64)))
    return pa.array(np.rint(values) if pa.types.is_integer(kind) else values).cast(kind)
