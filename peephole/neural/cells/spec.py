"""How a cell is described: its variables, the terms they are computed from, the routes of the error, its parameters.

The description is data. Traces compute every share from it, the browser draws from it, and a conformance test compares it
with the cell's own passes. Time offsets are relative to the step t at hand: -1 is the step before, +1 the step after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

from torch import Tensor

Function = Literal[
    "value", "tanh", "logistic", "relu", "one_minus", "minus_one", "difference",
    "tanh_slope", "logistic_slope", "relu_slope", "tanh_derivative",
]  # fmt: skip
Role = Literal["input", "bar", "block input", "gate", "cell", "output", "part"]
External = Literal["loss", "above", "final state"]

LATEX: dict[Function, str] = {
    "value": "{0}",
    "tanh": r"\tanh({0})",
    "logistic": r"\sigma({0})",
    "relu": r"\max(0, {0})",
    "one_minus": "(1 - {0})",
    "minus_one": "-1",
    "difference": "({0} - {1})",
    "tanh_slope": "(1 - {0}^2)",
    "logistic_slope": "{0}(1 - {0})",
    "relu_slope": "[{0} > 0]",
    "tanh_derivative": r"(1 - \tanh^2({0}))",
}


@dataclass(frozen=True)
class Ref:
    """A variable at a step: id, and the offset in steps from t."""

    variable: str
    offset: int = 0


@dataclass(frozen=True)
class Factor:
    """A function of one variable (of two for `difference`, of none for `minus_one`).

    The slopes are written in the activated value a: tanh_slope 1 - a², logistic_slope a(1-a), relu_slope [a > 0].
    tanh_derivative is 1 - tanh²(a), where the variable itself is not activated.
    """

    function: Function
    of: tuple[Ref, ...]


@dataclass(frozen=True)
class Term:
    """One summand of a variable's equation: parameter times the elementwise product of the factors.

    parameter: id; a matrix is applied to the product, a vector multiplies it elementwise or, without factors, is added.
    """

    factors: tuple[Factor, ...] = ()
    parameter: str | None = None


@dataclass(frozen=True)
class Variable:
    """A neuron of the cell that depends on the time step.

    id: as in `trace.value(id)`.  symbol: LaTeX.  label: plain text.  size: "I" or "H" units.
    terms: its value is their sum; none for the input.  meaning: what it is for, in a few words.
    """

    id: str
    symbol: str
    label: str
    role: Role
    size: Literal["I", "H"] = "H"
    terms: tuple[Term, ...] = ()
    meaning: str = ""


@dataclass(frozen=True)
class Wire:
    """An edge of the unfolded graph, forward: from `source` into `target` at t, crossing `parameter` if any."""

    source: Ref
    target: str
    parameter: str | None


@dataclass(frozen=True)
class Route:
    """One way by which a variable reaches the loss: one term of its δ(t).

    id: unique within the variable.  label: as in the equations.  source: the δ it comes from, with its offset (0 or +1),
    or None where it comes from outside the layer (`external` says from where).  The share is
    parameterᵀ (δ source ⊙ factors) for a matrix, parameter ⊙ δ source ⊙ factors for a vector.
    """

    variable: str
    id: str
    label: str
    source: Ref | None = None
    parameter: str | None = None
    factors: tuple[Factor, ...] = ()
    external: External | None = None


@dataclass(frozen=True)
class Parameter:
    """A parameter by the paper's name: a view of a stored one.

    stored: name of the stored tensor.  row, column: index of the H-sized block there; column is None but for Q.
    shape: ("H", "I"), ("H", "H") or ("H",).  into: the variable whose equation it stands in.
    reads: what it multiplies, None for a bias. Its gradient is Σ_t δinto(t) ⊗ reads, elementwise for a peephole.
    """

    id: str
    symbol: str
    stored: str
    row: int
    shape: tuple[str, ...]
    into: str
    reads: Ref | None
    column: int | None = None

    @property
    def is_matrix(self) -> bool:
        """Whether it is applied as a matrix product, rather than elementwise."""
        return len(self.shape) == 2

    def view(self, stored: Tensor, hidden_size: int) -> Tensor:
        """This parameter (or its gradient) as a view of the stored one (or of that one's gradient)."""
        if self.stored == "p":
            return stored[self.row]
        rows = stored[self.row * hidden_size : (self.row + 1) * hidden_size]
        if self.column is None:
            return rows
        return rows[:, self.column * hidden_size : (self.column + 1) * hidden_size]


@dataclass(frozen=True)
class CellSpec:
    """Everything about a cell that a trace or a drawing needs.

    kind: "rnn", "lstm" or "gru".  variant: nonlinearity of an RNN, variant of an LSTM, "" for a GRU.
    output: id of the variable the layer returns.  states: ids of those carried from step to step, output first.
    """

    kind: str
    variant: str
    variables: tuple[Variable, ...]
    parameters: tuple[Parameter, ...]
    routes: tuple[Route, ...]
    output: str
    states: tuple[str, ...]

    @cached_property
    def _variables(self) -> dict[str, Variable]:
        return {variable.id: variable for variable in self.variables}

    @cached_property
    def _parameters(self) -> dict[str, Parameter]:
        return {parameter.id: parameter for parameter in self.parameters}

    def variable(self, id: str) -> Variable:  # noqa: A002
        """The variable of this id; KeyError where there is none."""
        return self._variables[id]

    def parameter(self, id: str) -> Parameter:  # noqa: A002
        """The parameter of this id; KeyError where there is none."""
        return self._parameters[id]

    def has_parameter(self, id: str) -> bool:  # noqa: A002
        """Whether the cell has a parameter of this name."""
        return id in self._parameters

    def routes_of(self, variable: str, *, top: bool | None = None) -> tuple[Route, ...]:
        """The routes of a variable's δ.  top: drop `above` in the top layer and `loss` below it; None keeps both."""
        dropped = {None: None, True: "above", False: "loss"}[top]
        return tuple(r for r in self.routes if r.variable == variable and (dropped is None or r.external != dropped))

    @cached_property
    def wires(self) -> tuple[Wire, ...]:
        """Every edge into every variable, once each, in the order of the equations."""
        found = {
            Wire(ref, variable.id, term.parameter): None
            for variable in self.variables
            for term in variable.terms
            for factor in term.factors
            for ref in factor.of
        }
        return tuple(found)

    def equation(self, variable: str) -> str:
        r"""The forward equation in LaTeX: `c(t) = z(t) \odot i(t) + c(t-1) \odot f(t)`."""
        terms = [self.forward_term(term) for term in self.variable(variable).terms]
        return f"{self.symbol_at(Ref(variable))} = {_summed(terms)}"

    def error_equation(self, variable: str, *, top: bool | None = True) -> str:
        """The backward equation in LaTeX: δ as the sum of its routes."""
        terms = [self.route_term(route) for route in self.routes_of(variable, top=top)]
        return f"{self.error_at(Ref(variable))} = {_summed(terms)}"

    def forward_term(self, term: Term) -> str:
        """One summand of a variable's equation in LaTeX."""
        return self._product(term.parameter, term.factors)

    def route_term(self, route: Route) -> str:
        """One route's share in LaTeX."""
        if route.source is None:
            step = "T" if route.external == "final state" else "t"
            return rf"\partial J / \partial {self.variable(route.variable).symbol}({step})"
        factors = [self._factor(factor) for factor in route.factors]
        if factors == [LATEX["minus_one"]]:
            return f"-{self.error_at(route.source)}"
        if route.parameter is None:
            return r" \odot ".join([self.error_at(route.source), *factors])
        parameter = self.parameter(route.parameter)
        error = r" \odot ".join([self.error_at(route.source), *factors])
        if not parameter.is_matrix:
            return rf"{parameter.symbol} \odot {error}"
        return rf"{parameter.symbol}^{{\top}} " + (f"({error})" if factors else error)

    def symbol_at(self, ref: Ref) -> str:
        """A variable at a step in LaTeX: `c(t-1)`."""
        when = f"{ref.offset:+d}" if ref.offset else ""
        return f"{self.variable(ref.variable).symbol}(t{when})"

    def error_at(self, ref: Ref) -> str:
        """A variable's δ at a step in LaTeX."""
        return rf"\delta {self.symbol_at(ref)}"

    def _factor(self, factor: Factor) -> str:
        return LATEX[factor.function].format(*(self.symbol_at(ref) for ref in factor.of))

    def _product(self, parameter: str | None, factors: tuple[Factor, ...]) -> str:
        product = r" \odot ".join(self._factor(factor) for factor in factors)
        if parameter is None:
            return product
        found = self.parameter(parameter)
        joint = " " if found.is_matrix else r" \odot "
        return f"{found.symbol}{joint}{product}" if product else found.symbol

    def to_json(self) -> dict[str, Any]:
        """The whole description as plain data, with wires and LaTeX written out: what the drawings read."""
        plain = asdict(self)
        for described, variable in zip(self.variables, plain["variables"], strict=True):
            for term, written in zip(described.terms, variable["terms"], strict=True):
                written["latex"] = self.forward_term(term)
            variable["equation"] = self.equation(variable["id"]) if variable["terms"] else None
            variable["error_equation"] = self.error_equation(variable["id"])
        for route, written in zip(self.routes, plain["routes"], strict=True):
            written["latex"] = self.route_term(route)
        return {**plain, "wires": [asdict(wire) for wire in self.wires]}

    def views(self, stored: Mapping[str, Tensor | None], hidden_size: int) -> dict[str, Tensor]:
        """Every parameter by the paper's name, as views of the stored tensors; without those that are None (bias=False)."""
        tensors = ((parameter, stored.get(parameter.stored)) for parameter in self.parameters)
        return {
            parameter.id: parameter.view(tensor, hidden_size) for parameter, tensor in tensors if tensor is not None
        }


def _summed(terms: list[str]) -> str:
    return " + ".join(terms).replace("+ -", "- ")


def value(variable: str, offset: int = 0) -> Factor:
    """The factor that is the variable itself."""
    return Factor("value", (Ref(variable, offset),))


def of(function: Function, variable: str, offset: int = 0) -> Factor:
    """A function of one variable, as a factor."""
    return Factor(function, (Ref(variable, offset),))
