"""Exported networks, run by ONNX Runtime, say what the network says, layer kind by layer kind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

from peephole.neural import NetworkGraph, train
from peephole.neural.errors import ConversionError
from peephole.neural.onnx_network import export_network

onnxruntime = pytest.importorskip("onnxruntime")


def frame(rows=30):
    noise = np.random.default_rng(2)
    lengths = noise.integers(3, 7, rows)
    return pd.DataFrame(
        {
            "a": noise.normal(3, 2, rows),
            "b": noise.normal(size=rows),
            "k": noise.choice(["x", "y", "z"], rows),
            "t": [" ".join(noise.choice(["one", "two", "three"], n)) for n in lengths],
            "l": [noise.normal(size=n).tolist() for n in lengths],
            "p": [noise.integers(0, 255, 30).tolist() for _ in range(rows)],
            "y": noise.normal(10, 5, rows),
            "c": noise.choice(["no", "yes", "maybe"], rows),
            "d": noise.choice([True, False], rows),
        }
    )


def numbers():
    return NetworkGraph.begin("number_input", columns={"a": "number", "b": "number"})


def steps():
    return NetworkGraph.begin("sequence_input", columns={"a": "number", "b": "number"}, steps=5)


def lists():
    return NetworkGraph.begin("list_input", columns={"l": "list"})


def image():
    return NetworkGraph.begin("image_input", columns={"p": "list"}, height=5, width=6)


def words():
    return NetworkGraph.begin("text_input", columns={"t": "text"}).then("embedding", size=4)


def last(graph):
    return graph.then("last_step")


def both(one, two, **settings):
    return NetworkGraph.join("merge_layers", [one, two], **settings)


BODIES = {
    "dense": numbers().then("dense", units=3, activation="gelu").then("dense", units=3, activation="leaky relu"),
    "activations": numbers()
    .then("activation", function="elu")
    .then("activation", function="softplus")
    .then("dropout")
    .then("activation", function="softmax"),
    "norms": steps().then("batch_normalisation").then("layer_normalisation").then("flatten"),
    "norms of images": image()
    .then("convolution_2d", filters=3)
    .then("batch_normalisation")
    .then("layer_normalisation")
    .then("flatten"),
    "norm of numbers": numbers().then("batch_normalisation"),
    "convolution": steps()
    .then("convolution_1d", filters=3, width=2, stride=2)
    .then("pooling", how="mean", width=2)
    .then("flatten"),
    "convolution of images": image()
    .then("convolution_2d", filters=3, width=3, stride=2)
    .then("convolution_2d", filters=2, width=2, padding="valid", activation="softmax")
    .then("pooling", whole=True),
    "pooling": both(image().then("pooling").then("flatten"), image().then("pooling", how="mean", whole=True)),
    "rnn": last(steps().then("simple_rnn", units=3, layers=2, both_ways=True, activation="relu")),
    "gru": last(lists().then("gru", units=3, layers=2, both_ways=True)),
    "gru, each way's own end": lists().then("gru", units=3, both_ways=True).then("last_step", backward=3),
    "lstm, each way's own end": steps().then("lstm", units=3, both_ways=True).then("last_step", backward=3),
    "lstm of words": last(words().then("lstm", units=3, both_ways=True)),
    **{
        v: last(steps().then("lstm", units=3, variant=v))
        for v in ("vanilla", "NIG", "NFG", "NOG", "NIAF", "NOAF", "NP", "CIFG")
    },
    "repeat": last(numbers().then("repeat_steps", steps=4).then("gru", units=3)),
    "categories": NetworkGraph.begin("category_input", columns={"k": "text"}).then("embedding", size=3),
    "one-hot": NetworkGraph.begin("category_input", columns={"k": "text"}, encoding="one-hot"),
    "two inputs": both(numbers().then("dense", units=3), last(lists().then("gru", units=3)), how="multiply"),
    "attention": both(numbers(), steps().then("gru", units=4), how="attention"),
    "attention of sequences": last(
        both(steps(), steps().then("gru", units=4), how="attention").then("simple_rnn", units=2)
    ),
}
OUTPUTS = {
    "number_output": {"targets": {"y": "number"}},
    "class_output": {"targets": {"c": "text"}},
    "label_output": {"targets": {"d": "boolean"}},
}


def agree(graph, tmp_path):
    rows = frame()
    trained = train(graph, rows, epochs=2, learning_rate=0.05, batch=8)
    export_network(trained, tmp_path / "n.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "n.onnx", providers=["CPUExecutionProvider"])
    encoded = trained.encode(rows)
    given = {}
    for layer, x in encoded.inputs.items():
        fitted = trained.prepared["inputs"][layer]
        if "shift" in fitted:  # the graph takes columns in their own units
            given[layer] = (x * torch.tensor(fitted["divisor"]) + torch.tensor(fitted["shift"])).numpy()
        else:
            given[layer] = x.numpy()
        if trained.graph.shapes[layer].form == "sequence" and trained.graph.shapes[layer].steps is None:
            lengths = encoded.lengths[layer]
            full = torch.full((len(x),), x.shape[1]) if lengths is None else lengths
            given[f"{layer}_lengths"] = full.to(torch.int32).numpy()
    (found,) = session.run(["output"], given)
    said = trained.predict(rows).to_pandas().dropna()
    if graph.layers[graph.output].kind == "number_output":
        wanted = said["prediction"].to_numpy()[:, None]
    else:
        wanted = said[[c for c in said.columns if "P(" in c]].to_numpy()
    assert found == pytest.approx(wanted, abs=2e-4)
    assert np.ptp(found) > 0


@pytest.mark.parametrize("name", BODIES)
def test_layers(name, tmp_path):
    agree(BODIES[name].then("number_output", **OUTPUTS["number_output"]), tmp_path)


@pytest.mark.parametrize("kind", OUTPUTS)
def test_outputs(kind, tmp_path):
    agree(BODIES["dense"].then(kind, **OUTPUTS[kind]), tmp_path)


@pytest.mark.parametrize(
    ("graph", "what"),
    [
        (last(steps().then("lstm", units=2, variant="FGR")), "no gate recurrence"),
        (lists().then("pooling", whole=True), "different lengths"),
        (last(lists().then("convolution_1d", filters=2)), "different lengths"),
    ],
)
def test_what_onnx_cannot_say_is_told(graph, what):
    trained = train(graph.then("number_output", **OUTPUTS["number_output"]), frame(), epochs=1)
    with pytest.raises(ConversionError, match=what) as caught:
        export_network(trained)
    assert caught.value.remedy
