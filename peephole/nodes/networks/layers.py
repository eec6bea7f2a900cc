"""Layers that work on rows of numbers, or on each step of a sequence by itself."""

from __future__ import annotations

from peephole.core.node import node
from peephole.core.types import Network
from peephole.nodes.networks._drawing import Function, Name, Units, then


@node(family="networks", icon="dense", light=True)
def dense(network: Network, *, units: Units = 32, activation: Function = "relu", name: Name = "") -> Network:
    """Add a dense layer: each of its units weighs all numbers that come in, adds them up, and bends the sum.

    network: gives a row of numbers, or a sequence (then each step goes through the same layer).
    units: how many numbers come out.
    activation: the function that bends each sum; none leaves it straight.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer.
    """
    return then(network, "dense", name, units=units, activation=activation)
