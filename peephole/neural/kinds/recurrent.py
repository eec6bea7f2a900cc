"""Recurrent layers: they read a sequence step by step and give their output at every step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from peephole.neural.kinds.kind import REQUIRED, Kind, Settings, known, need, one
from peephole.neural.shapes import Shape

# The variants of the LSTM: blocks (block input and gates) that have weights, and gates with peepholes.
LSTM_VARIANTS = {
    "vanilla": (4, 3),
    "NIG": (3, 2),
    "NFG": (3, 2),
    "NOG": (3, 2),
    "NIAF": (4, 3),
    "NOAF": (4, 3),
    "NP": (4, 0),
    "CIFG": (3, 2),
    "FGR": (4, 3),
}


def _shape(title: str) -> Callable[[Settings, Sequence[Shape]], Shape]:
    def rule(settings: Settings, before: Sequence[Shape]) -> Shape:
        shape = need(title, one(title, before), "sequence")
        return shape.with_features(int(settings["units"]) * (2 if settings["both_ways"] else 1))

    return rule


def _count(of_cell: Callable[[int, int, Settings], int]) -> Callable[[Settings, Sequence[Shape], Shape], int]:
    def rule(settings: Settings, before: Sequence[Shape], _after: Shape) -> int:
        units, ways = int(settings["units"]), 2 if settings["both_ways"] else 1
        widths = [known("Recurrent layer", before[0])] + [units * ways] * (int(settings["layers"]) - 1)
        return sum(ways * of_cell(width, units, settings) for width in widths)

    return rule


def _rnn(width: int, units: int, _settings: Settings) -> int:
    return units * (width + units + 1)


def _gru(width: int, units: int, _settings: Settings) -> int:
    return 3 * units * (width + units) + 4 * units


def _lstm(width: int, units: int, settings: Settings) -> int:
    blocks, peepholes = LSTM_VARIANTS[settings["variant"]]
    gates = 9 * units * units if settings["variant"] == "FGR" else 0
    return blocks * units * (width + units + 1) + peepholes * units + gates


_COMMON = {"units": REQUIRED, "layers": 1, "both_ways": False, "dropout": 0.0}

RECURRENT = (
    Kind(
        "simple_rnn",
        "Simple RNN",
        _shape("Simple RNN"),
        {**_COMMON, "activation": "tanh"},
        _count(_rnn),
        role="recurrent",
    ),
    Kind(
        "lstm",
        "LSTM",
        _shape("LSTM"),
        {**_COMMON, "variant": "vanilla", "forget_bias": 1.0},
        _count(_lstm),
        role="recurrent",
    ),
    Kind("gru", "GRU", _shape("GRU"), _COMMON, _count(_gru), role="recurrent"),
)
