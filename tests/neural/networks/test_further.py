"""Training further: the same as in one go where nothing else changed; and what follows where something did."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from waves import Listener, drawn, waves

from peephole.core.errors import Cancelled
from peephole.core.progress import reporting_to
from peephole.neural import TrainedNetwork, train


def same(one: TrainedNetwork, other: TrainedNetwork) -> bool:
    weights = zip(one.weights().values(), other.weights().values(), strict=True)
    return one.history == other.history and one.notes == other.notes and all(torch.equal(a, b) for a, b in weights)


class Listening(Listener):
    """Cuts after so many updates."""

    def __init__(self, after: int = 10_000) -> None:
        super().__init__()
        self.after = after

    def cancelled(self):
        return self.updates > self.after


WAYS = {
    "adam": {},
    "adamw": {"optimiser": "adamw", "decay": 0.1, "schedule": "exponential", "factor": 0.8},
    "sgd": {"optimiser": "sgd", "momentum": 0.9, "schedule": "step", "every": 2},
    "rmsprop": {"optimiser": "rmsprop", "momentum": 0.5, "warm_up": 3},
    "no validation": {"hold_back": 0.0},
    "plateau": {"schedule": "plateau", "every": 1, "learning_rate": 0.1},
    "patience": {"patience": 3, "learning_rate": 0.05},
}


@pytest.mark.parametrize("way", WAYS)
def test_in_two_parts_as_in_one_go(way, tmp_path):
    given = {"batch": 20, "seed": 3, "learning_rate": 0.01, **WAYS[way]}
    whole = train(drawn("gru"), waves(), epochs=5, **given)
    first = train(drawn("gru"), waves(), epochs=2, **given)
    kept = {name: value.clone() for name, value in {**first.weights(), **first.standing}.items()}
    first.save(tmp_path)
    assert same(train(first, waves(), epochs=3, **given), whole)
    assert same(train(TrainedNetwork.load(tmp_path), waves(), epochs=3, **given), whole), "from its file too"
    now = {**first.weights(), **first.standing}
    assert all(torch.equal(kept[name], value) for name, value in now.items()), "the first one stays as it was"


def test_with_a_validation_table_as_in_one_go():
    held, given = waves(80), {"batch": 20, "learning_rate": 0.05}
    whole = train(drawn("gru"), waves(), held, epochs=6, **given)
    assert same(train(train(drawn("gru"), waves(), held, epochs=4, **given), waves(), held, epochs=2, **given), whole)


def test_a_cut_while_going_on_changes_nothing(tmp_path):
    first = train(drawn("gru"), waves(), epochs=2, batch=20)
    whole = train(first, waves(), epochs=4, batch=20)
    with pytest.raises(Cancelled), reporting_to(Listening(after=22)):
        train(first, waves(), epochs=4, batch=20, checkpoint=tmp_path, every_seconds=0)
    heard = Listening()
    with reporting_to(heard):
        resumed = train(first, waves(), epochs=4, batch=20, checkpoint=tmp_path, every_seconds=0)
    assert any("Taken up after epoch" in text for text in heard.messages)
    assert same(resumed, whole)
    other = train(drawn("gru"), waves(), epochs=2, batch=20, seed=9)
    assert not same(train(other, waves(), epochs=4, batch=20, checkpoint=tmp_path, every_seconds=0), whole)


def test_another_rate_and_other_rows_go_on_with_the_first_scales():
    first = train(drawn("gru"), waves(), epochs=3)
    warmer = waves()
    warmer["b"] += 5
    later = train(first, warmer, epochs=2, learning_rate=0.0001)
    assert later.prepared == first.prepared
    assert [entry["epoch"] for entry in later.history] == [1, 2, 3, 4, 5]
    assert later.history[-1]["learning rate"] == 0.0001
    assert later.history[:3] == first.history


def test_the_best_weights_are_the_best_on_the_rows_that_validate_now():
    first, held = train(drawn("gru"), waves(), epochs=30, learning_rate=0.02), waves(80)
    worse = train(first, waves(), held, epochs=1, learning_rate=1.0)
    assert worse.history[-1]["validation loss"] > first.loss(held)
    assert worse.loss(held) == pytest.approx(first.loss(held), rel=1e-6), "what it began with is still the best"
    assert worse.notes["best epoch"] == first.notes["best epoch"]


def test_another_optimiser_begins_anew_and_says_so():
    first, heard = train(drawn("gru"), waves(), epochs=2), Listening()
    with reporting_to(heard):
        later = train(first, waves(), epochs=1, optimiser="rmsprop", momentum=0.5)
    assert any("optimiser is another one" in text for text in heard.messages)
    assert np.isfinite(later.history[-1]["loss"])


def test_a_training_that_stopped_early_has_its_patience_back():
    held = waves(80)
    held["y"] = np.random.default_rng(2).normal(size=80)
    first = train(drawn("gru"), waves(), held, epochs=100, patience=2, learning_rate=0.05)
    assert len(first.history) < 100
    later = train(first, waves(), held, epochs=10, patience=2, learning_rate=0.05)
    assert len(later.history) >= len(first.history) + 2
