"""How nodes stand while they run."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from peephole.engine import events as e
from peephole.engine.listen import NodeReporter
from peephole.studio.states import Live, LiveStates
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


def test_curves_stay_where_a_run_takes_their_network_from_the_store_and_go_where_it_is_another() -> None:
    planned, states = {"train": NodeState(state="done")}, LiveStates()

    def run(recipe: str, *events: e.Event) -> dict[str, list[float | None]]:
        recipes = {"train": recipe}
        for event in (e.RunStarted(at=0, nodes=["train"], to_run=[]), *events):
            states.note(event, recipes)
        states.settle()
        return states.merged(planned, recipes)["train"].curves

    started = e.NodeStarted(at=0, node="train")
    learnt = e.NodeMetric(at=1, node="train", values={"loss": 1.0}, per="epoch")
    finished = e.NodeFinished(at=2, node="train")
    taken = e.NodeFinished(at=2, node="train", cached=True)
    assert run("a", started, learnt, finished) == {"loss": [1.0]}
    assert run("a", taken) == {"loss": [1.0]}
    assert run("a", started, learnt, finished) == {"loss": [1.0]}  # anew, not twice
    assert run("b", taken) == {}
