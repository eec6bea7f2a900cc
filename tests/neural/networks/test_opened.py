"""Trained networks opened: traces, gradients and activations against autograd through the whole network."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

from peephole.core.errors import DataError, SettingError
from peephole.neural import NetworkGraph, train


def frame(rows=40):
    noise = np.random.default_rng(2)
    return pd.DataFrame(
        {
            "a": noise.normal(size=rows),
            "b": noise.normal(size=rows),
            "y": noise.normal(size=rows),
            "k": list("uvw" * 20)[:rows],
        }
    )


@pytest.fixture(scope="module")
def net():
    """Two branches that meet: what by-passes the opened layer counts too."""
    start = NetworkGraph.begin("sequence_input", columns={"a": "number", "b": "number"}, steps=6)
    below = start.then("dense", units=4, activation="tanh")
    one, two = below.then("lstm", units=3, both_ways=True).then("last_step"), below.then("flatten")
    joined = NetworkGraph.join("merge_layers", [one, two]).then("dense", units=4, activation="tanh")
    return train(joined.then("class_output", targets={"k": "text"}), frame(), epochs=2)


def whole_gradient(net, rows, only, of):
    """∂ of the summed task loss by autograd through the module itself."""
    found = net.examples(rows, targets=True)
    wanted = torch.tensor(only)
    flows = net.module.eval().flow(found.batch(wanted))
    values = flows[of].x
    loss = net.losses(flows[net.graph.output], found.targets(wanted)).sum()
    return loss.item(), torch.autograd.grad(loss, values, retain_graph=True)[0]


def test_a_trace_has_the_loss_and_the_errors_of_the_whole_network(net):
    loss, gradient = whole_gradient(net, frame(), [7, 20], "lstm")
    trace = net.unfold(frame(), "lstm", only=[7, 20])
    assert trace.loss == pytest.approx(loss, rel=1e-5)
    assert (trace.T, trace.B) == (6, 2)
    forward, reverse = (trace.routes("y", direction=d)["loss"] for d in ("forward", "reverse"))
    assert torch.allclose(torch.cat([forward, reverse], -1), gradient.transpose(0, 1), atol=1e-6)
    _, entering = whole_gradient(net, frame(), [7, 20], "dense")
    gradients = net.gradients(frame(), only=[7, 20])
    assert torch.allclose(gradients["dense"], entering, atol=1e-6)
    assert set(gradients) == set(net.graph.layers)


def test_without_targets_the_largest_value_is_followed(net):
    trace = net.unfold(frame().drop(columns="k"), "lstm", only=[7])
    scores = net.activations(frame(), [7])["class_output"]
    assert trace.loss == pytest.approx(float(scores.max()), rel=1e-5)


def without_answers(*numbers):
    rows = frame()
    rows.loc[list(numbers), "k"] = None
    return rows


def test_a_row_without_its_answer_is_followed_by_what_the_network_says(net):
    trace = net.unfold(without_answers(7), "lstm", only=[7])
    scores = net.activations(frame(), [7])["class_output"]
    assert trace.loss == pytest.approx(float(scores.max()), rel=1e-5)
    whole = net.unfold(frame(), "lstm", only=[7])
    assert torch.equal(trace.value("c"), whole.value("c"))
    gradients = net.gradients(without_answers(7), [7])
    _, expected = output_gradient(net, [7], "dense", scores.argmax().item())
    assert torch.allclose(gradients["dense"], expected, atol=1e-7)


def output_gradient(net, only, of, output):
    """∂ of one output, summed over the rows, by autograd through the module itself."""
    with torch.enable_grad():
        flows = net.module.eval().flow(net.examples(frame()).batch(torch.tensor(only)))
        value = flows[net.graph.output].x[:, output].sum()
        return value.item(), torch.autograd.grad(value, flows[of].x)[0]


@pytest.mark.parametrize(("name", "output"), [("u", 0), ("w", 2)])
def test_an_output_by_name_is_followed_instead_of_the_loss(net, name, output):
    trace = net.unfold(frame(), "lstm", loss=name, only=[7, 20])
    value, gradient = output_gradient(net, [7, 20], "lstm", output)
    assert trace.loss == pytest.approx(value, rel=1e-5)
    found = torch.cat([trace.routes("y", direction=d)["loss"] for d in ("forward", "reverse")], -1)
    assert torch.allclose(found, gradient.transpose(0, 1), atol=1e-6)


def test_rows_of_which_some_have_no_answer_are_not_mixed(net):
    with pytest.raises(DataError, match="Row 8 lacks its answer") as caught:
        net.unfold(without_answers(7), "lstm", only=[7, 8])
    assert 'loss="output"' in caught.value.remedy
    assert net.unfold(without_answers(7), "lstm").B == 34  # unless rows are named, those with an answer
    assert net.unfold(without_answers(7), "lstm", loss="output").B == 35


def test_a_loss_of_ones_own(net):
    trace = net.unfold(frame(), "lstm", loss=lambda y: y[:, -1, 0].sum(), only=[7])
    values = net.activations(frame(), [7])["lstm"]
    assert trace.loss == pytest.approx(float(values[0, -1, 0]), rel=1e-5)


def test_answers_at_each_step_can_be_followed_one_by_one():
    start = NetworkGraph.begin("sequence_input", columns={"a": "number"}, steps=5).then("gru", units=3)
    net = train(start.then("number_output", targets={"y": "number"}, each_step=True), frame(), epochs=1)
    trace = net.unfold(frame(), "gru", only=[9])
    assert trace.step_losses.shape == (5, 1)
    parts = sum(trace.error("h", loss_at=s) for s in range(5))
    assert torch.allclose(parts, trace.error("h"), atol=1e-6)


def test_what_stands_at_each_step(net):
    encoded = net.encode(frame(), [10])
    assert encoded.rows == [10]
    assert encoded.inputs["sequence_input"].shape == (1, 6, 2)
    assert encoded.shown["sequence_input"] == [[f"row {n}" for n in range(6, 12)]]
    assert encoded.columns == {"sequence_input": ["a", "b"]}
    assert net.targets(frame(), [10]).shape == (1,)
    assert net.targets(frame().drop(columns="k")) is None


def test_what_cannot_be_opened_is_told(net):
    with pytest.raises(SettingError, match=r'no recurrent layer "lstn".*Did you mean "lstm"'):
        net.unfold(frame(), "lstn")
    with pytest.raises(DataError, match="Rows 1, 3 lack"):
        net.unfold(frame(), "lstm", only=[0, 2, 9])
    with pytest.raises(SettingError, match=r'no output "tusk".*one of: u, v, w'):
        net.unfold(frame(), "lstm", loss="tusk", only=[9])
