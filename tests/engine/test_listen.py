"""What a node says while it works, as events: how fast it is, and how long it will take."""

from __future__ import annotations

import threading

import pytest

from peephole.engine import listen
from peephole.engine.events import NodeProgress
from peephole.engine.listen import NodeReporter


class Clock:
    """A time that goes on when told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(listen.time, "monotonic", lambda: self.now)
        self.events: list[NodeProgress] = []
        self.reporter = NodeReporter("n", self.events.append, threading.Event())

    def say(self, seconds: float, done: float, total: float, title: str = "Training") -> NodeProgress:
        """So much later, so much is done."""
        self.now += seconds
        self.reporter.progress(done, total, title, "batches")
        return self.events[-1]


def test_what_was_slow_at_first_is_soon_forgotten(monkeypatch):
    clock = Clock(monkeypatch)
    clock.say(0, 0, 6000)
    clock.say(50, 1, 6000)  # as long as a library takes to start
    for done in range(9, 241, 8):
        told = clock.say(0.1, done, 6000)
    assert told.rate == pytest.approx(80, rel=0.01)
    assert told.remaining == pytest.approx((6000 - 233) / 80, rel=0.01)
    assert told.unit == "batches"


def test_a_rate_that_changes_is_that_of_the_last_seconds(monkeypatch):
    clock = Clock(monkeypatch)
    for second in range(100):
        clock.say(1, second * 10, 10_000)
    for second in range(1, 13):
        told = clock.say(1, 990 + second * 100, 10_000)
    assert told.rate == pytest.approx(100, rel=0.01)


def test_of_long_steps_the_last_one_tells(monkeypatch):
    clock = Clock(monkeypatch)
    assert clock.say(0, 0, 5).remaining is None
    assert clock.say(30, 1, 5).remaining == pytest.approx(120)
    assert clock.say(40, 2, 5).remaining == pytest.approx(120)


def test_other_work_is_reckoned_from_where_it_begins(monkeypatch):
    clock = Clock(monkeypatch)
    clock.say(0, 0, 100)
    clock.reporter.progress(0, None, "Compiling")
    assert clock.events[-1].total is None
    assert clock.say(60, 20, 100).remaining is None
    assert clock.say(2, 40, 100).remaining == pytest.approx(6)


def test_a_gap_in_what_was_measured_stays_one():
    told = []
    NodeReporter("n", told.append, threading.Event()).earlier({"loss": [1.0, float("nan"), None]}, "epoch")
    assert told[0].curves == {"loss": [1.0, None, None]}
