"""Layers that change the form: a sequence to one row, one row to a sequence, an image to a row."""

from __future__ import annotations

from typing import Annotated

from peephole.core.node import node
from peephole.core.settings import Between
from peephole.core.types import Network
from peephole.neural.network import NetworkGraph
from peephole.nodes.networks._drawing import Name, drawn, then


@node(family="networks", icon="last-step", light=True, version=2, migrations={1: dict})
def last_step(network: Network, *, name: Name = "") -> Network:
    """Keep what comes out at the last step of each sequence, where the layer before has seen all of it.

    Of a layer that reads both ways, the half that reads from the end has seen all of it at the first step: it is taken there.

    network: gives a sequence.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer; a row of numbers comes out.
    """
    return then(network, "last_step", name, backward=_backward(drawn(network)))


_ONE_BY_ONE = ("dropout", "activation", "batch_normalisation", "layer_normalisation")  # each number keeps its place


def _backward(graph: NetworkGraph) -> int:
    """How many of the last numbers that come in were read from the end."""
    block = graph.layers[graph.output]
    while block.kind in _ONE_BY_ONE:
        block = graph.layers[block.inputs[0]]
    return int(block.settings["units"]) if block.settings.get("both_ways") else 0


@node(
    family="networks",
    icon="repeat",
    says="{steps:step}",
    light=True,
    title="Repeat",
    also=("RepeatVector", "autoencoder"),
)
def repeat_steps(network: Network, *, steps: Annotated[int, Between(1, 100_000)] = 10, name: Name = "") -> Network:
    """Make a sequence of a row of numbers: the same numbers at every step, for a recurrent layer that unrolls them.

    network: gives a row of numbers.
    steps: how many steps the sequence has.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer.
    """
    return then(network, "repeat_steps", name, steps=steps)


@node(family="networks", icon="flatten", light=True)
def flatten(network: Network, *, name: Name = "") -> Network:
    """Make one row of numbers of a sequence or an image, for a dense layer.

    network: gives images, or sequences of one length.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer.
    """
    return then(network, "flatten", name)
