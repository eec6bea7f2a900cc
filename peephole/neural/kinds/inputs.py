"""Input layers: which columns of a table come in, and as what. Settings name columns with their types."""

from __future__ import annotations

from collections.abc import Sequence

from peephole.core.errors import SettingError, listing
from peephole.neural.kinds.kind import REQUIRED, Kind, Settings
from peephole.neural.shapes import Shape


def _numbers(settings: Settings, _before: Sequence[Shape]) -> Shape:
    return Shape.vector(len(_columns(settings)))


def _categories(settings: Settings, _before: Sequence[Shape]) -> Shape:
    columns = _columns(settings)
    if settings["encoding"] == "one-hot":
        return Shape.vector(None)
    if len(columns) > 1:
        raise SettingError(
            f"Categories as codes come from one column, and {listing(columns)} are chosen.",
            remedy="Choose one-hot, or one input for each column.",
            setting="columns",
        )
    return Shape.vector(None, codes=True)


def _sequence(settings: Settings, _before: Sequence[Shape]) -> Shape:
    return Shape.sequence(settings["steps"], len(_columns(settings)))


def _lists(settings: Settings, _before: Sequence[Shape]) -> Shape:
    return Shape.sequence(None, len(_columns(settings)))


def _text(settings: Settings, _before: Sequence[Shape]) -> Shape:
    _columns(settings)
    return Shape.sequence(None, None, codes=True)


def _images(settings: Settings, _before: Sequence[Shape]) -> Shape:
    columns = _columns(settings)
    height, width, channels = settings["height"], settings["width"], settings["channels"]
    if len(columns) > 1 and len(columns) != height * width * channels:
        raise SettingError(
            f"{len(columns)} columns are chosen, and an image of {height} x {width} pixels x {channels} has "
            f"{height * width * channels}.",
            remedy="Choose one column for each pixel, or mend height, width and channels.",
            setting="columns",
        )
    return Shape.image(channels, height, width)


def _columns(settings: Settings) -> list[str]:
    columns = list(settings["columns"])
    if not columns:
        raise SettingError("An input needs at least one column.", remedy="Choose columns.", setting="columns")
    return columns


INPUTS = (
    Kind(
        "number_input",
        "Number input",
        _numbers,
        {"columns": REQUIRED, "scale": "standard", "missing": "mean"},
        role="input",
    ),
    Kind("category_input", "Category input", _categories, {"columns": REQUIRED, "encoding": "codes"}, role="input"),
    Kind(
        "sequence_input",
        "Sequence input",
        _sequence,
        {
            "columns": REQUIRED,
            "steps": 24,
            "every": 1,
            "groups": [],
            "order_by": [],
            "scale": "standard",
            "missing": "last",
        },
        role="input",
    ),
    Kind(
        "list_input",
        "List input",
        _lists,
        {"columns": REQUIRED, "longest": 0, "scale": "standard", "missing": "last"},
        role="input",
    ),
    Kind(
        "text_input",
        "Text input",
        _text,
        {"columns": REQUIRED, "unit": "words", "steps": 200, "vocabulary": 10_000, "lower": True},
        role="input",
    ),
    Kind(
        "image_input",
        "Image input",
        _images,
        {"columns": REQUIRED, "height": 28, "width": 28, "channels": 1, "brightest": 255.0},
        role="input",
    ),
)
