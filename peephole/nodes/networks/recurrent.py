"""Recurrent layers: they read a sequence step by step and remember."""

from __future__ import annotations

from typing import Annotated, Literal

from peephole.core.node import node
from peephole.core.settings import Between
from peephole.core.types import Network
from peephole.nodes.networks._drawing import Name, Share, Units, then

Layers = Annotated[int, Between(1, 16)]


@node(family="networks", icon="recurrent", light=True, title="LSTM")
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
