"""Slices over time: norms of everything, one unit in full, all units as strips."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from peephole.neural.view.arrays import packed
from peephole.neural.view.pooling import edges, strongest
from peephole.neural.view.reading import Reading


def overview(reading: Reading) -> dict[str, Any]:
    """The norm over the units of every variable's value and δ at every step, (T) each.

    units: the units through which most of the error passes, most first (of the cell's output, over all steps).
    active: likewise those whose values are largest.
    """
    names = reading.trace.variables
    output = reading.trace.spec.output
    return {
        "values": {name: packed(_norm(reading.value(name))) for name in names},
        "errors": {name: packed(_norm(reading.error(name))) for name in names},
        "units": _largest(reading.error(output)),
        "active": _largest(reading.value(output)),
    }


def _largest(over_time: Tensor) -> list[int]:
    """The units of greatest norm over time, greatest first."""
    return _norm(over_time.T).argsort(descending=True, stable=True)[:32].tolist()


def unit(reading: Reading, unit: int, start: int, stop: int) -> dict[str, Any]:
    """Everything of one unit for the steps start <= t < stop: (n) each.

    values, errors: by variable (all but the input, whose numbers are no units).  terms: by variable, in the order of its
    equation (None: no such bias).  routes: by variable and route.  weights: the unit's own number of every vector
    parameter.  initial: state by state, with its δ.
    """
    trace = reading.trace
    names = [variable.id for variable in trace.spec.variables if variable.role != "input"]
    vectors = {name: p for name, p in trace.parameters(**reading.place).items() if p.dim() == 1}

    def one(over_time: Tensor) -> dict[str, Any]:
        return packed(over_time[start:stop, unit])

    return {
        "start": start,
        "stop": stop,
        "values": {name: one(reading.value(name)) for name in names},
        "errors": {name: one(reading.error(name)) for name in names},
        "terms": {name: [None if t is None else one(t) for t in reading.terms(name)] for name in names},
        "routes": {name: {route: one(share) for route, share in reading.routes(name).items()} for name in names},
        "weights": {name: float(vector[unit]) for name, vector in vectors.items()},
        "initial": {
            state: {"value": float(reading.start(state)[unit]), "error": float(reading.start_error(state)[unit])}
            for state in trace.spec.states
        },
    }


def entry(reading: Reading, entry: int, start: int, stop: int) -> dict[str, Any]:
    """One number of the input for the steps start <= t < stop: value, error, and its routes, (n) each."""
    return {
        "start": start,
        "stop": stop,
        "value": packed(reading.value("x")[start:stop, entry]),
        "error": packed(reading.error("x")[start:stop, entry]),
        "routes": {route: packed(share[start:stop, entry]) for route, share in reading.routes("x").items()},
    }


def strips(reading: Reading, start: int, stop: int, cells: int) -> dict[str, Any]:
    """All units of every variable for the steps start <= t < stop, at most `cells` cells a strip, (n, cells) each.

    values, errors: by variable; each cell shows the strongest unit in it.  initial: the states before the first step.
    along: by variable and route, (n): the part of a route's share that lies along δ, ⟨share, δ⟩/‖δ‖; they sum to ‖δ‖.
    """
    names = reading.trace.variables

    def pooled(over_time: Tensor) -> dict[str, Any]:
        return packed(strongest(over_time[start:stop], cells, 1))

    return {
        "start": start,
        "stop": stop,
        "values": {name: pooled(reading.value(name)) for name in names},
        "errors": {name: pooled(reading.error(name)) for name in names},
        "along": {name: _along(reading, name, start, stop) for name in names},
        "initial": {
            state: packed(strongest(reading.start(state).unsqueeze(0), cells, 1)) for state in reading.trace.spec.states
        },
    }


def field(
    reading: Reading, variable: str, errors: bool, start: int, stop: int, columns: int, cells: int
) -> dict[str, Any]:
    """One variable's value or δ as a picture: at most `cells` rows of units by `columns` of steps, (cells, columns).

    edges: the step at which each column begins, and the last one's end.
    """
    over_time = (reading.error if errors else reading.value)(variable)[start:stop]
    picture = strongest(strongest(over_time, columns, 0), cells, 1).T
    return {
        "variable": variable,
        "edges": [start + k for k in edges(stop - start, columns)],
        "values": packed(picture),
        "largest": float(over_time.abs().max()) if over_time.numel() else 0.0,
    }


def _along(reading: Reading, variable: str, start: int, stop: int) -> dict[str, Any]:
    error = reading.error(variable)[start:stop]
    size = _norm(error)
    safe = torch.where(size > 0, size, torch.ones_like(size))
    return {
        route: packed((share[start:stop] * error).sum(-1) / safe) for route, share in reading.routes(variable).items()
    }


def _norm(over_time: Tensor) -> Tensor:
    norms: Tensor = torch.linalg.vector_norm(over_time, dim=-1)
    return norms
