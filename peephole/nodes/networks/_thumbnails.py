"""Rows as small pictures, for points that show what they stand for."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from peephole.core.errors import DataError
from peephole.neural.prepare.rows import Floats, flat_lists, is_list, matrix

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 32  # pixels of a picture file's longer side at most


def thumbnails(rows: pa.Table, columns: Sequence[str], inks: Sequence[str]) -> list[str | None]:
    """A data address of a PNG for each row; None where its picture is missing.

    columns: one of picture files (binary) or of lists of pixels, or one number column for each pixel, row by row; pixels
    make a square and are drawn as ink on nothing, from the least to the greatest of all.  inks: `#rrggbb` for each row.
    Raises DataError where the pixels make no square, or a file is no picture.
    """
    kind = rows.schema.field(columns[0]).type
    if len(columns) == 1 and (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
        return [
            None if file is None else _address(_file(file, columns[0])) for file in rows.column(columns[0]).to_pylist()
        ]
    pixels = _pixels(rows, columns)
    side = math.isqrt(pixels.shape[1])
    if side * side != pixels.shape[1]:
        raise DataError(
            f"{pixels.shape[1]} pixels make no square picture.",
            remedy="Choose as many columns as a square has pixels, such as 64 or 784.",
            setting="pictures",
        )
    low, high = float(np.nanmin(pixels, initial=0.0)), float(np.nanmax(pixels, initial=0.0))
    share = (pixels - low) / ((high - low) or 1.0)
    return [
        None if np.isnan(one).any() else _address(_ink(one.reshape(side, side), ink))
        for one, ink in zip(share, inks, strict=True)
    ]


def _pixels(rows: pa.Table, columns: Sequence[str]) -> Floats:
    """(rows, pixels)."""
    if not (len(columns) == 1 and is_list(rows.schema.field(columns[0]).type)):
        return matrix(rows, list(columns))
    flat, lengths = flat_lists(rows.column(columns[0]), columns[0])
    if len(set(lengths.tolist())) > 1:
        raise DataError(f'The lists of "{columns[0]}" differ in length.', remedy="Pictures must be of one size.")
    return np.asarray(flat.to_numpy(zero_copy_only=False), dtype=np.float64).reshape(len(lengths), -1)


def _ink(share: Floats, colour: str) -> Image:
    """Ink of one colour on nothing, as strong as the share, from 0 to 1."""
    from PIL import Image

    red, green, blue = (np.full(share.shape, int(colour[k : k + 2], 16), np.uint8) for k in (1, 3, 5))
    return Image.fromarray(np.dstack([red, green, blue, np.round(255 * share).astype(np.uint8)]), "RGBA")


def _file(content: bytes, column: str) -> Image:
    from PIL import Image, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(content)).convert("RGB")
    except (UnidentifiedImageError, OSError):
        raise DataError(f'A file in "{column}" is no picture that can be read.', remedy="Give PNG or JPEG.") from None
    picture.thumbnail((SIDE, SIDE))
    return picture


def _address(picture: Image) -> str:
    written = io.BytesIO()
    picture.save(written, "PNG")
    return f"data:image/png;base64,{base64.b64encode(written.getvalue()).decode()}"
