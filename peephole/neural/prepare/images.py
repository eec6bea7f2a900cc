"""Image input: picture files in a binary column, or pixels in columns or lists."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import torch

from peephole.core.errors import DataError
from peephole.core.progress import message, progress
from peephole.neural.prepare.encoded import Fixed
from peephole.neural.prepare.rows import flat_lists, is_list, lacks, matrix, numbers_of
from peephole.neural.prepare.scaling import Fitted

_MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def fit(_rows: pa.Table, _settings: dict[str, Any]) -> Fitted:
    """Nothing is learnt of images: brightness runs from 0 to 1."""
    return {}


def encode(rows: pa.Table, settings: dict[str, Any], _fitted: Fitted) -> Fixed:
    """(rows, C, H, W), from 0 to 1. Rows whose picture is missing are left out."""
    columns = list(settings["columns"])
    kind = rows.schema.field(columns[0]).type
    if len(columns) == 1 and (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
        pixels, valid = _pictures(rows, columns[0], settings)
        x, scale = torch.from_numpy(pixels), 255.0
    else:
        values = _flat(rows, columns, settings)
        valid = ~lacks(values)
        x, scale = torch.from_numpy(np.nan_to_num(values / settings["brightest"]).astype(np.float32)), 1.0
    if not valid.all():
        message(f"{int((~valid).sum()):,} of {len(valid):,} rows are left out: their picture is missing.")
    shape = (settings["height"], settings["width"], settings["channels"])
    return Fixed(x.reshape(-1, *shape).permute(0, 3, 1, 2).contiguous(), valid, ["image"], scale)


def _flat(rows: pa.Table, columns: list[str], settings: dict[str, Any]) -> npt.NDArray[np.float64]:
    """The pixels row by row, (rows, H*W*C)."""
    if len(columns) > 1 or not is_list(rows.schema.field(columns[0]).type):
        return matrix(rows, columns)
    wanted = settings["height"] * settings["width"] * settings["channels"]
    column = rows.column(columns[0])
    flat, counts = flat_lists(column, columns[0])
    while is_list(flat.type):
        inner, each = flat_lists(flat, columns[0])
        ends = np.concatenate([[0], np.cumsum(each)])
        stops = np.cumsum(counts)
        counts = ends[stops] - ends[stops - counts]
        flat = inner
    wrong = (counts != wanted) & (counts != 0)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise DataError(
            f"Row {row + 1} has an image of {counts[row]} numbers, and {settings['height']} x {settings['width']} pixels "
            f"x {settings['channels']} are {wanted}.",
            remedy="Mend height, width and channels, or leave such rows out.",
        )
    values = np.full((rows.num_rows, wanted), np.nan)
    values[counts == wanted] = numbers_of(flat, columns[0]).reshape(-1, wanted)
    return values


def _pictures(
    rows: pa.Table, name: str, settings: dict[str, Any]
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    """Picture files read and brought to one size, (rows, H, W, C) bytes."""
    from PIL import Image, UnidentifiedImageError

    shape = (settings["height"], settings["width"], settings["channels"])
    pixels = np.zeros((rows.num_rows, *shape), dtype=np.uint8)
    valid = np.zeros(rows.num_rows, dtype=bool)
    for row, value in enumerate(progress(rows.column(name), "Reading pictures", rows.num_rows)):
        data = value.as_py()
        if data is None:
            continue
        try:
            with Image.open(io.BytesIO(data)) as opened:
                picture = opened.convert(_MODES[shape[2]])
        except (UnidentifiedImageError, OSError) as error:
            raise DataError(
                f'Row {row + 1} of "{name}" holds no picture that can be read: {error}.', remedy="Leave such rows out."
            ) from error
        resized = picture.resize((shape[1], shape[0]), Image.Resampling.BILINEAR)
        pixels[row] = np.asarray(resized).reshape(shape)
        valid[row] = True
    return pixels, valid
