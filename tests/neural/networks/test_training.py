"""Training against an independent torch loop, the same seed, cuts, early stopping, and what runs away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch
from torch import nn

from peephole.core.errors import Cancelled, DataError, SettingError
from peephole.core.progress import reporting_to
from peephole.neural import NetworkGraph, TrainedNetwork, TrainingSettings, train
from peephole.neural.errors import DivergedError
from peephole.neural.examples import examples
from peephole.neural.module import built
from peephole.neural.shapes import ShapeError
from peephole.neural.training.alone import mixed
from peephole.neural.training.checkpoints import FILE
from peephole.neural.training.schedules import learning_rate


def waves(rows: int = 300) -> pd.DataFrame:
    noise = np.random.default_rng(0)
    t = np.arange(rows)
    frame = pd.DataFrame({"a": np.sin(t / 5) + noise.normal(0, 0.05, rows), "b": np.cos(t / 7) * 10 + 4})
    frame["y"] = frame["a"].shift(-2) * 3 + frame["b"]
    frame["k"] = np.where(frame["a"] > 0, "up", "down")
    return frame


def regression(**settings) -> NetworkGraph:
    drawn = NetworkGraph.begin("number_input", columns={"a": "number", "b": "number"}, **settings)
    return drawn.then("dense", units=8, activation="tanh").then("number_output", targets={"y": "number"})


def windows(**settings) -> NetworkGraph:
    drawn = NetworkGraph.begin("sequence_input", columns={"a": "number", "b": "number"}, steps=6, **settings)
    return drawn.then("lstm", units=5).then("last_step").then("number_output", targets={"y": "number"})


class Ours(nn.Module):
    """The same network written by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.out = nn.Linear(2, 8), nn.Linear(8, 1)

    def forward(self, x):
        return self.out(torch.tanh(self.hidden(x)))


def by_hand(frame, make_optimiser, epochs, batch, seed, clip=0.0):
    """An ordinary torch loop over standardised columns, from the same first weights, in the same order of rows."""
    rows = frame.dropna()
    x = torch.tensor(
        ((rows[["a", "b"]] - frame[["a", "b"]].mean()) / frame[["a", "b"]].std(ddof=0)).to_numpy(np.float32)
    )
    y = torch.tensor(((rows[["y"]] - rows[["y"]].mean()) / rows[["y"]].std(ddof=0)).to_numpy(np.float32))
    start = built(regression(), {}, seed).state_dict()
    net = Ours()
    names = {"hidden": "dense", "out": "number_output"}
    net.load_state_dict({f"{n}.{p}": start[f"layers.{k}.{p}"] for n, k in names.items() for p in ("weight", "bias")})
    optimiser, losses = make_optimiser(net.parameters()), []
    for epoch in range(epochs):
        torch.manual_seed(mixed(seed, epoch))
        order, total = torch.randperm(len(x)), 0.0
        for part in torch.split(order, batch):
            loss = nn.MSELoss()(net(x[part]), y[part])
            optimiser.zero_grad()
            loss.backward()
            if clip:
                nn.utils.clip_grad_norm_(net.parameters(), clip)
            optimiser.step()
            total += loss.item() * len(part)
        losses.append(total / len(x))
    return losses


OPTIMISERS = {
    "adam": (lambda p: torch.optim.Adam(p, 0.01), {"learning_rate": 0.01}),
    "adamw": (lambda p: torch.optim.AdamW(p, 0.01, weight_decay=0.1), {"learning_rate": 0.01, "decay": 0.1}),
    "rmsprop": (lambda p: torch.optim.RMSprop(p, 0.003, momentum=0.5), {"learning_rate": 0.003, "momentum": 0.5}),
    "sgd": (lambda p: torch.optim.SGD(p, 0.05, momentum=0.9), {"learning_rate": 0.05, "momentum": 0.9}),
}


@pytest.mark.parametrize("name", OPTIMISERS)
def test_losses_are_those_of_an_independent_loop(name):
    frame, (make, settings) = waves(), OPTIMISERS[name]
    trained = train(regression(), frame, optimiser=name, epochs=4, batch=16, seed=7, hold_back=0.0, **settings)
    assert [e["loss"] for e in trained.history] == pytest.approx(by_hand(frame, make, 4, 16, 7), rel=1e-5)


def test_clipped_losses_are_those_of_an_independent_loop():
    frame = waves()
    trained = train(
        regression(), frame, optimiser="sgd", learning_rate=0.5, epochs=3, batch=16, hold_back=0.0, clip_norm=0.1
    )
    wanted = by_hand(frame, lambda p: torch.optim.SGD(p, 0.5), 3, 16, 0, clip=0.1)
    assert [e["loss"] for e in trained.history] == pytest.approx(wanted, rel=1e-4)


@pytest.mark.parametrize("graph", [regression(), windows()])
def test_same_seed_same_result_and_another_seed_another(graph):
    one, two, other = (train(graph, waves(), epochs=2, seed=s) for s in (3, 3, 4))
    assert one.history == two.history
    assert all(torch.equal(a, b) for a, b in zip(one.weights().values(), two.weights().values(), strict=True))
    assert one.history != other.history


def test_dropout_too_is_the_same_for_the_same_seed_and_torchs_own_numbers_are_left_alone():
    drawn = (
        NetworkGraph.begin("number_input", columns={"a": "number"}).then("dense", units=8).then("dropout", share=0.5)
    )
    graph = drawn.then("class_output", targets={"k": "text"})
    torch.manual_seed(5)
    before = torch.get_rng_state()
    one = train(graph, waves(), epochs=3, seed=1, learning_rate=0.05)
    assert torch.equal(before, torch.get_rng_state())
    torch.rand(10)
    assert train(graph, waves(), epochs=3, seed=1, learning_rate=0.05).history == one.history
    assert one.history[-1]["accuracy"] > 0.8


class Cut:
    """Stops a training after so many updates, as a person or a power cut would."""

    def __init__(self, after: int) -> None:
        self.left = after
        self.points: list[dict[str, float]] = []
        self.messages: list[str] = []
        self.before: dict[str, list[float | None]] = {}

    def progress(self, done, total, title, unit=""):
        self.left -= 1

    def metric(self, values, per):
        self.points.append(values)

    def earlier(self, curves, per):
        self.before = curves

    def message(self, level, text):
        self.messages.append(text)

    def cancelled(self):
        return self.left < 0


@pytest.mark.parametrize("optimiser", ["adam", "sgd", "rmsprop"])
def test_a_cut_training_goes_on_to_the_same_result(tmp_path, optimiser):
    given = {
        "epochs": 6,
        "seed": 2,
        "batch": 20,
        "optimiser": optimiser,
        "momentum": 0.5,
        "patience": 5,
        "learning_rate": 0.01,
    }
    whole = train(windows(), waves(), **given)
    for after in (30, 45):
        with pytest.raises(Cancelled), reporting_to(Cut(after)):
            train(windows(), waves(), **given, checkpoint=tmp_path, every_seconds=0)
        assert (tmp_path / FILE).exists()
    watcher = Cut(10_000)
    with reporting_to(watcher):
        resumed = train(windows(), waves(), **given, checkpoint=tmp_path, every_seconds=0)
    assert any("Taken up after epoch" in text for text in watcher.messages)
    assert 0 < len(watcher.points) < 6
    assert resumed.history == whole.history
    assert all(torch.equal(a, b) for a, b in zip(resumed.weights().values(), whole.weights().values(), strict=True))


def test_a_checkpoint_of_something_else_or_a_damaged_one_is_not_taken_up(tmp_path):
    given = {"epochs": 2, "checkpoint": tmp_path, "every_seconds": 0}
    train(regression(), waves(), **given)
    other = train(regression(), waves(), seed=9, **given)
    assert other.history == train(regression(), waves(), seed=9, epochs=2).history
    (tmp_path / FILE).write_bytes(b"no")
    assert train(regression(), waves(), seed=9, **given).history == other.history


def test_live_curves():
    watcher = Cut(10_000)
    with reporting_to(watcher):
        trained = train(regression(), waves(), epochs=3)
    assert len(watcher.points) == 3
    assert set(watcher.points[0]) == {
        "loss",
        "mean absolute error",
        "validation loss",
        "validation mean absolute error",
        "gradient norm",
        "learning rate",
    }
    assert [p["loss"] for p in watcher.points] == [e["loss"] for e in trained.history]


def test_stops_early_and_keeps_the_best_weights():
    frame = waves(60)
    frame["y"] = np.random.default_rng(1).normal(size=60)
    held = waves(40)
    held["y"] = np.random.default_rng(2).normal(size=40)
    trained = train(regression(), frame, held, epochs=200, patience=5, learning_rate=0.05, optimiser="adam")
    losses = [e["validation loss"] for e in trained.history]
    best = int(np.argmin(losses))
    assert len(losses) == best + 1 + 5
    assert trained.notes["best epoch"] == best + 1
    assert trained.loss(held) == pytest.approx(losses[best], rel=1e-5)
    facts = trained.facts()
    assert (facts["epochs"], facts["kept epoch"]) == (len(losses), best + 1)
    assert facts["validation loss"] == losses[best]
    assert facts["loss"] == trained.history[best]["loss"] != trained.history[-1]["loss"]


def test_the_facts_of_a_training_that_ends_in_its_best_epoch_name_no_other():
    facts = train(regression(), waves(), epochs=3, hold_back=0.0).facts()
    assert "kept epoch" not in facts
    assert facts["validation loss"] is None


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        ("constant", [1, 1, 1, 1]),
        ("step", [1, 1, 0.5, 0.5]),
        ("exponential", [1, 0.5, 0.25, 0.125]),
        ("cosine", [1, 0.8535534, 0.5, 0.1464466]),
        ("linear", [1, 0.75, 0.5, 0.25]),
    ],
)
def test_schedules(schedule, rates):
    trained = train(regression(), waves(), schedule=schedule, epochs=4, every=2, learning_rate=0.01)
    assert [e["learning rate"] for e in trained.history] == pytest.approx([0.01 * r for r in rates])


def test_warm_up_and_plateau():
    warm = train(regression(), waves(), epochs=4, warm_up=3, learning_rate=0.01)
    assert [e["learning rate"] for e in warm.history] == pytest.approx([0.0025, 0.005, 0.0075, 0.01])
    settings = TrainingSettings(schedule="plateau", every=2, factor=0.1, learning_rate=1.0)
    losses = [3.0, 2.0, 2.5, 2.5, 1.0, 1.5, 1.5, 1.5, 1.5]
    rates = [learning_rate(settings, n, [{"loss": 9.0, "validation loss": x} for x in losses[:n]]) for n in range(10)]
    assert rates == pytest.approx([1, 1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.001])


def test_a_loss_that_runs_away_stops_with_an_explanation():
    with pytest.raises(DivergedError) as caught:
        train(regression(scale="none"), waves(), optimiser="sgd", learning_rate=100.0, momentum=0.99, epochs=50)
    assert "in epoch" in caught.value.what
    assert "learning_rate (it was 100)" in caught.value.remedy
    assert "clip_norm" in caught.value.remedy


def test_saves_and_loads(tmp_path):
    trained = train(windows(), waves(), epochs=2)
    trained.save(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["network.json", "standing.safetensors", "weights.safetensors"]
    again = TrainedNetwork.load(tmp_path)
    assert again.predict(waves()).equals(trained.predict(waves()))
    assert (again.history, again.notes, again.facts()) == (trained.history, trained.notes, trained.facts())


def test_patience_with_nothing_to_go_by_is_told():
    watcher = Cut(10_000)
    with reporting_to(watcher):
        train(regression(), waves(), epochs=1, patience=2)
        assert not any("nothing to go by" in text for text in watcher.messages)
        train(regression(), waves(), epochs=1, patience=2, hold_back=0.0)
    assert any("nothing to go by" in text for text in watcher.messages)


def test_a_card_that_is_not_there_is_told_before_rows_are_read(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(SettingError, match="no graphics card") as caught:
        train(regression(), object(), device="cuda")
    assert caught.value.setting == "device"


def test_what_cannot_be_trained_is_told():
    frame = waves()
    with pytest.raises(SettingError, match="no output layer"):
        train(NetworkGraph.begin("number_input", columns={"a": "number"}), frame)
    with pytest.raises(DataError, match="needs the columns a"):
        train(regression(), frame.drop(columns="a"))
    with pytest.raises(DataError, match="needs the columns y"):
        train(regression(), frame.drop(columns="y"))
    with pytest.raises(DataError, match='"a" has no values'):
        train(regression(), frame.assign(a=None).astype({"a": float}))
    early = frame.index < 150
    with pytest.raises(DataError, match=r"No row has every input and its target\. Look at the messages of the node"):
        train(regression(missing="leave out"), frame.assign(a=frame["a"].where(early), y=frame["y"].mask(early)))


def test_a_sequence_longer_than_every_series_is_told_as_such():
    frame, needs = waves().head(9), 'A sequence of 6 steps in "sequence_input" needs'
    with pytest.raises(DataError, match=f"{needs} 6 rows of one series, and the longest series has 3.") as caught:
        train(windows(), frame.head(3))
    assert "fewer steps" in caught.value.remedy
    parted = windows(every=2, groups=["g"])
    with pytest.raises(DataError, match=f"{needs} 11 rows of one series, and the longest series has 5."):
        train(parted, frame.assign(g=["a"] * 4 + ["b"] * 5))


def test_an_output_without_a_readout_needs_as_many_numbers_as_there_are_classes():
    drawn = NetworkGraph.begin("number_input", columns={"a": "number"})
    fitting = drawn.then("dense", units=2).then("class_output", targets={"k": "text"}, readout=False)
    assert train(fitting, waves(), epochs=1).graph.parameters({"class_output": 2}) == 4
    with pytest.raises(ShapeError, match="1 numbers come in, and 2 are needed"):
        train(drawn.then("class_output", targets={"k": "text"}, readout=False), waves())


# -- truncated backpropagation through time ------------------------------------------------------------------------------


def stepwise() -> NetworkGraph:
    drawn = NetworkGraph.begin("sequence_input", columns={"a": "number", "b": "number"}, steps=12)
    return (
        drawn.then("gru", units=4)
        .then("dense", units=4, activation="tanh")
        .then("number_output", targets={"b": "number"}, each_step=True)
    )


def test_cutting_behind_the_end_changes_nothing():
    whole = train(stepwise(), waves(), epochs=2, learning_rate=0.01)
    cut = train(stepwise(), waves(), epochs=2, learning_rate=0.01, truncate=12)
    assert [e["loss"] for e in cut.history] == pytest.approx([e["loss"] for e in whole.history], rel=1e-5)
    assert [e["gradient norm"] for e in cut.history] == pytest.approx(
        [e["gradient norm"] for e in whole.history], rel=1e-4
    )


def test_pieces_are_learnt_as_a_loop_by_hand_learns_them():
    """BPTT(4, 4) over 12 steps is: four steps forward from the state carried on, backward, an update, and so on."""
    frame, graph = waves(), stepwise()
    settings = {"epochs": 1, "batch": 50, "optimiser": "sgd", "learning_rate": 0.1, "hold_back": 0.0}
    trained = train(graph, frame, truncate=4, **settings)
    prepared = trained.prepared
    found = examples(graph, pa.Table.from_pandas(frame), prepared, targets=True)
    module = built(graph, {}, 0).train()
    optimiser, losses = torch.optim.SGD(module.parameters(), 0.1), []
    torch.manual_seed(mixed(0, 0))
    for part in torch.split(found.rows[torch.randperm(len(found))], 50):
        x, y, state = found.batch(part)["sequence_input"].x, found.targets(part).x, None
        for start in range(0, 12, 4):
            out, state = module.layers["gru"](x[:, start : start + 4], state)
            state = state.detach()
            said = module.layers["number_output"](torch.tanh(module.layers["dense"](out)))
            loss = nn.MSELoss()(said, y[:, start : start + 4])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item() * len(part))
    assert trained.history[0]["loss"] == pytest.approx(sum(losses) / 3 / len(found), rel=1e-5)


def test_one_answer_at_the_end_reaches_back_only_so_far():
    """With the error cut 2 steps before the end, the first layer's gradient is that of those two steps."""
    frame, graph = waves(), windows()
    settings = {"epochs": 1, "batch": 1000, "optimiser": "sgd", "learning_rate": 1.0, "hold_back": 0.0}
    cut = train(graph, frame, truncate=2, **settings)
    found = examples(graph, pa.Table.from_pandas(frame), cut.prepared, targets=True)
    module = built(graph, {}, 0)
    start = {name: value.clone() for name, value in module.state_dict().items()}
    x, y = found.batch(found.rows)["sequence_input"].x, found.targets(found.rows).x
    _, state = module.layers["lstm"](x[:, :4])
    out, _ = module.layers["lstm"](x[:, 4:], tuple(s.detach() for s in state))
    nn.MSELoss()(module.layers["number_output"](out[:, -1]), y).backward()
    for name, parameter in module.named_parameters():
        moved = start[name] - cut.weights()[name]
        assert torch.allclose(moved, parameter.grad, atol=1e-5), name


@pytest.mark.parametrize(
    ("graph", "why"),
    [
        (stepwise().changed("gru", both_ways=True), "backwards too"),
        (regression(), "a sequence"),
        (
            NetworkGraph.begin("sequence_input", columns={"a": "number"}, steps=6)
            .then("convolution_1d", filters=2)
            .then("number_output", targets={"y": "number"}, each_step=True),
            "mixes the steps",
        ),
    ],
)
def test_networks_that_cannot_be_cut_in_time_are_told(graph, why):
    with pytest.raises(SettingError, match=why):
        train(graph, waves(), truncate=3)


def test_two_trainings_at_once_are_as_one_after_the_other():
    """As the engine runs them: in threads of one process, which share torch's random numbers."""
    drawn = (
        NetworkGraph.begin("number_input", columns={"a": "number"}).then("dense", units=8).then("dropout", share=0.5)
    )
    graph = drawn.then("class_output", targets={"k": "text"})
    alone = [train(graph, waves(), epochs=3, seed=seed).history for seed in (1, 2)]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda seed: train(graph, waves(), epochs=3, seed=seed).history, (1, 2)))
    assert together == alone
