"""Error maps against the errors of each J(t) followed alone."""

import pytest
import torch

from peephole.neural import unfold

EXACT = {"rtol": 1e-11, "atol": 1e-13}


def opened(problem, loss=None):
    return unfold(problem.module, problem.x, loss or problem.per_step, hx=problem.hx, lengths=problem.lengths)


def check_map(trace, name, **where):
    flow = trace.error_flow(name, rows="all", **where)
    assert flow.steps.tolist() == list(range(int(trace.lengths.max())))
    for row, t in enumerate(flow.steps.tolist()):
        wanted = torch.linalg.vector_norm(trace.error(name, loss_at=t, **where), dim=-1)
        torch.testing.assert_close(flow.norms[row], wanted, **EXACT)
    return flow


def test_every_row_of_the_map(kind, variant, problem):
    trace = opened(problem(kind, variant, T=6))
    for name in (trace.spec.output, *trace.spec.states[1:2], "x", trace.variables[1]):
        check_map(trace, name)
    flow = trace.error_flow(rows=[4, 1, 3])
    assert flow.steps.tolist() == [4, 1, 3]
    assert flow.variable == trace.spec.output
    assert torch.equal(flow.norms[1, 2:], torch.zeros(4, 3, dtype=torch.float64)), "an error travels back, not ahead"


def test_of_a_loss_that_is_one_number_there_is_one_row_for_all_of_it(kind, variant, problem):
    trace = opened(
        problem(kind, variant, T=6, num_layers=2, lengths=[2, 6, 4]), lambda y: y[-1].square().sum() + y[2].sum()
    )
    for layer in (0, 1):
        flow = trace.error_flow(layer=layer)
        assert flow.steps.tolist() == [5]
        wanted = torch.linalg.vector_norm(trace.error(trace.spec.output, layer=layer), dim=-1)
        torch.testing.assert_close(flow.norms[0], wanted, **EXACT)
        if kind == "rnn":
            assert bool((flow.bound[0] >= flow.norms[0] - 1e-12).all())


@pytest.mark.parametrize("direction", ["forward", "reverse"])
@pytest.mark.parametrize("layer", [0, 1])
def test_stacks_in_both_directions(kind, variant, layer, direction, problem):
    example = problem(kind, variant, num_layers=2, bidirectional=True, lengths=[2, 5, 4])
    trace = opened(example)
    check_map(trace, trace.spec.output, layer=layer, direction=direction)


def test_rows_are_spaced_evenly(problem):
    trace = opened(problem("rnn", "tanh", T=100, B=1))
    steps = trace.error_flow().steps
    assert len(steps) == 64
    assert steps[-1] == 99
    assert set(steps.diff().tolist()) <= {1, 2}
    assert trace.error_flow(rows=4).steps.tolist() == [24, 49, 74, 99]
    assert torch.equal(trace.error_flow(rows=200).steps, torch.arange(100))


def test_the_map_in_pieces_is_the_map(problem, monkeypatch):
    trace = opened(problem("gru", "", T=7, num_layers=2))
    whole = {layer: trace.error_flow(layer=layer).norms for layer in (0, 1)}
    monkeypatch.setattr("peephole.neural.traces.flow._BUDGET", 1)
    for layer, norms in whole.items():
        torch.testing.assert_close(trace.error_flow(layer=layer).norms, norms)


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu", "logistic"])
def test_the_bound_of_the_simple_network(nonlinearity, problem):
    example = problem("rnn", nonlinearity, T=8, lengths=[8, 5, 8])
    trace = opened(example)
    flow = trace.error_flow(rows="all")
    assert (flow.norms <= flow.bound * (1 + 1e-12)).all()
    W, h = trace.parameters()["W"], trace.value("h")
    slope = {"tanh": 1 - h**2, "relu": (h > 0).to(h), "logistic": h * (1 - h)}[nonlinearity]
    factors = torch.linalg.matrix_norm(W, ord=2) * slope.amax(-1)
    for t in range(8):
        for k in range(t + 1):
            wanted = flow.norms[t, t] * factors[k + 1 : t + 1].prod(0)
            torch.testing.assert_close(flow.bound[t, k], wanted, **EXACT)
    bars = trace.error_flow("a", rows="all")
    assert (bars.norms <= bars.bound * (1 + 1e-12)).all()


def test_the_bound_holds_below_the_top_and_for_far_reaching_losses(problem):
    example = problem("rnn", "tanh", T=6, num_layers=2, bidirectional=True, lengths=[6, 2, 5])
    trace = opened(example, lambda y: example.per_step(y) * y.mean())
    for layer in (0, 1):
        for direction in ("forward", "reverse"):
            flow = trace.error_flow(rows="all", layer=layer, direction=direction)
            assert (flow.norms <= flow.bound * (1 + 1e-12)).all()
            check_map(trace, "h", layer=layer, direction=direction)


def test_other_cells_have_no_such_bound(problem):
    assert opened(problem("lstm", "vanilla")).error_flow().bound is None


def test_vanished_errors_are_zero_not_slow(problem):
    example = problem("rnn", "tanh", T=300, B=1)
    with torch.no_grad():
        example.module.W_l0.mul_(1e-4)
    flow = opened(example).error_flow(rows=[299])
    assert flow.norms[0, 299] > 0
    assert flow.norms[0, 0] == 0
