"""What a trace cannot do: each message says what, where, what was got, and the remedy."""

import numpy as np
import pytest
import torch

from peephole.core.errors import PeepholeError
from peephole.neural import GRU, LSTM, RNN, LossError, Trace, unfold
from peephole.neural.errors import DivergedError, NetworkInputError, NetworkSettingError

X = torch.randn(5, 2, 3)


@pytest.fixture(scope="module")
def trace():
    return unfold(LSTM(3, 4, num_layers=2), X, lambda y: y.sum(-1), lengths=[5, 3])


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda t: t.value("cc"), r'LSTM vanilla: there is no variable "cc" here. Did you mean "c"'),
        (lambda t: t.error("i_ba"), 'Did you mean "i_bar"'),
        (lambda t: t.routes("h"), 'no variable "h" here.* There is: x, z_bar'),
        (lambda t: t.gradient("R_fro"), 'no parameter "R_fro" here. Did you mean "R_for"'),
        (lambda t: t.gradient_norms("W"), 'no parameter "W"'),
        (lambda t: t.value("c", layer=2), "There is no layer 2: the trace has 2. Layers: 0 to 1"),
        (lambda t: t.value("c", layer=-1), "There is no layer -1"),
        (lambda t: t.value("c", direction="reverse"), "There is no direction 'reverse'. Directions: forward"),
        (lambda t: t.gradient("R_for", at=5), r"at should be a whole number from 0 to 4 .*got 5"),
        (lambda t: t.gradient("R_for", at=-1), "got -1"),
        (lambda t: t.error("c", loss_at=7), "loss_at should be a whole number from 0 to 4"),
        (lambda t: t.jacobian("c", 4, batch=1), "t should be a whole number from 0 to 2 .the steps of sequence 1"),
        (lambda t: t.jacobian("c", 2, batch=2), "batch should be a whole number from 0 to 1"),
        (lambda t: t.jacobian("i", 2), 'no variable "i" here. There is: y, c'),
        (lambda t: t.jacobian("c", 2, since=3), "since should be from -1 to 2 .*got 3"),
        (lambda t: t.jacobian("y", 2, through="highway"), "y has no highway. A highway has: c"),
        (lambda t: t.jacobian("c", 2, through="peephole"), "through"),
        (lambda t: t.equation("c", 1, 4), "unit should be a whole number from 0 to 3"),
        (lambda t: t.error_flow(rows="most"), "rows should be how many steps"),
        (lambda t: t.error_flow(rows=[]), "rows should be"),
        (lambda t: t.error_flow(rows=0), "rows should be"),
        (lambda t: t.error_flow(rows=[5]), "rows should be a whole number from 0 to 4"),
        (lambda t: t.initial("i"), 'no variable "i" here. There is: y, c'),
        (lambda t: t.to_table(["q"]), 'no variable "q"'),
    ],
)
def test_what_is_not_there(trace, ask, message):
    with pytest.raises(NetworkSettingError, match=message):
        ask(trace)


def test_a_simple_network_has_no_highway():
    trace = unfold(RNN(3, 4), X, lambda y: y.sum())
    with pytest.raises(NetworkSettingError, match="A simple RNN has none: take an LSTM or a GRU"):
        trace.jacobian("h", 1, through="highway")


def test_in_the_reverse_direction_spans_run_the_other_way():
    trace = unfold(GRU(3, 4, bidirectional=True), X, lambda y: y.sum())
    with pytest.raises(NetworkSettingError, match=r"since should be from 2 to 5 .5 is the initial state"):
        trace.jacobian("h", 2, since=1, direction="reverse")


@pytest.mark.parametrize("ask", [lambda t: t.error("c", loss_at=1), lambda t: t.to_table(loss_at=0)])
def test_single_steps_of_a_loss_that_is_one_number(ask):
    trace = unfold(LSTM(3, 4), X, lambda y: y.sum())
    with pytest.raises(LossError, match=r"this trace's loss is one number. Let the loss given to unfold return"):
        ask(trace)


def test_far_reaching_losses_are_not_saved_step_by_step(tmp_path):
    trace = unfold(LSTM(3, 4), X, lambda y: y.sum((1, 2)) * y.mean())
    trace.error("c", loss_at=1)
    trace.save(tmp_path / "trace.npz")
    again = Trace.load(tmp_path / "trace.npz")
    assert torch.equal(again.error("c"), trace.error("c"))
    with pytest.raises(LossError, match=r"a saved trace does not hold it. Open the trace again"):
        again.error("c", loss_at=1)


def two_more(y, state, target):
    return (y - target).sum() + state


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (lambda y: y.detach().sum(), "does not depend on the layer's outputs"),
        (lambda y: torch.zeros(5, requires_grad=True) * 2, "does not depend on the layer's outputs"),
        (lambda y: torch.tensor(np.sum(y.detach().numpy())), "does not depend"),
        (lambda y: y.sum().item(), r"should give a tensor of shape \(\), \(5,\) or \(5, 2\), got float"),
        (lambda y: y, r"got \(5, 2, 4\)"),
        (lambda y: y.sum(-1).T, r"got \(2, 5\). Return it transposed: time comes first"),
        (two_more, "it takes 3 arguments. Bind the others"),
        (lambda: None, "it takes 0 arguments"),
    ],
)
def test_losses_that_cannot_be_followed(loss, message):
    with pytest.raises(LossError, match=message):
        unfold(LSTM(3, 4), X, loss)


def test_a_loss_of_nothing_is_still_a_loss():
    trace = unfold(LSTM(3, 4), X, lambda y: (y * 0).sum())
    assert not trace.error("c").any()


def test_how_a_loss_is_called():
    def with_default(y, scale=2.0):
        return y.sum() * scale

    module = LSTM(3, 4)
    once = unfold(module, X, lambda y: y.sum())
    assert torch.equal(unfold(module, X, with_default).error("c"), 2 * once.error("c"))
    assert torch.equal(unfold(module, X, lambda *given: given[0].sum()).error("c"), once.error("c"))
    assert torch.equal(unfold(module, X, torch.sum).error("c"), once.error("c"))


def test_a_diverged_loss():
    with pytest.raises(DivergedError, match="not a finite number"):
        unfold(LSTM(3, 4), X, lambda y: (y / 0).sum())


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (torch.nn.LSTM(3, 4), "got LSTM. Convert it with peephole.neural.from_torch"),
        (torch.nn.Linear(3, 4), "opens RNN, LSTM and GRU layers, got Linear"),
        (torch.nn.Sequential(torch.nn.Linear(3, 3), GRU(3, 4)), "Inside it there is: 1"),
        ("LSTM", "got str"),
    ],
)
def test_modules_of_another_kind(module, message):
    with pytest.raises(NetworkInputError, match=message):
        unfold(module, X, lambda y: y.sum())


def test_inputs_are_checked_as_by_the_layer():
    for bad in (torch.randn(5, 2, 4), torch.full((5, 2, 3), float("nan")), X.double(), X[:0]):
        with pytest.raises(NetworkInputError):
            unfold(LSTM(3, 4), bad, lambda y: y.sum())
    with pytest.raises(PeepholeError, match="pair of tensors"):
        unfold(LSTM(3, 4), X, lambda y: y.sum(), hx=torch.zeros(1, 2, 4))
