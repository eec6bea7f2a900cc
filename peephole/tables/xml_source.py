"""XML as trees and tables: parsed without entities, DTDs and network, asked by XPath 1.0."""

from __future__ import annotations

import gzip
import io
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

import pyarrow as pa
import pyarrow.compute as pc
from lxml import etree

from peephole.core.errors import DataError, SettingError, listing, nearest
from peephole.core.progress import check_cancelled
from peephole.core.schema import ROW
from peephole.tables.xml_paths import Query, Spaces, spaces_of, text_of

Types = Literal["detect", "text"]


class XmlError(DataError):
    """XML that cannot be read."""


def parse(source: bytes | str | BinaryIO) -> Any:
    """The root element.

    Raises XmlError for what is not well-formed, for more than libxml2 takes (256 elements in each other, 10 MB in one text),
    and for documents that declare entities, or use some that are declared elsewhere: the former can fill the memory or stand
    for other files, of the latter nobody knows what they stand for.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        encoding="utf-8" if isinstance(source, str) else None,  # whatever it says of itself
    )
    given = source.encode() if isinstance(source, str) else source
    try:
        tree = etree.parse(io.BytesIO(given) if isinstance(given, bytes) else given, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        what = (error.error_log.last_error.message if error.error_log else str(error)).strip().rstrip(".")
        raise XmlError(
            f"Line {line}, column {column}: {what.partition(', use XML_PARSE_HUGE')[0]}.",
            remedy="See whether it is whole, and XML.",
        ) from None
    _refuse_entities(tree, parser)
    return tree.getroot()


def _refuse_entities(tree: Any, parser: Any) -> None:
    declared = tree.docinfo.internalDTD
    for entity in declared.iterentities() if declared is not None else ():
        raise XmlError(
            f'It declares the entity "{entity.name}". Documents with entities are not read.',
            remedy="Take out the DOCTYPE, or write the text where the entity stands.",
        )
    for entry in parser.error_log:
        if entry.type == etree.ErrorTypes.WAR_UNDECLARED_ENTITY:
            raise XmlError(
                f"Line {entry.line}, column {entry.column}: {entry.message}. What the DOCTYPE names is not read.",
                remedy="Write the text where the entity stands.",
            )


def read_xml(path: Path, rows: str, columns: Mapping[str, str], types: Types) -> pa.Table:
    """The elements that an XPath finds, a row each, with the hidden row number.

    columns: each one's XPath from the row on; none: every attribute and every element with text right below.
    Raises XmlError, SettingError for an XPath that finds nothing, Cancelled between two rows.
    """
    status = path.stat()
    return _read(path, status.st_mtime_ns, status.st_size, rows, tuple(columns.items()), types)


@lru_cache(maxsize=2)  # looked at before a run, and read in it
def _read(
    path: Path, _changed: int, _size: int, rows: str, columns: tuple[tuple[str, str], ...], types: Types
) -> pa.Table:
    wanted = Query(rows.strip(), "rows")
    queries = {name: Query(one.strip(), f"columns[{i}].path") for i, (name, one) in enumerate(columns)}
    root = _parsed(path)
    spaces = spaces_of(root)
    elements = _elements(root, wanted, spaces, path)
    cells = (
        {name: _column(query, elements, spaces) for name, query in queries.items()}
        if queries
        else _all_below(elements, spaces)
    )
    if not cells:
        raise SettingError(
            f'The elements at "{rows}" in {path} have neither attributes nor elements below them, nor text.',
            remedy="Choose others for the rows.",
            setting="rows",
        )
    made = {
        name: _typed(values) if types == "detect" else pa.array(values, pa.string()) for name, values in cells.items()
    }
    return pa.table({**made, ROW: pa.array(range(len(elements)), pa.int64())})


def _parsed(path: Path) -> Any:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return parse(cast(BinaryIO, file))
    except XmlError as error:
        raise XmlError(f"{path} cannot be read. {error.what}", remedy=error.remedy) from None
    except (OSError, EOFError, zlib.error) as error:
        raise XmlError(f"{path} cannot be read: {error}.", remedy="See whether it is whole.") from error


def _elements(root: Any, wanted: Query, spaces: Spaces, path: Path) -> list[Any]:
    """The elements of the rows."""
    found = wanted.found(root.getroottree(), spaces)
    if not isinstance(found, list) or any(not _is_element(one) for one in found):
        raise SettingError(
            f'What is found at "{wanted.path}" in {path} are not elements, and each row is one.',
            remedy="Take the path of the elements for the rows, and the rest of it for a column.",
            setting="rows",
        )
    if not found:
        known = [name for name, _ in Counter(etree.QName(one).localname for one in root.iter("*")).most_common()]
        last = wanted.path.rpartition("/")[2].partition("[")[0]
        raise SettingError(
            f'There is no element at "{wanted.path}" in {path}.',
            remedy=f"{nearest(last, known)} Elements there: {listing(known)}.".strip(),
            setting="rows",
        )
    return found


def _is_element(found: Any) -> bool:
    return isinstance(getattr(found, "tag", None), str)


def _column(query: Query, elements: Sequence[Any], spaces: Spaces) -> list[str | None]:
    if query.everywhere:
        return [query.first(elements[0], spaces)] * len(elements)
    return [query.first(element, spaces) for element in _cancellable(elements)]


def _cancellable(elements: Sequence[Any]) -> Iterator[Any]:
    for element in elements:
        check_cancelled()
        yield element


def _all_below(elements: Sequence[Any], spaces: Spaces) -> dict[str, list[str | None]]:
    """The attributes and the first element of each name; the text of elements that have nothing else.

    They are called by their names alone where these are different, else @id and id, a:x and b:x.
    """
    found: dict[tuple[bool, str], list[str | None]] = {}
    for number, element in enumerate(_cancellable(elements)):
        cells: dict[tuple[bool, str], str | None] = {(True, name): value for name, value in element.items()}
        for below in element.iterchildren("*"):
            if _is_leaf(below):
                cells.setdefault((False, below.tag), text_of(below) or None)
        if not cells and _is_leaf(element) and (text := text_of(element)):
            cells[False, element.tag] = text
        for key, value in cells.items():
            if key not in found:
                found[key] = [None] * len(elements)
            found[key][number] = value
    return dict(zip(_names(list(found), spaces), found.values(), strict=True))


def _is_leaf(element: Any) -> bool:
    return not len(element) or next(element.iterchildren("*"), None) is None  # comments are no elements


def _names(keys: list[tuple[bool, str]], spaces: Spaces) -> list[str]:
    """A name for each attribute (True) or element (False), all different, whatever their capitals."""
    often = Counter(etree.QName(full).localname.casefold() for _, full in keys)
    taken = {ROW}
    made: list[str] = []
    for attribute, full in keys:
        name = etree.QName(full)
        prefix = spaces.prefix_of.get(name.namespace or "", "")
        long = f"{'@' if attribute else ''}{prefix}{':' if prefix else ''}{name.localname}"
        made.append(_free(long if often[name.localname.casefold()] > 1 else name.localname, taken))
        taken.add(made[-1].casefold())
    return made


def _free(name: str, taken: Collection[str]) -> str:
    return _free(f"{name}_", taken) if name.casefold() in taken else name


_KINDS = (pa.int64(), pa.float64(), pa.date32(), pa.timestamp("us"))
_LONG = r"^[+-]?\d{16,}$"  # more than a floating-point number tells apart


def _typed(values: Sequence[str | None]) -> pa.Array:
    """Text as whole numbers, numbers, true and false, dates or times where all of it can be read so, and nothing is lost."""
    text = pa.array(values, pa.string())
    if text.null_count == len(text):
        return text
    if set(pc.unique(text).to_pylist()) <= {"true", "false", None}:
        return pc.equal(text, "true")
    if pc.any(pc.match_substring_regex(text, r"^[+-]?0\d")).as_py():
        return text  # 00501 is no number
    for kind in _KINDS:
        if kind == pa.float64() and pc.any(pc.match_substring_regex(text, _LONG)).as_py():
            continue
        try:
            return pc.cast(text, kind)
        except pa.ArrowInvalid:
            continue
    return text
