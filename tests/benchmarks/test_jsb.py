import gzip
import json

import pytest
import torch

pytest.importorskip("optuna")
pytest.importorskip("scipy")

from benchmarks import _chorales, jsb
from benchmarks._chorale_model import Predictor, Settings, nll, packed, train
from benchmarks._chorale_page import page, verdict
from benchmarks._chorale_search import Search, drawn, settings_of
from benchmarks._results import DOCS, Comparison, against, holm, point_by_point, spread


@pytest.fixture
def songs(tmp_path):
    """A few chorales of two chords in turn, as a file."""
    chords = [[48, 55, 60, 64], [50, 57, 62, 65]]
    song = [chords[t % 2] for t in range(9)]
    path = tmp_path / "songs.json.gz"
    with gzip.open(path, "wt") as file:
        json.dump({"train": [song, song[1:], song[:6]] * 3, "valid": [song], "test": [song[:7]]}, file)
    return path


def test_steps_are_multi_hot_keys_of_the_piano(songs):
    chorales = _chorales.load(songs)
    assert chorales.train[0].shape == (9, 88)
    assert (chorales.train[0][0].nonzero().flatten() + 21).tolist() == [48, 55, 60, 64]
    assert chorales.frequencies.sum().item() == pytest.approx(4)


def test_nll_is_summed_over_keys_and_the_mean_over_predicted_steps(songs):
    chorales = _chorales.load(songs)
    torch.manual_seed(0)
    model = Predictor("vanilla", 5, chorales.frequencies)
    total, steps = 0.0, 0
    for chorale in chorales.train:
        p = torch.sigmoid(model.readout(model.lstm(chorale[:-1].unsqueeze(1))[0].squeeze(1)))
        total -= (chorale[1:] * p.log() + (1 - chorale[1:]) * (1 - p).log()).sum().item()
        steps += len(chorale) - 1
    assert nll(model, packed(chorales.train)) == pytest.approx(total / steps, rel=1e-5)


def test_two_chords_in_turn_are_learned(songs):
    outcome = train("vanilla", Settings(16, 2e-2, 0.9, 0.0), _chorales.load(songs), seed=1, epochs=20)
    assert outcome.test < 2
    assert outcome.best_epoch <= outcome.epochs


def test_a_search_resumes_and_all_variants_try_the_same_points(songs):
    chorales, told = _chorales.load(songs), []
    assert Search("vanilla", told, epochs=1).try_out(0, chorales)
    again, other = Search("vanilla", told, epochs=1), Search("NP", [], epochs=1)
    assert not again.try_out(0, chorales)
    assert again.try_out(1, chorales)
    assert other.try_out(1, chorales)
    assert [trial["number"] for trial in told] == [0, 1]
    names = ("hidden", "learning_rate", "one_minus_momentum", "noise")
    assert [told[1][name] for name in names] == [other.told[0][name] for name in names]
    best = min(told, key=lambda trial: trial["valid"])
    assert again.best() == settings_of(best)


def test_what_was_recorded_is_what_would_be_drawn():
    recorded = json.loads((DOCS / "jsb.json").read_text(encoding="utf-8"))["trials"]["vanilla"]
    for trial in recorded:
        assert drawn(trial["number"]).items() <= trial.items()


def test_trials_that_are_recorded_are_not_run_again(songs, tmp_path, monkeypatch):
    recorded = {
        "trials": {"FGR": [{"number": 0, "state": "COMPLETE", "valid": 8.5, "test": 8.6, "epochs": 3, **drawn(0)}]}
    }
    (tmp_path / "jsb.json").write_text(json.dumps(recorded | {"reruns": {}}))
    monkeypatch.setattr(jsb, "SEEDS", (1,))
    jsb.main(["--trials", "1", "--variants", "FGR", "--output", str(tmp_path), "--data", str(songs)])
    written = json.loads((tmp_path / "jsb.json").read_text())
    assert written["trials"] == recorded["trials"]
    assert set(written["reruns"]["FGR"]["seeds"]) == {"1"}


def test_the_page_is_written_and_a_second_run_trains_nothing(songs, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(jsb, "SEEDS", (1, 2))
    folders = ["--output", str(tmp_path), "--data", str(songs)]
    arguments = ["--trials", "1", "--variants", "vanilla", "NFG", *folders]
    jsb.main(arguments)
    written = (tmp_path / "jsb.md").read_text()
    assert "| NFG | hurts |" in written
    capsys.readouterr()
    jsb.main(arguments)
    assert capsys.readouterr().out == ""
    jsb.main(["--report-only", *folders])
    assert (tmp_path / "jsb.md").read_text().split("Machine")[0] == written.split("Machine")[0]


def test_missing_chorales_are_told(tmp_path, capsys):
    jsb.main(["--data", str(tmp_path / "none.json.gz"), "--output", str(tmp_path)])
    assert "Skipped: the chorales are not here" in capsys.readouterr().out


def test_an_empty_page_can_be_written():
    assert "JSB chorales" in page({"trials": {}, "reruns": {}})


def test_holm_and_welch():
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})
    found = against([1.0, 1.1, 0.9], {"x": [2.0, 2.1, 1.9], "one": [3.0]})
    assert set(found) == {"x"}
    assert found["x"].t == pytest.approx(1 / (2 * 0.01 / 3) ** 0.5)
    assert verdict(found["x"]) == "worse"
    assert verdict(Comparison(-1, -9, 0.001)) == "better"
    assert verdict(Comparison(1, 1, 0.3)) == "no difference shown"
    assert spread([1.0, 3.0], 1) == "2.0 ± 1.4"


def test_points_that_both_have_are_compared_in_pairs():
    base = dict.fromkeys(range(10), 1.0)
    worse = {point: 1 + point / 100 for point in range(1, 9)} | {50: 0.0}
    found = point_by_point(base, {"worse": worse, "few": {1: 2.0}})
    assert set(found) == {"worse"}
    assert found["worse"].points == found["worse"].above == 8
    assert found["worse"].difference == pytest.approx(0.045)
    assert found["worse"].p == pytest.approx(2 / 2**8)
    assert verdict(found["worse"]) == "worse"
