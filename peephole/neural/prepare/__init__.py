"""What turns rows into tensors: scaling, vocabularies, categories; learnt from the training rows, plain JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from peephole.neural.network import LayerBlock, NetworkGraph
from peephole.neural.prepare import categories, images, numbers, sequences, text
from peephole.neural.prepare.encoded import Encoded
from peephole.neural.prepare.rows import as_rows, need_columns
from peephole.neural.prepare.scaling import Fitted

__all__ = ["Encoded", "Fitted", "as_rows", "encode_input", "features_of", "fit_inputs"]


@dataclass(frozen=True)
class _Way:
    fit: Callable[[pa.Table, dict[str, Any]], Fitted]
    encode: Callable[[pa.Table, dict[str, Any], Fitted], Encoded]


_WAYS = {
    "number_input": _Way(numbers.fit, numbers.encode),
    "category_input": _Way(categories.fit, categories.encode),
    "sequence_input": _Way(sequences.fit_windows, sequences.encode_windows),
    "list_input": _Way(sequences.fit_lists, sequences.encode_lists),
    "text_input": _Way(text.fit, text.encode),
    "image_input": _Way(images.fit, images.encode),
}


def fit_inputs(graph: NetworkGraph, rows: pa.Table) -> dict[str, Fitted]:
    """What each input layer learns of the training rows, by id."""
    found = {}
    for layer, block, _ in graph.of_role("input"):
        need_columns(rows, block.settings["columns"], _name(layer))
        found[layer] = _WAYS[block.kind].fit(rows, dict(block.settings))
    return found


def features_of(block: LayerBlock, fitted: Fitted) -> int | None:
    """How many features or codes the training rows gave an input; None where the drawing says it."""
    if block.kind == "text_input":
        return text.features(fitted)
    return categories.features(dict(block.settings), fitted) if block.kind == "category_input" else None


def encode_input(graph: NetworkGraph, layer: str, rows: pa.Table, fitted: Fitted) -> Encoded:
    """Rows as one input layer takes them. Raises DataError where columns are missing or of another type."""
    block = graph.layers[layer]
    need_columns(rows, block.settings["columns"], _name(layer))
    return _WAYS[block.kind].encode(rows, dict(block.settings), fitted)


def _name(layer: str) -> str:
    return f'The input "{layer}"'
