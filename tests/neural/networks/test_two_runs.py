"""Two runs of the same training at once, which keep it in the same folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import safetensors
from waves import drawn, waves

from peephole.neural import train
from peephole.neural.training import checkpoints
from peephole.neural.training.checkpoints import FILE

GIVEN = {"batch": 50, "seed": 3, "every_seconds": 0}


@pytest.fixture(scope="module")
def standing(tmp_path_factory) -> list[bytes]:
    """The training as it is kept after two epochs and after four."""
    folder = tmp_path_factory.mktemp("standing")
    for epochs in (2, 4):
        train(drawn("gru"), waves(), epochs=epochs, checkpoint=folder, **GIVEN)
    return [(folder / f"after-{epochs}.safetensors").read_bytes() for epochs in (2, 4)]


def put(folder: Path, content: bytes) -> None:
    (folder / "part").write_bytes(content)
    os.replace(folder / "part", folder / FILE)


def test_what_is_replaced_while_it_is_taken_up_is_no_mixture(standing, tmp_path, monkeypatch):
    look = checkpoints._known

    def and_then_the_other_goes_on(folder):
        found = list(look(folder))
        put(folder, standing[1])
        return iter(found)

    put(tmp_path, standing[0])
    monkeypatch.setattr(checkpoints, "_known", and_then_the_other_goes_on)
    found = train(drawn("gru"), waves(), epochs=6, checkpoint=tmp_path, **GIVEN)
    assert found.history == train(drawn("gru"), waves(), epochs=6, **GIVEN).history


def test_what_was_damaged_and_is_made_good_meanwhile_stays(standing, tmp_path, monkeypatch):
    look = safetensors.safe_open

    def and_then_the_other_keeps_it(*what, **how):
        try:
            return look(*what, **how)
        finally:
            put(tmp_path, standing[0])

    put(tmp_path, b"no")
    monkeypatch.setattr(safetensors, "safe_open", and_then_the_other_keeps_it)
    assert list(checkpoints._known(tmp_path)) == []
    assert (tmp_path / FILE).read_bytes() == standing[0]


def test_what_the_other_takes_away_fails_no_training(tmp_path, monkeypatch):
    look = Path.glob

    def and_then_it_is_gone(self, pattern):
        found = list(look(self, pattern))
        if pattern.startswith("after-"):
            (tmp_path / "after-1.safetensors").unlink(missing_ok=True)
        return iter(found)

    train(drawn("gru"), waves(), epochs=1, checkpoint=tmp_path, **GIVEN)
    monkeypatch.setattr(Path, "glob", and_then_it_is_gone)
    assert len(train(drawn("gru"), waves(), epochs=2, checkpoint=tmp_path, **GIVEN).history) == 2
