"""Shapes and parameter counts told without torch are those of what torch really computes, for every kind of layer."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import torch

from peephole.core.errors import SettingError
from peephole.neural.kinds import KINDS
from peephole.neural.module import NetworkModule
from peephole.neural.network import NetworkGraph
from peephole.neural.parts import PARTS, Flow
from peephole.neural.shapes import ShapeError


def numbers(count: int = 5) -> NetworkGraph:
    return NetworkGraph.begin("number_input", columns={f"n{i}": "number" for i in range(count)})


def steps(count: int = 7, features: int = 3) -> NetworkGraph:
    return NetworkGraph.begin("sequence_input", columns={f"n{i}": "number" for i in range(features)}, steps=count)


def lists(features: int = 3) -> NetworkGraph:
    return NetworkGraph.begin("list_input", columns={f"n{i}": "list" for i in range(features)})


def image(channels: int = 2, height: int = 9, width: int = 11) -> NetworkGraph:
    return NetworkGraph.begin("image_input", columns={"p": "binary"}, channels=channels, height=height, width=width)


def text() -> NetworkGraph:
    return NetworkGraph.begin("text_input", columns={"t": "text"})


def output(graph: NetworkGraph, kind: str, **settings: Any) -> NetworkGraph:
    return graph.then(kind, **{"targets": {"y": "number"}, **settings})


RECURRENT = {"units": 4, "layers": 2}
CASES = {
    "dense": [(numbers(), {"units": 4}), (steps(), {"units": 4, "activation": "softmax"})],
    "embedding": [(text(), {"size": 4})],
    "batch_normalisation": [(numbers(), {}), (steps(), {}), (lists(), {}), (image(), {})],
    "layer_normalisation": [(numbers(), {}), (steps(), {}), (image(), {})],
    "dropout": [(numbers(), {}), (lists(), {})],
    "activation": [(numbers(), {"function": "gelu"}), (image(), {"function": "softmax"})],
    "convolution_1d": [
        (steps(10), {"filters": 4, "width": width, "stride": stride, "padding": padding})
        for width in (1, 3, 4)
        for stride in (1, 2, 3)
        for padding in ("same", "valid")
    ]
    + [(lists(), {"filters": 4}), (lists(), {"filters": 4, "padding": "valid", "width": 2, "stride": 2})],
    "convolution_2d": [
        (image(), {"filters": 4, "width": width, "stride": stride, "padding": padding})
        for width in (1, 3, 4)
        for stride in (1, 2, 3)
        for padding in ("same", "valid")
    ],
    "pooling": [
        (graph, {"how": how, **given})
        for graph in (steps(), lists(), image())
        for how in ("max", "mean")
        for given in ({}, {"width": 3, "stride": 1}, {"whole": True})
    ],
    "simple_rnn": [(steps(), {"units": 4}), (lists(), {**RECURRENT, "both_ways": True, "activation": "sigmoid"})],
    "lstm": [
        (steps(), {"units": 4, "variant": v})
        for v in ("vanilla", "NIG", "NFG", "NOG", "NIAF", "NOAF", "NP", "CIFG", "FGR")
    ]
    + [(steps(), {**RECURRENT, "both_ways": True, "dropout": 0.5})],
    "gru": [(steps(), {"units": 4}), (lists(), {**RECURRENT, "both_ways": True})],
    "last_step": [(steps(), {}), (lists(), {})],
    "repeat_steps": [(numbers(), {"steps": 6})],
    "flatten": [(numbers(), {}), (steps(), {}), (image(), {})],
    "number_output": [(numbers(), {"targets": {"y": "number", "z": "number"}}), (steps(), {"each_step": True})],
    "class_output": [(numbers(), {}), (lists(), {"targets": {"y": "list"}, "each_step": True})],
    "label_output": [(numbers(), {}), (steps(), {"each_step": True})],
    "label_sequence_output": [(steps(), {}), (lists(), {})],
}
TOLD = {"text_input": 9, "class_output": 3, "label_sequence_output": 6}  # what training rows would tell
INPUT = {"number_input", "category_input", "sequence_input", "list_input", "text_input", "image_input"}


def batch(graph: NetworkGraph, features: dict[str, int]) -> dict[str, Flow]:
    """Four examples of the shape of each input, of different lengths where it says so."""
    found = {}
    for layer in graph.inputs:
        shape = graph.shapes_with(features)[layer]
        lengths = torch.tensor([5, 9, 4, 7]) if shape.form == "sequence" and shape.steps is None else None
        size = {
            "vector": (4, shape.features),
            "sequence": (4, shape.steps or 9, shape.features),
            "image": (4, shape.features, shape.height, shape.width),
        }[shape.form]
        x = torch.randint(shape.features, size[:-1]) if shape.codes else torch.randn(size)
        found[layer] = Flow(x, lengths)
    return found


def check(graph: NetworkGraph) -> None:
    features = {layer: TOLD[b.kind] for layer, b in graph.layers.items() if b.kind in TOLD}
    module = NetworkModule(graph, features).train()
    flow = module.flow(batch(graph, features))[graph.output]
    shape = graph.shapes_with(features)[graph.output]
    if shape.form == "image":
        assert flow.x.shape == (4, shape.features, shape.height, shape.width)
    elif shape.form == "sequence":
        assert flow.x.shape[::2] == (4, shape.features)
        assert shape.steps in (None, flow.x.shape[1])
        assert (shape.steps is None) == (flow.lengths is not None)
        assert flow.lengths is None or int(flow.lengths.max()) == flow.x.shape[1]
    else:
        assert flow.x.shape == (4, shape.features)
    assert graph.parameters(features) == sum(p.numel() for p in module.parameters())


@pytest.mark.parametrize("kind", sorted(set(KINDS) - INPUT - {"merge_layers"}))
def test_every_kind(kind):
    for graph, settings in CASES[kind]:
        given = {"targets": {"y": "number"}, **settings} if kind.endswith("output") else settings
        check(graph.then(kind, **given))


@pytest.mark.parametrize("how", ["concatenate", "add", "multiply"])
def test_merging(how):
    for graph in (numbers(), steps(), lists(), image()):
        if graph.shape.form == "image":
            branches = [graph.then("convolution_2d", filters=2, name=n) for n in "ab"]
        else:
            branches = [graph.then("dense", units=4, name=n) for n in "ab"]
        merged = NetworkGraph.join("merge_layers", [*branches, graph] if how == "concatenate" else branches, how=how)
        assert len(merged.layers) == 4, "the input is shared"
        check(merged)


@pytest.mark.parametrize("asks", [numbers(), steps(6, 2), lists()])
def test_attention(asks):
    memory = lists(2).then("dense", units=6)
    check(NetworkGraph.join("merge_layers", [asks, memory], how="attention"))


def test_each_kind_is_drawn_and_computed():
    assert set(PARTS) == set(KINDS) - INPUT
    assert set(CASES) == set(KINDS) - INPUT - {"merge_layers"}


def test_drawing_needs_no_torch():
    code = (
        "import sys; from peephole.neural.network import NetworkGraph; import peephole.nodes.networks.layers, "
        "peephole.nodes.networks.training, peephole.ports.network; "
        "NetworkGraph.begin('number_input', columns={'a': 'number'}).then('dense', units=3); "
        "assert not {'torch', 'sklearn', 'safetensors'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


MISFITS = [
    (lambda: text().then("dense", units=3), "Put an Embedding"),
    (lambda: numbers().then("lstm", units=3), "Begin with Sequence input, or put Repeat"),
    (lambda: numbers().then("embedding", size=3), "Begin with Text input"),
    (lambda: image().then("dense", units=3), "Put Flatten or Pooling"),
    (lambda: lists().then("flatten"), "Take Last step or Pooling"),
    (lambda: steps(2).then("convolution_1d", filters=1, width=3, padding="valid"), "Make the window narrower"),
    (lambda: numbers().then("convolution_2d", filters=1), "Begin with Image input"),
    (lambda: output(steps(), "number_output"), "Put Last step"),
    (lambda: output(numbers(), "class_output", each_step=True), "Take Last step off"),
    (lambda: output(numbers(), "number_output", readout=False), "as many units"),
    (lambda: output(image(), "class_output"), "Put Flatten before it"),
    (lambda: NetworkGraph.join("merge_layers", [numbers(), steps()]), "Repeat"),
    (lambda: NetworkGraph.join("merge_layers", [numbers(), numbers(6)], how="add"), "or concatenate"),
    (lambda: NetworkGraph.join("merge_layers", [numbers(), numbers()]), "Lead different branches"),
    (lambda: NetworkGraph.join("merge_layers", [numbers()]), "Connect another branch"),
    (
        lambda: NetworkGraph.join("merge_layers", [steps(), numbers()], how="attention"),
        "The second branch is the sequence",
    ),
    (lambda: NetworkGraph.join("merge_layers", [numbers(), steps(), lists()], how="attention"), "Take off a wire"),
]


@pytest.mark.parametrize(("draw", "remedy"), MISFITS)
def test_what_does_not_fit_is_told_with_the_remedy(draw, remedy):
    with pytest.raises(ShapeError) as caught:
        draw()
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("graph", "given", "setting"),
    [
        (numbers(), {"targets": {"y": "list"}}, "each_step"),
        (lists(), {"targets": {"y": "number"}, "each_step": True}, "targets"),
        (numbers().then("repeat_steps", steps=3), {"targets": {"y": "number"}, "each_step": True}, "targets"),
    ],
)
@pytest.mark.parametrize("kind", ["number_output", "class_output", "label_output"])
def test_targets_are_as_many_as_the_answers(graph, given, setting, kind):
    """One value for each row, or a list of them, one for each step; only the steps of windows are rows themselves."""
    with pytest.raises(SettingError) as caught:
        output(graph, kind, **given)
    assert caught.value.setting == setting
    assert output(lists(), kind, targets={"y": "list"}, each_step=True).ends
    assert output(steps(), kind, targets={"y": "number"}, each_step=True).ends


def test_settings_are_checked():
    with pytest.raises(SettingError, match="Did you mean") as caught:
        numbers().then("dense", unit=3)
    assert caught.value.setting == "unit"
    with pytest.raises(SettingError, match='There is no kind of layer "lstn"'):
        steps().then("lstn", units=3)
    with pytest.raises(SettingError, match="is not set"):
        steps().then("lstm")
    with pytest.raises(SettingError, match="image of 9 x 11"):
        NetworkGraph.begin("image_input", columns={"a": "number", "b": "number"}, height=9, width=11)
    with pytest.raises(SettingError, match="from one column"):
        NetworkGraph.begin("category_input", columns={"a": "text", "b": "text"})


@pytest.mark.parametrize(
    ("graph", "words"),
    [
        (numbers(1), "1 number"),
        (steps(96, 14), "96 steps x 14"),
        (lists(2), "any number of steps x 2"),
        (image(3, 32, 48), "32 x 48 pixels x 3"),
        (text(), "any number of steps x one code"),
    ],
)
def test_shapes_in_words(graph, words):
    assert str(graph.shape) == words
    assert graph.facts()["shape"] == words
