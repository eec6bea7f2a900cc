"""A battery over every cell's description: complete, consistent, and true of what the cell computes."""

import json
import re

import pytest
import torch

from peephole.neural.cells.registry import cell_spec
from peephole.neural.cells.shares import computed, route_share
from peephole.neural.cells.spec import LATEX, Ref
from peephole.neural.cells.variants import VARIANTS

T, B, INPUTS, UNITS = 6, 2, 3, 4


def test_every_variable_of_the_paper_is_there():
    ids = {name: {variable.id for variable in cell_spec("lstm", name).variables} for name in VARIANTS}
    vanilla = {"x", "z_bar", "z", "i_bar", "i", "f_bar", "f", "c", "o_bar", "o", "y"}
    lacking = {"NIG": {"i_bar", "i"}, "NFG": {"f_bar", "f"}, "NOG": {"o_bar", "o"}, "CIFG": {"f_bar"}}
    assert ids == {name: vanilla - lacking.get(name, set()) for name in VARIANTS}


def test_vanilla_has_the_routes_of_the_equations():
    routes = {r.id for r in cell_spec("lstm", "vanilla").routes_of("c")}
    assert routes == {"y", "o_bar", "i_bar_next", "f_bar_next", "highway", "final_state"}
    crossed = {r.id: r.parameter for r in cell_spec("lstm", "vanilla").routes_of("c")}
    assert crossed["f_bar_next"] == "p_for", "p_for leads to f̄(t+1), not p_in as some texts print"
    top = [r.id for r in cell_spec("lstm", "vanilla").routes_of("y", top=True)]
    below = [r.id for r in cell_spec("lstm", "vanilla").routes_of("y", top=False)]
    assert "loss" in top
    assert "above" not in top
    assert "above" in below
    assert "loss" not in below


def test_variables_are_declared_once_and_in_the_order_of_computation(kind, variant):
    spec = cell_spec(kind, variant)
    seen = set()
    for variable in spec.variables:
        assert variable.id not in seen
        now = {ref.variable for term in variable.terms for f in term.factors for ref in f.of if ref.offset == 0}
        assert now <= seen, f"{variable.id} is computed before what it needs"
        seen.add(variable.id)
        assert bool(variable.terms) != (variable.role == "input")
        assert variable.label
        assert variable.symbol
    assert spec.output in seen
    assert set(spec.states) <= seen
    assert spec.states[0] == spec.output


def test_every_wire_has_exactly_one_route_back(kind, variant):
    spec = cell_spec(kind, variant)
    inside = [route for route in spec.routes if route.source is not None]
    back = [(Ref(r.variable, -r.source.offset), r.source.variable, r.parameter) for r in inside]
    wires = [(wire.source, wire.target, wire.parameter) for wire in spec.wires]
    assert len(set(back)) == len(back)
    assert sorted(map(repr, back)) == sorted(map(repr, wires))


def test_routes_are_named_once_and_say_where_they_come_from(kind, variant):
    spec = cell_spec(kind, variant)
    for variable in spec.variables:
        ids = [route.id for route in spec.routes_of(variable.id)]
        assert ids, f"{variable.id} reaches the loss by no route"
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch(r"[a-z_]+", name) for name in ids)
        external = {route.external for route in spec.routes_of(variable.id)} - {None}
        expected = {"final state"} if variable.id in spec.states else set()
        assert external == expected | ({"loss", "above"} if variable.id == spec.output else set())
    assert all((route.source is None) == (route.external is not None) and route.label for route in spec.routes)
    assert {route.source.offset for route in spec.routes if route.source} <= {0, 1}


def test_every_parameter_stands_in_exactly_one_equation(kind, variant, make_layer):
    spec = cell_spec(kind, variant)
    places = {
        term.parameter: (variable.id, term.factors[0].of[0] if term.factors else None)
        for variable in spec.variables
        for term in variable.terms
        if term.parameter
    }
    count = sum(bool(term.parameter) for variable in spec.variables for term in variable.terms)
    assert count == len(places)
    assert places == {p.id: (p.into, p.reads) for p in spec.parameters}
    layer = make_layer(kind, variant, INPUTS, UNITS)
    sizes = {"I": INPUTS, "H": UNITS}
    for parameter in spec.parameters:
        assert tuple(layer.views()[parameter.id].shape) == tuple(sizes[s] for s in parameter.shape)
    assert sum(view.numel() for view in layer.views().values()) == sum(p.numel() for p in layer.parameters())


def test_description_is_plain_data_with_sound_latex(kind, variant):
    spec = cell_spec(kind, variant)
    plain = json.loads(json.dumps(spec.to_json()))
    assert len(plain["wires"]) == len(spec.wires)
    texts = [v[key] for v in plain["variables"] for key in ("equation", "error_equation") if v[key]]
    for text in [*texts, *(route["latex"] for route in plain["routes"])]:
        assert text.count("{") == text.count("}")
        assert "None" not in text
    assert set(LATEX) >= {f.function for r in spec.routes for f in r.factors}


@pytest.fixture
def run(kind, variant, make_layer, independent):
    """Values and δ of every variable from the independent implementation: a zero tap's gradient is the variable's δ."""
    layer = make_layer(kind, variant, INPUTS, UNITS)
    spec = layer.spec
    widths = {"lstm": [UNITS, UNITS], "rnn": [UNITS], "gru": [UNITS]}[kind] + ([3 * UNITS] if variant == "FGR" else [])
    start = [torch.randn(B, width, dtype=torch.float64) for width in widths]
    x = torch.randn(T, B, INPUTS, dtype=torch.float64, requires_grad=True)
    values = {v.id: torch.zeros(T, B, UNITS, dtype=torch.float64) for v in spec.variables if v.id != "x"}
    taps = {v: torch.zeros_like(value, requires_grad=True) for v, value in values.items()}
    outside, final_weights, total = (
        torch.randn(T, B, UNITS, dtype=torch.float64),
        [torch.randn_like(s) for s in start],
        0,
    )
    for b in range(B):

        def tap(name, t, value, b=b):
            values[name][t, b] = value.detach()
            return value + taps[name][t, b]

        y, finals = independent.cell(kind, variant, layer.views(), x[:, b], [s[b] for s in start], tap)
        total = total + (y * outside[:, b]).sum()
        total = total + sum((final * w[b]).sum() for final, w in zip(finals, final_weights, strict=True))
    names = list(taps)
    deltas = dict(zip(names, torch.autograd.grad(total, [taps[n] for n in names], retain_graph=True), strict=True))
    deltas["x"] = torch.autograd.grad(total, x, retain_graph=True)[0]
    parameters = {name: view.detach() for name, view in layer.views().items()}
    gradients = torch.autograd.grad(total, list(layer.parameters()))
    for parameter, gradient in zip(layer.parameters(), gradients, strict=True):
        parameter.grad = gradient
    values["x"] = x.detach()
    split = [part for s in start for part in (s.chunk(3, -1) if s.shape[-1] == 3 * UNITS else [s])]
    states = dict(zip(spec.states, split, strict=True))
    split = [part for w in final_weights for part in (w.chunk(3, -1) if w.shape[-1] == 3 * UNITS else [w])]
    last = dict(zip(spec.states, split, strict=True))
    return spec, values, deltas, states, parameters, outside, last, layer.gradients()


def test_equations_give_every_value(run):
    spec, values, _, states, parameters, *_ = run
    for variable in spec.variables:
        if variable.terms:
            got = computed(spec, variable.id, values, states, parameters)
            torch.testing.assert_close(got, values[variable.id], rtol=1e-13, atol=1e-13)
    with pytest.raises(KeyError, match="input"):
        computed(spec, "x", values, states, parameters)


def test_routes_sum_to_every_error(run):
    spec, values, deltas, states, parameters, outside, last, _ = run
    for variable in spec.variables:
        total = torch.zeros_like(deltas[variable.id])
        for route in spec.routes_of(variable.id, top=True):
            if route.external == "loss":
                total = total + outside
            elif route.external == "final state":
                total[-1] += last[variable.id]
            else:
                total = total + route_share(route, values, deltas, states, parameters)
        torch.testing.assert_close(total, deltas[variable.id], rtol=1e-12, atol=1e-13)


def test_what_a_parameter_reads_gives_its_gradient(run):
    spec, values, deltas, states, _, _, _, gradients = run
    for parameter in spec.parameters:
        delta = deltas[parameter.into]
        if parameter.reads is None:
            got = delta.sum((0, 1))
        else:
            seen = values[parameter.reads.variable]
            if parameter.reads.offset == -1:
                seen = torch.cat([states[parameter.reads.variable].unsqueeze(0), seen[:-1]])
            got = torch.einsum("tbi,tbj->ij", delta, seen) if parameter.is_matrix else (delta * seen).sum((0, 1))
        torch.testing.assert_close(got, gradients[parameter.id], rtol=1e-12, atol=1e-13)
