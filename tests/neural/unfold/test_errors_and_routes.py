"""Values, errors, routes and gradients of a trace against autograd on a naive per-step graph."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from peephole.neural import RNN, unfold
from peephole.neural.cells.registry import cell_names

EXACT = {"rtol": 1e-12, "atol": 1e-12}
SHAPES = {
    "plain": {},
    "smallest": {"T": 1, "B": 1, "inputs": 1, "units": 1},
    "ragged": {"lengths": [2, 5, 3], "bias": False},
    "stacked both ways, ragged": {"num_layers": 2, "bidirectional": True, "lengths": [5, 1, 4]},
}


def opened(problem, loss=None):
    return unfold(problem.module, problem.x, loss or problem.loss, hx=problem.hx, lengths=problem.lengths)


def check_everything(problem, naive):
    trace = opened(problem)
    wanted = naive(problem.module, problem.x, problem.lengths, problem.states)
    loss = problem.with_states(wanted.y, wanted.finals)
    torch.testing.assert_close(trace.loss, loss.item(), **EXACT)
    errors = wanted.errors(loss)
    for layer, direction in problem.module.places():
        where = {"layer": layer, "direction": direction}
        for name in trace.variables:
            torch.testing.assert_close(trace.value(name, **where), wanted.values[layer, direction][name], **EXACT)
            torch.testing.assert_close(trace.error(name, **where), errors[layer, direction][name], **EXACT)
            shares = trace.routes(name, **where)
            assert list(shares) == list(trace.route_labels(name, layer=layer))
            torch.testing.assert_close(sum(shares.values()), errors[layer, direction][name], **EXACT)
    check_gradients(problem, trace, wanted, loss)


def check_gradients(problem, trace, wanted, loss):
    copies = [
        (layer, direction, b, name, k, copy)
        for (layer, direction, b), by_name in wanted.copies.items()
        for name, of_name in by_name.items()
        for k, copy in enumerate(of_name)
    ]
    found = torch.autograd.grad(loss, [row[-1] for row in copies], retain_graph=True, allow_unused=True)
    T = trace.T
    for layer, direction in problem.module.places():
        where = {"layer": layer, "direction": direction}
        for name, view in problem.module.views(layer, direction).items():
            steps = torch.zeros(T, *view.shape, dtype=view.dtype)
            for row, gradient in zip(copies, found, strict=True):
                if row[:2] == (layer, direction) and row[3] == name and gradient is not None:
                    length = problem.lengths[row[2]]
                    steps[length - 1 - row[4] if direction == "reverse" else row[4]] += gradient
            torch.testing.assert_close(trace.gradient(name, **where), steps.sum(0), **EXACT)
            if problem.module.spec.kind == "gru" and name.startswith("b_"):
                continue  # the naive GRU takes its biases once for all steps
            shares = torch.stack([trace.gradient(name, at=t, **where) for t in range(T)])
            torch.testing.assert_close(shares, steps, **EXACT)
            norms = torch.linalg.vector_norm(steps.flatten(1), dim=1)
            torch.testing.assert_close(trace.gradient_norms(name, **where), norms, **EXACT)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_every_variable_route_and_gradient(kind, variant, shape, problem, naive):
    check_everything(problem(kind, variant, **shape), naive)


@settings(max_examples=25, deadline=None)
@given(
    name=st.sampled_from(cell_names()),
    lengths=st.lists(st.integers(1, 5), min_size=1, max_size=3),
    inputs=st.integers(1, 3),
    units=st.integers(1, 3),
    layers=st.integers(1, 3),
    both=st.booleans(),
    bias=st.booleans(),
)
def test_any_size(problem, naive, name, lengths, inputs, units, layers, both, bias):
    shape = {"T": max(lengths), "B": len(lengths), "inputs": inputs, "units": units, "lengths": lengths}
    check_everything(problem(*name, **shape, num_layers=layers, bidirectional=both, bias=bias), naive)


def test_gradients_are_those_of_training(kind, variant, problem):
    example = problem(kind, variant, num_layers=2, bidirectional=True, lengths=[4, 5, 2])
    trace = opened(example)
    x = example.x.clone().requires_grad_()
    states = [state.clone().requires_grad_() for state in example.states]
    hx = type(example)(example.module, x, example.lengths, states, example.weights).hx
    example.loss(*example.module(x, hx, lengths=example.lengths)).backward()
    torch.testing.assert_close(trace.input_error(), x.grad, **EXACT)
    for place in example.module.places():
        index = list(example.module.places()).index(place)
        where = {"layer": place[0], "direction": place[1]}
        for name, gradient in example.module.gradients(*place).items():
            torch.testing.assert_close(trace.gradient(name, **where), gradient, **EXACT)
        parts = torch.cat([state.grad[index] for state in states], dim=-1)
        mine = torch.cat([trace.initial_error(name, **where) for name in trace.spec.states], dim=-1)
        torch.testing.assert_close(mine, parts, **EXACT)
        start = torch.cat([trace.initial(name, **where) for name in trace.spec.states], dim=-1)
        assert torch.equal(start, torch.cat([state[index].detach() for state in states], dim=-1))


@pytest.mark.parametrize("both", [False, True])
def test_one_loss_at_a_time(kind, variant, both, problem, naive):
    example = problem(kind, variant, num_layers=2, bidirectional=both, lengths=[3, 5, 4])
    trace = opened(example, example.per_step)
    wanted = naive(example.module, example.x, example.lengths, example.states)
    losses = example.per_step(wanted.y).sum(1)
    torch.testing.assert_close(trace.step_losses.sum(1), losses.detach(), **EXACT)
    totals = {}
    for s in range(trace.T):
        errors = wanted.errors(losses[s])
        for (layer, direction), by_name in errors.items():
            for name, error in by_name.items():
                mine = trace.error(name, loss_at=s, layer=layer, direction=direction)
                torch.testing.assert_close(mine, error, **EXACT)
                totals[name, layer, direction] = totals.get((name, layer, direction), 0) + mine
    for (name, layer, direction), total in totals.items():
        torch.testing.assert_close(total, trace.error(name, layer=layer, direction=direction), **EXACT)


@pytest.mark.parametrize("uses", ["an earlier output", "the final state", "every output"])
def test_a_loss_that_reaches_beyond_its_own_step(uses, problem, naive):
    example = problem("lstm", "vanilla", T=6)

    def loss(y, states):
        own = example.per_step(y)
        if uses == "an earlier output":
            return torch.cat([own[:-1], own[-1:] + y[:1].sum(-1) ** 2])
        return own * (states[1].sum() if uses == "the final state" else y.mean())

    trace = unfold(example.module, example.x, loss, hx=example.hx)
    wanted = naive(example.module, example.x, example.lengths, example.states)
    losses = loss(wanted.y, wanted.finals).sum(1)
    for s in range(trace.T):
        errors = wanted.errors(losses[s])[0, "forward"]
        for name in ("c", "o_bar", "x"):
            torch.testing.assert_close(trace.error(name, loss_at=s), errors[name], **EXACT)
            torch.testing.assert_close(sum(trace.routes(name, loss_at=s).values()), errors[name], **EXACT)
        norms = torch.linalg.vector_norm(errors["y"], dim=-1)
        torch.testing.assert_close(trace.error_flow("y", rows=[s]).norms[0], norms, **EXACT)
    total = sum(trace.gradient("R_for", loss_at=s) for s in range(trace.T))
    torch.testing.assert_close(total, trace.gradient("R_for"), **EXACT)


def trained(module, steps=30):
    """The layer after some steps of learning to remember its first input."""
    readout = torch.nn.Linear(module.hidden_size, 1, dtype=torch.float64)
    optimizer = torch.optim.Adam([*module.parameters(), *readout.parameters()], lr=0.02)
    x = torch.randn(12, 16, 2, dtype=torch.float64)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = ((readout(module(x)[0]) - x[0].sum(-1, keepdim=True)) ** 2).mean()
        loss.backward()
        optimizer.step()
    return x, lambda y: ((readout(y) - x[0].sum(-1, keepdim=True)) ** 2).mean((1, 2))


def test_shares_sum_to_the_error_in_trained_networks(kind, variant, make_layer, naive):
    module = make_layer(kind, variant, 2, 8, implementation="reference")
    x, loss = trained(module)
    trace = unfold(module, x, loss)
    states = [
        torch.zeros(1, 16, w, dtype=x.dtype)
        for w in {"lstm": [8, 8], "FGR": [8, 8, 24]}.get(variant if variant == "FGR" else kind, [8])
    ]
    wanted = naive(module, x, [12] * 16, states)
    errors = wanted.errors(loss(wanted.y).sum())[0, "forward"]
    for name in trace.variables:
        shares = trace.routes(name)
        assert (sum(shares.values()) - trace.error(name)).abs().max() < 1e-12
        torch.testing.assert_close(trace.error(name), errors[name], **EXACT)


def test_a_trace_outlives_further_training(problem):
    example = problem("lstm", "vanilla")
    trace = opened(example)
    before = {name: trace.routes(name) for name in trace.variables}
    with torch.no_grad():
        for parameter in example.module.parameters():
            parameter.zero_()
        example.x.zero_()
    for name, shares in before.items():
        assert all(torch.equal(share, shares[route]) for route, share in trace.routes(name).items())


def test_the_final_state_is_a_route_of_its_own(problem):
    example = problem("lstm", "vanilla", lengths=[2, 5, 3])
    trace = opened(example, lambda _, state: state[1].sum())
    shares = trace.routes("c")
    ends = torch.zeros_like(shares["final_state"])
    ends[[1, 4, 2], [0, 1, 2]] = 1
    assert torch.equal(shares["final_state"], ends)
    assert not trace.routes("y")["loss"].any()


def test_routes_are_named_as_in_the_equations(problem):
    trace = opened(problem("lstm", "vanilla", num_layers=2))
    assert trace.route_labels("c") == {
        "y": "through y(t)",
        "o_bar": "peephole to ō(t)",
        "i_bar_next": "peephole to ī(t+1)",
        "f_bar_next": "peephole to f̄(t+1)",
        "highway": "the cell's highway",
        "final_state": "final state",
    }
    assert "above" in trace.routes("y")
    assert "loss" not in trace.routes("y")
    assert "loss" in trace.routes("y", layer=1)
    assert "above" not in trace.routes("y", layer=1)


def test_a_simple_network_by_hand():
    """T = 2, H = 1: every number of the chain rule written out."""
    module = RNN(1, 1, dtype=torch.float64)
    with torch.no_grad():
        for name, value in {"U": 0.5, "W": 0.8, "b": 0.1}.items():
            getattr(module, f"{name}_l0").fill_(value)
    trace = unfold(module, torch.tensor([[1.0], [2.0]], dtype=torch.float64), lambda y: y[-1].sum())
    h0 = math.tanh(0.1 + 0.5)
    h1 = math.tanh(0.1 + 0.8 * h0 + 0.5 * 2)
    assert trace.error("h")[:, 0, 0].tolist() == pytest.approx([0.8 * (1 - h1**2), 1.0], abs=1e-15)
    assert trace.gradient("W").item() == pytest.approx((1 - h1**2) * h0, abs=1e-15)
