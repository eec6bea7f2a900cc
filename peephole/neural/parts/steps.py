"""Last step, repeat, flatten."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from peephole.neural.parts.flow import Flow, Part, Settings, nothing


def _last_step(_layer: nn.Module, settings: Settings, flows: Sequence[Flow]) -> Flow:
    flow, backward = flows[0], settings["backward"]
    last = flow.x[:, -1] if flow.lengths is None else flow.x[torch.arange(len(flow.x)), flow.lengths - 1]
    return Flow(torch.cat([last[:, :-backward], flow.x[:, 0, -backward:]], dim=1) if backward else last)


def _repeat(_layer: nn.Module, settings: Settings, flows: Sequence[Flow]) -> Flow:
    return Flow(flows[0].x.unsqueeze(1).expand(-1, settings["steps"], -1))


def _flatten(_layer: nn.Module, _settings: Settings, flows: Sequence[Flow]) -> Flow:
    return Flow(flows[0].x.flatten(1))


STEPS = {
    "last_step": Part(nothing, _last_step),
    "repeat_steps": Part(nothing, _repeat),
    "flatten": Part(nothing, _flatten),
}
