"""The cells there are, by kind and variant."""

from __future__ import annotations

from peephole.neural.cells.gru_spec import gru_spec
from peephole.neural.cells.lstm_spec import lstm_spec
from peephole.neural.cells.rnn import NONLINEARITIES
from peephole.neural.cells.rnn_spec import rnn_spec
from peephole.neural.cells.spec import CellSpec
from peephole.neural.cells.variants import VARIANTS


def cell_names() -> list[tuple[str, str]]:
    """(kind, variant) of every cell: the RNN's nonlinearities, the LSTM's variants, the GRU."""
    return [*(("rnn", name) for name in NONLINEARITIES), *(("lstm", name) for name in VARIANTS), ("gru", "")]


def cell_spec(kind: str, variant: str = "") -> CellSpec:
    """The description of a cell; KeyError where there is no such cell."""
    if kind == "gru":
        return gru_spec()
    return {"rnn": rnn_spec, "lstm": lstm_spec}[kind](variant)
