"""Traces on disk: arrays in an .npz file with a header in JSON. Plain data: nothing in it is ever executed.

The errors are not written: reading runs the backward pass again from what is.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from peephole.core.errors import StoreError
from peephole.neural.cells.registry import cell_spec
from peephole.neural.cells.spec import CellSpec
from peephole.neural.layers.function import reference
from peephole.neural.layers.initial import stored_shapes
from peephole.neural.layers.recurrent import DIRECTIONS
from peephole.neural.traces.cell import STORED, CellRun
from peephole.neural.traces.layout import Layout
from peephole.neural.traces.losses import Losses
from peephole.neural.traces.stack import Outside, Place, Stack

VERSION = 1
_DTYPES = {str(dtype): dtype for dtype in (torch.float64, torch.float32, torch.float16, torch.bfloat16)}
_INDICES = ("batch_sizes", "sorted_indices", "unsorted_indices")


def write(path: Path, stack: Stack, losses: Losses) -> None:
    """Write a trace, atomically. Raises StoreError."""
    tensors = dict(_tensors(stack, losses))
    header = {
        "format": "peephole trace",
        "version": VERSION,
        "kind": stack.spec.kind,
        "variant": stack.spec.variant,
        "T": stack.layout.T,
        "B": stack.layout.B,
        "dtype": str(losses.whole.y.dtype),
        "places": list(stack.cells),
        "total": losses.total,
        "local": losses.local,
    }
    arrays = {name: _array(tensor) for name, tensor in tensors.items()}
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise StoreError(f"The trace cannot be written to {path}: {error}", remedy="Choose another place.") from error


def read(path: Path) -> tuple[Stack, Losses]:
    """Read a trace back. Raises StoreError where the file is none, or damaged."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        header = json.loads(arrays.pop("header").tobytes())
        if header["format"] != "peephole trace" or header["version"] > VERSION:
            raise ValueError(f"format {header['format']!r}, version {header['version']}")
        return _stack(header, arrays)
    except (OSError, ValueError, KeyError, TypeError, EOFError, RuntimeError, zipfile.BadZipFile) as error:
        raise StoreError(
            f"{path} cannot be read as a trace: {type(error).__name__}: {error}",
            remedy="Give a file that Trace.save wrote, with this version or an earlier one.",
        ) from error


def _tensors(stack: Stack, losses: Losses) -> Mapping[str, Tensor]:
    found: dict[str, Tensor] = {"outside/y": losses.whole.y}
    found |= {f"outside/final/{k}": final for k, final in enumerate(losses.whole.finals)}
    if losses.steps is not None:
        found["steps"] = losses.steps
    for (layer, direction), cell in stack.cells.items():
        for name, value in cell.saved._asdict().items():
            if isinstance(value, Tensor):
                found[f"{layer}/{direction}/{name}"] = value
    found |= {f"mask/{layer}": mask for layer, mask in enumerate(stack.masks) if mask is not None}
    indices = {name: getattr(stack.layout, name) for name in _INDICES}
    return found | {name: index for name, index in indices.items() if index is not None}


def _array(tensor: Tensor) -> Any:
    tensor = tensor.detach().cpu()
    return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()


def _stack(header: Mapping[str, Any], arrays: Mapping[str, Any]) -> tuple[Stack, Losses]:
    dtype = _DTYPES[header["dtype"]]
    indices = {name: torch.from_numpy(arrays[name]) for name in _INDICES if name in arrays}
    tensors = {name: torch.from_numpy(a).to(dtype) for name, a in arrays.items() if name not in _INDICES}
    layout = Layout(int(header["T"]), int(header["B"]), **indices)
    _check_layout(layout)
    spec = cell_spec(header["kind"], header["variant"])
    places: list[Place] = [(int(layer), DIRECTIONS[DIRECTIONS.index(d)]) for layer, d in header["places"]]
    cells = {place: CellRun(spec, layout, place[1], _saved(spec, layout, place, tensors)) for place in places}
    layers = 1 + max(layer for layer, _ in places)
    stack = Stack(cells, tuple(tensors.get(f"mask/{layer}") for layer in range(layers)))
    if places != [(layer, direction) for layer in range(layers) for direction in DIRECTIONS[: len(stack.directions)]]:
        raise ValueError(f"the cells {places} are no stack")
    whole = _whole(stack, tensors)
    steps = tensors.get("steps")
    if steps is not None and steps.shape not in ((layout.T,), (layout.T, layout.B)):
        raise ValueError(f"steps has the shape {tuple(steps.shape)}")
    return stack, Losses(float(header["total"]), steps, whole, bool(header["local"]))


def _check_layout(layout: Layout) -> None:
    sizes = layout.sizes
    if sizes is not None and (len(sizes) > layout.T or sizes[0] != layout.B or sizes != sorted(sizes, reverse=True)):
        raise ValueError(f"batch_sizes {sizes} for T={layout.T}, B={layout.B}")
    for index in (layout.sorted_indices, layout.unsorted_indices):
        if index is not None and sorted(index.tolist()) != list(range(layout.B)):
            raise ValueError("the order of the sequences is none")


def _whole(stack: Stack, tensors: Mapping[str, Tensor]) -> Outside:
    """What the loss sent in, and the dropout masks, after a look at the shapes."""
    layout, H = stack.layout, stack.first.hidden_size
    outputs = (layout.T, layout.B, len(stack.directions) * H)
    _expect("outside/y", tensors["outside/y"], outputs)
    for layer, mask in enumerate(stack.masks):
        if mask is not None:
            _expect(f"mask/{layer}", mask, outputs)
    widths = {"lstm": [H, H], "gru": [H], "rnn": [H]}[stack.spec.kind]
    widths += [3 * H] if stack.spec.variant == "FGR" else []
    finals = [tensors[f"outside/final/{k}"] for k in range(len(widths))]
    for k, (final, width) in enumerate(zip(finals, widths, strict=True)):
        _expect(f"outside/final/{k}", final, (len(stack.cells), layout.B, width))
    return Outside(tensors["outside/y"], tuple(finals))


def _saved(spec: CellSpec, layout: Layout, place: Place, tensors: Mapping[str, Tensor]) -> Any:
    """What the reference cell kept, after a look at the shapes."""
    saved_type = reference(spec.kind, spec.variant).Saved
    prefix = f"{place[0]}/{place[1]}/"
    fields: dict[str, Any] = {name: tensors.get(prefix + name) for name in saved_type._fields}
    fields |= {name: spec.variant for name in ("variant", "nonlinearity") if name in fields}
    fields["batch_sizes"] = layout.sizes
    x = tensors[prefix + "x"]
    H = tensors[prefix + ("y0" if spec.kind == "lstm" else "h0")].shape[-1]
    for name, shape in stored_shapes(spec, x.shape[-1], H).items():
        if fields[name] is not None or name not in ("p", "b"):
            _expect(prefix + name, fields[name], shape)
    rows = sum(layout.sizes) if layout.sizes else layout.T * layout.B
    for name, value in fields.items():
        if isinstance(value, Tensor) and name not in STORED:
            count = layout.B if name.endswith("0") else rows
            if value.shape[:-1].numel() != count:
                raise ValueError(f"{prefix}{name} has the shape {tuple(value.shape)}, expected {count} rows")
    return saved_type(**fields)


def _expect(name: str, tensor: Tensor, shape: tuple[int, ...]) -> None:
    if tuple(tensor.shape) != tuple(shape):
        raise ValueError(f"{name} has the shape {tuple(tensor.shape)}, expected {tuple(shape)}")
