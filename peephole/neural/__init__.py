"""Neural networks that can be read: recurrent cells, layers, traces. Importing this room imports torch."""

from peephole.neural.layers import GRU, LSTM, RNN, LSTMState

# `unfold` (traces) joins this list when peephole.neural.unfold is there.
__all__ = ["GRU", "LSTM", "RNN", "LSTMState"]
