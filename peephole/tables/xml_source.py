"""XML as trees and tables: parsed without entities and namespaces, asked by XPath.

What is understood of XPath is what the standard library's ElementTree does (names, *, //, .., [@a='b'], [tag='text'], [2],
[last()]), with paths from the root (/a/b) and ends in /@attribute or /text().
"""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Literal, cast
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

import pyarrow as pa
import pyarrow.compute as pc

from peephole.core.errors import DataError, SettingError, listing, nearest
from peephole.core.schema import ROW

DEEPEST = 500
Types = Literal["detect", "text"]
_UNDERSTOOD = (
    "Understood are names, *, //, .., [@a='b'], [tag='text'], [2], [last()], and /@attribute or /text() at the end."
)


class XmlError(DataError):
    """XML that cannot be read."""


@dataclass(frozen=True)
class Query:
    """An XPath, taken apart.  steps: for ElementTree.  absolute: from the root.  leaf: an attribute, "" for the text."""

    steps: str
    absolute: bool
    leaf: str

    def values(self, top: Element, here: Element) -> Iterator[str | None]:
        """What it finds, in the order of the document; None for empty ones.  top: the parent of the root."""
        for found in self.elements(top, here):
            value = found.get(self.leaf) if self.leaf else "".join(found.itertext()).strip()
            if value is not None or not self.leaf:
                yield value or None

    def elements(self, top: Element, here: Element) -> list[Element]:
        """The elements it finds, those without the attribute included."""
        return (top if self.absolute else here).findall(self.steps)


def query(path: str, setting: str) -> Query:
    """Take an XPath apart. Raises SettingError for one that is not understood."""
    steps, leaf = path.strip(), ""
    before, _, last = steps.rpartition("/")
    if last.startswith("@") and len(last) > 1:
        leaf = last[1:].rpartition(":")[2]
    if leaf or last == "text()":
        steps = (
            f"{before}/*" if before.endswith("/") or steps.startswith("//@") else before or "."
        )  # //@a: of all elements
    absolute = steps.startswith("/")
    made = Query(f".{steps}" if absolute else steps, absolute, leaf)
    try:
        if not steps:
            raise SyntaxError("it is empty")
        Element("a").findall(made.steps)
    except (SyntaxError, KeyError, TypeError, StopIteration) as error:  # of a path cut short it says the latter
        what = str(error) if isinstance(error, SyntaxError) else "it breaks off"
        raise SettingError(
            f'The XPath "{path}" is not understood: {what}.', remedy=_UNDERSTOOD, setting=setting
        ) from None
    return made


def parse(source: bytes | str | BinaryIO) -> Element:
    """The parent of the root element.  Names are without namespace prefixes.

    Raises XmlError for what is not well-formed, and for documents that declare entities: a few lines of these can fill the
    memory, or stand for other files.
    """
    builder = TreeBuilder()
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise XmlError(
                f"Line {parser.CurrentLineNumber}: elements lie more than {DEEPEST} deep in each other.",
                remedy="Such XML is not read; see what wrote it.",
            )
        told = {
            _local(key): value for key, value in attributes.items() if key != "xmlns" and not key.startswith("xmlns:")
        }
        builder.start(_local(name), told)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_local(name))

    def refuse(name: str, *_: object) -> None:
        raise XmlError(
            f'Line {parser.CurrentLineNumber}: it declares the entity "{name}". Documents with entities are not read.',
            remedy="Take out the DOCTYPE, or write the text where the entity stands.",
        )

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, builder.data
    parser.EntityDeclHandler = refuse
    builder.start("", {})
    try:
        parser.ParseFile(source) if not isinstance(source, bytes | str) else parser.Parse(source, True)
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        raise XmlError(
            f"Line {error.lineno}, column {error.offset + 1}: {what}.", remedy="See whether it is whole, and XML."
        ) from None
    builder.end("")
    return builder.close()


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def read_xml(path: Path, rows: str, columns: Mapping[str, str], types: Types) -> pa.Table:
    """The elements that an XPath finds, a row each, with the hidden row number.

    columns: each one's XPath from the row on; none: every attribute and every element with text right below.
    Raises XmlError, or SettingError for an XPath that finds nothing.
    """
    status = path.stat()
    return _read(path, status.st_mtime_ns, status.st_size, rows, tuple(columns.items()), types)


@lru_cache(maxsize=2)  # looked at before a run, and read in it
def _read(
    path: Path, _changed: int, _size: int, rows: str, columns: tuple[tuple[str, str], ...], types: Types
) -> pa.Table:
    wanted = query(rows, "rows")
    queries = {name: query(one, f"columns[{i}].path") for i, (name, one) in enumerate(columns)}
    top = _parsed(path)
    elements = wanted.elements(top, top[0])
    if not elements:
        known = [name for name, _ in Counter(e.tag for e in top.iter() if e.tag).most_common()]
        last = rows.rpartition("/")[2].partition("[")[0]
        raise SettingError(
            f'There is no element at "{rows}" in {path}.',
            remedy=f"{nearest(last, known)} Elements there: {listing(known)}.".strip(),
            setting="rows",
        )
    cells = (
        {name: [next(q.values(top, e), None) for e in elements] for name, q in queries.items()}
        if queries
        else _all_below(elements)
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


def _parsed(path: Path) -> Element:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return parse(cast(BinaryIO, file))
    except XmlError as error:
        raise XmlError(f"{path} cannot be read. {error.what}", remedy=error.remedy) from None
    except (OSError, EOFError) as error:
        raise XmlError(f"{path} cannot be read: {error}.", remedy="See whether it is whole.") from error


def _all_below(elements: Sequence[Element]) -> dict[str, list[str | None]]:
    """By name, the attributes and the first element of each name; the text of elements that have nothing else."""
    found: dict[str, list[str | None]] = {}
    for number, element in enumerate(elements):
        cells: dict[str, str | None] = dict(element.items())
        for below in element:
            if not len(below):
                cells.setdefault(below.tag, (below.text or "").strip() or None)
        if not cells and (element.text or "").strip():
            cells[element.tag] = (element.text or "").strip()
        for name, value in cells.items():
            named = f"{name}_" if name == ROW else name
            found.setdefault(named, [None] * len(elements))[number] = value
    return found


_KINDS = (pa.int64(), pa.float64(), pa.date32(), pa.timestamp("us"))


def _typed(values: Sequence[str | None]) -> pa.Array:
    """Text as whole numbers, numbers, true and false, dates or times where all of it can be read so."""
    text = pa.array(values, pa.string())
    if text.null_count == len(text):
        return text
    if set(pc.unique(text).to_pylist()) <= {"true", "false", None}:
        return pc.equal(text, "true")
    if pc.any(pc.match_substring_regex(text, r"^[+-]?0\d")).as_py():
        return text  # 00501 is no number
    for kind in _KINDS:
        try:
            return pc.cast(text, kind)
        except pa.ArrowInvalid:
            continue
    return text
