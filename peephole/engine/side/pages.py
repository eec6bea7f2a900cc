"""Rows of views by their place. The row groups of Parquet files looked at last stay decoded, so that scrolling is quick."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peephole.engine.side.loose import Loose
from peephole.engine.side.opened import Opened
from peephole.engine.side.views import View, is_in_order, without_rows

if TYPE_CHECKING:
    import pyarrow as pa

MOST_DECODED = 256 * 2**20  # bytes
MOST_OPEN = 64  # files


class Pages:
    """Used by one thread."""

    def __init__(self) -> None:
        self._files = Opened(_opened, self._forget, MOST_OPEN)
        self._groups: OrderedDict[tuple[Path, int], pa.Table] = OrderedDict()
        self._checked: set[tuple[Path, int]] = set()
        self._loose = Loose()

    def rows(self, view: View) -> int:
        """How many rows a view has."""
        return self._loose.rows(view.path) if view.copy is not None else self._files[view.path][1][-1]

    def page(self, view: View, offset: int, limit: int) -> pa.Table | None:
        """Some rows, without the hidden row number; None where a stored table does not lie in its reading order."""
        import pyarrow as pa

        self._files.drop_what_is_gone()
        self._loose.drop_what_is_gone()
        if view.copy is not None:
            return without_rows(self._loose.page(view.path, view.copy, offset, limit))
        file, starts = self._files[view.path]
        end = min(offset + limit, starts[-1])
        parts = []
        for group in range(file.num_row_groups):
            first, last = max(offset, starts[group]), min(end, starts[group + 1])
            if first < last:
                whole = self._group(view.path, file, group)
                if view.in_place and not self._in_order(view.path, group, whole):
                    return None
                parts.append(whole.slice(first - starts[group], last - first))
        return without_rows(pa.concat_tables(parts) if parts else file.schema_arrow.empty_table())

    def _in_order(self, path: Path, group: int, table: pa.Table) -> bool:
        if (path, group) not in self._checked and is_in_order(table):
            self._checked.add((path, group))
        return (path, group) in self._checked

    def _forget(self, path: Path, opened: tuple[Any, list[int]]) -> None:
        opened[0].close()
        for group in range(len(opened[1]) - 1):
            self._groups.pop((path, group), None)
            self._checked.discard((path, group))

    def _group(self, path: Path, file: Any, group: int) -> pa.Table:
        key = (path, group)
        if key not in self._groups:
            self._groups[key] = file.read_row_group(group)
            while sum(t.nbytes for t in self._groups.values()) > MOST_DECODED and len(self._groups) > 1:
                self._groups.popitem(last=False)
        self._groups.move_to_end(key)
        return self._groups[key]


def _opened(path: Path) -> tuple[Any, list[int]]:
    """A Parquet file, and at which row each part of it begins, and the last one ends."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path, memory_map=True)
    starts = [0]
    for group in range(file.num_row_groups):
        starts.append(starts[-1] + file.metadata.row_group(group).num_rows)
    return file, starts
