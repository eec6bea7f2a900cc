"""How nodes stand while they run."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from peephole.engine.listen import NodeReporter
from peephole.studio.states import Live
from peephole.studio.wire.state import NodeState


@pytest.mark.parametrize(("points", "kept", "every"), [(0, 0, 1), (500, 500, 1), (501, 251, 2), (3000, 375, 8)])
def test_curves_that_were_there_are_thinned_as_live_ones_are(points: int, kept: int, every: int) -> None:
    told: list[Any] = []
    live = Live("", NodeState(state="running"))
    NodeReporter("n", told.append, threading.Event()).earlier({"loss": [float(k) for k in range(points)]}, "epoch")
    assert told[0].points == points
    assert told[0].curves["loss"] == [float(k) for k in range(0, points, every)]
    assert len(told[0].curves["loss"]) == kept
    one_by_one = Live("", NodeState(state="running"))
    live.begin_with(told[0].curves, told[0].points, "epoch")
    for k in range(points + 1200):
        if k >= points:
            live.add_point({"loss": float(k)}, "epoch")
        one_by_one.add_point({"loss": float(k)}, "epoch")
    assert live.curves == one_by_one.curves
    assert (live.points, live.every) == (one_by_one.points, one_by_one.every)
