"""Layers that change the form: a sequence to one row, one row to a sequence, an image to a row."""

from __future__ import annotations

from peephole.core.node import node
from peephole.core.types import Network
from peephole.nodes.networks._drawing import Name, then


@node(family="networks", icon="last-step", light=True)
def last_step(network: Network, *, name: Name = "") -> Network:
    """Keep what comes out at the last step of each sequence, where the layer before has seen all of it.

    network: gives a sequence.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer; a row of numbers comes out.
    """
    return then(network, "last_step", name)
