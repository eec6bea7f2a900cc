"""Recurrent layers with the call conventions of the mainstream ones."""

from peephole.neural.layers.gru import GRU
from peephole.neural.layers.lstm import LSTM, LSTMState
from peephole.neural.layers.rnn import RNN

__all__ = ["GRU", "LSTM", "RNN", "LSTMState"]
