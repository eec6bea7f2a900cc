"""Network nodes as plain functions on tables: drawing, training, using, evaluating, files."""

from __future__ import annotations

import json
from dataclasses import replace

import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch
from safetensors.torch import load_file
from sklearn.metrics import accuracy_score, f1_score, mean_absolute_error, r2_score

from peephole.core.errors import ColumnError, SettingError, StoreError
from peephole.neural import NetworkGraph, TrainedNetwork, to_torch
from peephole.neural.shapes import ShapeError
from peephole.nodes.networks import convolution, files, inputs, layers, outputs, recurrent, steps, training, using
from peephole.nodes.networks._training import history_table


def test_drawing_with_nodes_is_drawing_with_the_graph(frame, sequences):
    drawn = recurrent.lstm(sequences(frame), units=4, variant="NP", name="memory")
    by_hand = NetworkGraph.begin("sequence_input", columns={"a": "number"}, steps=8, order_by=["t"])
    assert drawn == by_hand.then("lstm", units=4, variant="NP", name="memory")


def test_every_layer_node_adds_its_layer(frame, sequences):
    pixels = inputs.image_input(frame, columns=["a", "b"], height=1, width=2)
    words = inputs.text_input(frame, column="up", unit="characters")
    drawn = {
        "convolution_2d": convolution.convolution_2d(pixels, filters=3),
        "embedding": layers.embedding(words, size=3),
        "convolution_1d": convolution.convolution_1d(sequences(frame), filters=3, stride=2),
        "pooling": convolution.pooling(pixels, whole=True),
        "simple_rnn": recurrent.simple_rnn(sequences(frame), units=3),
        "gru": recurrent.bidirectional(recurrent.gru(sequences(frame), units=3)),
        "batch_normalisation": layers.batch_normalisation(pixels),
        "layer_normalisation": layers.layer_normalisation(pixels),
        "dropout": layers.dropout(pixels, share=0.1),
        "activation": layers.activation(pixels, function="tanh"),
        "repeat_steps": steps.repeat_steps(steps.flatten(pixels), steps=5),
    }
    shapes = {name: str(graph.shape) for name, graph in drawn.items()}
    assert {name: graph.layers[graph.output].kind for name, graph in drawn.items()} == {n: n for n in drawn}
    assert shapes["convolution_1d"] == "4 steps x 3"
    assert shapes["gru"] == "8 steps x 6"
    assert shapes["repeat_steps"] == "5 steps x 2"


def test_the_last_step_of_both_ways_is_that_of_torch(frame, sequences):
    """Where each direction has read everything, as the final hidden states of torch's own GRU are."""
    both = layers.dropout(recurrent.bidirectional(recurrent.gru(sequences(frame), units=3)), share=0.5)
    drawn = steps.last_step(both)
    assert drawn.layers["last_step"].settings["backward"] == 3
    network = training.train_network(outputs.number_output(drawn, frame, targets=["later"]), frame, epochs=1).network
    _, final = to_torch(network.module.layers["gru"])(network.encode(frame).inputs["sequence_input"])
    found = network.activations(frame)["last_step"]
    assert torch.allclose(found, torch.cat([final[0], final[1]], dim=1), atol=1e-5)
    assert steps.last_step(recurrent.gru(sequences(frame), units=3)).layers["last_step"].settings["backward"] == 0


def test_what_does_not_fit_is_told(frame, sequences):
    with pytest.raises(ColumnError, match='no column "aa"'):
        inputs.number_input(frame, columns=["aa"])
    with pytest.raises(ColumnError, match="is of type text"):
        inputs.number_input(frame, columns=["up"])
    with pytest.raises(ShapeError, match="Put Last step"):
        outputs.number_output(sequences(frame), frame, targets=["later"])
    with pytest.raises(ShapeError, match="right after a recurrent layer"):
        recurrent.bidirectional(sequences(frame))
    ended = outputs.number_output(inputs.number_input(frame, columns=["a"]), frame, targets=["b"])
    with pytest.raises(ShapeError, match="ends in an output layer already"):
        layers.dense(ended)
    with pytest.raises(SettingError, match="Put Train"):
        using.predict_network(frame, ended)
    with pytest.raises(SettingError, match="does not end in an output"):
        training.train_network(sequences(frame), frame)
    with pytest.raises(SettingError, match="a layer would change it"):
        layers.dense(training.train_network(ended, frame, epochs=1).network)


def test_sequences_need_an_order(frame):
    unordered = inputs.sequence_input(frame, columns=["a"], steps=4)
    drawn = outputs.number_output(steps.flatten(unordered), frame, targets=["later"])
    lazy = nw.from_native(pa.Table.from_pandas(frame)).lazy("duckdb")  # no reader has numbered its rows
    with pytest.raises(SettingError, match="have no order any more"):
        training.train_network(drawn, lazy, epochs=1)
    assert training.train_network(drawn, frame, epochs=1).network.notes["rows"] > 100


def test_training_gives_a_network_and_its_history(frame, regression):
    assert isinstance(regression.network, TrainedNetwork)
    history = regression.history
    assert history["epoch"].tolist() == list(range(1, 16))
    assert history["loss"].iloc[-1] < history["loss"].iloc[0] / 2
    assert history["validation mean absolute error"].iloc[-1] < 0.2


def test_a_trained_network_is_trained_further_or_anew(frame, regression):
    given = {"epochs": 2, "learning_rate": 0.01}
    further = training.train_network(regression.network, frame, **given)
    assert further.history["epoch"].tolist() == list(range(1, 18))
    drawing = regression.network.graph
    whole = training.train_network(drawing, frame, epochs=17, learning_rate=0.01)
    assert further.history.equals(whole.history)
    anew = training.train_network(regression.network, frame, go_on=False, **given)
    assert anew.history.equals(training.train_network(drawing, frame, **given).history)
    assert training.train_network.spec.migrate({"epochs": 2}, 1) == {"epochs": 2, "go_on": False}


def test_predictions_stand_beside_the_rows(frame, regression):
    said = using.predict_network(frame, regression.network, name="said")
    assert list(said.columns) == [*frame.columns, "said"]
    assert said["said"].isna().tolist() == [True] * 7 + [False] * 193
    assert said["said"].to_numpy()[7:] == pytest.approx(
        regression.network.predict(frame).column("prediction").to_numpy()[7:]
    )
    with pytest.raises(SettingError, match="already has the columns said"):
        using.predict_network(said, regression.network, name="said")


def measures(found):
    table = found.metrics
    return {(r.target, r.metric): r.value for r in table.itertuples()}


def test_numbers_are_measured_as_scikit_learn_does(frame, regression):
    found = measures(using.evaluate_network(frame, regression.network))
    said = using.predict_network(frame, regression.network).dropna(subset=["prediction", "later"])
    assert found["later", "rows"] == len(said) == 191
    assert found["later", "mean absolute error"] == pytest.approx(
        mean_absolute_error(said["later"], said["prediction"])
    )
    assert found["later", "R2"] == pytest.approx(r2_score(said["later"], said["prediction"]))


def test_classes_are_measured_as_scikit_learn_does(frame, classes):
    evaluation = using.evaluate_network(frame, classes)
    found, said = measures(evaluation), using.predict_network(frame, classes).dropna(subset=["prediction"])
    assert found["up", "accuracy"] == pytest.approx(accuracy_score(said["up"], said["prediction"]))
    assert found["up", "F1 (macro)"] == pytest.approx(f1_score(said["up"], said["prediction"], average="macro"))
    assert found["up", "AUC"] > 0.8
    assert evaluation.figure.title == "Confusion matrix: up"


def test_several_labels_are_measured_one_by_one(frame):
    drawn = layers.dense(inputs.number_input(frame, columns=["a", "b"]), units=8, activation="tanh")
    drawn = outputs.label_output(drawn, frame, targets=["high", "low"])
    network = training.train_network(drawn, frame, epochs=40, learning_rate=0.02).network
    found, said = measures(using.evaluate_network(frame, network)), using.predict_network(frame, network)
    for label in ("high", "low"):
        assert found[label, "accuracy"] == pytest.approx(accuracy_score(said[label], said[f"prediction {label}"]))
        assert found[label, "accuracy"] > 0.9
    assert "prediction P(low)" in said.columns


def test_answers_at_each_step_are_measured_step_by_step(frame, sequences):
    drawn = outputs.number_output(recurrent.gru(sequences(frame), units=3), frame, targets=["b"], each_step=True)
    network = training.train_network(drawn, frame, epochs=1).network
    found = measures(using.evaluate_network(frame, network))
    assert found["b", "rows"] == 193 * 8
    said = np.stack(using.predict_network(frame, network)["prediction"].dropna())
    actual = np.stack([frame["b"].to_numpy()[row - 7 : row + 1] for row in range(7, 200)])
    assert found["b", "mean absolute error"] == pytest.approx(np.abs(said - actual).mean())


def test_label_sequences_are_measured_by_their_edits():
    noise = np.random.default_rng(0)
    texts = ["".join(noise.choice(list("ab"), 3)) for _ in range(30)]
    frame = pd.DataFrame({"x": [[float(c == "a") for c in t for _ in range(4)] for t in texts], "said": texts})
    drawn = recurrent.gru(inputs.list_input(frame, columns=["x"]), units=8)
    drawn = outputs.label_sequence_output(drawn, frame, target="said")
    network = training.train_network(drawn, frame, epochs=40, learning_rate=0.03, batch=8).network
    found = measures(using.evaluate_network(frame, network))
    said = using.predict_network(frame, network)
    assert found["said", "exactly right"] == pytest.approx((said["said"] == said["prediction"]).mean())
    assert found["said", "label error rate"] < 0.5


def test_features_are_the_layers_own_numbers(frame, classes):
    found = using.extract_features(frame, classes, layer="code")
    assert [c for c in found.columns if c.startswith("feature")] == [f"feature {i}" for i in range(1, 9)]
    wanted = classes.activations(frame)["code"].numpy()
    assert found.filter(like="feature").to_numpy()[7:] == pytest.approx(wanted, abs=1e-6)
    assert using.extract_features(frame, classes).equals(found), "the layer before the output unless named"
    with pytest.raises(SettingError, match='Did you mean "code"'):
        using.extract_features(frame, classes, layer="cod")


def test_features_of_sequences(frame, regression):
    values = regression.network.activations(frame)["gru"].double().numpy()
    for how, wanted in (("last", values[:, -1]), ("mean", values.mean(1))):
        found = using.extract_features(frame, regression.network, layer="gru", steps=how)
        assert found.filter(like="feature").to_numpy()[7:] == pytest.approx(wanted, abs=1e-6)
    lists = using.extract_features(frame, regression.network, layer="gru", steps="lists")
    assert np.stack(lists["feature 2"].iloc[7:]) == pytest.approx(values[:, :, 1])


def test_a_network_stopped_within_its_first_epoch_has_an_empty_history(regression):
    torso = replace(regression.network, history=[], notes={"stopped": "by hand within the first epoch of 5"})
    assert nw.from_native(history_table(torso)).lazy().collect().shape[0] == 0
    assert torso.facts()["stopped"] == "by hand within the first epoch of 5"


def test_unfolding_gives_the_traces_table(frame, regression):
    found = using.unfold_network(frame, regression.network, rows=2, first=20)
    wanted = regression.network.unfold(frame, "gru", only=[19, 20]).to_table().to_pandas()
    assert found["value"].to_numpy() == pytest.approx(wanted["value"].to_numpy())
    assert found["variable"].tolist() == wanted["variable"].tolist()
    only = using.unfold_network(frame, regression.network, variables=["h"])
    assert set(only["variable"]) == {"h"}
    assert only["batch"].max() == 1
    assert set(only["layer"]) == {1}
    steps = regression.network.unfold(frame, "gru", only=[19]).T
    assert [set(only[name]) for name in ("t", "unit")] == [set(range(1, steps + 1)), set(range(1, 7))]


def test_rows_without_their_answer_are_unfolded_too(frame, regression):
    given = frame.copy()
    target = regression.network.graph.layers[regression.network.graph.output].settings["targets"]
    target = next(iter(target))
    given[target] = given[target].astype(float)
    given.loc[19, target] = None
    found = using.unfold_network(given, regression.network, rows=2, first=20, variables=["h"])
    loss, output = (found[found["followed"] == name] for name in ("the loss", "the largest output"))
    assert (set(loss["batch"]), set(output["batch"])) == ({2}, {1})  # of the rows run, the first has none
    for part, row, what in ((loss, 20, "task"), (output, 19, "output")):
        wanted = regression.network.unfold(frame, "gru", what, only=[row]).to_table(["h"]).to_pandas()
        assert part["value"].tolist() == pytest.approx(wanted["value"].tolist())
        assert part["error"].tolist() == pytest.approx(wanted["error"].tolist())
    named = using.unfold_network(given, regression.network, rows=2, first=20, variables=["h"], follow=target)
    assert set(named["followed"]) == {target}
    routes = using.unfold_network(given, regression.network, rows=2, first=20, routes="h")
    assert set(routes["followed"]) == {"the loss", "the largest output"}
    with pytest.raises(SettingError, match="no output"):
        using.unfold_network(given, regression.network, follow="nothing")


def test_unfolding_without_a_recurrent_layer_is_told(frame, classes):
    with pytest.raises(SettingError, match="no recurrent layer"):
        using.unfold_network(frame, classes)


def test_networks_become_files_and_come_back(frame, regression, tmp_path, monkeypatch, sequences):
    path = tmp_path / "folder" / "gru.peepnet"
    written = files.save_network(regression.network, path=str(path))
    assert written.value == str(path)
    again = files.load_network(path=str(path))
    assert again.predict(frame).equals(regression.network.predict(frame))
    first = path.read_bytes()
    files.save_network(regression.network, path=str(path))
    assert path.read_bytes() == first
    drawn = sequences(frame)
    files.save_network(drawn, path=str(path))
    assert files.load_network(path=str(path)) == drawn
    path.write_bytes(b"no")
    with pytest.raises(StoreError, match="holds no network"):
        files.load_network(path=str(path))


def test_exports_weights_description_and_onnx(frame, regression, tmp_path):
    files.export_network(regression.network, path=str(tmp_path / "n.safetensors"))
    weights = load_file(tmp_path / "n.safetensors")
    assert all(torch.equal(weights[n], w) for n, w in regression.network.weights().items())
    described = json.loads((tmp_path / "n.json").read_text())
    assert described["layers"]["gru"]["settings"]["units"] == 6
    assert (tmp_path / "n.onnx").stat().st_size > 1000


def test_what_onnx_cannot_say_is_a_message_or_an_error(frame, tmp_path, sequences):
    drawn = steps.last_step(recurrent.lstm(sequences(frame), units=2, variant="FGR"))
    network = training.train_network(outputs.number_output(drawn, frame, targets=["later"]), frame, epochs=1).network
    files.export_network(network, path=str(tmp_path / "n.safetensors"))
    assert not (tmp_path / "n.onnx").exists()
    assert (tmp_path / "n.json").exists()
    with pytest.raises(ValueError, match="no gate recurrence"):
        files.export_network(network, path=str(tmp_path / "n.safetensors"), onnx="always")


@pytest.mark.parametrize("engine", ["pandas", "polars"])
def test_each_kind_of_frame_is_given_back(frame, regression, engine):
    given = frame if engine == "pandas" else pytest.importorskip("polars").from_pandas(frame)
    found = using.predict_network(given, regression.network)
    assert type(found) is type(given)
    assert found["prediction"].to_list()[7] == pytest.approx(
        regression.network.predict(frame).column("prediction")[7].as_py()
    )


def test_errors_of_rows(frame, regression, classes, sequences):
    said = using.predict_network(frame, regression.network)
    found = using.network_errors(frame, regression.network, name="off")
    assert found["off"].to_numpy() == pytest.approx(
        ((said["prediction"] - said["later"]) ** 2).to_numpy(), nan_ok=True, abs=1e-6
    )
    said = using.predict_network(frame, classes)
    shares = np.where(said["up"] == "up", said["prediction P(up)"], said["prediction P(down)"])
    assert using.network_errors(frame, classes)["error"].to_numpy() == pytest.approx(
        -np.log(shares), nan_ok=True, abs=1e-5
    )
    drawn = outputs.number_output(recurrent.gru(sequences(frame), units=3), frame, targets=["b"], each_step=True)
    network = training.train_network(drawn, frame, epochs=1).network
    found = using.network_errors(frame, network)["error"].to_numpy()
    said = np.stack(using.predict_network(frame, network)["prediction"].dropna())
    actual = np.stack([frame["b"].to_numpy()[row - 7 : row + 1] for row in range(7, 200)])
    assert found[7:] == pytest.approx(((said - actual) ** 2).mean(1))


def test_targets_can_share_one_scale(frame):
    drawn = inputs.number_input(frame, columns=["a"])
    shared = outputs.number_output(drawn, frame, targets=["a", "b"], scale="together")
    prepared = training.train_network(shared, frame, epochs=1).network.prepared["output"]
    both = frame[["a", "b"]].to_numpy()
    assert prepared["divisor"] == pytest.approx([both.std()] * 2)
    assert prepared["shift"] == pytest.approx([both.mean()] * 2)


def test_unfolding_by_routes_adds_up_to_the_error(frame, regression):
    found = using.unfold_network(frame, regression.network, rows=2, first=20, routes="h")
    trace = regression.network.unfold(frame, "gru", only=[19, 20])
    assert set(found["route"]) == set(trace.routes("h"))
    sums = found.groupby(["t", "batch", "unit"])["share"].sum().to_numpy()
    assert sums == pytest.approx(trace.error("h").numpy().reshape(-1), abs=1e-7)
