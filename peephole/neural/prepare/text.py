"""Text input: words, characters, or the items of a list, as codes from a vocabulary."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import torch

from peephole.core.errors import DataError
from peephole.core.progress import message
from peephole.neural.prepare.encoded import Ragged, starts_of
from peephole.neural.prepare.rows import flat_lists, texts
from peephole.neural.prepare.scaling import Fitted

_WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
UNKNOWN = "?"


def fit(rows: pa.Table, settings: dict[str, Any]) -> Fitted:
    """The most frequent words, the first by alphabet where they are equally frequent; code 0 is every other."""
    counts: Counter[str] = Counter()
    for units in split(rows, settings):
        counts.update(units)
    if not counts:
        name = next(iter(settings["columns"]))
        raise DataError(f'The column "{name}" has no text to learn from.', remedy="Choose another column.")
    frequent = sorted(counts, key=lambda unit: (-counts[unit], unit))
    if len(frequent) > settings["vocabulary"]:
        kept = sum(counts[unit] for unit in frequent[: settings["vocabulary"]])
        message(
            f"The vocabulary keeps the {settings['vocabulary']:,} most frequent of {len(frequent):,} different "
            f"{settings['unit']}: {kept / counts.total():.1%} of the text."
        )
    return {"vocabulary": frequent[: settings["vocabulary"]]}


def features(fitted: Fitted) -> int:
    """How many different codes."""
    return len(fitted["vocabulary"]) + 1


def encode(rows: pa.Table, settings: dict[str, Any], fitted: Fitted) -> Ragged:
    """Codes (rows, T) of each row's own length; a text without any word is one unknown word."""
    codes = {unit: code for code, unit in enumerate(fitted["vocabulary"], start=1)}
    units = [one[: settings["steps"]] or [UNKNOWN] for one in split(rows, settings)]
    lengths = np.array([len(one) for one in units], dtype=np.int64)
    flat = np.array([codes.get(unit, 0) for one in units for unit in one], dtype=np.int64)
    valid = np.ones(len(units), dtype=bool)
    return Ragged(torch.from_numpy(flat), starts_of(lengths), lengths, valid, lambda row, step: units[row][step])


def split(rows: pa.Table, settings: dict[str, Any]) -> list[list[str]]:
    """The words, characters or items of each row's text."""
    name = next(iter(settings["columns"]))
    column = rows.column(name)
    if settings["unit"] == "items":
        flat, counts = flat_lists(column, name)
        items = [UNKNOWN if item is None else item for item in texts(flat).to_pylist()]
        ends = np.cumsum(counts)
        return [items[end - count : end] for end, count in zip(ends.tolist(), counts.tolist(), strict=True)]
    found = ["" if text is None else text for text in texts(column).to_pylist()]
    if settings["lower"]:
        found = [text.lower() for text in found]
    return [list(text) if settings["unit"] == "characters" else _WORD.findall(text) for text in found]
