"""Recurrent layers: they read a sequence step by step and remember."""

from __future__ import annotations

from typing import Annotated, Literal

from peephole.core.node import node
from peephole.core.settings import Between
from peephole.core.types import Network
from peephole.neural.shapes import ShapeError
from peephole.nodes.networks._drawing import Name, Share, Units, drawn, then

Layers = Annotated[int, Between(1, 16)]


@node(
    family="networks",
    icon="recurrent",
    says="{units:unit}",
    light=True,
    title="LSTM",
    also=("Long short-term memory", "peephole", "forget gate", "input gate", "output gate"),
)
def lstm(
    network: Network,
    *,
    units: Units = 32,
    layers: Layers = 1,
    variant: Literal["vanilla", "NIG", "NFG", "NOG", "NIAF", "NOAF", "NP", "CIFG", "FGR"] = "vanilla",
    both_ways: bool = False,
    dropout: Share = 0.0,
    forget_bias: Annotated[float, Between(-10, 10)] = 1.0,
    name: Name = "",
) -> Network:
    """Add an LSTM: a recurrent layer whose cells keep what they remember behind gates, and can do so for long.

    network: gives a sequence.
    units: how many cells; so many numbers come out at each step (twice as many both ways).
    layers: how many LSTMs one upon the other.
    variant: vanilla has peepholes; NP has none, NIG, NFG, NOG lack a gate, CIFG couples two, NIAF, NOAF, FGR change others.
    both_ways: read each sequence from its end too.
    dropout: share of numbers that is blanked between the layers while training.
    forget_bias: above 0 a new cell begins by remembering.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer.
    """
    given = {"units": units, "layers": layers, "variant": variant, "both_ways": both_ways}
    return then(network, "lstm", name, **given, dropout=dropout, forget_bias=forget_bias)


@node(family="networks", icon="recurrent", says="{units:unit}", light=True, title="GRU", also=("Gated recurrent unit",))
def gru(
    network: Network,
    *,
    units: Units = 32,
    layers: Layers = 1,
    both_ways: bool = False,
    dropout: Share = 0.0,
    name: Name = "",
) -> Network:
    """Add a GRU: a recurrent layer with two gates, simpler than an LSTM and often as good.

    network: gives a sequence.
    units: how many units; so many numbers come out at each step (twice as many both ways).
    layers: how many GRUs one upon the other.
    both_ways: read each sequence from its end too.
    dropout: share of numbers that is blanked between the layers while training.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer.
    """
    return then(network, "gru", name, units=units, layers=layers, both_ways=both_ways, dropout=dropout)


@node(family="networks", icon="recurrent", says="{units:unit}", light=True, title="Simple RNN", also=("Elman network",))
def simple_rnn(
    network: Network,
    *,
    units: Units = 32,
    layers: Layers = 1,
    activation: Literal["tanh", "relu", "sigmoid"] = "tanh",
    both_ways: bool = False,
    dropout: Share = 0.0,
    name: Name = "",
) -> Network:
    """Add a simple recurrent layer: at each step it mixes what comes in with what it said at the step before.

    It forgets soon: use an LSTM or a GRU where something long past matters.

    network: gives a sequence.
    units: how many units; so many numbers come out at each step (twice as many both ways).
    layers: how many one upon the other.
    activation: the function that bends each sum.
    both_ways: read each sequence from its end too.
    dropout: share of numbers that is blanked between the layers while training.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer.
    """
    given = {"units": units, "layers": layers, "activation": activation, "both_ways": both_ways, "dropout": dropout}
    return then(network, "simple_rnn", name, **given)


@node(family="networks", icon="recurrent", light=True)
def bidirectional(network: Network) -> Network:
    """Let the recurrent layer before read each sequence from its end too: twice as many numbers come out.

    network: ends in a Simple RNN, an LSTM or a GRU.
    returns: the network with that layer reading both ways.
    """
    graph = drawn(network)
    block = graph.layers[graph.output]
    if "both_ways" not in block.settings:
        raise ShapeError(
            f"Bidirectional stands right after a recurrent layer, and here it is after {block.title or block.kind}.",
            remedy="Put it after Simple RNN, LSTM or GRU.",
        )
    return graph.changed(graph.output, both_ways=True)
