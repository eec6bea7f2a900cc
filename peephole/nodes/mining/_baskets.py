"""Baskets of items from the three forms that tables have them in, as one bit a basket for each item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from peephole.core.errors import DataError, SettingError
from peephole.core.progress import message
from peephole.core.types import Table
from peephole.nodes.mining._names import label_text
from peephole.nodes.mining._rows import is_text, known, read, words

Bits = NDArray[np.uint64]
_NO = ("", "0", "no", "false", "none", "f", "n", "?")


@dataclass(frozen=True)
class Baskets:
    """count: how many baskets.  items: the items' names.  bits: for each item a bit for each basket, 64 a word."""

    count: int
    items: list[str]
    bits: Bits


def read_baskets(
    table: Table, *, form: str, basket: str | None, item: str | None, columns: Sequence[str], separator: str
) -> Baskets:
    """Read them. Raises SettingError where the form's columns are not chosen, DataError where there is no basket."""
    if form == "a row a basket":
        found = _from_columns(table, list(columns) or list(words(table)))
    elif item is None:
        raise SettingError("Which column holds the items?", remedy="Choose it.", setting="item")
    elif form == "items in one text":
        found = _from_texts(read(table, [item]).column(item), separator)
    elif basket is None:
        raise SettingError("Which column tells the baskets apart?", remedy="Choose it.", setting="basket")
    else:
        rows = read(table, [basket, item])
        there = pc.and_(known(rows.column(basket)), known(rows.column(item)))
        found = _from_rows(rows.column(basket).filter(there), rows.column(item).filter(there))
    if not found.count or not found.items:
        raise DataError("There are no baskets with items.", remedy="Look at the node before, and at the form.")
    return found


def _from_rows(baskets: pa.ChunkedArray, items: pa.ChunkedArray) -> Baskets:
    of_basket, of_item = (_encoded(column) for column in (baskets, items))
    names = [label_text(v) for v in of_item.dictionary.to_pylist()]
    return _packed(len(of_basket.dictionary), names, np.asarray(of_basket.indices), np.asarray(of_item.indices))


def _encoded(column: pa.ChunkedArray) -> Any:
    encoded = column.combine_chunks()
    encoded = encoded if pa.types.is_dictionary(encoded.type) else encoded.dictionary_encode()
    return encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded


def _from_texts(texts: pa.ChunkedArray, separator: str) -> Baskets:
    if not is_text(texts.type) and texts.null_count < len(texts):
        raise SettingError("The items are not in a text.", remedy="Choose a column of text.", setting="item")
    lists = pc.split_pattern(pc.cast(texts, pa.string()).combine_chunks(), separator)
    items = pc.utf8_trim_whitespace(pc.list_flatten(lists))
    of_basket = pc.list_parent_indices(lists)
    there = pc.not_equal(items, "")
    encoded = items.filter(there).dictionary_encode()
    found = _packed(
        len(texts), encoded.dictionary.to_pylist(), np.asarray(of_basket.filter(there)), np.asarray(encoded.indices)
    )
    empty = len(texts) - len(pc.unique(of_basket.filter(there)))
    if empty:
        message(f"{empty} of {len(texts)} baskets are empty.")
    return found


def _from_columns(table: Table, columns: Sequence[str]) -> Baskets:
    rows = read(table, columns)
    parts = [part for name in columns for part in _items_of(name, rows.column(name))]
    names = [name for name, _ in parts]
    bits = np.array([_pack(held) for _, held in parts], dtype=np.uint64).reshape(len(parts), -1)
    return Baskets(rows.num_rows, names, bits)


def _items_of(name: str, column: pa.ChunkedArray) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """A column of yes and no, or of numbers, is one item; of texts, one for each text."""
    if pa.types.is_boolean(column.type):
        yield name, pc.fill_null(column, False).to_numpy().astype(bool)
    elif pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
        values = pc.cast(column, pa.float64(), safe=False)
        yield name, np.nan_to_num(pc.fill_null(values, 0.0).to_numpy()) > 0
    elif is_text(column.type) or pa.types.is_dictionary(column.type):
        texts = pc.fill_null(pc.cast(column, pa.string()), "")
        for text in sorted(pc.unique(texts).to_pylist()):
            if text.strip().casefold() not in _NO:
                held = pc.equal(texts, text).to_numpy().astype(bool)
                yield (name if text.strip().casefold() in ("yes", "true", "t", "y", "1") else f"{name} = {text}"), held
    elif column.null_count < len(column):
        raise DataError(
            f'"{name}" is of type {column.type}, which holds no items.', remedy="Choose other columns.",
            setting="columns",
        )  # fmt: skip


def _packed(count: int, names: list[str], of_basket: Any, of_item: Any) -> Baskets:
    """The bits from pairs of basket and item."""
    order = np.argsort(of_item, kind="stable")
    starts = np.searchsorted(of_item[order], np.arange(len(names) + 1))
    sorted_baskets = of_basket[order].astype(np.int64)
    width = -(-count // 64)
    bits = np.empty((len(names), width), dtype=np.uint64)
    for i in range(len(names)):
        held = np.zeros(count, dtype=bool)
        held[sorted_baskets[starts[i] : starts[i + 1]]] = True
        bits[i] = _pack(held)
    return Baskets(count, names, bits)


def _pack(held: NDArray[np.bool_]) -> Bits:
    octets = np.packbits(held)
    whole = np.zeros(-(-len(held) // 64) * 8, dtype=np.uint8)
    whole[: len(octets)] = octets
    return whole.view(np.uint64)
