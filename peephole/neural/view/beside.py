"""What stands beside the levels: how far an error travels, and what it does to the parameters."""

from __future__ import annotations

from typing import Any

import torch

from peephole.core.progress import progress
from peephole.neural.view.arrays import packed
from peephole.neural.view.pooling import strongest
from peephole.neural.view.reading import Reading


def flow(reading: Reading, variable: str, rows: int, columns: int) -> dict[str, Any]:
    """How much of ∂J(t) reaches step k: ‖∂J(t)/∂v(k)‖, (rows, columns), the strongest step in each column.

    steps: the t of each row.  bound: for a simple RNN what it cannot exceed, else None.
    """
    trace, batch = reading.trace, reading.where.batch
    found = trace.error_flow(variable, rows=_evenly(reading.steps, rows), **reading.place)

    def seen(norms: torch.Tensor) -> dict[str, Any]:
        return packed(strongest(norms[:, : reading.steps, batch], columns, 1))

    return {
        "variable": variable,
        "steps": found.steps.tolist(),
        "norms": seen(found.norms),
        "bound": None if found.bound is None else seen(found.bound),
    }


def jacobians(reading: Reading, variable: str, count: int) -> dict[str, Any]:
    """‖∂v(t)/∂v(t-1)‖ at evenly chosen steps: whole, and along the highway alone (None where the cell has none)."""
    trace, steps = reading.trace, _evenly(reading.steps, count)
    has_highway = any(r.variable == variable and r.id == "highway" for r in trace.spec.routes)
    where = {**reading.place, "batch": reading.where.batch}
    whole, highway = [], []
    for t in progress(steps, "Jacobians"):
        whole.append(_size(trace.jacobian(variable, t, **where)))
        if has_highway:
            highway.append(trace.jacobian(variable, t, through="highway", **where).diagonal().abs().max())
    return {
        "variable": variable,
        "steps": steps,
        "whole": packed(torch.stack(whole)),
        "highway": packed(torch.stack(highway)) if highway else None,
    }


def gradients(reading: Reading) -> dict[str, Any]:
    """Each step's share of each parameter's gradient, as norms (T), and the norm of the whole gradient."""
    trace, where = reading.trace, {"loss_at": reading.where.loss_at, **reading.place}
    names = list(trace.parameters(**reading.place))
    return {
        "shares": {name: packed(trace.gradient_norms(name, **where)[: reading.steps]) for name in names},
        "norms": {name: float(torch.linalg.vector_norm(trace.gradient(name, **where))) for name in names},
    }


def _size(jacobian: torch.Tensor) -> torch.Tensor:
    """The largest singular value; of a big matrix by iteration, which is quick and right to four digits."""
    if len(jacobian) <= 128:
        largest: torch.Tensor = torch.linalg.matrix_norm(jacobian, ord=2)
        return largest
    vector = torch.ones(len(jacobian), dtype=jacobian.dtype, device=jacobian.device)
    size = vector.new_zeros(())
    for _ in range(200):
        carried = jacobian.T @ (jacobian @ vector)
        norm = torch.linalg.vector_norm(carried)
        if not bool(norm > 0):
            break
        before, size, vector = size, norm.sqrt(), carried / norm
        if bool((size - before).abs() <= 1e-6 * size):
            break
    return size


def _evenly(count: int, wanted: int) -> list[int]:
    """At most `wanted` of 0 ... count-1, evenly spaced, the last one among them."""
    used = min(count, wanted)
    return sorted({count - 1 - round(k * (count - 1) / max(1, used - 1)) for k in range(used)})
