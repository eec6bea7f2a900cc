"""Losses, measures and predictions of every output, against torch's own losses and by hand."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch
from sklearn.datasets import load_digits
from torch import nn

from peephole.core.errors import DataError
from peephole.neural import NetworkGraph, train
from peephole.neural.answers import ANSWERS, mean_loss
from peephole.neural.answers.sequences import edits, greedy
from peephole.neural.parts.flow import Flow

LENGTHS = torch.tensor([3, 1, 2])


def settings(kind, **given):
    drawn = NetworkGraph.begin("number_input", columns={"a": "number"})
    if kind == "label_sequence_output":
        drawn = drawn.then("repeat_steps", steps=3)
    graph = drawn.then(kind, **{"targets": {"y": "number"}, **given})
    return dict(graph.layers[graph.output].settings)


@pytest.mark.parametrize(
    ("name", "torchs"), [("squared", nn.MSELoss()), ("absolute", nn.L1Loss()), ("huber", nn.HuberLoss())]
)
def test_number_losses_are_torchs(name, torchs):
    said, actual = Flow(torch.randn(5, 2)), Flow(torch.randn(5, 2))
    losses = ANSWERS["number_output"].losses(settings("number_output", loss=name), {}, said, actual)
    assert float(mean_loss(losses, said)) == pytest.approx(float(torchs(said.x, actual.x)))


def test_steps_beyond_the_end_count_for_nothing():
    said, actual = Flow(torch.randn(3, 3, 2), LENGTHS), Flow(torch.randn(3, 3, 2), LENGTHS)
    kept = said.mask
    losses = ANSWERS["number_output"].losses(settings("number_output"), {}, said, actual)
    assert float(mean_loss(losses, said)) == pytest.approx(float(nn.MSELoss()(said.x[kept], actual.x[kept])))
    codes = Flow(torch.randint(2, (3, 3)), LENGTHS)
    losses = ANSWERS["class_output"].losses(settings("class_output"), {}, said, codes)
    assert float(mean_loss(losses, said)) == pytest.approx(float(nn.CrossEntropyLoss()(said.x[kept], codes.x[kept])))


def test_class_weights_balance():
    rows = pa.table({"y": ["a", "a", "a", "b"]})
    fitted = ANSWERS["class_output"].fit(rows, settings("class_output"))
    said, actual = Flow(torch.randn(4, 2)), Flow(torch.tensor([0, 0, 0, 1]))
    losses = ANSWERS["class_output"].losses(settings("class_output", balance=True), fitted, said, actual)
    weighted = nn.CrossEntropyLoss(weight=torch.tensor([4 / 6, 4 / 2]))  # torch divides by the weights' sum, here 4
    assert float(losses.mean()) == pytest.approx(float(weighted(said.x, actual.x)))


def test_label_loss_is_torchs():
    said, actual = Flow(torch.randn(5, 3)), Flow(torch.randint(2, (5, 3)).float())
    losses = ANSWERS["label_output"].losses(settings("label_output"), {}, said, actual)
    assert float(losses.mean()) == pytest.approx(float(nn.BCEWithLogitsLoss()(said.x, actual.x)))


def test_ctc_loss_is_the_sum_over_every_way_to_say_it():
    torch.manual_seed(1)
    scores, label = torch.randn(1, 4, 3, dtype=torch.float64), [1, 2]
    shares = torch.softmax(scores[0], -1)
    total = 0.0
    for path in itertools.product(range(3), repeat=4):
        if [k for k, _ in itertools.groupby(path) if k] == label:
            total += math.prod(float(shares[t, k]) for t, k in enumerate(path))
    losses = ANSWERS["label_sequence_output"].losses({}, {}, Flow(scores), Flow(torch.tensor([label])))
    assert float(losses[0]) == pytest.approx(-math.log(total) / 2)


def test_ctc_without_room_is_told():
    with pytest.raises(DataError, match="2 labels are to be said in 2 steps, and 3 are needed"):
        ANSWERS["label_sequence_output"].losses({}, {}, Flow(torch.randn(1, 2, 3)), Flow(torch.tensor([[1, 1]])))


def test_greedy_takes_out_repeats_then_blanks_and_edits_are_counted():
    best = torch.tensor([[1, 1, 0, 1, 2, 2], [0, 2, 2, 0, 0, 1]])
    flow = Flow(nn.functional.one_hot(best, 3).float(), torch.tensor([6, 4]))
    assert greedy(flow) == [[1, 1, 2], [2]]
    assert edits([1, 2, 3], [1, 3]) == 1
    assert edits([], [1, 2]) == 2
    assert edits([1, 2, 3], [3, 2, 1]) == 2


def test_what_is_said_for_a_target_is_the_target():
    rows = pa.table({"y": pa.array([3, 1, 2, 1])})
    answer, given = ANSWERS["class_output"], settings("class_output")
    fitted = answer.fit(rows, given)
    target = answer.encode(rows, given, fitted, None).batch(torch.arange(4))
    assert answer.predict(given, fitted, answer.said(fitted, target), "p", False)["p"].to_pylist() == [3, 1, 2, 1]
    texts = pa.table({"y": ["abba", "b", "aa"]})
    answer, given = ANSWERS["label_sequence_output"], settings("label_sequence_output")
    fitted = answer.fit(texts, given)
    target = answer.encode(texts, given, fitted, None).batch(torch.arange(3))
    assert answer.predict(given, fitted, answer.said(fitted, target), "p", False)["p"].to_pylist() == [
        "abba",
        "b",
        "aa",
    ]


# -- whole networks, from table to table --------------------------------------------------------------------------------


def lists(rows=40, seed=0):
    noise = np.random.default_rng(seed)
    lengths = noise.integers(3, 9, rows)
    a = [noise.normal(size=n).round(2).tolist() for n in lengths]
    return pd.DataFrame(
        {
            "a": a,
            "sums": [np.cumsum(v).tolist() for v in a],
            "signs": [["up" if x > 0 else "down" for x in v] for v in a],
            "both": [[x > 0 for x in v] for v in a],
            "said": ["".join("+" if x > 0 else "-" for x in v[: len(v) // 2]) for v in a],
        }
    )


STEPWISE = {
    "number_output": {"targets": {"sums": "list"}, "each_step": True},
    "class_output": {"targets": {"signs": "list"}, "each_step": True},
    "label_output": {"targets": {"both": "list"}, "each_step": True},
    "label_sequence_output": {"targets": {"said": "text"}},
}


@pytest.mark.parametrize("kind", STEPWISE)
def test_answers_at_each_step_of_lists(kind):
    graph = NetworkGraph.begin("list_input", columns={"a": "list"}).then("lstm", units=6).then(kind, **STEPWISE[kind])
    frame = lists()
    trained = train(graph, frame, epochs=25, learning_rate=0.03, batch=8)
    assert trained.history[-1]["loss"] < 0.6 * trained.history[0]["loss"]
    said = trained.predict(frame, probabilities=False).to_pandas()
    column = said[said.columns[0]]
    if kind == "label_sequence_output":
        assert all(set(text) <= {"+", "-"} for text in column)
    else:
        assert [len(v) for v in column] == [len(v) for v in frame["a"]]
    if kind == "class_output":
        right = np.mean(
            [x == y for v, w in zip(column, frame["signs"], strict=True) for x, y in zip(v, w, strict=True)]
        )
        assert right > 0.9
    trace = trained.unfold(frame, "lstm", only=[0, 1, 2])
    assert trace.B == 3
    assert (trace.step_losses is not None) == (kind != "label_sequence_output")


@pytest.mark.parametrize(
    ("values", "wanted"),
    [(["b", "a", "b", "a"], "string"), ([True, False] * 2, "bool"), ([7, 3, 7, 3], "int64")],
)
def test_classes_come_back_in_their_own_type(values, wanted):
    frame = pd.DataFrame({"a": [1.0, 2, 1, 2], "y": values})
    drawn = NetworkGraph.begin("number_input", columns={"a": "number"}).then("dense", units=4, activation="tanh")
    trained = train(drawn.then("class_output", targets={"y": "x"}), frame, epochs=60, learning_rate=0.1, hold_back=0.0)
    said = trained.predict(frame)
    assert str(said.schema.field("prediction").type) == wanted
    assert said.column("prediction").to_pylist() == values
    shares = [c for c in said.column_names if c.startswith("prediction P(")]
    assert len(shares) == 2
    assert sum(said.column(c)[0].as_py() for c in shares) == pytest.approx(1)


def test_rows_that_lack_something_have_no_prediction():
    frame = pd.DataFrame({"a": np.arange(20.0), "y": np.arange(20.0) * 2})
    drawn = NetworkGraph.begin("sequence_input", columns={"a": "number"}, steps=4).then("flatten")
    trained = train(drawn.then("number_output", targets={"y": "number"}), frame, epochs=1)
    said = trained.predict(frame).column("prediction").to_pylist()
    assert said[:3] == [None] * 3
    assert None not in said[3:]
    assert trained.predict(frame.head(2)).column("prediction").to_pylist() == [None, None]
    assert trained.predict(frame.head(0)).num_rows == 0


def test_targets_of_another_length_than_the_answers_are_told():
    graph = NetworkGraph.begin("list_input", columns={"a": "list"}).then("pooling")
    frame = lists()
    with pytest.raises(DataError, match="steps"):
        train(graph.then("number_output", targets={"sums": "list"}, each_step=True), frame)


def test_what_cannot_be_a_target_is_told():
    drawn = NetworkGraph.begin("number_input", columns={"a": "number"})
    frame = pd.DataFrame({"a": [1.0, 2], "k": ["x", "x"], "v": [0.5, 1.5]})
    with pytest.raises(DataError, match="has 1 classes"):
        train(drawn.then("class_output", targets={"k": "text"}), frame)
    with pytest.raises(DataError, match="has no classes"):
        train(drawn.then("class_output", targets={"v": "number"}), frame)
    with pytest.raises(DataError, match="other values than yes and no"):
        train(drawn.then("label_output", targets={"v": "number"}), frame)
    with pytest.raises(DataError, match="numbers are needed"):
        train(drawn.then("number_output", targets={"k": "text"}), frame)


def test_a_convolutional_network_reads_digits():
    data = load_digits()
    frame = pd.DataFrame(data.data, columns=[f"p{i}" for i in range(64)]).assign(digit=data.target)
    order = np.random.default_rng(0).permutation(len(frame))
    learn, held = frame.iloc[order[:1400]], frame.iloc[order[1400:]]
    pixels = dict.fromkeys(frame.columns[:64], "number")
    drawn = NetworkGraph.begin("image_input", columns=pixels, height=8, width=8, brightest=16.0)
    drawn = drawn.then("convolution_2d", filters=16).then("pooling").then("batch_normalisation")
    drawn = drawn.then("convolution_2d", filters=32).then("pooling").then("flatten").then("dropout", share=0.3)
    trained = train(
        drawn.then("class_output", targets={"digit": "integer"}), learn, epochs=8, learning_rate=0.005, seed=1
    )
    said = trained.predict(held).column("prediction").to_numpy()
    assert (said == held["digit"].to_numpy()).mean() > 0.96


def test_words_are_read_one_after_the_other():
    noise = np.random.default_rng(1)
    words = np.array(["good", "bad", "film", "very", "not", "the", "a"])
    texts, kinds = [], []
    for _ in range(400):
        said = noise.choice(words[2:], noise.integers(2, 6)).tolist()
        kind, negated = noise.integers(2), noise.integers(2)
        said += (["not"] if negated else ["so"]) + [["bad", "good"][kind]]
        texts.append(" ".join(said))
        kinds.append("praise" if kind != negated else "blame")
    frame = pd.DataFrame({"text": texts, "kind": kinds})
    drawn = NetworkGraph.begin("text_input", columns={"text": "text"}).then("embedding", size=8)
    drawn = drawn.then("lstm", units=12, both_ways=True).then("last_step")
    graph = drawn.then("class_output", targets={"kind": "text"})
    trained = train(graph, frame, epochs=20, learning_rate=0.02, batch=32, seed=2)
    assert trained.history[-1]["validation accuracy"] > 0.95
    assert trained.predict(pd.DataFrame({"text": ["unheard words, not bad", ""]})).num_rows == 2
