"""Pages of tables of any length: a table in the order in which it is shown is a Parquet file, and a page a few of its rows.

A stored table that lies in its reading order is such a file already. Another order, or a filter, is written once and kept
for as long as there is room.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peephole.core.errors import ColumnError, nearest
from peephole.core.schema import ROW
from peephole.engine.files import size_of
from peephole.tables import formula, native
from peephole.tables.schema import schema_of
from peephole.tables.session import Session

if TYPE_CHECKING:
    import pyarrow as pa

MOST_BYTES = 8 * 2**30  # of views on disk
MOST_DECODED = 256 * 2**20  # of row groups kept decoded


@dataclass(frozen=True)
class Wish:
    """How a table is to be shown.  sort: a column, with "-" in front downwards.  where: a condition over its columns."""

    sort: str = ""
    where: str = ""


@dataclass(frozen=True)
class View:
    """A table in the order in which it is shown."""

    key: str
    path: Path


class Views:
    """The views of one document's tables, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._views: OrderedDict[str, View] = OrderedDict()
        self._made: dict[str, int] = {}  # bytes of those that are ours

    def known(self, content: str, wish: Wish) -> View | None:
        """The view, if it is there."""
        key = _key(content, wish)
        with self._lock:
            view = self._views.get(key)
            if view is not None:
                self._views.move_to_end(key)
        return view if view is not None and view.path.exists() else None

    def make(self, content: str, wish: Wish, stored: Path | None, frame: Callable[[], Any], session: Session) -> View:
        """Make a view of a table.  stored: its file, if it has one.  frame: gives it as a lazy frame."""
        key = _key(content, wish)
        if stored is not None and wish == Wish() and lies_in_order(stored):
            return self._remember(View(key, stored), 0)
        path = self._folder / f"{key}.parquet"
        session.write_parquet(_ordered(frame(), wish), path)
        return self._remember(View(key, path), size_of(path))

    def _remember(self, view: View, size: int) -> View:
        with self._lock:
            self._views[view.key] = view
            self._views.move_to_end(view.key)
            if size:
                self._made[view.key] = size
            while sum(self._made.values()) > MOST_BYTES and len(self._made) > 1:
                oldest = next(key for key in self._views if key in self._made)
                del self._made[oldest]
                self._views.pop(oldest).path.unlink(missing_ok=True)
        return view

    def close(self) -> None:
        """Take the files away."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _key(content: str, wish: Wish) -> str:
    return hashlib.sha256(f"{content}|{wish.sort}|{wish.where}".encode()).hexdigest()[:32]


def _ordered(frame: Any, wish: Wish) -> Any:
    """The frame with the wish's filter and order; without one, in reading order."""
    schema = schema_of(frame)
    if wish.where.strip():
        frame = native.where(frame, formula.parse(wish.where, schema, setting="where"), setting="where")
    column, downwards = wish.sort.removeprefix("-"), wish.sort.startswith("-")
    if wish.sort in schema:  # a name that begins with a dash
        column, downwards = wish.sort, False
    if column and column not in schema:
        raise ColumnError(f'There is no column "{column}".', remedy=nearest(column, schema), setting="sort")
    by = [column] if column else []
    ties = [ROW] if ROW in schema and column != ROW else []
    if not by and not ties:
        return frame
    return frame.sort(*by, *ties, descending=[downwards] * len(by) + [False] * len(ties), nulls_last=True)


def lies_in_order(path: Path) -> bool:
    """Whether a stored table's rows lie in their reading order: the hidden row number only grows."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        if ROW not in file.schema_arrow.names:
            return True
        last = None
        for group in range(file.num_row_groups):
            numbers = file.read_row_group(group, columns=[ROW]).column(0).combine_chunks()
            if len(numbers) == 0:
                continue
            if numbers.null_count or (last is not None and numbers[0].as_py() < last):
                return False
            if (
                not pc.all(pc.less_equal(numbers.slice(0, len(numbers) - 1), numbers.slice(1))).as_py()
                and len(numbers) > 1
            ):
                return False
            last = numbers[-1].as_py()
    return True


class Pages:
    """Rows of Parquet files by their place. The row groups looked at last stay decoded, so that scrolling is quick."""

    def __init__(self) -> None:
        self._files: OrderedDict[Path, tuple[Any, list[int]]] = OrderedDict()
        self._groups: OrderedDict[tuple[Path, int], pa.Table] = OrderedDict()

    def rows(self, path: Path) -> int:
        """How many rows a file has."""
        return self._file(path)[1][-1]

    def page(self, path: Path, offset: int, limit: int) -> pa.Table:
        """Some rows, without the hidden row number."""
        import pyarrow as pa

        file, starts = self._file(path)
        end = min(offset + limit, starts[-1])
        parts = []
        for group in range(file.num_row_groups):
            first, last = max(offset, starts[group]), min(end, starts[group + 1])
            if first < last:
                parts.append(self._group(path, file, group).slice(first - starts[group], last - first))
        whole = pa.concat_tables(parts) if parts else file.schema_arrow.empty_table()
        return whole.drop_columns([ROW]) if ROW in whole.column_names else whole

    def _file(self, path: Path) -> tuple[Any, list[int]]:
        import pyarrow.parquet as pq

        if path not in self._files:
            file = pq.ParquetFile(path, memory_map=True)
            starts = [0]
            for group in range(file.num_row_groups):
                starts.append(starts[-1] + file.metadata.row_group(group).num_rows)
            self._files[path] = file, starts
            if len(self._files) > 64:
                self._files.popitem(last=False)[1][0].close()
        self._files.move_to_end(path)
        return self._files[path]

    def _group(self, path: Path, file: Any, group: int) -> pa.Table:
        key = (path, group)
        if key not in self._groups:
            self._groups[key] = file.read_row_group(group)
            while sum(t.nbytes for t in self._groups.values()) > MOST_DECODED and len(self._groups) > 1:
                self._groups.popitem(last=False)
        self._groups.move_to_end(key)
        return self._groups[key]
