"""Neural networks that can be read: recurrent cells, layers, traces. Importing this room imports torch."""

from peephole.neural.clipping import Clipped, clip_by_norm, clip_by_value, gradient_norm, stop_if_diverged
from peephole.neural.layers import GRU, LSTM, RNN, LSTMState
from peephole.neural.layers.convert import from_torch, to_torch
from peephole.neural.onnx_export import export_onnx
from peephole.neural.traces import Equation, ErrorFlow, LossError, Trace, unfold
from peephole.neural.truncated import truncated_bptt

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "Clipped",
    "Equation",
    "ErrorFlow",
    "LSTMState",
    "LossError",
    "Trace",
    "clip_by_norm",
    "clip_by_value",
    "export_onnx",
    "from_torch",
    "gradient_norm",
    "stop_if_diverged",
    "to_torch",
    "truncated_bptt",
    "unfold",
]
