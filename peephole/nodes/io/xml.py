"""XML files become tables, and XML in a column's cells is asked by XPath."""

from __future__ import annotations

from typing import Annotated, Literal

import pyarrow as pa
from pydantic import Field

from peephole.core.errors import DataError, SettingError
from peephole.core.node import node
from peephole.core.schema import ROW, visible
from peephole.core.settings import ColumnPicker, FilePath, Group, ReadPath
from peephole.core.types import Table
from peephole.nodes.io.paths import existing_file
from peephole.tables.session import current_session

Text = Annotated[str, Field(min_length=1)]


class XmlColumn(Group):
    """A column and the XPath of what stands in it."""

    name: Text
    path: Text


@node(family="io", icon="file-code", title="Read XML", also=("XML Reader", "XPath", "XML"))
def read_xml(
    *,
    path: Annotated[ReadPath, FilePath("read", ("*.xml", "*.xml.gz"))],
    rows: Text = "/*/*",
    columns: list[XmlColumn] = [],  # noqa: B006 - validated and frozen
    types: Literal["detect", "text"] = "detect",
) -> Table:
    """Elements of an XML file as rows, told by an XPath; one path for each column, or all that stands right below.

    Names are written without namespace prefixes. A path that ends in /@name gives an attribute; one that finds several values
    gives the first. XPath as far as ElementTree goes: names, *, //, .., [@a='b'], [tag='text'], [2], [last()]. Documents that
    declare entities of their own are refused.

    path: the file, relative to the document's folder; also gzipped.
    rows: the XPath of the elements that become rows, as //book; /*/* are all elements right below the root.
    columns: name and XPath of each column, from the row's element on; none: each attribute and each element with text alone.
    types: whether numbers, dates, true and false are found out, or all cells are text.
    returns: a row for each element, in the order of the file.
    """
    from peephole.tables import xml_source

    _check_names([c.name for c in columns], [], "columns")
    found = xml_source.read_xml(existing_file(path), rows, {c.name: c.path for c in columns}, types)
    return current_session().from_arrow(found)


@node(family="io", icon="file-code", title="XPath", outside=True, also=("XPath", "XML Path", "Extract from XML"))
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
    extract: name and XPath of each new column.
    values: the first value that is found, or a list of all (Ungroup makes rows of it).
    wrong: whether a cell that is no XML stops the node, or gives missing values.
    returns: the table with the new columns, of text.
    """
    from peephole.tables import xml_source

    rows = table.collect("pyarrow").to_native()
    _check_names([one.name for one in extract], visible(rows.column_names), "extract")
    queries = [xml_source.query(one.path, f"extract[{i}].path") for i, one in enumerate(extract)]
    found: list[list[list[str | None]]] = [[] for _ in queries]
    for number, cell in enumerate(rows.column(column).to_pylist(), start=1):
        top = None
        try:
            top = None if cell is None else xml_source.parse(cell)
        except xml_source.XmlError as error:
            if wrong == "fail":
                raise DataError(
                    f'Row {number} of "{column}" is no XML. {error.what}',
                    remedy='Mend it, or set wrong to "missing".',
                    setting="column",
                ) from None
        for cells_of, asked in zip(found, queries, strict=True):
            cells_of.append([] if top is None else list(asked.values(top, top[0])))
    kind = pa.list_(pa.string()) if values == "all" else pa.string()
    for one, cells in zip(extract, found, strict=True):
        made = cells if values == "all" else [next(iter(cell), None) for cell in cells]
        rows = rows.append_column(one.name, pa.array(made, kind))
    return current_session().from_arrow(rows)


def _check_names(names: list[str], taken: list[str], setting: str) -> None:
    seen = [*taken, ROW]
    for name in names:
        if name in seen:
            raise SettingError(
                f'There is a column "{name}" already.', remedy="Give each column a name of its own.", setting=setting
            )
        seen.append(name)
