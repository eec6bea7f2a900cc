"""The first thing the browser hears of a trace: its sizes, its cell's description, what stands at each step."""

from __future__ import annotations

from typing import Any

from peephole.neural.traces import Trace
from peephole.neural.view.arrays import packed
from peephole.neural.view.shown import Shown


def head(trace: Trace | None, shown: Shown) -> dict[str, Any]:
    """Everything that is needed to draw the frame, and no tensor over units.  Without a trace there are no layers in it."""
    if trace is None:
        nothing: dict[str, Any] = {"spec": None, "steps": 0, "lengths": [], "layers": [], "directions": []}
        return {**shown.to_json(), **nothing, "loss": None, "step_losses": None}
    losses = trace.step_losses
    if losses is not None and losses.dim() == 1:
        losses = losses.unsqueeze(1)
    return {
        **shown.to_json(),
        "spec": trace.spec.to_json(),
        "steps": trace.T,
        "lengths": trace.lengths.tolist(),
        "layers": [_layer(trace, layer) for layer in range(trace.layers)],
        "directions": list(trace.directions),
        "loss": float(trace.loss),
        "step_losses": None if losses is None else packed(losses),
    }


def _layer(trace: Trace, layer: int) -> dict[str, Any]:
    """Sizes, and the parameters of one layer."""
    parameters = trace.parameters(layer=layer)
    return {
        "inputs": int(trace.value("x", layer=layer).shape[-1]),
        "hidden": int(trace.value(trace.spec.output, layer=layer).shape[-1]),
        "parameters": {name: list(tensor.shape) for name, tensor in parameters.items()},
    }
