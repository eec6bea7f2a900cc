"""What the layer nodes share: the kinds of their settings, and one more layer at the end of a network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from peephole.core.errors import SettingError
from peephole.core.schema import ROW, Schema
from peephole.core.settings import Between
from peephole.core.types import Network, Table
from peephole.neural.network import NetworkGraph
from peephole.neural.shapes import ShapeError

Name = Annotated[str, Field(max_length=60, pattern=r"^[^./\\]*$")]
Units = Annotated[int, Between(1, 65_536)]
Share = Annotated[float, Between(0, 0.99)]
Function = Literal["none", "tanh", "sigmoid", "relu", "leaky relu", "elu", "gelu", "softplus", "softmax"]


def begin(table: Table, kind: str, columns: Sequence[str], name: str, **settings: Any) -> Network:
    """A network of one input layer, which reads these columns of a table; it keeps their types."""
    types = types_of(table)
    return NetworkGraph.begin(kind, name=name, columns={column: types[column] for column in columns}, **settings)


def then(network: Network, kind: str, name: str, **settings: Any) -> Network:
    """The network with one more layer."""
    return drawn(network).then(kind, name=name, **settings)


def drawn(network: Network) -> NetworkGraph:
    """The drawing of a network. A trained one ends where it ends: its layers keep what they have learnt."""
    if not isinstance(network, NetworkGraph):
        raise SettingError(
            "The network is trained already, and a layer would change it.", remedy="Connect the drawing, before Train."
        )
    if network.ends:
        raise ShapeError(
            "The network ends in an output layer already.", remedy="Put this layer before the output, or take that off."
        )
    return network


def types_of(table: Table) -> Schema:
    """The visible columns and their types."""
    from peephole.tables.schema import schema_of

    return {name: word for name, word in schema_of(table).items() if name != ROW}


def merged(networks: Sequence[Network], kind: str, name: str, **settings: Any) -> Network:
    """Several networks led together by one more layer."""
    if not networks:
        raise ShapeError("No network is connected.", remedy="Connect at least two branches.")
    return NetworkGraph.join(kind, [drawn(network) for network in networks], name=name, **settings)
