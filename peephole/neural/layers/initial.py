"""How a layer's parameters begin."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from peephole.core.errors import listing, nearest
from peephole.neural.cells.spec import CellSpec
from peephole.neural.errors import NetworkSettingError

Initializer = Callable[[Tensor], object]

DEFAULTS = {"U": "glorot", "W": "glorot", "R": "orthogonal", "Q": "glorot", "p": "normal", "b": "zeros"}
RNN_DEFAULTS = {"U": "glorot", "W": "orthogonal", "b": "zeros"}


def _orthogonal(block: Tensor) -> None:
    # the decomposition does not exist in half precision
    start = torch.empty(block.shape, dtype=torch.promote_types(block.dtype, torch.float32), device=block.device)
    block.copy_(nn.init.orthogonal_(start))


def _uniform(block: Tensor) -> None:
    bound = 1 / math.sqrt(block.shape[0])
    nn.init.uniform_(block, -bound, bound)


def _normal(block: Tensor) -> None:
    nn.init.normal_(block, std=0.1)


INITIALIZERS: dict[str, Initializer] = {
    "glorot": nn.init.xavier_uniform_,
    "orthogonal": _orthogonal,
    "identity": nn.init.eye_,
    "uniform": _uniform,
    "normal": _normal,
    "zeros": nn.init.zeros_,
    "ones": nn.init.ones_,
}
_FOR_MATRICES = ("glorot", "orthogonal", "identity")


def chosen(spec: CellSpec, init: Mapping[str, str | Initializer]) -> dict[str, Initializer]:
    """An initializer for each parameter by the paper's name.

    init: by the paper's name (`b_out`) or for all blocks of a stored parameter (`b`); the name of one of
    `INITIALIZERS` or a function that fills a block (H, I), (H, H) or (H) in place. What it leaves out takes the default.
    Raises NetworkSettingError for an unknown parameter or initializer.
    """
    known = {parameter.id for parameter in spec.parameters} | {parameter.stored for parameter in spec.parameters}
    for name in init:
        if name not in known:
            remedy = f"{nearest(name, known)} Parameters: {listing(sorted(known), 40)}."
            raise NetworkSettingError(f'init: there is no parameter "{name}".', remedy=remedy.strip(), setting="init")
    defaults = RNN_DEFAULTS if spec.kind == "rnn" else DEFAULTS
    found = {}
    for parameter in spec.parameters:
        choice = init.get(parameter.id, init.get(parameter.stored, defaults[parameter.stored]))
        found[parameter.id] = _initializer(choice, parameter.id, parameter.is_matrix)
    return found


def _initializer(choice: str | Initializer, parameter: str, is_matrix: bool) -> Initializer:
    if callable(choice):
        return choice
    names = [name for name in INITIALIZERS if is_matrix or name not in _FOR_MATRICES]
    if choice not in names:
        what = f'init: "{choice}" is no initialisation for {parameter}.'
        remedy = (
            f"{nearest(str(choice), names)} Take one of {listing(names)}, or a function that fills the block in place."
        )
        raise NetworkSettingError(what, remedy=remedy.strip(), setting="init")
    return INITIALIZERS[choice]


def stored_shapes(spec: CellSpec, inputs: int, hidden_size: int) -> dict[str, tuple[int, ...]]:
    """Shapes of the stored parameters of one layer in one direction, in the cell's order."""
    sizes = {"I": inputs, "H": hidden_size}
    shapes: dict[str, tuple[int, ...]] = {}
    for parameter in spec.parameters:
        rows = parameter.row + 1
        if parameter.stored == "p":
            shapes["p"] = (rows, hidden_size)
        elif parameter.is_matrix:
            blocks = 1 if parameter.column is None else parameter.column + 1
            shapes[parameter.stored] = (rows * hidden_size, blocks * sizes[parameter.shape[1]])
        else:
            shapes[parameter.stored] = (rows * hidden_size,)
    return shapes
