"""Text cleaned, replaced, found, taken apart and put together."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from peephole.core.errors import SettingError
from peephole.core.node import node
from peephole.core.settings import Between, ColumnPicker
from peephole.core.types import Table
from peephole.nodes._columns import check_names
from peephole.tables import native
from peephole.tables.patterns import check_pattern, exactly, has_groups
from peephole.tables.schema import literal, quoted

TextColumn = Annotated[str, ColumnPicker(types=("text",))]
TextColumns = Annotated[list[str], ColumnPicker(types=("text",)), Field(min_length=1)]
Step = Literal["trim", "single spaces", "lower", "upper", "capital", "no accents", "empty is missing"]
_STEPS = {
    "trim": "trim({})",
    "single spaces": r"regexp_replace({}, '\s+', ' ', 'g')",
    "lower": "lower({})",
    "upper": "upper({})",
    "capital": "upper(left({0}, 1)) || lower(substr({0}, 2))",
    "no accents": "strip_accents({})",
    "empty is missing": "nullif({}, '')",
}


@node(
    family="columns",
    icon="text",
    says="{columns}: {steps}",
    light=True,
    also=("String Manipulation", "String Cleaner", "Case Converter"),
)
def clean_text(
    table: Table,
    *,
    columns: TextColumns,
    steps: list[Step] = ["trim"],  # noqa: B006 - never changed
) -> Table:
    """Text written in one way: spaces, capitals, accents.

    table: text columns.
    columns: the columns to clean.
    steps: what to do, one after the other: drop spaces at both ends (trim), make every run of spaces a single one, change to
        small letters, to capitals, to a capital first letter, drop accents, make empty text missing.
    returns: the table, its columns in their places.
    """
    made = {}
    for column in columns:
        sql = quoted(column)
        for step in steps:
            sql = _STEPS[step].format(f"({sql})")
        made[column] = sql
    return native.with_columns(table, made)


@node(
    family="columns",
    icon="text",
    says="{find} -> {replacement} in {columns}",
    light=True,
    also=("String Replacer", "String Manipulation", "Search and replace"),
)
def replace_text(
    table: Table,
    *,
    columns: TextColumns,
    find: Annotated[str, Field(min_length=1)],
    replacement: str = "",
    mode: Literal["part", "whole", "pattern"] = "part",
    ignore_case: bool = False,
) -> Table:
    r"""Text replaced by other text.

    table: text columns.
    columns: the columns to look in.
    find: the text to find, or a regular expression where the mode is "pattern".
    replacement: what stands in its place; with a pattern, \1 is what its first part in parentheses found.
    mode: whether to replace the text wherever it stands (part), only where it is all there is (whole), or what fits a pattern.
    ignore_case: whether capitals and small letters are alike.
    returns: the table, its columns in their places.
    """
    if mode == "pattern":
        check_pattern(find, title="Replace text", setting="find")
    pattern = find if mode == "pattern" else exactly(find)
    if mode == "whole":
        pattern = rf"\A{pattern}\z"
    # Without a pattern a backslash in the new text is only a backslash.
    put = replacement if mode == "pattern" else replacement.replace("\\", "\\\\")
    flags = "gi" if ignore_case else "g"
    arguments = f"{literal(pattern)}, {literal(put)}, '{flags}'"
    return native.with_columns(table, {c: f"regexp_replace({quoted(c)}, {arguments})" for c in columns})


@node(
    family="columns",
    icon="text",
    says="{names} from {column}, pattern {pattern}",
    light=True,
    also=("Regex Split", "Regex Extractor", "String Manipulation", "Extract"),
)
def extract_text(
    table: Table,
    *,
    column: TextColumn,
    pattern: Annotated[str, Field(min_length=1)],
    names: Annotated[list[str], Field(min_length=1)],
    ignore_case: bool = False,
) -> Table:
    """Parts of a text found by a pattern, each in a column.

    Where the pattern is not found, the new columns are missing.

    table: rows with text.
    column: the text to look in.
    pattern: a regular expression with parentheses around each part, as: ([0-9]+) (km|mi); without any, all it finds is taken.
    names: the new columns, one for each part.
    ignore_case: whether capitals and small letters are alike.
    returns: the table with the new columns.
    """
    check_names("Extract text", table, names, "names")
    check_pattern(pattern, title="Extract text", setting="pattern")
    whole = len(names) == 1 and not has_groups(pattern)
    if not whole:
        check_pattern(pattern, groups=len(names), title="Extract text", setting="pattern")
    flags = "i" if ignore_case else "c"
    text, sought = quoted(column), literal(pattern)
    made = {
        name: f"CASE WHEN regexp_matches({text}, {sought}, '{flags}') "
        f"THEN regexp_extract({text}, {sought}, {0 if whole else i}, '{flags}') END"
        for i, name in enumerate(names, 1)
    }
    return native.with_columns(table, made)


@node(
    family="columns",
    icon="split",
    says="{column} at “{delimiter}”",
    light=True,
    also=("Cell Splitter", "Text to columns"),
)
def split_text(
    table: Table,
    *,
    column: TextColumn,
    delimiter: Annotated[str, Field(min_length=1)] = ",",
    into: Literal["columns", "list"] = "columns",
    parts: Annotated[int, Between(1, 1000)] = 2,
    names: list[str] = [],  # noqa: B006 - never changed
    trim: bool = True,
) -> Table:
    """Text cut where a delimiter stands, into columns or into a list.

    Where there are fewer parts than columns, the last ones are missing; parts beyond the last column are dropped.

    table: rows with text.
    column: the text to cut.
    delimiter: the text to cut at, as a comma; it is dropped.
    into: a column for each part, or one column that holds them as a list (for Explode).
    parts: how many columns, where they have no names.
    names: the new columns; the old one's name and a number if empty.
    trim: whether spaces at both ends of each part are dropped.
    returns: the table with the new columns.
    """
    wanted = 1 if into == "list" else parts
    numbered = [f"{column} parts"] if into == "list" else [f"{column} {i}" for i in range(1, wanted + 1)]
    called = names or numbered
    if into == "list" and len(called) > 1:
        raise SettingError("Split text: a list is one column.", remedy="Give one name.", setting="names")
    check_names("Split text", table, called, "names")
    text, at = quoted(column), literal(delimiter)
    cut = f"string_split({f'trim({text})' if trim else text}, {at})"
    if into == "list":
        return native.with_columns(
            table, {called[0]: f"list_transform({cut}, lambda part: trim(part))" if trim else cut}
        )
    made = {name: f"list_extract({cut}, {i})" for i, name in enumerate(called, 1)}
    return native.with_columns(table, {n: f"trim({sql})" if trim else sql for n, sql in made.items()})


@node(
    family="columns",
    icon="text",
    says="{columns} -> {name}",
    light=True,
    also=("Column Combiner", "Column Aggregator", "Concatenate Strings"),
)
def combine_columns(
    table: Table,
    *,
    columns: Annotated[list[str], ColumnPicker(), Field(min_length=1)],
    separator: str = " ",
    name: Annotated[str, Field(min_length=1)] = "combined",
    missing: Literal["skip", "missing", "empty"] = "skip",
) -> Table:
    """Several columns put together as one text.

    table: rows whose values to put together.
    columns: the columns, in this order; numbers and dates are written out.
    separator: what stands between two values.
    name: the new column; a column of that name is replaced.
    missing: what becomes of a missing value: left out with its separator, the whole text is missing, or taken as empty text.
    returns: the table with the column.
    """
    check_names("Combine columns", table, [name], "name")
    texts = [f"CAST({quoted(column)} AS VARCHAR)" for column in columns]
    if missing == "missing":
        made = f" || {literal(separator)} || ".join(texts)
    else:
        values = [f"coalesce({text}, '')" if missing == "empty" else text for text in texts]
        made = f"concat_ws({literal(separator)}, {', '.join(values)})"
    return native.with_columns(table, {name: made})
