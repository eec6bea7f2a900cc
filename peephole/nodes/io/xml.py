"""XML files become tables, and XML in a column's cells is asked by XPath."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pyarrow as pa
from pydantic import Field

from peephole.core.errors import DataError
from peephole.core.node import node
from peephole.core.progress import progress
from peephole.core.settings import ColumnPicker, FilePath, Group, ReadPath
from peephole.core.types import Table
from peephole.nodes._columns import check_names
from peephole.nodes.io.paths import existing_file
from peephole.tables.session import current_session

Text = Annotated[str, Field(min_length=1)]


class XmlColumn(Group):
    """A column and the XPath of what stands in it."""

    name: Text
    path: Text


@node(
    family="io", icon="file-code", title="Read XML", needs=("lxml",), pack="files", also=("XML Reader", "XPath", "XML")
)
def read_xml(
    *,
    path: Annotated[ReadPath, FilePath("read", ("*.xml", "*.xml.gz"))],
    rows: Text = "/*/*",
    columns: list[XmlColumn] = [],  # noqa: B006 - validated and frozen
    types: Literal["detect", "text"] = "detect",
) -> Table:
    """Elements of an XML file as rows, told by an XPath; one path for each column, or all that stands right below.

    Paths are XPath 1.0, as title, .//author[2], @id, ../@year, count(author). A name without a prefix is found in every
    namespace; prefixes are the file's own. Of several values the first is taken. Files with entities of their own are refused.

    path: the file, relative to the document's folder; also gzipped.
    rows: the XPath of the elements that become rows, as //book; /*/* are all elements right below the root.
    columns: name and XPath of each column, from the row's element on; none: each attribute and each element with text alone
      (where names meet, they are @id and id, or a:x and b:x).
    types: whether numbers, dates, true and false are found out, or all cells are text.
    returns: a row for each element, in the order of the file.
    """
    from peephole.tables import xml_source

    check_names("Read XML", None, [c.name for c in columns], "columns")
    found = xml_source.read_xml(existing_file(path), rows, {c.name: c.path for c in columns}, types)
    return current_session().from_arrow(found)


@node(
    family="io",
    icon="file-code",
    title="XPath",
    outside=True,
    needs=("lxml",),
    pack="files",
    also=("XPath", "XML Path", "Extract from XML"),
)
def xpath(
    table: Table,
    *,
    column: Annotated[str, ColumnPicker(types=("text",))],
    extract: Annotated[list[XmlColumn], Field(min_length=1)],
    values: Literal["first", "all"] = "first",
    wrong: Literal["fail", "missing"] = "fail",
) -> Table:
    """Take values out of XML that stands in the cells of a column.

    Paths are as in Read XML, from the root element on (title, .//author, @id) or from above it (/book/title).

    table: rows with a column of XML.
    column: the column that holds XML.
    extract: name and XPath of each new column; one of a name that is there takes its place.
    values: the first value that is found, or a list of all (Ungroup makes rows of it).
    wrong: whether a cell that is no XML stops the node, or gives missing values.
    returns: the table with the new columns, of text.
    """
    from peephole.tables.xml_paths import Query, Spaces, spaces_of

    check_names("XPath", table, [one.name for one in extract], "extract")
    queries = [Query(one.path.strip(), f"extract[{i}].path") for i, one in enumerate(extract)]
    rows = table.collect("pyarrow").to_native()
    found: list[list[list[str | None]]] = [[] for _ in queries]
    for number, cell in enumerate(progress(rows.column(column).to_pylist(), "Reading cells"), start=1):
        root = _parsed(cell, f'Row {number} of "{column}"', wrong)
        spaces = Spaces() if root is None else spaces_of(root)
        for cells_of, asked in zip(found, queries, strict=True):
            cells_of.append([] if root is None else list(asked.values(root, spaces)))
    kind = pa.list_(pa.string()) if values == "all" else pa.string()
    kept = rows.select([name for name in rows.column_names if name not in {one.name for one in extract}])
    for one, cells in zip(extract, found, strict=True):
        made = cells if values == "all" else [next(iter(cell), None) for cell in cells]
        kept = kept.append_column(one.name, pa.array(made, kind))
    return current_session().from_arrow(kept)


def _parsed(cell: str | None, where: str, wrong: Literal["fail", "missing"]) -> Any:
    from peephole.tables.xml_source import XmlError, parse

    try:
        return None if cell is None else parse(cell)
    except XmlError as error:
        if wrong == "missing":
            return None
        raise DataError(
            f"{where} is no XML. {error.what}", remedy='Mend it, or set wrong to "missing".', setting="column"
        ) from None
