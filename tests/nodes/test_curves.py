"""Live curves: what nodes tell while they learn is what the studio draws in pairs, over what they count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from peephole.core.progress import Level, reporting_to
from peephole.neural import NetworkGraph
from peephole.nodes.mining.learners import gradient_boosting_learner
from peephole.nodes.mining.perceptron import perceptron_learner
from peephole.nodes.networks.training import train_network

HELD = "validation "  # as in ui/src/views/chart/curves.ts


class Listener:
    """Notes the points."""

    def __init__(self) -> None:
        self.points: list[dict[str, float]] = []
        self.per: set[str] = set()

    def progress(self, done: float, total: float | None, title: str, unit: str = "") -> None:
        """Nobody listens."""

    def metric(self, values: dict[str, float], per: str) -> None:
        self.points.append(values)
        self.per.add(per)

    def earlier(self, *_: object) -> None:
        """Nobody listens."""

    def message(self, level: Level, text: str) -> None:
        """Nobody listens."""

    def cancelled(self) -> bool:
        return False


def rows() -> pd.DataFrame:
    numbers = np.random.default_rng(1).normal(size=(400, 2))
    return pd.DataFrame({"a": numbers[:, 0], "b": numbers[:, 1], "y": numbers[:, 0] * 3 + numbers[:, 1] ** 2})


def boosting() -> None:
    gradient_boosting_learner(rows(), target="y", trees=12, stop_early=True)


def perceptron() -> None:
    perceptron_learner(rows(), target="y", epochs=5)


def network() -> None:
    drawn = NetworkGraph.begin("number_input", columns={"a": "number", "b": "number"})
    drawn = drawn.then("dense", units=4, activation="tanh").then("number_output", targets={"y": "number"})
    train_network(drawn, pa.Table.from_pandas(rows()), epochs=3, hold_back=0.2)


@pytest.mark.parametrize(
    ("learn", "per", "held"), [(boosting, "tree", True), (perceptron, "epoch", False), (network, "epoch", True)]
)
def test_curves_stand_beside_what_they_are_compared_with(learn: Callable[[], Any], per: str, held: bool) -> None:
    heard = Listener()
    with reporting_to(heard):
        learn()
    names = set(heard.points[0])
    assert "loss" in names
    assert ("validation loss" in names) == held
    assert {name.removeprefix(HELD) for name in names if name.startswith(HELD)} <= names
    assert heard.per == {per}
    assert all(set(point) == names for point in heard.points)
