"""Tables from the web."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from peephole.core.errors import SourceError
from peephole.core.node import node
from peephole.core.progress import message
from peephole.core.settings import Between, Refreshing
from peephole.core.sources import asked
from peephole.core.types import Table
from peephole.nodes.io.files import Format, read_file


@node(family="io", icon="world-download", title="Read URL", source=True,
      also=("GET Request", "Web page", "Download", "HTTP", "Read from web", "Data from the web"))  # fmt: skip
def read_url(
    *,
    url: Annotated[str, Field(min_length=1)],
    format: Format = "find out",  # noqa: A002 - what a person would call it
    delimiter: str | None = None,
    sheet: str = "",
    largest: Annotated[int, Between(1, 100_000)] = 200,
    refresh: Refreshing = "each run",  # noqa: ARG001 - for the engine
) -> Table:
    """Rows of a file on the web: CSV, JSON, Parquet or Excel.

    At each run the server is asked whether the file has changed; what has not is not fetched again.

    url: its address, with http:// or https://.
    format: what kind of file it is; found out from its name and from what the server says.
    delimiter: the mark between cells of a CSV file; found out if not set.
    sheet: the sheet of an Excel file; the first one if empty.
    largest: how many megabytes it may have.
    refresh: whether it is asked for at each run, or only by hand.
    returns: the file's rows in their order.
    """
    from peephole.data.download import cached, checked, download

    shown = checked(url)
    path = cached(url) if asked().only_columns else download(url, largest)
    if path is None:  # only the columns are wanted, and they are not known yet
        return None  # type: ignore[return-value]
    if path.suffix == ".html" and format == "find out":
        raise SourceError(
            f"{shown} gives a web page, not a table.", remedy="Look for the address of the file itself.", setting="url"
        )
    if not asked().only_columns:
        message(f"{path.stat().st_size:,} bytes from {shown}.")
    return read_file(path, format, delimiter=delimiter, sheet=sheet)
