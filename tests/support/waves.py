"""Rows in an order that a small network can learn from, and such a network."""

from __future__ import annotations

import numpy as np
import pandas as pd

from peephole.neural import NetworkGraph


def waves(rows: int = 200) -> pd.DataFrame:
    """Two noisy waves a and b, and y, which follows from both."""
    noise = np.random.default_rng(0)
    t = np.arange(rows)
    frame = pd.DataFrame({"a": np.sin(t / 5) + noise.normal(0, 0.05, rows), "b": np.cos(t / 7) * 10 + 4})
    frame["y"] = frame["a"].shift(-2) * 3 + frame["b"]
    return frame


def drawn(layer: str) -> NetworkGraph:
    """A network over six steps of them, with a recurrent layer, running statistics and chance."""
    graph = NetworkGraph.begin("sequence_input", columns={"a": "number", "b": "number"}, steps=6)
    graph = graph.then(layer, units=5).then("last_step").then("batch_normalisation").then("dropout", share=0.2)
    return graph.then("number_output", targets={"y": "number"})


class Listener:
    """Hears what a training says: how many epochs and updates there were, and its messages. Never stops it."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.epochs = 0
        self.before = {}
        self.updates = 0

    def progress(self, done, total, title, unit=""):
        self.updates += 1

    def metric(self, values, per):
        self.epochs += 1

    def earlier(self, curves, per):
        self.before = curves

    def message(self, level, text):
        self.messages.append(text)

    def cancelled(self):
        return False
