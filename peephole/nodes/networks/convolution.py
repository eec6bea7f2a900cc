"""Convolution and pooling: filters and windows that move over a sequence or an image."""

from __future__ import annotations

from typing import Annotated, Literal

from peephole.core.node import node
from peephole.core.settings import Between
from peephole.core.types import Network
from peephole.nodes.networks._drawing import Function, Name, Units, then

Width = Annotated[int, Between(1, 1000)]


@node(
    family="networks",
    icon="convolution",
    says="{filters:filter}, {width} wide",
    light=True,
    title="Convolution 1-D",
    also=("Conv1D", "CNN"),
)
def convolution_1d(
    network: Network,
    *,
    filters: Units = 32,
    width: Width = 3,
    stride: Width = 1,
    padding: Literal["same", "valid"] = "same",
    activation: Function = "relu",
    name: Name = "",
) -> Network:
    """Add a convolution over steps: filters that look at a few neighbouring steps, the same at every place.

    network: gives a sequence.
    filters: how many filters; so many numbers come out at each step.
    width: how many neighbouring steps a filter sees.
    stride: how many steps a filter moves on; 2 halves the sequence.
    padding: same keeps the length (zeros at the ends); valid uses only whole windows.
    activation: the function that bends each number.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer.
    """
    given = {"filters": filters, "width": width, "stride": stride, "padding": padding, "activation": activation}
    return then(network, "convolution_1d", name, **given)


@node(
    family="networks",
    icon="convolution",
    says="{filters:filter}, {width} wide",
    light=True,
    title="Convolution 2-D",
    also=("Conv2D", "CNN"),
)
def convolution_2d(
    network: Network,
    *,
    filters: Units = 32,
    width: Width = 3,
    stride: Width = 1,
    padding: Literal["same", "valid"] = "same",
    activation: Function = "relu",
    name: Name = "",
) -> Network:
    """Add a convolution over pixels: filters that look at a small square of the image, the same at every place.

    network: gives images.
    filters: how many filters; so many channels come out.
    width: side of the square that a filter sees, in pixels.
    stride: how many pixels a filter moves on; 2 halves height and width.
    padding: same keeps height and width (zeros at the edges); valid uses only whole squares.
    activation: the function that bends each number.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer.
    """
    given = {"filters": filters, "width": width, "stride": stride, "padding": padding, "activation": activation}
    return then(network, "convolution_2d", name, **given)


@node(
    family="networks",
    icon="pooling",
    says="{how} of {width}",
    light=True,
    also=("max pooling", "average pooling", "global pooling"),
)
def pooling(
    network: Network,
    *,
    how: Literal["max", "mean"] = "max",
    width: Width = 2,
    stride: Annotated[int, Between(0, 1000)] = 0,
    whole: bool = False,
    name: Name = "",
) -> Network:
    """Add pooling: of neighbouring steps or pixels only the largest number, or the mean, is kept.

    network: gives a sequence or images.
    how: keep the largest number, or the mean.
    width: how many neighbouring steps, or the side of the square of pixels.
    stride: how far the window moves on; 0: its own width.
    whole: one number for the whole sequence or image instead; a row of numbers comes out.
    name: what to call the layer; empty: by its kind.
    returns: the network with this layer.
    """
    return then(network, "pooling", name, how=how, width=width, stride=stride, whole=whole)
