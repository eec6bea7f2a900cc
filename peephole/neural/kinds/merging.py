"""Leading branches together: side by side, added, multiplied, or one attending to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from peephole.core.errors import listing
from peephole.neural.kinds.kind import Kind, Settings, known, need
from peephole.neural.shapes import Shape, ShapeError


def _merge(settings: Settings, before: Sequence[Shape]) -> Shape:
    if len(before) < 2:
        raise ShapeError("Merge needs at least two networks.", remedy="Connect another branch.")
    for shape in before:
        need("Merge", shape)
    if settings["how"] == "attention":
        return _attention(before)
    first = before[0]
    if settings["how"] != "concatenate":
        if any(shape != first for shape in before):
            raise _misfit(settings["how"], before, "Give both branches the same shape, or concatenate.")
        return first
    if any(replace(shape, features=None) != replace(first, features=None) for shape in before):
        forms = {shape.form for shape in before}
        remedy = (
            "Put Repeat after the row of numbers, or Last step after the sequence."
            if forms == {"vector", "sequence"}
            else "Only the number of features may differ."
        )
        raise _misfit("put side by side", before, remedy)
    unknown = any(shape.features is None for shape in before)
    return replace(first, features=None if unknown else sum(shape.features or 0 for shape in before))


def _attention(before: Sequence[Shape]) -> Shape:
    if len(before) != 2:
        raise ShapeError(
            f"Attention takes two networks, what asks and the sequence that is attended to, and {len(before)} come in.",
            remedy="Take off a wire, or merge what asks before.",
        )
    asks, memory = before
    if asks.form == "image" or memory.form != "sequence":
        raise _misfit("attention", before, "The second branch is the sequence that is attended to.")
    return asks.with_features(memory.features)


def _misfit(how: str, shapes: Sequence[Shape], remedy: str) -> ShapeError:
    return ShapeError(f"Merge ({how}): {listing(map(str, shapes))} do not fit together.", remedy=remedy)


def _count(settings: Settings, before: Sequence[Shape], _after: Shape) -> int:
    if settings["how"] != "attention":
        return 0
    return known("Merge", before[0]) * known("Merge", before[1])


MERGING = (Kind("merge_layers", "Merge", _merge, {"how": "concatenate"}, _count),)
