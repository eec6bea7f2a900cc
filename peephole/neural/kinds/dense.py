"""Layers that work on the features of each example, or of each step: dense, embedding, normalisation, dropout."""

from __future__ import annotations

from collections.abc import Sequence

from peephole.neural.kinds.kind import REQUIRED, Kind, Settings, known, need, one
from peephole.neural.shapes import Shape, ShapeError

ACTIVATIONS = ("none", "tanh", "sigmoid", "relu", "leaky relu", "elu", "gelu", "softplus", "softmax")


def _dense(settings: Settings, before: Sequence[Shape]) -> Shape:
    return need("Dense", one("Dense", before), "vector", "sequence").with_features(settings["units"])


def _dense_count(_settings: Settings, before: Sequence[Shape], after: Shape) -> int:
    return (known("Dense", before[0]) + 1) * known("Dense", after)


def _embedding(settings: Settings, before: Sequence[Shape]) -> Shape:
    shape = one("Embedding", before)
    if not shape.codes:
        raise ShapeError(
            f"Embedding takes words or categories, and numbers come in ({shape}).",
            remedy="Begin with Text input or Category input, or take Dense.",
        )
    return shape.with_features(settings["size"])


def _embedding_count(settings: Settings, before: Sequence[Shape], _after: Shape) -> int:
    return known("Embedding", before[0]) * int(settings["size"])


def _batch_norm(_settings: Settings, before: Sequence[Shape]) -> Shape:
    return need("Batch normalisation", one("Batch normalisation", before))


def _layer_norm(_settings: Settings, before: Sequence[Shape]) -> Shape:
    return need("Layer normalisation", one("Layer normalisation", before))


def _norm_count(_settings: Settings, before: Sequence[Shape], _after: Shape) -> int:
    return 2 * known("Normalisation", before[0])


def _dropout(_settings: Settings, before: Sequence[Shape]) -> Shape:
    return need("Dropout", one("Dropout", before))


def _activation(_settings: Settings, before: Sequence[Shape]) -> Shape:
    return need("Activation", one("Activation", before))


DENSE = (
    Kind("dense", "Dense", _dense, {"units": REQUIRED, "activation": "none"}, _dense_count),
    Kind("embedding", "Embedding", _embedding, {"size": REQUIRED}, _embedding_count),
    Kind("batch_normalisation", "Batch normalisation", _batch_norm, {"momentum": 0.1}, _norm_count),
    Kind("layer_normalisation", "Layer normalisation", _layer_norm, {}, _norm_count),
    Kind("dropout", "Dropout", _dropout, {"share": 0.5}),
    Kind("activation", "Activation", _activation, {"function": "relu"}),
)
