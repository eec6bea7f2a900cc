"""More epochs, fewer, and a training that the person had enough of: always what one uninterrupted training gives."""

from __future__ import annotations

import pytest
import torch
from waves import Listener, drawn, waves

from peephole.core.checkpoint import keeping_in
from peephole.core.progress import reporting_to
from peephole.neural import TrainedNetwork, train
from peephole.neural.training.checkpoints import FILE, MOST_ENDED


def same(one: TrainedNetwork, other: TrainedNetwork) -> bool:
    """Bit for bit: weights, history, notes, and how weights and optimiser stood at the end."""
    kept = [{**network.weights(), **network.standing} for network in (one, other)]
    equal = kept[0].keys() == kept[1].keys() and all(
        torch.equal(value, kept[1][name]) for name, value in kept[0].items()
    )
    return equal and one.history == other.history and one.notes == other.notes


WAYS = {
    "adam": {},
    "adamw": {"optimiser": "adamw", "decay": 0.1, "schedule": "exponential", "factor": 0.8},
    "sgd": {"optimiser": "sgd", "momentum": 0.9, "schedule": "step", "every": 2},
    "rmsprop": {"optimiser": "rmsprop", "momentum": 0.5, "warm_up": 3},
    "no validation": {"hold_back": 0.0},
    "plateau": {"schedule": "plateau", "every": 1, "learning_rate": 0.1},
    "patience": {"patience": 3, "learning_rate": 0.05},
}


def kept(folder, network=None, **given):
    """A training that is kept in a folder, and what was heard of it."""
    heard = Listener()
    with reporting_to(heard):
        made = train(network or drawn("lstm"), waves(), checkpoint=folder, every_seconds=0, **given)
    return made, heard


@pytest.mark.parametrize("way", WAYS)
def test_more_and_fewer_epochs_give_what_one_training_gives(way, tmp_path):
    given = {"batch": 20, "seed": 3, "learning_rate": 0.01, **WAYS[way]}
    whole = {epochs: train(drawn("lstm"), waves(), epochs=epochs, **given) for epochs in (3, 4, 7)}
    trained = dict.fromkeys(whole, 0)
    for epochs in (3, 7, 4, 3):
        made, heard = kept(tmp_path, epochs=epochs, **given)
        assert same(made, whole[epochs]), epochs
        trained[epochs] = heard.epochs
    assert trained == {3: 0, 4: 1, 7: len(whole[7].history) - 3}, "each goes on from the nearest that is kept"
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("schedule", ["cosine", "linear"])
def test_where_the_rates_depend_on_the_number_of_epochs_it_starts_over_and_says_so(schedule, tmp_path):
    kept(tmp_path, epochs=3, schedule=schedule)
    made, heard = kept(tmp_path, epochs=5, schedule=schedule)
    assert same(made, train(drawn("lstm"), waves(), epochs=5, schedule=schedule))
    assert heard.epochs == 5
    assert any("schedule depends on the number of epochs" in text for text in heard.messages)


def test_fewer_epochs_than_are_kept_start_over_and_say_so(tmp_path):
    kept(tmp_path, epochs=5)
    made, heard = kept(tmp_path, epochs=2)
    assert same(made, train(drawn("lstm"), waves(), epochs=2))
    assert any("Starts over" in text for text in heard.messages)


def test_a_network_that_is_trained_further_has_its_epochs_raised(tmp_path):
    first = train(drawn("lstm"), waves(), epochs=2, batch=20)
    kept(tmp_path, first, epochs=2, batch=20)
    made, heard = kept(tmp_path, first, epochs=5, batch=20)
    assert heard.epochs == 3
    assert same(made, train(first, waves(), epochs=5, batch=20))


def test_what_was_trained_to_another_end_does_not_pile_up(tmp_path):
    for epochs in range(1, 8):
        kept(tmp_path, epochs=epochs)
    assert len(list(tmp_path.iterdir())) == MOST_ENDED


def stopped(folder, after: int, network=None, **given):
    """A training that the person has enough of after so many epochs."""
    heard = Listener()
    with keeping_in(folder, enough=lambda: heard.epochs >= after) as work, reporting_to(heard):
        made = train(network or drawn("lstm"), waves(), checkpoint=folder, **given)
    return made, heard, work


@pytest.mark.parametrize("way", WAYS)
def test_one_that_is_stopped_and_kept_goes_on_to_the_same_result(way, tmp_path):
    given = {"batch": 20, "seed": 3, "learning_rate": 0.01, **WAYS[way]}
    made, heard, work = stopped(tmp_path, 3, epochs=6, **given)
    assert work.cut_short
    assert made.notes["stopped"] == made.facts()["stopped"] == "by hand after epoch 3 of 6"
    assert any("To leave it at that, set epochs to 3." in text for text in heard.messages)
    short, whole = (train(drawn("lstm"), waves(), epochs=epochs, **given) for epochs in (3, 6))
    assert made.history == short.history
    assert all(torch.equal(value, short.weights()[name]) for name, value in made.weights().items())
    left, left_heard = kept(tmp_path, epochs=3, **given)
    assert same(left, short), "with that number of epochs it is what a training of that length gives"
    assert left_heard.epochs == 0
    on, heard = kept(tmp_path, epochs=6, **given)
    assert same(on, whole)
    assert heard.epochs == len(whole.history) - 3


def test_one_that_is_stopped_in_its_last_epoch_is_whole(tmp_path):
    made, _, work = stopped(tmp_path, 4, epochs=4)
    assert not work.cut_short
    assert same(made, train(drawn("lstm"), waves(), epochs=4))


def test_of_one_that_goes_on_only_its_own_epochs_count(tmp_path):
    first = train(drawn("lstm"), waves(), epochs=2)
    made, heard, _ = stopped(tmp_path, 3, first, epochs=9)
    assert made.notes["stopped"] == "by hand after epoch 5 of 11"
    assert any("set epochs to 3" in text for text in heard.messages)
    assert not any("no gain" in text for text in heard.messages)
    assert same(kept(tmp_path, first, epochs=3)[0], train(first, waves(), epochs=3))


def stopped_within(folder, updates: int, monkeypatch, **given):
    """A training whose epochs count as long, that the person has enough of after so many updates."""
    monkeypatch.setattr("peephole.neural.training.loop.LONG", 0.0)
    heard = Listener()
    with keeping_in(folder, enough=lambda: heard.updates > updates) as work, reporting_to(heard):
        made = train(drawn("lstm"), waves(), checkpoint=folder, batch=20, **given)
    monkeypatch.undo()
    return made, heard, work


@pytest.mark.parametrize("way", WAYS)
def test_a_long_epoch_is_not_waited_for_and_the_last_whole_one_is_kept(way, tmp_path, monkeypatch):
    given = {"seed": 3, "learning_rate": 0.01, **WAYS[way]}
    each = Listener()
    with reporting_to(each):
        short = train(drawn("lstm"), waves(), epochs=3, batch=20, **given)
    made, heard, work = stopped_within(tmp_path, each.updates + 2, monkeypatch, epochs=6, **given)
    assert work.cut_short
    assert heard.updates < each.updates + 6, "within the fourth epoch"
    assert made.notes["stopped"] == "by hand after epoch 3 of 6"
    assert made.notes["keep at"] == made.facts()["keep at"] == 3
    assert made.history == short.history
    for one, other in ((made.weights(), short.weights()), (made.standing, short.standing)):
        assert all(torch.equal(value, other[name]) for name, value in one.items())
    on, heard = kept(tmp_path, epochs=6, batch=20, **given)
    assert same(on, train(drawn("lstm"), waves(), epochs=6, batch=20, **given))
    assert heard.epochs == len(on.history) - 3


def test_within_the_first_epoch_the_weights_so_far_are_kept_and_the_next_run_begins_anew(tmp_path, monkeypatch):
    made, heard, work = stopped_within(tmp_path, 4, monkeypatch, epochs=6)
    assert work.cut_short
    assert (heard.epochs, made.history) == (0, [])
    assert made.notes["stopped"] == made.facts()["stopped"] == "by hand within the first epoch of 6"
    assert "keep at" not in made.notes
    assert "Stopped by hand within the first epoch of 6; the next run begins anew." in heard.messages
    assert made.predict(waves()).num_rows == 200
    begun = stopped_within(tmp_path, 1, monkeypatch, epochs=6)[0].weights()
    assert any(not torch.equal(value, begun[name]) for name, value in made.weights().items()), "it has learnt"
    on, heard = kept(tmp_path, epochs=6, batch=20)
    assert (heard.epochs, heard.before) == (6, {})
    assert same(on, train(drawn("lstm"), waves(), epochs=6, batch=20))


def test_where_the_rates_depend_on_the_number_of_epochs_it_cannot_be_kept_at_fewer(tmp_path):
    made, _, _ = stopped(tmp_path, 2, epochs=6, schedule="cosine")
    assert "keep at" not in made.notes


def test_what_was_measured_before_is_told_where_it_goes_on(tmp_path):
    made, heard, _ = stopped(tmp_path, 3, epochs=6)
    assert heard.before == {}
    _, heard = kept(tmp_path, epochs=5)
    measured = {name: [entry[name] for entry in made.history] for name in made.history[0] if name != "epoch"}
    assert heard.before == measured
    assert heard.epochs == 2
    further = Listener()
    with reporting_to(further):
        train(made, waves(), epochs=1)
    assert further.before == measured
