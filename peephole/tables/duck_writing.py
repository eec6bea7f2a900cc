"""A relation written as a Parquet file: by DuckDB, or where there are few rows by Arrow; and the hash of a stored table."""

from __future__ import annotations

import hashlib
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw

from peephole.core.schema import Schema
from peephole.tables.schema import ExactSchema, Stored, literal, quoted, schema_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

FEW = 50_000  # rows
# So many small results cost as much to write by DuckDB as importing Arrow takes.
WORTH_ARROW = 16
MOST_REPEATED = 4096  # different values in a row group
_ALIKE = {"BIGINT", "INTEGER", "SMALLINT", "TINYINT", "DOUBLE", "FLOAT", "VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP"}
_HASH = "__hash__"
_small_results = count()
_words: dict[tuple[tuple[str, str], ...], Schema] = {}


def copy(relation: duckdb.DuckDBPyRelation, path: Path, compression: str) -> int:
    """Have DuckDB write the rows; gives their number.

    With lz4_raw in the newer of the two ways to encode Parquet, half the size; whoever knows the one knows the other. And
    then no longer than it pays are columns looked through for values that repeat.
    """
    options = f"FORMAT parquet, COMPRESSION {compression}, USE_TMP_FILE false"
    if compression == "lz4_raw":
        options += f", PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT {MOST_REPEATED}"
    done: Any = relation.query("__rows__", f"COPY __rows__ TO {literal(str(path.resolve()))} ({options})")
    return int(done.fetchall()[0][0])


def write_few(relation: duckdb.DuckDBPyRelation, path: Path) -> Stored | None:
    """Have Arrow write a few rows, hashed on their way, in a fraction of the time that DuckDB's own writer takes.

    Gives None, and leaves it, where there are many after all, where the columns' types are not written alike by both, and
    for the first few results of a process that has no use for Arrow otherwise.
    """
    types = types_of(relation)
    if not set(types.values()) <= _ALIKE:
        return None
    if "pyarrow" not in sys.modules and next(_small_results) < WORTH_ARROW:
        return None
    import pyarrow.parquet as pq

    hashed = _read_few(relation.project(f"*, {hash_of(types)} AS {_HASH}"))
    if hashed is None:
        return None
    rows = hashed.drop_columns([_HASH])
    pq.write_table(rows, path, compression="lz4")
    key = key_of(types, rows.num_rows, *_sum_and_xor(hashed[_HASH]))
    return Stored(rows.num_rows, key, types, words_of(relation, types))


def _read_few(relation: duckdb.DuckDBPyRelation) -> pa.Table | None:
    """The rows, if there are few. None too where reading fails: Arrow tells it in words of its own, DuckDB's writer better."""
    import duckdb
    import pyarrow as pa

    batches: list[pa.RecordBatch] = []
    reader = relation.to_arrow_reader(FEW)  # a limit would cost more than all the rest
    try:
        for batch in reader:
            batches.append(batch)
            if sum(b.num_rows for b in batches) > FEW:
                return None
    except (pa.ArrowException, OSError) as error:
        if "INTERRUPT" in str(error):
            raise duckdb.InterruptException(str(error)) from None
        return None
    return pa.Table.from_batches(batches, reader.schema)


def types_of(relation: duckdb.DuckDBPyRelation) -> ExactSchema:
    """Each column's exact type."""
    return {name: str(kind) for name, kind in zip(relation.columns, relation.types, strict=True)}


def words_of(relation: duckdb.DuckDBPyRelation, types: ExactSchema) -> Schema:
    """Each column's type in words, which only its exact type decides: found out once for each set of columns."""
    key = tuple(types.items())
    if key not in _words:
        _words[key] = schema_of(nw.from_native(relation))
    return _words[key]


def hash_of(types: ExactSchema) -> str:
    """SQL for the hash of a row of these columns."""
    return f"hash({', '.join(quoted(name) for name in types)})"


def key_of(types: ExactSchema, rows: int, total: int | None, mixed: int | None) -> str:
    """The content key of a table.  total, mixed: sum and xor of its rows' hashes, so that order does not matter."""
    described = ";".join(f"{name} {kind}" for name, kind in types.items())
    told = "|".join(str(part) for part in (described, rows, total, mixed) if part is not None)
    return hashlib.md5(told.encode(), usedforsecurity=False).hexdigest()


def _sum_and_xor(hashes: pa.ChunkedArray) -> tuple[int | None, int | None]:
    """As DuckDB computes them: none of no rows, and the sum in more than 64 bits."""
    import numpy as np

    if not len(hashes):
        return None, None
    values = np.concatenate([np.from_dlpack(chunk) for chunk in hashes.chunks])  # `to_numpy` would import pandas
    high, low = (values >> np.uint64(32)).sum(), (values & np.uint64(2**32 - 1)).sum()
    return (int(high) << 32) + int(low), int(np.bitwise_xor.reduce(values))
