"""Jacobians over one step and over spans, against autograd and central differences on the independent cells."""

import pytest
import torch
from torch.autograd.functional import jacobian

from peephole.core.errors import Cancelled
from peephole.core.progress import reporting_to
from peephole.neural import unfold

EXACT = {"rtol": 1e-12, "atol": 1e-12}


def opened(problem):
    return unfold(problem.module, problem.x, problem.loss, hx=problem.hx, lengths=problem.lengths)


def effect(problem, independent, name, t, k, place=(0, "forward"), b=0):
    """What a small d, added to the variable at own step k, makes of it at own step t: a function of d."""
    places = list(problem.module.places())
    start = [state[places.index(place), b] for state in problem.states]
    x = problem.x[: problem.lengths[b], b]
    x = x.flip(0) if place[1] == "reverse" else x

    def of(d):
        seen = {}

        def tap(variable, step, value):
            value = value + d if (variable, step) == (name, k) else value
            seen[variable, step] = value
            return value

        states = list(start)
        if k == -1:
            index = ("y", "c", "g").index(name) if name != "h" else 0
            states[index] = states[index] + d
        views = {n: v.detach() for n, v in problem.module.views(*place).items()}
        independent.cell(problem.module.spec.kind, problem.module.spec.variant, views, x, states, tap)
        return seen[name, t]

    return of


def central_differences(function, size, step=1e-5):
    columns = [function(step * e) - function(-step * e) for e in torch.eye(size, dtype=torch.float64)]
    return torch.stack(columns, dim=1) / (2 * step)


def states_of(trace):
    return [name for name in trace.spec.states if name in ("y", "c", "h")]


@pytest.mark.parametrize(("t", "k"), [(1, 0), (4, 3), (4, 1), (3, 3), (0, -1), (3, -1)])
def test_through_every_route(kind, variant, t, k, problem, independent):
    example = problem(kind, variant, units=4)
    trace = opened(example)
    for name in states_of(trace):
        of = effect(example, independent, name, t, k, b=1)
        mine = trace.jacobian(name, t, since=k, batch=1)
        zero = torch.zeros(4, dtype=torch.float64)
        torch.testing.assert_close(mine, jacobian(of, zero), **EXACT)
        torch.testing.assert_close(mine, central_differences(of, 4), rtol=0, atol=2e-9)
        if k == t - 1:
            assert torch.equal(mine, trace.jacobian(name, t, batch=1))


def test_in_the_reverse_direction_time_is_the_input_s(kind, variant, problem, independent):
    example = problem(kind, variant, num_layers=1, bidirectional=True, lengths=[5, 4, 2])
    trace = opened(example)
    name = trace.spec.states[0]
    where = {"direction": "reverse", "batch": 1}
    of = effect(example, independent, name, t=3, k=1, place=(0, "reverse"), b=1)
    zero = torch.zeros(3, dtype=torch.float64)
    torch.testing.assert_close(trace.jacobian(name, 0, since=2, **where), jacobian(of, zero), **EXACT)
    of = effect(example, independent, name, t=2, k=-1, place=(0, "reverse"), b=1)
    torch.testing.assert_close(trace.jacobian(name, 1, since=4, **where), jacobian(of, zero), **EXACT)


def test_the_formula_of_the_peephole_lstm(problem):
    trace = opened(problem("lstm", "vanilla", units=4))
    P = trace.parameters()
    z, i, f, o, c = (trace.value(name)[:, 0] for name in "zifoc")
    for t in range(1, trace.T):
        b = t - 1
        D = torch.diag(o[b] * (1 - torch.tanh(c[b]) ** 2) + torch.tanh(c[b]) * o[b] * (1 - o[b]) * P["p_out"])
        wanted = (
            torch.diag(f[t])
            + torch.diag(c[b] * f[t] * (1 - f[t])) @ (torch.diag(P["p_for"]) + P["R_for"] @ D)
            + torch.diag(z[t] * i[t] * (1 - i[t])) @ (torch.diag(P["p_in"]) + P["R_in"] @ D)
            + torch.diag(i[t] * (1 - z[t] ** 2)) @ (P["R_z"] @ D)
        )
        torch.testing.assert_close(trace.jacobian("c", t), wanted, **EXACT)


def test_the_formula_of_the_simple_network(problem):
    trace = opened(problem("rnn", "tanh"))
    h = trace.value("h")[:, 0]
    for t in range(1, trace.T):
        torch.testing.assert_close(trace.jacobian("h", t), torch.diag(1 - h[t] ** 2) @ trace.parameters()["W"], **EXACT)


def test_full_state_against_autograd(kind, variant, problem, independent):
    example = problem(kind, variant)
    trace = opened(example)
    views = {n: v.detach() for n, v in example.module.views().items()}
    widths = [state.shape[-1] for state in example.states]
    for t in (0, 1, 4):
        before = [trace.value(name)[t - 1, 2] if t else trace.initial(name)[2] for name in trace.spec.states]

        def after(s, t=t):
            last = independent.cell(kind, variant, views, example.x[t : t + 1, 2], list(s.split(widths)))[1]
            return torch.cat(last)

        torch.testing.assert_close(trace.state_jacobian(t, batch=2), jacobian(after, torch.cat(before)), **EXACT)


def test_spans_are_products_of_the_full_state_s_jacobians(kind, variant, problem):
    trace = opened(problem(kind, variant, T=6))
    t, k, H = 5, 1, 3
    product = torch.eye(H * len(trace.spec.states), dtype=torch.float64)
    for s in range(k + 1, t + 1):
        product = trace.state_jacobian(s) @ product
    torch.testing.assert_close(trace.jacobian(trace.spec.output, t, since=k), product[:H, :H], **EXACT)
    if kind == "lstm" and variant != "NOG":
        one_step = torch.eye(H, dtype=torch.float64)
        for s in range(k + 1, t + 1):
            one_step = trace.jacobian("c", s) @ one_step
        missed = one_step - trace.jacobian("c", t, since=k)  # y(t-1) -> ō(t) -> y(t)
        assert missed.abs().max() > 1e-6


def test_the_block_of_the_product_with_the_way_through_y(problem):
    trace = opened(problem("lstm", "vanilla", T=6))
    t, k, H = 5, 1, 3
    product = torch.eye(2 * H, dtype=torch.float64)
    for s in range(k + 1, t + 1):
        product = trace.state_jacobian(s) @ product
    o, c = trace.value("o")[k, 0], trace.value("c")[k, 0]
    D = torch.diag(o * (1 - torch.tanh(c) ** 2) + torch.tanh(c) * o * (1 - o) * trace.parameters()["p_out"])
    torch.testing.assert_close(trace.jacobian("c", t, since=k), product[H:, H:] + product[H:, :H] @ D, **EXACT)


def test_the_highway_alone(problem):
    trace = opened(problem("lstm", "vanilla"))
    f = trace.value("f")[:, 1]
    assert torch.equal(trace.jacobian("c", 2, through="highway", batch=1), torch.diag(f[2]))
    assert torch.equal(trace.jacobian("c", 4, since=0, through="highway", batch=1), torch.diag(f[1:].prod(0)))
    assert torch.equal(trace.jacobian("c", 0, through="highway", batch=1), torch.diag(f[0]))
    u = (trace := opened(problem("gru", ""))).value("u")[:, 0]
    assert torch.equal(trace.jacobian("h", 3, through="highway"), torch.diag(u[3]))
    trace = opened(problem("lstm", "NFG"))
    assert torch.equal(trace.jacobian("c", 3, since=0, through="highway"), torch.eye(3, dtype=torch.float64))
    trace = opened(problem("lstm", "CIFG"))
    assert torch.equal(trace.jacobian("c", 3, through="highway"), torch.diag(1 - trace.value("i")[3, 0]))
    both = opened(problem("lstm", "vanilla", bidirectional=True))
    where = {"through": "highway", "direction": "reverse"}
    f = both.value("f", direction="reverse")[:, 0]
    assert torch.equal(both.jacobian("c", 1, since=3, **where), torch.diag(f[2] * f[1]))


def test_norms_and_singular_values(kind, variant, problem):
    trace = opened(problem(kind, variant, lengths=[5, 3, 5]))
    name = trace.spec.states[-1] if variant != "FGR" else "c"
    norms = trace.jacobian_norms(name, batch=1)
    spans = trace.span_norms(name, 2, batch=1)
    for t in range(3):
        values = trace.singular_values(name, t, batch=1)
        torch.testing.assert_close(values, torch.linalg.svdvals(trace.jacobian(name, t, batch=1)))
        torch.testing.assert_close(norms[t], values[0])
        span = trace.jacobian(name, 2, since=t, batch=1)
        torch.testing.assert_close(spans[t], torch.linalg.matrix_norm(span, ord=2))
    assert not norms[3:].any()
    assert not spans[3:].any()


class Impatient:
    """A person who asks to stop after a while."""

    def __init__(self, after):
        self.left = after

    def cancelled(self):
        self.left -= 1
        return self.left < 0

    def progress(self, done, total, title, unit=""):
        """Nothing to show."""


@pytest.mark.parametrize(
    "ask",
    [
        lambda trace: trace.jacobian_norms("c"),
        lambda trace: trace.span_norms("c", 200),
        lambda trace: trace.jacobian("c", 200, since=0),
        lambda trace: trace.error_flow(),
        lambda trace: trace.to_table(),
    ],
)
def test_what_takes_long_can_be_cancelled(ask, problem):
    example = problem("lstm", "vanilla", T=201, B=1)
    trace = unfold(example.module, example.x, example.per_step)
    with reporting_to(Impatient(2)), pytest.raises(Cancelled):
        ask(trace)
    with reporting_to(Impatient(0)), pytest.raises(Cancelled):
        unfold(example.module, example.x, example.per_step)
