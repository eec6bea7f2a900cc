"""The description of the gated recurrent unit; its equations stand at the top of gru.py."""

from __future__ import annotations

from functools import cache

from peephole.neural.cells.spec import CellSpec, Factor, Parameter, Ref, Route, Term, Variable, of, value

_SEEN = "what the input and the last state bring together, before it is squashed"


def _gate_terms(gate: str) -> tuple[Term, ...]:
    return (Term((value("x"),), f"W_{gate}"), Term((value("h", -1),), f"R_{gate}"), Term((), f"b_{gate}"))


def _variables() -> tuple[Variable, ...]:
    return (
        Variable("x", "x", "input", "input", "I", meaning="what comes in at this step"),
        Variable("r_bar", r"\bar{r}", "reset gate before activation", "bar", terms=_gate_terms("r"), meaning=_SEEN),
        Variable(
            "r",
            "r",
            "reset gate",
            "gate",
            terms=(Term((of("logistic", "r_bar"),)),),
            meaning="how much of the last state the candidate sees: 0 nothing, 1 all",
        ),
        Variable("u_bar", r"\bar{u}", "update gate before activation", "bar", terms=_gate_terms("u"), meaning=_SEEN),
        Variable(
            "u",
            "u",
            "update gate",
            "gate",
            terms=(Term((of("logistic", "u_bar"),)),),
            meaning="how much of the last state is kept: 1 all, 0 the candidate takes its place",
        ),
        Variable(
            "m",
            "m",
            "candidate's recurrent part",
            "part",
            terms=(Term((value("h", -1),), "R_n"), Term((), "b_n_prime")),
            meaning="what the last state would bring to the candidate, before the reset gate",
        ),
        Variable(
            "n_bar",
            r"\bar{n}",
            "candidate before activation",
            "bar",
            terms=(Term((value("x"),), "W_n"), Term((), "b_n"), Term((value("r"), value("m")))),
            meaning="what the input and, as far as the reset gate lets it, the last state bring together",
        ),
        Variable(
            "n",
            "n",
            "candidate",
            "block input",
            terms=(Term((of("tanh", "n_bar"),)),),
            meaning="what the state could become",
        ),
        Variable(
            "h",
            "h",
            "hidden state",
            "output",
            terms=(Term((of("one_minus", "u"), value("n"))), Term((value("u"), value("h", -1)))),
            meaning="the memory, and what is told to the layer above",
        ),
    )


def _parameters() -> tuple[Parameter, ...]:
    blocks = ("r", "u", "n")
    into_R = {"r": "r_bar", "u": "u_bar", "n": "m"}
    return (
        *(Parameter(f"W_{g}", f"W_{g}", "W", k, ("H", "I"), f"{g}_bar", Ref("x")) for k, g in enumerate(blocks)),
        *(Parameter(f"R_{g}", f"R_{g}", "R", k, ("H", "H"), into_R[g], Ref("h", -1)) for k, g in enumerate(blocks)),
        *(Parameter(f"b_{g}", f"b_{g}", "b", k, ("H",), f"{g}_bar", None) for k, g in enumerate(blocks)),
        Parameter("b_n_prime", "b'_n", "b", 3, ("H",), "m", None),
    )


def _routes() -> tuple[Route, ...]:
    new_minus_old = Factor("difference", (Ref("h", -1), Ref("n")))
    return (
        *(Route("x", f"{g}_bar", label, Ref(f"{g}_bar"), f"W_{g}") for g, label in zip("run", _BARS, strict=True)),
        Route("r_bar", "r", "r(t)", Ref("r"), factors=(of("logistic_slope", "r"),)),
        Route("r", "n_bar", "n̄(t)", Ref("n_bar"), factors=(value("m"),)),
        Route("u_bar", "u", "u(t)", Ref("u"), factors=(of("logistic_slope", "u"),)),
        Route("u", "h", "h(t)", Ref("h"), factors=(new_minus_old,)),
        Route("m", "n_bar", "n̄(t)", Ref("n_bar"), factors=(value("r"),)),
        Route("n_bar", "n", "n(t)", Ref("n"), factors=(of("tanh_slope", "n"),)),
        Route("n", "h", "h(t)", Ref("h"), factors=(of("one_minus", "u"),)),
        Route("h", "loss", "loss", external="loss"),
        Route("h", "above", "above", external="above"),
        Route("h", "u_bar_next", "ū(t+1)", Ref("u_bar", 1), "R_u"),
        Route("h", "n_bar_next", "n̄(t+1), through m(t+1)", Ref("m", 1), "R_n"),
        Route("h", "r_bar_next", "r̄(t+1)", Ref("r_bar", 1), "R_r"),
        Route("h", "highway", "the state's highway", Ref("h", 1), factors=(value("u", 1),)),
        Route("h", "final_state", "final state", external="final state"),
    )


_BARS = ("r̄(t)", "ū(t)", "n̄(t)")


@cache
def gru_spec() -> CellSpec:
    """The description of the GRU."""
    return CellSpec("gru", "", _variables(), _parameters(), _routes(), output="h", states=("h",))
