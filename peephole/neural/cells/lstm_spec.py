"""The description of the LSTM in its nine variants: every variable, every wire, every route of the error."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from peephole.neural.cells.spec import CellSpec, Factor, Parameter, Ref, Role, Route, Term, Variable, of, value
from peephole.neural.cells.variants import GATES, VARIANTS, Variant

# block -> (variable before activation, variable, text of the bar, long name)
_BAR = {"z": "z_bar", "in": "i_bar", "for": "f_bar", "out": "o_bar"}
_ACTIVATED = {"z": "z", "in": "i", "for": "f", "out": "o"}
_TEXT = {"z": "z̄", "in": "ī", "for": "f̄", "out": "ō"}
_NAME = {"z": "block input", "in": "input gate", "for": "forget gate", "out": "output gate"}
_MEANING = {
    "z": "what could be added to the cell",
    "in": "how much of the block input is let into the cell: 0 nothing, 1 all",
    "for": "how much of the last step's cell is kept: 0 nothing, 1 all",
    "out": "how much of the cell is told: 0 nothing, 1 all",
}
_PEEPS_AT = {"in": -1, "for": -1, "out": 0}  # the output gate sees the new cell


def _symbol(letter: str, block: str) -> str:
    return f"{letter}_z" if block == "z" else rf"{letter}_{{\mathrm{{{block}}}}}"


def _gate_matrix(source: str, target: str) -> str:
    """R_ab leads from gate a to gate b."""
    return f"R_{_ACTIVATED[source]}{_ACTIVATED[target]}"


def _bar(kind: Variant, block: str) -> Variable:
    terms = [Term((value("x"),), f"W_{block}"), Term((value("y", -1),), f"R_{block}")]
    if kind.gate_recurrence and block in GATES:
        terms += [Term((value(_ACTIVATED[a], -1),), _gate_matrix(a, block)) for a in GATES]
    if block in kind.peepholes:
        terms.append(Term((value("c", _PEEPS_AT[block]),), f"p_{block}"))
    terms.append(Term((), f"b_{block}"))
    symbol = rf"\bar{{{_ACTIVATED[block]}}}"
    seen = ["the input", "the last output", *(["through the peephole the cell"] if block in kind.peepholes else [])]
    meaning = f"what {', '.join(seen[:-1])} and {seen[-1]} bring together, before it is squashed"
    return Variable(
        _BAR[block], symbol, f"{_NAME[block]} before activation", "bar", terms=tuple(terms), meaning=meaning
    )


def _activated(kind: Variant, block: str) -> Variable:
    function = of("logistic", _BAR[block])
    if block == "z":
        function = of("tanh", "z_bar") if kind.input_activation else value("z_bar")
    letter = _ACTIVATED[block]
    role: Role = "block input" if block == "z" else "gate"
    return Variable(letter, letter, _NAME[block], role, terms=(Term((function,)),), meaning=_MEANING[block])


def _with_gate(kind: Variant, gate: str, *factors: Factor) -> tuple[Factor, ...]:
    """The factors times the gate, where the variant has it."""
    present = gate in kind.gates or (gate == "for" and kind.coupled)
    return (*factors, value(_ACTIVATED[gate])) if present else factors


def _variables(kind: Variant) -> Iterator[Variable]:
    yield Variable("x", "x", "input", "input", "I", meaning="what comes in at this step")
    for block in kind.blocks:
        if block != "out":
            yield _bar(kind, block)
            yield _activated(kind, block)
    if kind.coupled:
        coupled = (Term((of("one_minus", "i"),)),)
        yield Variable("f", "f", "forget gate, coupled", "gate", terms=coupled, meaning=_MEANING["for"])
    terms = (Term(_with_gate(kind, "in", value("z"))), Term(_with_gate(kind, "for", value("c", -1))))
    yield Variable("c", "c", "cell", "cell", terms=terms, meaning="the memory: what is let in, and what is kept")
    if "out" in kind.gates:
        yield _bar(kind, "out")
        yield _activated(kind, "out")
    cell = of("tanh", "c") if kind.output_activation else value("c")
    told = (Term((*_with_gate(kind, "out"), cell)),)
    meaning = "what is told to the next step and to the layer above"
    yield Variable("y", "y", "block output", "output", terms=told, meaning=meaning)


def _parameters(kind: Variant) -> Iterator[Parameter]:
    for row, block in enumerate(kind.blocks):
        yield Parameter(f"W_{block}", _symbol("W", block), "W", row, ("H", "I"), _BAR[block], Ref("x"))
    for row, block in enumerate(kind.blocks):
        yield Parameter(f"R_{block}", _symbol("R", block), "R", row, ("H", "H"), _BAR[block], Ref("y", -1))
    if kind.gate_recurrence:
        for row, target in enumerate(GATES):
            for column, source in enumerate(GATES):
                name = _gate_matrix(source, target)
                reads = Ref(_ACTIVATED[source], -1)
                yield Parameter(name, f"R_{{{name[2:]}}}", "Q", row, ("H", "H"), _BAR[target], reads, column)
    for row, gate in enumerate(kind.peepholes):
        yield Parameter(f"p_{gate}", _symbol("p", gate), "p", row, ("H",), _BAR[gate], Ref("c", _PEEPS_AT[gate]))
    for row, block in enumerate(kind.blocks):
        yield Parameter(f"b_{block}", _symbol("b", block), "b", row, ("H",), _BAR[block], None)


def _routes_of_y(kind: Variant) -> Iterator[Route]:
    yield Route("y", "loss", "loss", external="loss")
    yield Route("y", "above", "above", external="above")
    for block in kind.blocks:
        yield Route("y", f"{_BAR[block]}_next", f"{_TEXT[block]}(t+1)", Ref(_BAR[block], 1), f"R_{block}")
    yield Route("y", "final_state", "final state", external="final state")


def _routes_of_c(kind: Variant) -> Iterator[Route]:
    slope = (of("tanh_derivative", "c"),) if kind.output_activation else ()
    yield Route("c", "y", "through y(t)", Ref("y"), factors=(*_with_gate(kind, "out"), *slope))
    for gate in ("out", "in", "for"):
        if gate in kind.peepholes:
            ahead = -_PEEPS_AT[gate]
            name, when = (f"{_BAR[gate]}_next", "t+1") if ahead else (_BAR[gate], "t")
            yield Route("c", name, f"peephole to {_TEXT[gate]}({when})", Ref(_BAR[gate], ahead), f"p_{gate}")
    forget = (value("f", 1),) if kind.has_forget_value else ()
    yield Route("c", "highway", "the cell's highway", Ref("c", 1), factors=forget)
    yield Route("c", "final_state", "final state", external="final state")


def _routes_of_block(kind: Variant, block: str) -> Iterator[Route]:
    """Routes of a bar, which leads to its own activated value, and of that value."""
    letter = _ACTIVATED[block]
    slope = of("tanh_slope" if block == "z" else "logistic_slope", letter)
    linear = block == "z" and not kind.input_activation
    yield Route(_BAR[block], letter, f"{letter}(t)", Ref(letter), factors=() if linear else (slope,))
    if block == "out":
        cell = of("tanh", "c") if kind.output_activation else value("c")
        yield Route("o", "y", "y(t)", Ref("y"), factors=(cell,))
    else:
        other = {"z": _with_gate(kind, "in"), "in": (value("z"),), "for": (value("c", -1),)}[block]
        yield Route(letter, "c", "c(t)", Ref("c"), factors=other)
    if kind.gate_recurrence and block in GATES:
        for target in GATES:
            bar = _BAR[target]
            label = f"{_TEXT[target]}(t+1)"
            yield Route(letter, f"{bar}_next", label, Ref(bar, 1), _gate_matrix(block, target))
        yield Route(letter, "final_state", "final state", external="final state")


def _routes(kind: Variant) -> Iterator[Route]:
    for block in kind.blocks:
        yield Route("x", _BAR[block], f"{_TEXT[block]}(t)", Ref(_BAR[block]), f"W_{block}")
    yield from _routes_of_y(kind)
    yield from _routes_of_c(kind)
    for block in kind.blocks:
        yield from _routes_of_block(kind, block)
    if kind.coupled:
        yield Route("i", "f", "f(t) = 1 - i(t)", Ref("f"), factors=(Factor("minus_one", ()),))
        yield Route("f", "c", "c(t)", Ref("c"), factors=(value("c", -1),))


@cache
def lstm_spec(variant: str) -> CellSpec:
    """The description of a variant; its name as in `VARIANTS`."""
    kind = VARIANTS[variant]
    return CellSpec(
        kind="lstm",
        variant=variant,
        variables=tuple(_variables(kind)),
        parameters=tuple(_parameters(kind)),
        routes=tuple(_routes(kind)),
        output="y",
        states=("y", "c", "i", "f", "o") if kind.gate_recurrence else ("y", "c"),
    )
