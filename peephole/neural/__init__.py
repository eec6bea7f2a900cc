"""Neural networks that can be read: recurrent cells, layers, traces. Importing this room imports torch."""

from peephole.neural.clipping import Clipped, clip_by_norm, clip_by_value, gradient_norm, stop_if_diverged
from peephole.neural.layers import GRU, LSTM, RNN, LSTMState
from peephole.neural.layers.convert import from_torch, to_torch
from peephole.neural.onnx_export import export_onnx
from peephole.neural.truncated import truncated_bptt

# `unfold` (traces) joins this list when peephole.neural.unfold is there.
__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "Clipped",
    "LSTMState",
    "clip_by_norm",
    "clip_by_value",
    "export_onnx",
    "from_torch",
    "gradient_norm",
    "stop_if_diverged",
    "to_torch",
    "truncated_bptt",
]
