"""Opening a trained network: one layer unfolded with everything around it, gradients of every layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import torch
from torch import Tensor

from peephole.core.errors import SettingError, listing, nearest
from peephole.neural.examples import Examples, has_targets
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
    found, wanted = _examples(net, rows, only)
    with torch.no_grad():
        before = net.module.eval().flow(found.batch(wanted, net.device))
    entering = before[net.graph.layers[layer].inputs[0]]
    if callable(loss):
        return unfold(part, entering.x, loss, lengths=entering.lengths)
    if loss != "task":
        raise SettingError(f"There is no loss {loss!r}.", remedy='Give "task" or a function.', setting="loss")
    target = found.targets(wanted, net.device) if found.target is not None else None

    def task(outputs: Tensor) -> Tensor:
        upstream = _not_after(net, layer, before)
        flows = net.module.flow({}, {**upstream, layer: Flow(outputs, entering.lengths)})
        return _loss(net, flows[net.graph.output], target)

    return unfold(part, entering.x, task, lengths=entering.lengths)


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


def _examples(net: TrainedNetwork, rows: pa.Table, only: list[int] | None) -> tuple[Examples, Tensor]:
    from peephole.neural.trained import chosen

    found = net.examples(rows, targets=has_targets(net.graph, rows))
    return found, chosen(found, only)


def _not_after(net: TrainedNetwork, layer: str, flows: Flows) -> Flows:
    """What does not depend on the layer: it is not computed again."""
    after = {layer}
    for name, block in net.graph.layers.items():
        if after & set(block.inputs):
            after.add(name)
    return {name: flow for name, flow in flows.items() if name not in after}


def _loss(net: TrainedNetwork, output: Flow, target: Flow | None) -> Tensor:
    """Of each step, time first, where the network answers at each step; else the sum over the rows."""
    if target is None:
        largest = output.x.amax(-1)
        return largest.t() if largest.dim() == 2 else largest.sum()
    losses = net.losses(output, target)
    return losses.t() if losses.dim() == 2 else losses.sum()


def gradients(net: TrainedNetwork, rows: pa.Table, only: list[int] | None) -> dict[str, Tensor]:
    """See `TrainedNetwork.gradients`."""
    with torch.enable_grad():
        flows, total = _forward(net, rows, only)
        return _reached(total, {name: flow.x for name, flow in flows.items() if flow.x.requires_grad})


def weight_gradients(net: TrainedNetwork, rows: pa.Table, only: list[int] | None) -> dict[str, dict[str, Tensor]]:
    """See `TrainedNetwork.weight_gradients`."""
    parts = {layer: dict(net.module.layers[layer].named_parameters()) for layer in net.module.layers}
    with torch.enable_grad():
        _, total = _forward(net, rows, only)
        return {layer: _reached(total, weights) for layer, weights in parts.items()}


def _forward(net: TrainedNetwork, rows: pa.Table, only: list[int] | None) -> tuple[Flows, Tensor]:
    """What every layer gives, and the loss summed over the rows, with the way back kept."""
    found, wanted = _examples(net, rows, only)
    given = {n: f.with_x(_leaf(f.x)) for n, f in found.batch(wanted, net.device).items()}
    target = found.targets(wanted, net.device) if found.target is not None else None
    flows = net.module.eval().flow(given)
    return flows, _loss(net, flows[net.graph.output], target).sum()


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
