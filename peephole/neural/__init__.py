"""Neural networks that can be read: recurrent cells, layers, traces, drawn and trained networks.

Names are looked up when they are used, so that what is plain data (graphs, shapes) is there without importing torch.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from peephole.neural.clipping import Clipped, clip_by_norm, clip_by_value, gradient_norm, stop_if_diverged
    from peephole.neural.layers import GRU, LSTM, RNN, LSTMState
    from peephole.neural.layers.convert import from_torch, to_torch
    from peephole.neural.network import LayerBlock, NetworkGraph
    from peephole.neural.onnx_export import export_onnx
    from peephole.neural.traces import Equation, ErrorFlow, LossError, Trace, unfold
    from peephole.neural.trained import TrainedNetwork
    from peephole.neural.training.loop import train
    from peephole.neural.training.settings import TrainingSettings
    from peephole.neural.truncated import truncated_bptt

_PLACES = {
    "clipping": ("Clipped", "clip_by_norm", "clip_by_value", "gradient_norm", "stop_if_diverged"),
    "layers": ("GRU", "LSTM", "RNN", "LSTMState"),
    "layers.convert": ("from_torch", "to_torch"),
    "network": ("LayerBlock", "NetworkGraph"),
    "onnx_export": ("export_onnx",),
    "traces": ("Equation", "ErrorFlow", "LossError", "Trace", "unfold"),
    "trained": ("TrainedNetwork",),
    "training.loop": ("train",),
    "training.settings": ("TrainingSettings",),
    "truncated": ("truncated_bptt",),
}
_MODULES = {name: module for module, names in _PLACES.items() for name in names}

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "Clipped",
    "Equation",
    "ErrorFlow",
    "LSTMState",
    "LayerBlock",
    "LossError",
    "NetworkGraph",
    "Trace",
    "TrainedNetwork",
    "TrainingSettings",
    "clip_by_norm",
    "clip_by_value",
    "export_onnx",
    "from_torch",
    "gradient_norm",
    "stop_if_diverged",
    "to_torch",
    "train",
    "truncated_bptt",
    "unfold",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    return value
