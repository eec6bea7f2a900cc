"""Layers that work on rows of numbers, on each step of a sequence, or on images feature by feature."""

from __future__ import annotations

from typing import Annotated, Literal

from peephole.core.node import node
from peephole.core.settings import Between
from peephole.core.types import Network
from peephole.nodes.networks._drawing import Function, Name, Share, Units, merged, then


@node(
    family="networks",
    icon="dense",
    says="{units:unit}, {activation}",
    light=True,
    also=("fully connected", "linear", "perceptron"),
)
def dense(network: Network, *, units: Units = 32, activation: Function = "relu", name: Name = "") -> Network:
    """Add a dense layer: each of its units weighs all numbers that come in, adds them up, and bends the sum.

    network: gives a row of numbers, or a sequence (then each step goes through the same layer).
    units: how many numbers come out.
    activation: the function that bends each sum; none leaves it straight.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer.
    """
    return then(network, "dense", name, units=units, activation=activation)


@node(family="networks", icon="embedding", says="{size:number}", light=True, also=("word vectors",))
def embedding(network: Network, *, size: Units = 32, name: Name = "") -> Network:
    """Add an embedding: each word or category gets a row of numbers of its own, which is learnt.

    network: gives words, characters or categories as codes.
    size: how many numbers each word or category gets.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer.
    """
    return then(network, "embedding", name, size=size)


@node(family="networks", icon="dropout", says="drops {share:%}", light=True)
def dropout(network: Network, *, share: Share = 0.5, name: Name = "") -> Network:
    """Add dropout: while training, numbers are blanked at random, so that the network does not rely on single ones.

    network: any network.
    share: how many of the numbers are blanked, 0.5 is half of them.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer.
    """
    return then(network, "dropout", name, share=share)


@node(family="networks", icon="normalise", light=True, also=("batch norm",))
def batch_normalisation(
    network: Network, *, momentum: Annotated[float, Between(0.001, 1)] = 0.1, name: Name = ""
) -> Network:
    """Add batch normalisation: each number is brought to mean 0 and deviation 1 over the rows of a batch.

    network: any network.
    momentum: how fast the means and deviations that are used after training follow those of the batches.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer.
    """
    return then(network, "batch_normalisation", name, momentum=momentum)


@node(family="networks", icon="normalise", light=True, also=("layer norm",))
def layer_normalisation(network: Network, *, name: Name = "") -> Network:
    """Add layer normalisation: the numbers of each row (of each step, of each pixel) are brought to mean 0, deviation 1.

    network: any network.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer.
    """
    return then(network, "layer_normalisation", name)


@node(family="networks", icon="activation", says="{function}", light=True, also=("relu", "sigmoid", "tanh"))
def activation(network: Network, *, function: Function = "relu", name: Name = "") -> Network:
    """Add an activation: every number goes through a function that bends it.

    network: any network.
    function: which one: relu cuts off what is below 0, tanh and sigmoid squeeze, softmax makes shares that sum to 1.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer.
    """
    return then(network, "activation", name, function=function)


@node(
    family="networks", icon="merge", says="{how}", light=True, title="Merge", also=("concatenate", "add", "attention")
)
def merge_layers(
    *networks: Network,
    how: Literal["concatenate", "add", "multiply", "attention"] = "concatenate",
    name: Name = "",
) -> Network:
    """Lead branches of a network together: side by side, added, multiplied, or one attending to the other.

    What the branches have in common before they part is there once. For attention the first branch asks, and the second, a
    sequence, answers with the mean of its steps, weighed by how well they match.

    networks: the branches, in this order.
    how: concatenate puts their numbers side by side; add and multiply need equal shapes; attention takes two.
    name: what to call the layer; empty: by its kind.
    returns: the branches as one network with this layer.
    """
    return merged(networks, "merge_layers", name, how=how)
