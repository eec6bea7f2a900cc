"""Trained networks opened at a row: what stands around the layer, the boxes, rows typed in, the page."""

import base64
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import torch

from peephole.core.errors import DataError, SettingError
from peephole.neural import NetworkGraph, train
from peephole.neural.errors import NetworkSettingError
from peephole.neural.view import Series, Words
from peephole.neural.view.boxes import histogram
from peephole.neural.view.of_network import answered_rows, open_network, typed, whole_rows
from peephole.neural.view.opened import Question


def waves(rows=60):
    t = np.arange(rows)
    noise = np.random.default_rng(3)
    frame = pd.DataFrame({"t": t, "a": 20 + 5 * np.sin(t / 3), "b": noise.normal(size=rows)})
    return frame.assign(later=frame["a"].shift(-1).ffill())


@pytest.fixture(scope="module")
def forecast():
    start = NetworkGraph.begin("sequence_input", columns={"a": "number", "b": "number"}, steps=6, order_by=["t"])
    drawn = start.then("lstm", units=5).then("last_step").then("dense", units=3, activation="tanh")
    return train(drawn.then("number_output", targets={"later": "number"}), waves(), epochs=2)


@pytest.fixture(scope="module")
def tagger():
    texts = ["the cat sat", "a dog ran on", "the bird sang", "a cat ran"] * 5
    tags = [["D", "N", "V", "P"][: len(text.split())] for text in texts]
    start = NetworkGraph.begin("text_input", columns={"text": "text"}).then("embedding", size=4)
    drawn = start.then("gru", units=4, both_ways=True)
    rows = pd.DataFrame({"text": texts, "tags": tags})
    return train(drawn.then("class_output", targets={"tags": "list"}, each_step=True), rows, epochs=2), rows


@pytest.fixture(scope="module")
def digits():
    noise = np.random.default_rng(1)
    rows = pd.DataFrame({"image": list(noise.uniform(0, 16, (30, 36))), "digit": list("01") * 15})
    start = NetworkGraph.begin("image_input", columns={"image": "list"}, height=6, width=6, brightest=16.0)
    drawn = start.then("convolution_2d", filters=4).then("pooling").then("flatten").then("dense", units=3)
    return train(drawn.then("class_output", targets={"digit": "text"}), rows, epochs=1), rows


IMPORTS = """
import sys
import pyarrow.parquet
from peephole.neural.view.of_network import make_ready, open_network
from peephole.neural.trained import TrainedNetwork
rows = pyarrow.parquet.read_table(sys.argv[2])
make_ready()
before = {name.split(".")[0] for name in sys.modules}
open_network(TrainedNetwork.load(sys.argv[1]), rows, row=20).head()
print(*sorted({name.split(".")[0] for name in sys.modules} - before))
"""


def test_a_row_without_its_answer_can_be_opened_and_its_output_is_followed(forecast):
    rows = waves()
    rows["later"] = rows["later"].where(rows["t"] < 59)  # the last one is still to come
    assert whole_rows(forecast, rows) == list(range(5, 60))
    assert answered_rows(forecast, rows) == list(range(5, 59))
    opened, whole = open_network(forecast, rows, row=59), open_network(forecast, waves(), row=59)
    assert torch.equal(opened.trace.value("c"), whole.trace.value("c"))
    head = opened.head()
    assert head["followed"] == {
        "chosen": "output",
        "name": 'the output "later"',
        "answered": False,
        "outputs": ["later"],
    }
    assert head["wanted"] == []
    assert head["example"].endswith("· no answer is known")
    assert head["loss"] == pytest.approx(forecast.activations(rows, [59])["number_output"].item(), rel=1e-5)
    passing = opened.ask(Question(slice="layers"))["boxes"]["dense"]["gradients"]
    weights = forecast.module.layers["number_output"].weight.detach()
    assert passing["mean"] == pytest.approx(weights.mean().item(), rel=1e-5)  # ∂(w·x + b)/∂x
    assert answered_rows(forecast, rows.drop(columns="later")) == []


def test_what_is_followed_back_is_told_and_can_be_chosen(forecast, tagger, digits):
    assert open_network(forecast, waves(), row=20).head()["followed"]["name"] == "the loss"
    with pytest.raises(DataError, match="Row 21 has no answer"):
        open_network(forecast, waves().assign(later=None), row=20, follow="task")
    net, rows = digits
    said = net.predict(rows, probabilities=False)["prediction"][2].as_py()
    unanswered = open_network(net, rows.drop(columns="digit"), row=2)
    assert unanswered.head()["followed"]["name"] == f'the largest output, "{said}"'
    for opened in (unanswered, open_network(net, rows, row=2, follow=said)):
        scores = net.weight_gradients(rows, [2], said)["class_output"]["bias"]
        assert scores.tolist() == [float(label == said) for label in ("0", "1")]
        gradients = opened.ask(Question(slice="layers"))["boxes"]["class_output"]["gradients"]
        assert gradients["mean"] == 0.5  # one output counts, of two
    net, rows = tagger
    at_each_step = open_network(net, rows.drop(columns="tags"), row=1)
    assert at_each_step.head()["followed"]["name"] == "the largest output of each step"
    largest = net.activations(rows, [1])["class_output"].amax(-1)
    torch.testing.assert_close(at_each_step.trace.step_losses, largest.T)
    one = open_network(net, rows, row=1, follow="V").trace.step_losses
    torch.testing.assert_close(one, net.activations(rows, [1])["class_output"][..., 3].T)


def test_numbers_bear_their_columns_names_only_where_they_come_in_as_they_are(forecast):
    assert open_network(forecast, waves(), row=20).head()["entries"] == ["a", "b"]
    start = NetworkGraph.begin("sequence_input", columns={"a": "number", "b": "number"}, steps=6)
    drawn = start.then("batch_normalisation").then("gru", units=2).then("dense", units=2).then("lstm", units=2)
    drawn = drawn.then("last_step").then("number_output", targets={"later": "number"})
    net = train(drawn, waves(), epochs=1)
    assert open_network(net, waves(), row=20, layer="gru").head()["entries"] == ["a", "b"]
    assert open_network(net, waves(), row=20, layer="lstm").head()["entries"] == []


def test_a_row_that_cannot_be_opened_is_told_as_it_is_asked_for(forecast):
    for only, what in (
        ([3], "Row 4 lacks what the network reads (of a sequence: the rows before)."),
        ([3, 4], "Rows 4, 5 lack what the network reads (of a sequence: the rows before)."),
        ([], "No row was asked for."),
    ):
        with pytest.raises(DataError) as caught:
            forecast.unfold(waves(), "lstm", only=only)
        assert caught.value.what == what
        assert caught.value.remedy == "Choose others; 55 of 60 rows have it, the first is row 6 (only=[5])."
    forecast.unfold(waves(), "lstm", only=[5])


def test_once_made_ready_opening_needs_no_other_library(forecast, tmp_path):
    forecast.save(tmp_path)
    waves().to_parquet(tmp_path / "rows.parquet")
    command = [sys.executable, "-c", IMPORTS, str(tmp_path), str(tmp_path / "rows.parquet")]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout.split() == []


def targets(net, rows):
    return net.examples(rows, targets=True).targets(torch.tensor([2]))


def unpacked(values):
    return np.frombuffer(base64.b64decode(values["data"]), {"f4": np.float32, "f8": np.float64}[values["dtype"]])


def test_a_cells_weights_bear_the_papers_names_and_have_their_gradients(forecast):
    pictures = open_network(forecast, waves(), row=20).ask(Question(slice="box", box="lstm"))["pictures"]
    titles = [p["title"] for p in pictures]
    gates = ("z", "in", "for", "out")
    named = [f"{letter}_{gate}" for letter in "WR" for gate in gates] + [f"p_{gate}" for gate in gates[1:]]
    named += [f"b_{gate}" for gate in gates]
    assert titles == ["activations", "∂J/∂ activations"] + [t for name in named for t in (name, f"∂J/∂{name}")]
    trace = forecast.unfold(waves(), "lstm", only=[20])
    for name in ("R_for", "p_out", "b_in"):
        weight, gradient = (unpacked(pictures[titles.index(title)]["values"]) for title in (name, f"∂J/∂{name}"))
        assert weight == pytest.approx(trace.parameters()[name].detach().flatten().numpy())
        assert gradient == pytest.approx(trace.gradient(name).flatten().numpy(), rel=1e-4, abs=1e-7)


def test_a_box_says_where_its_numbers_are_not_in_the_units_of_the_table(forecast, digits):
    facts = {box["title"]: box["facts"] for box in open_network(forecast, waves(), row=20).head()["boxes"]}
    assert [title for title, told in facts.items() if "scaled: mean 0, deviation 1" in told] == [
        "Sequence input",
        "Number output",
    ]
    boxes = open_network(*digits, row=2).head()["boxes"]
    assert not any("scaled" in fact for box in boxes for fact in box["facts"])


def test_an_outputs_numbers_bear_the_names_of_its_classes_and_say_that_they_are_scores(digits):
    opened = open_network(*digits, row=2)
    (box,) = (box for box in opened.head()["boxes"] if box["id"] == "class_output")
    assert "scores, before softmax" in box["facts"]
    pictures = opened.ask(Question(slice="box", box="class_output"))["pictures"]
    assert [(p["title"], p["names"]) for p in pictures[:2]] == [
        ("activations", ["0", "1"]),
        ("∂J/∂ activations", ["0", "1"]),
    ]
    assert opened.ask(Question(slice="box", box="dense"))["pictures"][0]["names"] == []


def test_the_real_inputs_stand_below_in_their_own_units(forecast):
    opened = open_network(forecast, waves(), row=20)
    numbers, labels = opened.shown.below
    assert isinstance(numbers, Series)
    assert list(numbers.names) == ["a", "b"]
    expected = torch.tensor(waves()[["a", "b"]].to_numpy()[15:21])
    torch.testing.assert_close(numbers.values, expected, rtol=1e-5, atol=1e-5)
    assert labels == Words([str(t) for t in range(15, 21)], "t")


def test_what_the_network_says_and_should_say_is_told(forecast):
    said = forecast.predict(waves())["prediction"][20].as_py()
    shown = open_network(forecast, waves(), row=20).shown
    assert shown.example == f"row 21 of the table · later: predicted {said:.4g}, actual {waves()['later'][20]:.4g}"
    assert shown.above == [Words(["", "", "", "", "", f"{said:.4g}"], "predicted later")]
    assert shown.wanted == [Words(["", "", "", "", "", f"{waves()['later'][20]:.4g}"], "actual later")]
    assert open_network(forecast, waves(), row=20, row_name="mine").shown.example.startswith("mine · later")


def test_words_below_answers_above_and_what_was_wanted(tagger):
    net, rows = tagger
    shown = open_network(net, rows, row=1).shown
    assert shown.below == [Words(["a", "dog", "ran", "on"], "Text input")]
    said = net.predict(rows, probabilities=False)["prediction"][1].as_py()
    assert shown.above == [Words(said, "predicted tags")]
    assert shown.wanted == [Words(["D", "N", "V", "P"], "actual tags")]


def test_the_trace_is_that_of_the_row(tagger):
    net, rows = tagger
    opened = open_network(net, rows, row=1)
    direct = net.unfold(rows, "gru", only=[1])
    assert torch.equal(opened.trace.value("h", direction="reverse"), direct.value("h", direction="reverse"))
    assert opened.trace.step_losses.shape == (4, 1)


def test_boxes_have_shapes_counts_and_what_passes_through(forecast):
    opened = open_network(forecast, waves(), row=20)
    boxes = {box["id"]: box for box in opened.head()["boxes"]}
    assert list(boxes) == list(forecast.graph.layers)
    assert boxes["lstm"]["layer"] == 0
    assert boxes["lstm"]["opens"]
    assert not boxes["dense"]["opens"]
    counted = sum(box["parameters"] for box in boxes.values())
    assert counted == sum(p.numel() for p in forecast.module.parameters())
    passing = opened.ask(Question(slice="layers"))["boxes"]
    activations = forecast.activations(waves(), [20])["dense"]
    gradients = forecast.gradients(waves(), [20])["dense"]
    assert passing["dense"]["activations"]["mean"] == pytest.approx(activations.mean().item(), rel=1e-5)
    assert passing["dense"]["gradients"]["spread"] == pytest.approx(gradients.std(correction=0).item(), rel=1e-4)
    assert sum(passing["dense"]["activations"]["counts"]) == activations.numel()


def test_a_network_without_recurrent_layers_shows_filters_and_feature_maps(digits):
    net, rows = digits
    opened = open_network(net, rows, row=2)
    head = opened.head()
    assert head["layers"] == []
    json.dumps(head, allow_nan=False)
    pictures = opened.ask(Question(slice="box", box="convolution_2d"))["pictures"]
    assert [(p["title"], p["values"]["shape"]) for p in pictures] == [
        ("feature maps", [4, 6, 6]),
        ("∂J/∂ feature maps", [4, 6, 6]),
        ("filters", [4, 3, 3]),
        ("∂J/∂ filters", [4, 3, 3]),
        ("bias", [1, 1, 4]),
        ("∂J/∂ bias", [1, 1, 4]),
    ]
    reached = net.weight_gradients(rows, [2])["convolution_2d"]["weight"]
    weight = net.module.layers["convolution_2d"].weight
    with torch.enable_grad():
        loss = net.losses(
            net.module.flow(net.examples(rows).batch(torch.tensor([2])))["class_output"], targets(net, rows)
        )
        (expected,) = torch.autograd.grad(loss.sum(), weight)
    torch.testing.assert_close(reached, expected)
    assert unpacked(pictures[3]["values"]) == pytest.approx(expected.flatten().numpy())
    bias = net.module.layers["convolution_2d"].bias
    assert unpacked(pictures[4]["values"]) == pytest.approx(bias.detach().numpy())
    assert opened.ask(Question(slice="box", box="dense"))["pictures"][2]["values"]["shape"] == [1, 3, 36]
    (image,) = opened.ask(Question(slice="box", box="image_input"))["pictures"][:1]
    assert (image["title"], image["of"]) == ("image", "ink")
    assert unpacked(image["values"]) == pytest.approx(np.asarray(rows["image"][2]) / 16, rel=1e-5)
    with pytest.raises(NetworkSettingError, match="no recurrent layer"):
        opened.ask(Question(slice="overview"))
    with pytest.raises(NetworkSettingError, match="no layer"):
        opened.ask(Question(slice="box", box="nothing"))


def test_a_row_typed_in_is_opened_like_any_other(forecast, tagger):
    window = waves().iloc[15:21]
    table = typed(forecast, {"a": window["a"].tolist(), "b": window["b"].tolist()})
    by_hand = open_network(forecast, table, row=5)
    assert torch.allclose(by_hand.trace.value("c"), forecast.unfold(waves(), "lstm", only=[20]).value("c"), atol=1e-6)
    net, _ = tagger
    assert open_network(net, typed(net, {"text": "the dog sat"})).shown.below[0].labels == ["the", "dog", "sat"]


def test_what_cannot_be_opened_is_told(forecast):
    with pytest.raises(SettingError, match="b"):
        typed(forecast, {"a": [1.0] * 6})
    with pytest.raises(SettingError, match="5 to 6"):
        typed(forecast, {"a": [1.0] * 6, "b": [1.0] * 5})
    with pytest.raises(DataError, match="lack"):
        open_network(forecast, waves(), row=2)
    assert whole_rows(forecast, waves()) == list(range(5, 60))


def test_a_histogram_counts_every_number_that_is_one():
    found = histogram(torch.tensor([1.0, 2.0, 3.0, float("nan")]))
    assert sum(found["counts"]) == 3
    assert found["mean"] == 2
    assert histogram(torch.tensor([2.0, 2.0]))["edges"] == [1.5, 2.5]
    assert histogram(None) is None
    assert histogram(torch.tensor([float("inf")])) is None
