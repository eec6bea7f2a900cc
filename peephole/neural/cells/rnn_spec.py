"""The description of the simple recurrent network: a(t) = b + W h(t-1) + U x(t), h(t) = g(a(t))."""

from __future__ import annotations

from functools import cache

from peephole.neural.cells.spec import CellSpec, Function, Parameter, Ref, Route, Term, Variable, of, value

SLOPES: dict[str, tuple[Function, Function]] = {
    "tanh": ("tanh", "tanh_slope"),
    "relu": ("relu", "relu_slope"),
    "logistic": ("logistic", "logistic_slope"),
}


@cache
def rnn_spec(nonlinearity: str) -> CellSpec:
    """The description for tanh, relu or logistic."""
    activation, slope = SLOPES[nonlinearity]
    return CellSpec(
        kind="rnn",
        variant=nonlinearity,
        variables=(
            Variable("x", "x", "input", "input", "I", meaning="what comes in at this step"),
            Variable(
                "a",
                "a",
                "before activation",
                "bar",
                terms=(Term((), "b"), Term((value("h", -1),), "W"), Term((value("x"),), "U")),
                meaning="what the input and the last state bring together",
            ),
            Variable(
                "h",
                "h",
                "hidden state",
                "output",
                terms=(Term((of(activation, "a"),)),),
                meaning="the memory, and what is told to the layer above",
            ),
        ),
        parameters=(
            Parameter("U", "U", "U", 0, ("H", "I"), "a", Ref("x")),
            Parameter("W", "W", "W", 0, ("H", "H"), "a", Ref("h", -1)),
            Parameter("b", "b", "b", 0, ("H",), "a", None),
        ),
        routes=(
            Route("x", "a", "a(t)", Ref("a"), "U"),
            Route("a", "h", "h(t)", Ref("h"), factors=(of(slope, "h"),)),
            Route("h", "loss", "loss", external="loss"),
            Route("h", "above", "above", external="above"),
            Route("h", "a_next", "a(t+1)", Ref("a", 1), "W"),
            Route("h", "final_state", "final state", external="final state"),
        ),
        output="h",
        states=("h",),
    )
