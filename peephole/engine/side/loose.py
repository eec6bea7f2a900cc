"""A stored table in another order without its rows being written in it: the rows' places, and a copy to take them from.

The copy is not compressed, so that a row anywhere in it costs nothing more than itself; every order of the table shares it.
Both are files that are mapped into memory, not read into it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peephole.core.progress import check_cancelled
from peephole.engine.side.opened import Opened
from peephole.tables.places import appearing_whole

if TYPE_CHECKING:
    import pyarrow as pa

PLACE = "__place__"
MOST_BYTES = 4 * 2**30  # of a copy; a larger table is written in the order wished for, compressed
MOST_OPEN = 8  # files


class TooLargeError(Exception):
    """The copy would be larger than it may be."""


def may_copy(stored: Path) -> bool:
    """Whether a Parquet file seems small enough, and is of types that a mapped file holds as they are.

    Its own figures are of encoded values: texts that come again and again may make the copy many times as large.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(stored, memory_map=True) as file:
        told = file.metadata
        size = sum(told.row_group(i).total_byte_size for i in range(told.num_row_groups))
        return size <= MOST_BYTES and not any(pa.types.is_dictionary(kind) for kind in file.schema_arrow.types)


def write_copy(stored: Path, path: Path) -> None:
    """Copy a Parquet file's rows as they lie, part by part; raises TooLargeError, and Cancelled when told to stop."""
    import pyarrow.parquet as pq

    written = 0
    with pq.ParquetFile(stored, memory_map=True) as file, _written(path, file.schema_arrow) as writer:
        for group in range(file.num_row_groups):
            check_cancelled()
            rows = file.read_row_group(group).combine_chunks()
            written += rows.nbytes
            if written > MOST_BYTES:
                raise TooLargeError
            writer.write_table(rows)


def write_places(places: pa.RecordBatchReader, path: Path) -> None:
    """Write the one column of places."""
    with _written(path, places.schema) as writer:
        for batch in places:
            writer.write_batch(batch)


@contextmanager
def _written(path: Path, schema: pa.Schema) -> Iterator[pa.ipc.RecordBatchFileWriter]:
    """A file that appears when it is whole."""
    import pyarrow as pa

    with (
        appearing_whole(path) as part,
        pa.OSFile(str(part), "wb") as sink,
        pa.ipc.new_file(sink, schema) as writer,
    ):
        yield writer


class Loose:
    """Reads such files; used by one thread."""

    def __init__(self) -> None:
        self._files = Opened(_opened, lambda *_: None, MOST_OPEN)

    def rows(self, places: Path) -> int:
        """How many rows the order has."""
        return int(self._files[places][0].num_rows)

    def page(self, places: Path, copy: Path, offset: int, limit: int) -> pa.Table:
        """Some rows of the copy, by their places in the order."""
        wanted = self._files[places][0].column(0).slice(offset, limit).to_pylist()
        return _taken(*self._files[copy], wanted)

    def drop_what_is_gone(self) -> None:
        """Let go of files that were removed."""
        self._files.drop_what_is_gone()


def _opened(path: Path) -> tuple[pa.Table, list[int]]:
    """A mapped file, and at which row each part of it begins."""
    import pyarrow as pa

    table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    starts = [0]
    for batch in table.to_batches():
        starts.append(starts[-1] + batch.num_rows)
    return table, starts[:-1]


def _taken(table: pa.Table, starts: Sequence[int], places: Sequence[int]) -> pa.Table:
    """The rows at those places: taken batch by batch, since taking from all at once may put all of them together first."""
    import pyarrow as pa

    by_batch: dict[int, list[int]] = {}
    for nth, place in enumerate(places):
        by_batch.setdefault(bisect_right(starts, place) - 1, []).append(nth)
    batches: list[Any] = table.to_batches()
    parts = [batches[b].take(pa.array([places[n] - starts[b] for n in at])) for b, at in by_batch.items()]
    came = [n for at in by_batch.values() for n in at]
    back = sorted(range(len(came)), key=came.__getitem__)
    return pa.Table.from_batches(parts, table.schema).combine_chunks().take(pa.array(back, pa.int64()))
