"""Truncated backpropagation through time for a drawn network: BPTT(k1, k2) of `peephole.neural.truncated`.

Where the network answers at each step, it learns every k1 steps, the error going back over k2. Where it answers once, at the
end, it learns once, and the error goes back over the last k2 steps only.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from peephole.neural.answers import ANSWERS
from peephole.neural.examples import Examples
from peephole.neural.module import NetworkModule
from peephole.neural.parts.flow import Flow
from peephole.neural.training.in_time import check_in_time, not_in_time
from peephole.neural.training.updates import Tally, Trainer
from peephole.neural.truncated import truncated_bptt


def truncated_update(trainer: Trainer, examples: Examples, rows: Tensor, tally: Tally, epoch: int) -> None:
    """Learn from a batch of sequences, piece by piece. Raises SettingError for a network that cannot be cut in time."""
    module, settings = trainer.module, trainer.settings
    cut = Stateful(module)
    flow = next(iter(examples.batch(rows, trainer.device).values()))
    target = examples.targets(rows, trainer.device)
    back = settings.truncate_back or settings.truncate
    if module.shapes[module.graph.output].form == "vector":
        _at_the_end(trainer, cut, flow, target, (back, tally, epoch))
        return
    block = module.graph.layers[module.graph.output]
    answer, mask = ANSWERS[block.kind], flow.mask
    for chunk in truncated_bptt(cut, flow.x, settings.truncate, back, time_dim=1):
        own = target.with_x(target.x[:, chunk.slice])
        said = Flow(chunk.output)
        losses = answer.losses(dict(block.settings), trainer.prepared["output"], said, Flow(own.x))
        there = torch.ones_like(losses, dtype=torch.bool) if mask is None else mask[:, chunk.slice]
        count = int(there.sum())
        if not count:
            break
        loss = losses[there].sum() / count
        trainer.check(loss, epoch, tally)
        trainer.optimiser.zero_grad(set_to_none=True)
        chunk.backward(loss)
        trainer.step(tally)
        tally.add(loss.item(), count, trainer.measured(_steps(said, there), _steps(own, there)))


def _steps(flow: Flow, there: Tensor) -> Flow:
    """All the steps there are, as examples of one step."""
    return Flow(flow.x[there].unsqueeze(1))


def _at_the_end(trainer: Trainer, cut: Stateful, flow: Flow, target: Flow, how: tuple[int, Tally, int]) -> None:
    back, tally, epoch = how
    if flow.lengths is not None:
        raise not_in_time("it answers once, and its sequences differ in length")
    first = max(flow.x.shape[1] - back, 0)
    states: Any = None
    if first:
        with torch.no_grad():
            _, states = cut(flow.x[:, :first], None)
    output, _ = cut(flow.x[:, first:], states)
    said = Flow(output)
    loss = trainer.loss(said, target)
    trainer.check(loss, epoch, tally)
    trainer.optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    trainer.step(tally)
    tally.add(loss.item(), len(output), trainer.measured(said, target))


class Stateful(nn.Module):
    """A network as a module of (x, state) that gives (output, state): the states of all its recurrent layers."""

    def __init__(self, network: NetworkModule) -> None:
        super().__init__()
        check_in_time(network.graph)
        self.network = network

    def forward(self, x: Tensor, states: Any) -> tuple[Tensor, Any]:
        """A piece of the sequences, (B, T, F) or codes (B, T), from where the states left off (None: from the start)."""
        graph = self.network.graph
        found, ends = {graph.inputs[0]: Flow(x)}, list[Any]()
        for layer, block in graph.layers.items():
            if block.kind in ("simple_rnn", "lstm", "gru"):
                given = None if states is None else states[len(ends)]
                y, end = self.network.layers[layer](found[block.inputs[0]].x, given)
                found[layer] = Flow(y)
                ends.append(end)
            elif layer not in found:
                found[layer] = self.network.one(layer, found)
        return found[graph.output].x, tuple(ends)
