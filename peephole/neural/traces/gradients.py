"""Each step's share of a parameter's gradient: δ ⊗ what the parameter reads, elementwise for a peephole."""

from __future__ import annotations

import torch
from torch import Tensor

from peephole.core.progress import check_cancelled
from peephole.neural.cells.shares import at_offset
from peephole.neural.cells.spec import Parameter
from peephole.neural.traces.cell import CellErrors

_BUDGET = 2**23  # elements of a chunk of shares


def _sides(errors: CellErrors, parameter: Parameter) -> tuple[Tensor, Tensor | None]:
    """δ of the variable it leads into, and what it reads, (T, B, ·) each in the input's time; None for a bias."""
    cell = errors.cell
    reads = parameter.reads
    if reads is None:
        return cell.turned(errors.error(parameter.into)), None
    read = at_offset(cell.value(reads.variable), reads.offset, cell.start.get(reads.variable))
    return cell.turned(errors.error(parameter.into)), cell.turned(read)


def gradient(errors: CellErrors, parameter: Parameter, at: int | None) -> Tensor:
    """∂J/∂ of the parameter, in its shape; with `at` the share of that step of the input."""
    error, read = _sides(errors, parameter)
    chosen = slice(None) if at is None else slice(at, at + 1)
    rows = error[chosen].flatten(0, 1)
    if read is None:
        return rows.sum(0)
    seen = read[chosen].flatten(0, 1)
    return rows.T @ seen if parameter.is_matrix else (rows * seen).sum(0)


def gradient_norms(errors: CellErrors, parameter: Parameter) -> Tensor:
    """The (Frobenius) norm of every step's share, (T), a chunk of steps at a time."""
    error, read = _sides(errors, parameter)
    if read is not None and parameter.is_matrix and error.shape[1] == 1:  # one sequence: ‖δ ⊗ x‖ = ‖δ‖ ‖x‖
        norms: Tensor = torch.linalg.vector_norm(error, dim=(1, 2)) * torch.linalg.vector_norm(read, dim=(1, 2))
        return norms
    steps = max(1, _BUDGET // (error.shape[-1] * (read.shape[-1] if read is not None else 1)))
    found = []
    for start in range(0, len(error), steps):
        check_cancelled()
        d = error[start : start + steps]
        if read is None:
            shares = d.sum(1)
        else:
            r = read[start : start + steps]
            shares = torch.einsum("tbi,tbj->tij", d, r).flatten(1) if parameter.is_matrix else (d * r).sum(1)
        found.append(torch.linalg.vector_norm(shares, dim=-1))
    return torch.cat(found)
