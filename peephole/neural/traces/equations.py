r"""Equations in LaTeX, with symbols and with the numbers put in: of a value, and of an error as the sum of its routes.

An elementwise product is shown number by number, `0.31 \cdot 0.9`; a matrix product as its one number over a brace that
names it, since its H summands would hide the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import torch
from torch import Tensor

from peephole.neural.cells.shares import FUNCTIONS
from peephole.neural.cells.spec import LATEX, Factor, Ref, Route, Term, Wire
from peephole.neural.traces.cell import CellErrors, CellRun


@dataclass(frozen=True)
class EquationTerm:
    """One summand.

    id: of an error's term the route's; of a value's the parameter's, or the variables' joined by a star.
    symbols, numbers: LaTeX.  value: what it amounts to.  wires: the edges that it runs along; none from outside the cell.
    """

    id: str
    symbols: str
    numbers: str
    value: float
    wires: tuple[Wire, ...]


@dataclass(frozen=True)
class Equation:
    """An equation of one unit at one step.  symbols, numbers: LaTeX.  value: its left side.  terms: its right side."""

    symbols: str
    numbers: str
    value: float
    terms: tuple[EquationTerm, ...]


@dataclass(frozen=True)
class Spot:
    """Where an equation is looked at: step in the cell's own time, sequence, unit."""

    t: int
    batch: int
    unit: int


def number(value: float) -> str:
    """A number for a formula: four digits, powers of ten written out."""
    mantissa, _, exponent = f"{value:.4g}".partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def value_equation(cell: CellRun, variable: str, spot: Spot) -> Equation:
    """The equation of a variable's value; of the input, its value alone."""
    spec = cell.spec
    value = float(cell.value(variable)[spot.t, spot.batch, spot.unit])
    described = spec.variable(variable)
    known = cell.parameters
    kept = [term for term in described.terms if term.parameter is None or term.parameter in known]
    terms = tuple(_value_term(cell, variable, term, spot) for term in kept)
    left = spec.symbol_at(Ref(variable))
    if not terms:
        return Equation(left, number(value), value, ())
    return Equation(f"{left} = {_sum([t.symbols for t in terms])}", _numbers(value, terms), value, terms)


def error_equation(errors: CellErrors, variable: str, spot: Spot, routes: tuple[Route, ...]) -> Equation:
    """The equation of a variable's δ, one term for each of `routes`."""
    spec = errors.cell.spec
    value = float(errors.error(variable)[spot.t, spot.batch, spot.unit])
    terms = tuple(_error_term(errors, route, spot) for route in routes)
    left = spec.error_at(Ref(variable))
    return Equation(f"{left} = {_sum([t.symbols for t in terms])}", _numbers(value, terms), value, terms)


def _value_term(cell: CellRun, variable: str, term: Term, spot: Spot) -> EquationTerm:
    spec = cell.spec
    symbols = spec.forward_term(term)
    refs = tuple(ref for factor in term.factors for ref in factor.of)
    name = term.parameter or "*".join(ref.variable for ref in refs)
    wires = tuple(Wire(ref, variable, term.parameter) for ref in refs)
    parameter = None if term.parameter is None else cell.parameters[term.parameter]
    if parameter is not None and parameter.dim() == 2:
        vector = torch.ones((), dtype=parameter.dtype, device=parameter.device)
        for factor in term.factors:
            vector = vector * _vector(cell, factor, spot)
        value = float(parameter[spot.unit] @ vector)
        return EquationTerm(name, symbols, _braced(value, symbols), value, wires)
    numbers = [] if parameter is None else [float(parameter[spot.unit])]
    value = numbers[0] if numbers else 1.0
    shown = [number(n) for n in numbers]
    for factor in term.factors:
        value *= float(_vector(cell, factor, spot)[spot.unit])
        shown.append(_factor_numbers(cell, factor, spot))
    return EquationTerm(name, symbols, _product(shown), value, wires)


def _error_term(errors: CellErrors, route: Route, spot: Spot) -> EquationTerm:
    cell = errors.cell
    symbols = cell.spec.route_term(route)
    value = float(errors.share(route)[spot.t, spot.batch, spot.unit])
    source = route.source
    if source is None:
        return EquationTerm(route.id, symbols, number(value), value, ())
    wires = (Wire(Ref(route.variable, -source.offset), source.variable, route.parameter),)
    parameter = None if route.parameter is None else cell.parameters[route.parameter]
    if spot.t + source.offset >= int(cell.layout.lengths[spot.batch]):
        return EquationTerm(route.id, symbols, "0", value, wires)  # past the last step
    if parameter is not None and parameter.dim() == 2:
        return EquationTerm(route.id, symbols, _braced(value, symbols), value, wires)
    shown = [] if parameter is None else [number(float(parameter[spot.unit]))]
    shown.append(number(float(errors.error(source.variable)[spot.t + source.offset, spot.batch, spot.unit])))
    shown += [_factor_numbers(cell, factor, spot) for factor in route.factors]
    return EquationTerm(route.id, symbols, _product(shown), value, wires)


def _at(cell: CellRun, ref: Ref, spot: Spot) -> Tensor:
    """A variable's units at the step that the reference means, (H)."""
    t = spot.t + ref.offset
    return cell.start[ref.variable][spot.batch] if t < 0 else cell.value(ref.variable)[t, spot.batch]


def _vector(cell: CellRun, factor: Factor, spot: Spot) -> Tensor:
    return FUNCTIONS[factor.function](*(_at(cell, ref, spot) for ref in factor.of))


def _factor_numbers(cell: CellRun, factor: Factor, spot: Spot) -> str:
    arguments = [number(float(_at(cell, ref, spot)[spot.unit])) for ref in factor.of]
    if factor.function == "value":
        return arguments[0]
    inside = [f"({text})" if text.startswith("-") or "cdot" in text else text for text in arguments]
    return re.sub(r"\(\(([^()]*)\)\)", r"(\1)", LATEX[factor.function].format(*inside))


def _braced(value: float, symbols: str) -> str:
    return rf"\underbrace{{{number(value)}}}_{{{symbols}}}"


def _product(shown: list[str]) -> str:
    later = [f"({text})" if text.startswith("-") else text for text in shown[1:]]
    return r" \cdot ".join([shown[0], *later])


def _sum(terms: list[str]) -> str:
    return " + ".join(terms).replace("+ -", "- ")


def _numbers(value: float, terms: tuple[EquationTerm, ...]) -> str:
    return f"{number(value)} = {_sum([term.numbers for term in terms])}"
