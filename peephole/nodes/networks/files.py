"""Networks become files, and files networks."""

from __future__ import annotations

from typing import Annotated, Literal

from peephole.core.node import node
from peephole.core.settings import FilePath, ReadPath, WritePath
from peephole.core.types import Network, Variable
from peephole.nodes.networks import _ahead
from peephole.nodes.networks.training import NEEDS


@node(family="networks", icon="save", effect=True, needs=NEEDS, pack="neural")
def save_network(network: Network, *, path: Annotated[WritePath, FilePath("write", ("*.peepnet",))]) -> Variable:
    """Save a network to a file: the drawing, what it has learnt, and how it reads columns.

    network: a drawn or a trained network.
    path: the file, relative to the document's folder; one of that name is replaced.
    returns: the file's full path.
    """
    from peephole.nodes.networks import _files

    return Variable(_files.saved(network, path))


@node(family="networks", icon="load", needs=NEEDS, pack="neural")
def load_network(*, path: Annotated[ReadPath, FilePath("read", ("*.peepnet",))]) -> Network:
    """Load a network from a file that Save network wrote.

    path: the file, relative to the document's folder.
    returns: the network, trained if it was trained.
    """
    from peephole.nodes.networks import _files

    return _files.loaded(path)


@node(
    family="networks",
    icon="export",
    effect=True,
    needs=NEEDS,
    pack="neural",
    also=("ONNX", "safetensors"),
    ahead=_ahead.exporting,
)
def export_network(
    network: Network,
    *,
    path: Annotated[WritePath, FilePath("write", ("*.safetensors",))],
    onnx: Literal["where possible", "always", "never"] = "where possible",
) -> Variable:
    """Write a trained network for other programs: weights, a description, and where that can be an ONNX file.

    Beside NAME.safetensors (the weights) there are NAME.json (layers, vocabularies, scales) and NAME.onnx (runs without
    this program, scales of numbers included).

    network: a trained network.
    path: the file with the weights, relative to the document's folder; the others get its name. Those there are replaced.
    onnx: whether to write NAME.onnx: where its operators allow; always, or fail; or never.
    returns: the full path of the weights.
    """
    from peephole.nodes.networks import _files

    return Variable(_files.exported(network, path, onnx))
