"""Recurrent layers: the readable ones of this package, batch first."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from peephole.neural.layers import GRU, LSTM, RNN
from peephole.neural.layers.recurrent import Recurrent
from peephole.neural.parts.flow import Flow, Part, Settings, features
from peephole.neural.shapes import Shape


def _rnn(settings: Settings, before: Sequence[Shape], _after: Shape) -> nn.Module:
    name = settings["activation"]
    return RNN(
        features(before[0]),
        settings["units"],
        settings["layers"],
        "logistic" if name == "sigmoid" else str(name),
        batch_first=True,
        dropout=settings["dropout"],
        bidirectional=settings["both_ways"],
    )


def _lstm(settings: Settings, before: Sequence[Shape], _after: Shape) -> nn.Module:
    return LSTM(
        features(before[0]),
        settings["units"],
        settings["layers"],
        batch_first=True,
        dropout=settings["dropout"],
        bidirectional=settings["both_ways"],
        variant=settings["variant"],
        forget_bias=settings["forget_bias"],
    )


def _gru(settings: Settings, before: Sequence[Shape], _after: Shape) -> nn.Module:
    return GRU(
        features(before[0]),
        settings["units"],
        settings["layers"],
        batch_first=True,
        dropout=settings["dropout"],
        bidirectional=settings["both_ways"],
    )


def _run(layer: Recurrent, _settings: Settings, flows: Sequence[Flow]) -> Flow:
    return flows[0].with_x(layer(flows[0].x, lengths=flows[0].lengths)[0])


RECURRENT = {"simple_rnn": Part(_rnn, _run), "lstm": Part(_lstm, _run), "gru": Part(_gru, _run)}
