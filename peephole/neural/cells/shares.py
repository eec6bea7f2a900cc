"""What a description says, computed: a variable's value from its terms, a route's share of a δ.

Works on padded batches: every tensor over time is (T, B, ·), and `start` holds the initial states (B, ·) by variable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import add, mul

import torch
from torch import Tensor

from peephole.neural.cells.spec import CellSpec, Factor, Function, Route, Term

FUNCTIONS: dict[Function, Callable[..., Tensor]] = {
    "value": lambda a: a,
    "tanh": torch.tanh,
    "logistic": torch.sigmoid,
    "relu": torch.relu,
    "one_minus": lambda a: 1 - a,
    "difference": lambda a, b: a - b,
    "tanh_slope": lambda a: 1 - a * a,
    "logistic_slope": lambda a: a * (1 - a),
    "relu_slope": lambda a: (a > 0).to(a.dtype),
    "tanh_derivative": lambda a: 1 - torch.tanh(a) ** 2,
}


def at_offset(over_time: Tensor, offset: int, start: Tensor | None = None) -> Tensor:
    """A tensor over time read one step earlier (-1; `start` or zero before the first step) or later (+1; zero past it)."""
    if offset == 0:
        return over_time
    if offset == 1:
        return torch.cat([over_time[1:], torch.zeros_like(over_time[:1])])
    first = torch.zeros_like(over_time[0]) if start is None else start
    return torch.cat([first.unsqueeze(0), over_time[:-1]])


def factor_value(factor: Factor, values: Mapping[str, Tensor], start: Mapping[str, Tensor]) -> Tensor:
    """A factor at every step, (T, B, H) (a scalar for `minus_one`)."""
    if factor.function == "minus_one":
        return next(iter(values.values())).new_tensor(-1.0)
    arguments = [at_offset(values[ref.variable], ref.offset, start.get(ref.variable)) for ref in factor.of]
    return FUNCTIONS[factor.function](*arguments)


def computed(
    spec: CellSpec,
    variable: str,
    values: Mapping[str, Tensor],
    start: Mapping[str, Tensor],
    parameters: Mapping[str, Tensor],
) -> Tensor:
    """A variable at every step from its equation, the values of the others being known; (T, B, H).

    parameters: by the paper's names; a bias that is missing is zero.
    """
    shares = [share for share in term_shares(spec, variable, values, start, parameters) if share is not None]
    if not shares:
        raise KeyError(f"{variable} is not computed: it is the cell's input.")
    return reduce(add, shares)


def term_shares(
    spec: CellSpec,
    variable: str,
    values: Mapping[str, Tensor],
    start: Mapping[str, Tensor],
    parameters: Mapping[str, Tensor],
) -> list[Tensor | None]:
    """What each term of a variable's equation amounts to, in its order; (H) for a bias, else (T, B, H).

    None for a term whose parameter is missing (a layer without bias).
    """
    return [_term_share(spec, term, values, start, parameters) for term in spec.variable(variable).terms]


def _term_share(
    spec: CellSpec,
    term: Term,
    values: Mapping[str, Tensor],
    start: Mapping[str, Tensor],
    parameters: Mapping[str, Tensor],
) -> Tensor | None:
    if term.parameter is not None and term.parameter not in parameters:
        return None
    factors = [factor_value(factor, values, start) for factor in term.factors]
    if term.parameter is None:
        return reduce(mul, factors)
    if spec.parameter(term.parameter).is_matrix:
        return reduce(mul, factors) @ parameters[term.parameter].T
    return reduce(mul, factors, parameters[term.parameter])


def route_share(
    route: Route,
    values: Mapping[str, Tensor],
    errors: Mapping[str, Tensor],
    start: Mapping[str, Tensor],
    parameters: Mapping[str, Tensor],
) -> Tensor:
    """A route's share of δ of `route.variable` at every step, (T, B, ·).  errors: δ by variable.

    For a route inside the cell; what comes from outside (`external`) is the caller's to know.
    """
    if route.source is None:
        raise KeyError(f"{route.variable}: the route {route.id} comes from outside the cell.")
    error = at_offset(errors[route.source.variable], route.source.offset)
    shared = reduce(mul, [factor_value(factor, values, start) for factor in route.factors], error)
    if route.parameter is None:
        return shared
    weight = parameters[route.parameter]
    return shared @ weight if weight.dim() == 2 else shared * weight
