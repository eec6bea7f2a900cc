"""Opening a trained network: one layer unfolded with everything around it, gradients of every layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import torch
from torch import Tensor

from peephole.core.errors import SettingError, listing, nearest
from peephole.neural.examples import Examples, examples, has_targets
from peephole.neural.following import TASK, scalar
from peephole.neural.layers.recurrent import Recurrent
from peephole.neural.module import Flows
from peephole.neural.parts.flow import Flow
from peephole.neural.traces import Trace, unfold

if TYPE_CHECKING:
    from peephole.neural.trained import TrainedNetwork


def unfolded(
    net: TrainedNetwork, rows: pa.Table, layer: str, loss: str | Callable[..., Tensor], only: list[int] | None
) -> Trace:
    """See `TrainedNetwork.unfold`."""
    part = _recurrent(net, layer)
    found, wanted = _examples(net, rows, only, "" if callable(loss) else loss)
    with torch.no_grad():
        before = net.module.eval().flow(found.batch(wanted, net.device))
    entering = before[net.graph.layers[layer].inputs[0]]
    if callable(loss):
        return unfold(part, entering.x, loss, lengths=entering.lengths)
    followed = scalar(net, found, wanted, loss)

    def whole(outputs: Tensor) -> Tensor:
        upstream = _not_after(net, layer, before)
        flows = net.module.flow({}, {**upstream, layer: Flow(outputs, entering.lengths)})
        return followed(flows[net.graph.output])

    return unfold(part, entering.x, whole, lengths=entering.lengths)


def _recurrent(net: TrainedNetwork, layer: str) -> Recurrent:
    if layer not in net.recurrent_layers():
        raise SettingError(
            f'There is no recurrent layer "{layer}".',
            remedy=f"{nearest(layer, net.recurrent_layers())} Recurrent layers: {listing(net.recurrent_layers())}.".strip(),
            setting="layer",
        )
    part = net.module.layers[layer]
    if not isinstance(part, Recurrent):
        raise TypeError(f"{layer} is built as {type(part).__name__}")
    return part


def _examples(net: TrainedNetwork, rows: pa.Table, only: list[int] | None, loss: str) -> tuple[Examples, Tensor]:
    """The rows asked for, with their answers where they have them; of all rows those whose loss can be followed, if any."""
    from peephole.neural.trained import chosen

    found = examples(net.graph, rows, net.prepared, targets=has_targets(net.graph, rows), unanswered=True)
    wanted = chosen(found, only)
    answered = found.answered(wanted)
    return found, wanted[answered] if only is None and loss == TASK and bool(answered.any()) else wanted


def _not_after(net: TrainedNetwork, layer: str, flows: Flows) -> Flows:
    """What does not depend on the layer: it is not computed again."""
    after = {layer}
    for name, block in net.graph.layers.items():
        if after & set(block.inputs):
            after.add(name)
    return {name: flow for name, flow in flows.items() if name not in after}


def gradients(net: TrainedNetwork, rows: pa.Table, only: list[int] | None, loss: str) -> dict[str, Tensor]:
    """See `TrainedNetwork.gradients`."""
    with torch.enable_grad():
        flows, total = _forward(net, rows, only, loss)
        return _reached(total, {name: flow.x for name, flow in flows.items() if flow.x.requires_grad})


def weight_gradients(
    net: TrainedNetwork, rows: pa.Table, only: list[int] | None, loss: str
) -> dict[str, dict[str, Tensor]]:
    """See `TrainedNetwork.weight_gradients`."""
    parts = {layer: dict(net.module.layers[layer].named_parameters()) for layer in net.module.layers}
    with torch.enable_grad():
        _, total = _forward(net, rows, only, loss)
        return {layer: _reached(total, weights) for layer, weights in parts.items()}


def _forward(net: TrainedNetwork, rows: pa.Table, only: list[int] | None, loss: str) -> tuple[Flows, Tensor]:
    """What every layer gives, and J summed over the rows, with the way back kept."""
    found, wanted = _examples(net, rows, only, loss)
    given = {n: f.with_x(_leaf(f.x)) for n, f in found.batch(wanted, net.device).items()}
    flows = net.module.eval().flow(given)
    return flows, scalar(net, found, wanted, loss)(flows[net.graph.output]).sum()


def _reached(total: Tensor, followed: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """∂total/∂ of each, zero where nothing arrives."""
    if not followed:
        return {}
    found = torch.autograd.grad(total, list(followed.values()), allow_unused=True, retain_graph=True)
    return {
        name: torch.zeros_like(x) if gradient is None else gradient
        for (name, x), gradient in zip(followed.items(), found, strict=True)
    }


def _leaf(x: Tensor) -> Tensor:
    return x.clone().requires_grad_() if x.is_floating_point() else x


def spread(found: pa.Table, rows: Tensor, total: int) -> pa.Table:
    """Rows that were computed at their places among all, the others missing."""
    at: np.ndarray[Any, np.dtype[np.int64]] = np.full(total, -1, np.int64)
    at[rows.numpy()] = np.arange(len(rows))
    return found.take(pa.array(at, mask=at < 0))
