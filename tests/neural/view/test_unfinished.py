"""A network in the middle of its training, opened from its checkpoint."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch
from waves import Listener

from peephole.core.errors import Cancelled, StoreError
from peephole.core.progress import reporting_to
from peephole.neural import NetworkGraph, train
from peephole.neural.training.unfinished import unfinished
from peephole.neural.view.of_network import open_network


class CutInTheFourth(Listener):
    """Stops a training once three epochs are over."""

    def cancelled(self):
        return self.epochs >= 3


def test_the_network_is_that_of_the_last_checkpoint(tmp_path):
    t = np.arange(40)
    rows = pd.DataFrame({"a": np.sin(t / 3), "later": np.sin((t + 1) / 3)})
    drawn = NetworkGraph.begin("sequence_input", columns={"a": "number"}, steps=5).then("lstm", units=3)
    drawn = drawn.then("last_step").then("number_output", targets={"later": "number"})
    whole = train(drawn, rows, epochs=3, hold_back=0.0)
    with pytest.raises(Cancelled), reporting_to(CutInTheFourth()):
        train(drawn, rows, epochs=5, hold_back=0.0, checkpoint=tmp_path, every_seconds=0.0)
    found = unfinished(tmp_path)
    assert [entry["epoch"] for entry in found.history] == [1, 2, 3]
    for name, weight in whole.weights().items():
        assert torch.equal(weight, found.weights()[name]), name
    opened = open_network(found, rows, row=10)
    assert opened.head()["history"]["gradient norm"] == [entry["gradient norm"] for entry in whole.history]
    assert torch.equal(opened.trace.value("c"), whole.unfold(rows, "lstm", only=[10]).value("c"))


def test_before_the_first_checkpoint_there_is_nothing_to_look_at(tmp_path):
    with pytest.raises(StoreError, match="not been kept yet"):
        unfinished(tmp_path)
