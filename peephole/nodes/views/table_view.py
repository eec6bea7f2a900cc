"""A table to be read: its first rows on a page."""

from __future__ import annotations

from typing import Annotated

import narwhals as nw

from peephole.core.node import node
from peephole.core.schema import ROW
from peephole.core.settings import Between, Column, Columns, Multiline
from peephole.core.types import Report, Table


@node(family="views", icon="table", also=("Table View", "Interactive Table", "Data Table", "Data to Report"))
def table_view(
    table: Table,
    *,
    columns: Columns = [],  # noqa: B006 - validated and frozen
    sort: Column | None = None,
    descending: bool = False,
    rows: Annotated[int, Between(1, 10_000)] = 100,
    title: str = "",
    text: Annotated[str, Multiline("markdown")] = "",
) -> Report:
    """Show the first rows of a table on a page, with a title and a few words of your own.

    table: the rows to show.
    columns: which columns, in this order; none chosen: all.
    sort: the column that the rows are sorted by; empty: as they are.
    descending: the largest first.
    rows: at most so many rows.
    title: above the table; empty: how many rows there are.
    text: what should be read before the table, as Markdown.
    """
    frame = table.sort(sort, descending=descending, nulls_last=True) if sort else table
    numbered = ROW in table.collect_schema().names()
    if numbered and not sort:
        frame = frame.sort(ROW)
    names = list(dict.fromkeys(columns)) or [n for n in table.collect_schema().names() if n != ROW]
    shown = frame.select(*names).head(rows).collect("pyarrow").to_native()
    count = int(table.select(n=nw.len()).collect("pyarrow").to_native().column("n")[0].as_py())
    more = f"The first {shown.num_rows:,} of {count:,} rows." if count > shown.num_rows else ""
    before, after = ([part] if part else [] for part in (text.strip(), more))
    return Report(title or f"{count:,} rows", [*before, shown, *after])
