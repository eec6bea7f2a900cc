"""Whole trained networks of every kind, opened: what the browser is sent equals autograd through a network written anew.

The recurrent layers are run once more by `independent`, with a zero tap on every variable; what stands before and after is
the network's own module. Nothing of the traces is used for what is expected.
"""

from __future__ import annotations

import base64

import numpy as np
import pandas as pd
import pytest
import torch

from peephole.neural import NetworkGraph, train
from peephole.neural.cells.variants import VARIANTS
from peephole.neural.view.of_network import open_network
from peephole.neural.view.opened import Question

NEAR = {"rtol": 2e-4, "atol": 2e-6}  # networks learn in single precision


def rows(count=24):
    some = np.random.default_rng(5)
    words = ["the", "cat", "sat", "on", "a", "mat", "again"]
    lengths = [3 + k % 4 for k in range(count)]
    frame = pd.DataFrame(
        {
            "a": some.normal(size=count),
            "b": 100 + 20 * some.normal(size=count),
            "text": [" ".join(some.choice(words, n)) for n in lengths],
            "list": [some.normal(size=n).tolist() for n in lengths],
            "tags": [some.choice(["D", "N", "V"], n).tolist() for n in lengths],
            "image": list(some.uniform(0, 255, (count, 36))),
            "letters": [list("xy"[: 1 + k % 2]) for k in range(count)],
        }
    )
    return frame.assign(y=frame["a"] * 2 + 1, k=list("uvw" * count)[:count], yes=frame["a"] > 0, no=frame["b"] > 100)


def windows(**settings):
    return NetworkGraph.begin("sequence_input", columns={"a": "number", "b": "number"}, steps=6, **settings)


def text():
    return NetworkGraph.begin("text_input", columns={"text": "text"}).then("embedding", size=4)


def lists():
    return NetworkGraph.begin("list_input", columns={"list": "list"})


def image():
    return NetworkGraph.begin("image_input", columns={"image": "list"}, height=6, width=6)


def number(graph):
    return graph.then("number_output", targets={"y": "number"})


def classes(graph):
    return graph.then("class_output", targets={"k": "text"})


def joined(how):
    start = windows()
    one, two = (start.then("gru", units=3, name=f"gru {k}") for k in (1, 2))
    return number(NetworkGraph.join("merge_layers", [one, two], how=how).then("last_step"))


RECURRENT = {
    **{f"lstm {v}": number(windows().then("lstm", units=3, variant=v).then("last_step")) for v in VARIANTS},
    **{
        f"lstm {v}, stacked both ways": classes(
            windows().then("lstm", units=3, variant=v, layers=2, both_ways=True).then("last_step", backward=3)
        )
        for v in ("vanilla", "CIFG", "FGR")
    },
    **{
        f"rnn {g}": number(windows().then("simple_rnn", units=3, activation=g).then("last_step"))
        for g in ("tanh", "relu", "logistic")
    },
    "rnn both ways": number(windows().then("simple_rnn", units=3, both_ways=True).then("flatten")),
    "gru": classes(windows().then("gru", units=3).then("last_step")),
    "gru, three layers": number(windows().then("gru", units=3, layers=3).then("last_step")),
    "embedding, an answer a word": text()
    .then("gru", units=3, both_ways=True)
    .then("class_output", targets={"tags": "list"}, each_step=True),
    "embedding, one answer": classes(text().then("lstm", units=3).then("last_step")),
    "lists of their own length": number(lists().then("lstm", units=3, both_ways=True).then("pooling", whole=True)),
    "norms before and after": number(
        windows()
        .then("batch_normalisation")
        .then("lstm", units=3)
        .then("layer_normalisation")
        .then("last_step")
        .then("batch_normalisation")
        .then("dropout", share=0.3)
        .then("dense", units=3, activation="relu")
    ),
    "dense below": number(windows().then("dense", units=4, activation="tanh").then("gru", units=3).then("last_step")),
    "striding convolution below": number(
        windows()
        .then("convolution_1d", filters=3, width=3, stride=2, padding="valid")
        .then("lstm", units=3)
        .then("last_step")
    ),
    "convolution above": number(
        windows().then("gru", units=3).then("convolution_1d", filters=2, width=3).then("flatten")
    ),
    "two recurrent layers, the first opened": number(
        windows().then("gru", units=3).then("dropout", share=0.2).then("lstm", units=2).then("last_step")
    ),
    "attention": joined("attention"),
    "added up": joined("add"),
    "decoder": number(
        windows()
        .then("lstm", units=3)
        .then("last_step")
        .then("repeat_steps", steps=4)
        .then("gru", units=2)
        .then("flatten")
    ),
    "yes or no": windows()
    .then("lstm", units=3)
    .then("last_step")
    .then("label_output", targets={"yes": "boolean", "no": "boolean"}),
    "sequences of labels": lists()
    .then("gru", units=3, both_ways=True)
    .then("label_sequence_output", targets={"letters": "list"}, unit="items"),
    "numbers at each step": windows()
    .then("lstm", units=3)
    .then("number_output", targets={"y": "number"}, each_step=True),
}
ROW = 17


def unpacked(sent):
    array = np.frombuffer(base64.b64decode(sent["data"]), dtype="<" + sent["dtype"])
    return torch.from_numpy(array.copy()).reshape(sent["shape"]).double()


class Anew:
    """The network at a row, its first recurrent layer written anew: J, every variable and its δ, gradients."""

    def __init__(self, net, table, row, layer, independent):
        self.independent = independent
        found, wanted = net.examples(table, targets=True), torch.tensor([row])
        module = net.module.double().eval()
        part, block = module.layers[layer], net.graph.layers[layer]
        flows = module.flow({n: double(f) for n, f in found.batch(wanted).items()})
        self.values, self.taps, self.views = {}, {}, {}
        y = self.run(part, flows[block.inputs[0]].x[0].detach())
        upstream = {n: f for n, f in flows.items() if not after(net.graph, layer, n)}
        module_flows = module.flow({}, {**upstream, layer: flows[layer].with_x(y.unsqueeze(0))})
        losses = net.losses(module_flows[net.graph.output], double(found.targets(wanted)))
        self.loss = losses.sum()
        torch.testing.assert_close(flows[layer].x[0], y, rtol=1e-9, atol=1e-9)

    def run(self, part, x):
        self.T = len(x)
        for k in range(part.num_layers):
            sides = []
            for direction in part.directions:
                place = (k, direction)
                self.views[place] = {
                    n: v.detach().clone().requires_grad_() for n, v in part.views(k, direction).items()
                }
                self.values[place], self.taps[place] = {}, {}
                zero = torch.zeros(part.hidden_size, dtype=x.dtype)
                states = [torch.zeros(3 * len(zero), dtype=x.dtype)] if part.spec.variant == "FGR" else []
                reads = self.tapped(place, "x", x.flip(0) if direction == "reverse" else x)
                start = [zero, zero, *states] if part.spec.kind == "lstm" else [zero]
                y, _ = self.independent.cell(
                    part.spec.kind,
                    part.spec.variant,
                    self.views[place],
                    reads,
                    start,
                    self.tapping(place, part.hidden_size),
                )
                sides.append(y.flip(0) if direction == "reverse" else y)
            x = torch.cat(sides, -1)
        return x

    def tapped(self, place, name, over_time):
        tap = torch.zeros_like(over_time, requires_grad=True)
        self.values[place][name], self.taps[place][name] = list(over_time.detach()), tap
        return over_time + tap

    def tapping(self, place, size):
        def tap(name, t, value):
            taps = self.taps[place].setdefault(name, torch.zeros(self.T, size, dtype=value.dtype, requires_grad=True))
            self.values[place].setdefault(name, []).append(value.detach())
            return value + taps[t]

        return tap

    def at(self, place, name):
        """A variable's values and errors in the input's time, (T, ·)."""
        value = torch.stack(self.values[place][name])
        error = torch.autograd.grad(self.loss, self.taps[place][name], retain_graph=True)[0]
        return [one.flip(0) if place[1] == "reverse" else one for one in (value, error)]

    def gradient(self, place, name):
        found = torch.autograd.grad(self.loss, self.views[place][name], retain_graph=True, allow_unused=True)[0]
        return torch.zeros(()) if found is None else found


def double(flow):
    return flow.with_x(flow.x.double()) if flow.x.is_floating_point() else flow


def after(graph, layer, name):
    """Whether a layer is the opened one, or stands somewhere after it."""
    return name == layer or any(after(graph, layer, before) for before in graph.layers[name].inputs)


@pytest.mark.parametrize("name", RECURRENT)
def test_what_is_sent_equals_a_network_written_anew(name, independent):
    table = rows()
    net = train(RECURRENT[name], table, epochs=2, batch=8, learning_rate=0.02)
    layer = net.recurrent_layers()[0]
    opened = open_network(net, table, row=ROW, layer=layer)
    head = opened.head()
    sent = {}  # everything first: the network is then turned to double precision
    for k in range(len(head["layers"])):
        for direction in head["directions"]:
            asked = {"layer": k, "direction": direction}
            sent[k, direction] = {
                "units": [opened.ask(Question(slice="unit", unit=u, **asked)) for u in range(3)],
                "entries": [
                    opened.ask(Question(slice="entry", entry=e, **asked)) for e in range(head["layers"][k]["inputs"])
                ],
                "gradients": opened.ask(Question(slice="gradients", **asked)),
            }
    anew = Anew(net, table, ROW, layer, independent)
    assert head["loss"] == pytest.approx(anew.loss.item(), rel=1e-4, abs=1e-6)
    assert head["steps"] == anew.T
    for place, found in sent.items():
        for variable in (v.id for v in opened.trace.spec.variables):
            value, error = anew.at(place, variable)
            check_variable(found, variable, value, error)
        for parameter, norm in found["gradients"]["norms"].items():
            assert norm == pytest.approx(anew.gradient(place, parameter).norm().item(), rel=5e-4, abs=2e-6)


def check_variable(found, variable, value, error):
    if variable == "x":
        numbers = [(one["value"], one["error"], one["routes"], None) for one in found["entries"]]
    else:
        numbers = [
            (u["values"][variable], u["errors"][variable], u["routes"][variable], u["terms"][variable])
            for u in found["units"]
        ]
    scale = max(1e-3, error.abs().max().item())
    for k, (sent_value, sent_error, routes, terms) in enumerate(numbers):
        torch.testing.assert_close(unpacked(sent_value), value[:, k], **NEAR)
        torch.testing.assert_close(unpacked(sent_error), error[:, k], rtol=5e-4, atol=5e-5 * scale)
        torch.testing.assert_close(sum(map(unpacked, routes.values())), error[:, k], rtol=5e-4, atol=5e-5 * scale)
        if terms is not None:
            torch.testing.assert_close(sum(unpacked(t) for t in terms if t is not None), value[:, k], **NEAR)


@pytest.mark.parametrize("name", ["lstm vanilla, stacked both ways", "gru, three layers", "lstm FGR"])
def test_past_the_last_step_no_error_comes_back_from_later(name):
    """Every route from t+1 is zero at the last step that a direction reads; at its first one the initial state is read."""
    table = rows()
    net = train(RECURRENT[name], table, epochs=2, batch=8)
    opened = open_network(net, table, row=ROW, layer=net.recurrent_layers()[0])
    trace, spec = opened.trace, opened.trace.spec
    for layer in range(trace.layers):
        for direction in trace.directions:
            unit = opened.ask(Question(slice="unit", layer=layer, direction=direction))
            last, first = (0, -1) if direction == "reverse" else (-1, 0)
            for route in spec.routes:
                if route.source is not None and route.source.offset == 1 and route.variable in unit["routes"]:
                    share = unpacked(unit["routes"][route.variable][route.id])
                    assert share[last] == 0
            for variable in spec.variables:
                for term, sent in zip(variable.terms, unit["terms"].get(variable.id, []), strict=False):
                    if any(ref.offset == -1 for factor in term.factors for ref in factor.of):
                        assert unpacked(sent)[first] == 0, "the states are zero before the first step"


def test_what_stands_around_has_as_many_steps_as_the_row():
    """The longest row has six words, this one fewer: nothing of its padding is shown."""
    table = rows()
    net = train(RECURRENT["embedding, an answer a word"], table, epochs=1, batch=8)
    for row in (ROW, ROW + 1, ROW + 2, ROW + 3):
        count = len(table["text"][row].split())
        opened = open_network(net, table, row=row)
        head = opened.head()
        assert (head["steps"], head["lengths"]) == (count, [count])
        assert [len(shown["labels"]) for shown in (*head["below"], *head["above"], *head["wanted"])] == [count] * 3
        assert head["below"][0]["labels"] == table["text"][row].split()
        assert opened.ask(Question(slice="field", variable="h"))["edges"][-1] == count
        assert len(unpacked(opened.ask(Question(slice="overview"))["values"]["h"])) == count
        assert opened.ask(Question(slice="flow", variable="h"))["steps"] == list(range(count))


STILL = {
    "convolution 2-D": classes(
        image()
        .then("convolution_2d", filters=4)
        .then("batch_normalisation")
        .then("pooling")
        .then("convolution_2d", filters=2, stride=2)
        .then("flatten")
        .then("dense", units=3, activation="relu")
    ),
    "convolution 1-D": number(
        windows().then("convolution_1d", filters=3).then("pooling", width=2).then("flatten").then("dropout")
    ),
    "categories": number(
        NetworkGraph.begin("category_input", columns={"k": "text"}).then("embedding", size=2).then("flatten")
    ),
}


@pytest.mark.parametrize("name", [*STILL, "norms before and after", "attention", "embedding, one answer"])
def test_layers_show_activations_gradients_and_weights_of_the_network_itself(name):
    """Histograms and pictures against autograd through the module: of a network that runs in time, and of one that does not."""
    table = rows()
    net = train({**STILL, **RECURRENT}[name], table, epochs=2, batch=8)
    opened = open_network(net, table, row=ROW)
    passing = opened.ask(Question(slice="layers"))["boxes"]
    found, wanted = net.examples(table, targets=True), torch.tensor([ROW])
    with torch.enable_grad():
        given = {
            n: f.with_x(f.x.clone().requires_grad_()) if f.x.is_floating_point() else f
            for n, f in found.batch(wanted).items()
        }
        flows = net.module.eval().flow(given)
        loss = net.losses(flows[net.graph.output], found.targets(wanted)).sum()
        leaves = {n: f.x for n, f in flows.items() if f.x.requires_grad}
        reached = dict(zip(leaves, torch.autograd.grad(loss, list(leaves.values()), retain_graph=True), strict=True))
        weights = {
            f"{layer} {n}": w for layer in net.module.layers for n, w in net.module.layers[layer].named_parameters()
        }
        of_weights = dict(zip(weights, torch.autograd.grad(loss, list(weights.values())), strict=True))
    for layer, flow in flows.items():
        sent = passing[layer]
        assert sent["activations"]["mean"] == pytest.approx(flow.x.double().mean().item(), rel=1e-4, abs=1e-6)
        if layer in reached:
            assert sent["gradients"]["mean"] == pytest.approx(reached[layer].double().mean().item(), rel=1e-3, abs=1e-7)
        for picture in opened.ask(Question(slice="box", box=layer))["pictures"]:
            key = next((k for k in (f"{layer} weight", f"{layer} {picture['title']}") if k in weights), "")
            expected = {
                "weights": weights.get(key),
                "filters": weights.get(key),
                "∂J/∂ weights": of_weights.get(key),
                "∂J/∂ filters": of_weights.get(key),
            }.get(picture["title"])
            if expected is not None:
                assert unpacked(picture["values"]).flatten() == pytest.approx(
                    expected.detach().flatten().double().numpy(), rel=1e-4, abs=1e-7
                )
