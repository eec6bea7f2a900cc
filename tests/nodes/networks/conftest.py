"""A small table and networks trained on it, for the tests of the network nodes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from peephole.nodes.networks import inputs, layers, outputs, recurrent, steps, training


def waves(rows=200):
    t = np.arange(rows)
    noise = np.random.default_rng(4)
    frame = pd.DataFrame({"t": t, "a": np.sin(t / 4) + noise.normal(0, 0.05, rows), "b": noise.normal(size=rows)})
    frame["later"] = frame["a"].shift(-2)
    frame["up"] = np.where(frame["later"] > frame["a"], "up", "down")
    frame["high"], frame["low"] = frame["a"] > 0.5, frame["a"] < -0.5
    return frame


@pytest.fixture(scope="session")
def frame():
    return waves()


def _sequences(frame, **settings):
    return inputs.sequence_input(frame, columns=["a"], steps=8, order_by=["t"], **settings)


@pytest.fixture(scope="session")
def regression(frame):
    drawn = steps.last_step(recurrent.gru(_sequences(frame), units=6))
    return training.train_network(
        outputs.number_output(drawn, frame, targets=["later"]), frame, epochs=15, learning_rate=0.01
    )


@pytest.fixture(scope="session")
def classes(frame):
    drawn = layers.dense(steps.flatten(_sequences(frame)), units=8, activation="tanh", name="code")
    return training.train_network(
        outputs.class_output(drawn, frame, target="up"), frame, epochs=20, learning_rate=0.02
    ).network


@pytest.fixture(scope="session")
def sequences():
    """Begin a network with windows of a table."""
    return _sequences
