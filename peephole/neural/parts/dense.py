"""Dense, embedding, normalisation, dropout, activation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from peephole.neural.parts.flow import Flow, Part, Settings, features, nothing
from peephole.neural.shapes import Shape

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "none": lambda x: x,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "leaky relu": functional.leaky_relu,
    "elu": functional.elu,
    "gelu": functional.gelu,
    "softplus": functional.softplus,
}


def activated(x: Tensor, name: str, dim: int = -1) -> Tensor:
    """A tensor through an activation function; softmax over the features."""
    return torch.softmax(x, dim) if name == "softmax" else ACTIVATIONS[name](x)


def _dense(settings: Settings, before: Sequence[Shape], after: Shape) -> nn.Module:
    layer = nn.Linear(features(before[0]), features(after))
    gentle = settings["activation"] in ("none", "tanh", "sigmoid", "softmax", "softplus")
    (nn.init.xavier_uniform_ if gentle else nn.init.kaiming_uniform_)(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def _run_dense(layer: nn.Linear, settings: Settings, flows: Sequence[Flow]) -> Flow:
    return flows[0].with_x(activated(layer(flows[0].x), settings["activation"]))


def _embedding(settings: Settings, before: Sequence[Shape], _after: Shape) -> nn.Module:
    layer = nn.Embedding(features(before[0]), settings["size"])
    nn.init.normal_(layer.weight, std=settings["size"] ** -0.5)
    return layer


def _run_embedding(layer: nn.Embedding, _settings: Settings, flows: Sequence[Flow]) -> Flow:
    return flows[0].with_x(layer(flows[0].x)).cleared() if flows[0].x.dim() == 2 else flows[0].with_x(layer(flows[0].x))


class BatchNorm(nn.BatchNorm1d):
    """Batch normalisation over all examples, and all the steps or pixels there are, of one feature."""

    def _check_input_dim(self, input: Tensor) -> None:  # noqa: A002 - torch's name
        pass


def _batch_norm(settings: Settings, before: Sequence[Shape], _after: Shape) -> nn.Module:
    return BatchNorm(features(before[0]), momentum=settings["momentum"])


def _run_batch_norm(layer: BatchNorm, _settings: Settings, flows: Sequence[Flow]) -> Flow:
    flow = flows[0]
    if flow.x.dim() == 4 or flow.x.dim() == 2:
        return flow.with_x(_normed(layer, flow.x))
    mask = flow.mask
    if mask is None:
        return flow.with_x(_normed(layer, flow.x.transpose(1, 2)).transpose(1, 2))
    whole = torch.zeros_like(flow.x)
    whole[mask] = _normed(layer, flow.x[mask])
    return flow.with_x(whole)


def _normed(layer: BatchNorm, x: Tensor) -> Tensor:
    single = layer.training and x.numel() // x.shape[1] < 2  # the spread of one value is not defined
    if single:
        return functional.batch_norm(
            x, layer.running_mean, layer.running_var, layer.weight, layer.bias, False, 0.0, layer.eps
        )
    normed: Tensor = layer(x)
    return normed


def _layer_norm(_settings: Settings, before: Sequence[Shape], _after: Shape) -> nn.Module:
    return nn.LayerNorm(features(before[0]))


def _run_layer_norm(layer: nn.LayerNorm, _settings: Settings, flows: Sequence[Flow]) -> Flow:
    x = flows[0].x
    return flows[0].with_x(layer(x.movedim(1, -1)).movedim(-1, 1) if x.dim() == 4 else layer(x))


def _dropout(settings: Settings, _before: Sequence[Shape], _after: Shape) -> nn.Module:
    return nn.Dropout(settings["share"])


def _run_dropout(layer: nn.Dropout, _settings: Settings, flows: Sequence[Flow]) -> Flow:
    return flows[0].with_x(layer(flows[0].x))


def _run_activation(_layer: nn.Module, settings: Settings, flows: Sequence[Flow]) -> Flow:
    x = flows[0].x
    return flows[0].with_x(activated(x, settings["function"], 1 if x.dim() == 4 else -1))


DENSE = {
    "dense": Part(_dense, _run_dense),
    "embedding": Part(_embedding, _run_embedding),
    "batch_normalisation": Part(_batch_norm, _run_batch_norm),
    "layer_normalisation": Part(_layer_norm, _run_layer_norm),
    "dropout": Part(_dropout, _run_dropout),
    "activation": Part(nothing, _run_activation),
}
