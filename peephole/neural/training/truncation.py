"""Truncated backpropagation through time for a drawn network: BPTT(k1, k2) of `peephole.neural.truncated`.

Where the network answers at each step, it learns every k1 steps, the error going back over k2. Where it answers once, at the
end, it learns once, and the error goes back over the last k2 steps only.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from peephole.core.errors import SettingError
from peephole.neural.answers import ANSWERS
from peephole.neural.examples import Examples
from peephole.neural.module import NetworkModule
from peephole.neural.parts.flow import Flow
from peephole.neural.training.updates import Tally, Trainer
from peephole.neural.truncated import truncated_bptt

# These work at each step alone, or carry a state from step to step: such a network can be cut anywhere in time.
_IN_TIME = {
    "embedding",
    "dense",
    "layer_normalisation",
    "dropout",
    "activation",
    "simple_rnn",
    "lstm",
    "gru",
    "last_step",
}


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
        raise SettingError(
            "Train: truncate needs sequences of one length where the network answers once, and these differ.",
            remedy="Set truncate to 0.",
            setting="truncate",
        )
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
        _check(network)
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


def _check(network: NetworkModule) -> None:
    graph = network.graph
    wrong = ""
    if len(graph.inputs) != 1 or network.shapes[graph.inputs[0]].form != "sequence":
        wrong = "it needs one input, a sequence"
    elif graph.layers[graph.output].kind == "label_sequence_output":
        wrong = "the loss of label sequences needs the whole sequence at once"
    for layer, block in graph.layers.items():
        inputs = [network.shapes[i].form for i in block.inputs]
        if "sequence" in inputs and block.kind not in _IN_TIME and layer != graph.output:
            wrong = f'"{layer}" mixes the steps, so that the sequence cannot be cut'
        elif block.settings.get("both_ways"):
            wrong = f'"{layer}" reads sequences backwards too, so that no state can be carried on'
    if wrong:
        what = f"Train: truncate does not go with this network: {wrong}."
        raise SettingError(what, remedy="Set truncate to 0.", setting="truncate")
