"""Pages of tables of any length: a table in the order in which it is shown is a Parquet file, and a page a few of its rows.

A stored table that lies in its reading order is such a file already. Of another order only the places of its rows are written
(`loose.py`); a filter, or an order of what is not stored, is written as a whole. Both are kept for as long as there is room.
Of a long table the head is found first, in a fraction of that time: few people look further.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from peephole.core.errors import ColumnError, nearest
from peephole.core.schema import ROW
from peephole.engine.files import file_identity, size_of
from peephole.engine.side import loose
from peephole.tables import formula, native
from peephole.tables.duck_errors import explained
from peephole.tables.schema import schema_of
from peephole.tables.session import Session

if TYPE_CHECKING:
    import pyarrow as pa

    from peephole.tables.duck import DuckSession

MOST_BYTES = 8 * 2**30  # of views on disk
MOST_HEADS = 16
HEAD = 10_000  # rows


@dataclass(frozen=True)
class Wish:
    """How a table is to be shown.  sort: a column, with "-" in front downwards.  where: a condition over its columns."""

    sort: str = ""
    where: str = ""


@dataclass(frozen=True)
class View:
    """A table in the order in which it is shown.  in_place: it is the stored table itself, which seems to lie in order.

    copy: the file of its rows, where `path` holds only their places in it.
    """

    key: str
    path: Path
    in_place: bool = False
    copy: Path | None = None

    def exists(self) -> bool:
        """Whether its files are there."""
        return self.path.exists() and (self.copy is None or self.copy.exists())


@dataclass(frozen=True)
class Head:
    """The first rows of a table in the order in which it is shown.  rows: how many there are in all."""

    key: str
    table: pa.Table
    rows: int

    def holds(self, end: int) -> bool:
        """Whether all rows up to there are in it."""
        return bool(end <= self.table.num_rows or self.rows == self.table.num_rows)


class Views:
    """The views of one document's tables, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._views: OrderedDict[str, View] = OrderedDict()
        self._sizes: dict[Path, int] = {}  # bytes of the files that are ours
        self._heads: OrderedDict[str, Head] = OrderedDict()
        self._copying = threading.Lock()  # one at a time
        self._held: Path | None = None  # the copy that an order is being made for
        self._too_large: set[Path] = set()  # copies that were given up

    def known(self, content: str, wish: Wish) -> View | None:
        """The view, if it is there."""
        key = _key(content, wish)
        with self._lock:
            view = self._views.get(key)
            if view is not None:
                self._views.move_to_end(key)
        return view if view is not None and view.exists() else None

    def known_head(self, content: str, wish: Wish, end: int) -> Head | None:
        """The head of a view, if it is there and holds all rows up to there."""
        with self._lock:
            head = self._heads.get(_key(content, wish))
        return head if head is not None and head.holds(end) else None

    def make_head(self, content: str, wish: Wish, rows: int | None, frame: Any, session: Session) -> Head | None:
        """Find the first rows of a view.  rows: of the whole frame, where that is known.

        None for rows without any order: they would come in another one each time that they are asked for.
        """
        if not wish.sort and ROW not in frame.collect_schema().names():
            return None
        shown = filtered(frame, wish)
        with explained():
            table = in_order(shown, wish).head(HEAD).to_native().to_arrow_table()
        if table.num_rows < HEAD:
            count = table.num_rows
        else:
            count = session.row_count(shown) if rows is None or wish.where.strip() else rows
        head = Head(_key(content, wish), without_rows(table), count)
        with self._lock:
            self._heads[head.key] = head
            if len(self._heads) > MOST_HEADS:
                self._heads.popitem(last=False)
        return head

    def make(self, content: str, wish: Wish, stored: Path | None, frame: Callable[[], Any], session: Session) -> View:
        """Make a view of a table.  stored: its file, if it has one and that may serve.  frame: gives it as a lazy frame."""
        key = _key(content, wish)
        if stored is not None and wish == Wish() and seems_in_order(stored):
            return self._remember(View(key, stored, in_place=True), 0)
        if stored is not None and wish.sort and loose.may_copy(stored):
            view = self._make_loose(content, wish, stored, session)
            if view is not None:
                return view
        path = self._folder / f"{key}.parquet"
        own = self._folder / f"{key}-{uuid4().hex}.parquet"  # another lane may be making the same view
        session.write_parquet(in_order(filtered(frame(), wish), wish), own)
        os.replace(own, path)
        return self._remember(View(key, path), size_of(path))

    def _make_loose(self, content: str, wish: Wish, stored: Path, session: Session) -> View | None:
        """None where the copy would be too large. The files' names tell which file the places are in."""
        lies = f"{content}|{file_identity(stored)}"
        copy, places = (self._folder / f"{_hash(f'{lies}|{of}')}.arrow" for of in ("copy", wish))
        numbered = cast("DuckSession", session).scan_places(
            stored, loose.PLACE
        )  # nothing else runs in the side process
        with explained():
            ordered = in_order(filtered(numbered, wish), wish).select(loose.PLACE).to_native()
        with self._copying:
            try:
                if not self._hold(copy, stored):
                    return None
                with explained():
                    loose.write_places(ordered.to_arrow_reader(), places)
                return self._remember(View(_key(content, wish), places, copy=copy), size_of(places))
            finally:
                self._held = None

    def _hold(self, copy: Path, stored: Path) -> bool:
        """Have the copy there, and keep it while an order is made for it; False where it would be too large."""
        with self._lock:
            self._held = copy
        if copy in self._too_large:
            return False
        if not copy.exists():
            try:
                loose.write_copy(stored, copy)
            except loose.TooLargeError:
                self._too_large.add(copy)
                return False
        with self._lock:
            self._sizes[copy] = size_of(copy)
        return True

    def _remember(self, view: View, size: int) -> View:
        """Keep it, and take away what was looked at least recently where there is no room for all."""
        with self._lock:
            self._views[view.key] = view
            self._views.move_to_end(view.key)
            if size:
                self._sizes[view.path] = size
            self._take_away_unneeded()
            for old in [one for one in self._views.values() if one is not view and not one.in_place]:
                if sum(self._sizes.values()) <= MOST_BYTES:
                    break
                del self._views[old.key]
                self._take_away_unneeded()
        return view

    def _take_away_unneeded(self) -> None:
        needed = {self._held, *(path for view in self._views.values() for path in (view.path, view.copy))}
        for path in self._sizes.keys() - needed:
            del self._sizes[path]
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Take the files away."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _key(content: str, wish: Wish) -> str:
    return _hash(f"{content}|{wish.sort}|{wish.where}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def filtered(frame: Any, wish: Wish) -> Any:
    """The frame with the rows wished for."""
    if not wish.where.strip():
        return frame
    return native.where(frame, formula.parse(wish.where, schema_of(frame), setting="where"), setting="where")


def in_order(frame: Any, wish: Wish) -> Any:
    """The frame in the order wished for; what is equal in it, and without a wish everything, in reading order."""
    schema = schema_of(frame)
    column, downwards = wish.sort.removeprefix("-"), wish.sort.startswith("-")
    if wish.sort in schema:  # a name that begins with a dash
        column, downwards = wish.sort, False
    if column and column not in schema:
        raise ColumnError(f'There is no column "{column}".', remedy=nearest(column, schema), setting="sort")
    by = [column] if column else []
    ties = [ROW] if ROW in schema else [name for name in schema if column and name != column]
    if not by and not ties:
        return frame
    return frame.sort(*by, *ties, descending=[downwards] * len(by) + [False] * len(ties), nulls_last=True)


def without_rows(table: pa.Table) -> pa.Table:
    """The table without the hidden row number."""
    return table.drop_columns([ROW]) if ROW in table.column_names else table


def seems_in_order(path: Path) -> bool:
    """Whether a stored table's rows seem to lie in their reading order, by what its file tells of each part of it."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        names = file.schema_arrow.names
        if ROW not in names:
            return True
        last = None
        for group in range(file.num_row_groups):
            told = file.metadata.row_group(group).column(names.index(ROW)).statistics
            if told is None or not told.has_min_max or (last is not None and told.min < last):
                return False
            last = told.max
    return True


def is_in_order(table: pa.Table) -> bool:
    """Whether the hidden row number, where there is one, only grows."""
    import pyarrow.compute as pc

    if ROW not in table.column_names or table.num_rows < 2:
        return True
    numbers = table.column(ROW).combine_chunks()
    grows = pc.all(pc.less_equal(numbers.slice(0, len(numbers) - 1), numbers.slice(1)), skip_nulls=False)
    return grows.as_py() is True
