"""What nodes that use networks say before anything runs: whether the table has what the network reads. No torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peephole.core.errors import ColumnError, SettingError, listing, nearest
from peephole.core.progress import message
from peephole.core.schema import ROW, ColumnType, accepts
from peephole.core.types import Network, Table
from peephole.neural.cards import without_card
from peephole.neural.network import NetworkGraph
from peephole.neural.training.in_time import check_in_time
from peephole.neural.training.settings import TrainingSettings
from peephole.nodes._columns import check_free
from peephole.nodes.networks._drawing import types_of

_ALSO: dict[str, tuple[str, ...]] = dict.fromkeys(("number", "integer", "boolean"), ("number", "integer", "boolean"))


@dataclass(frozen=True)
class ToBeTrained(Network):
    """What Train will give, as far as it is known before it runs."""

    graph: NetworkGraph

    def facts(self) -> dict[str, Any]:
        """What to show beside a wire."""
        return self.graph.facts()


def training(
    network: Network, table: Table, validation: Table | None = None, *, go_on: bool, **settings: Any
) -> tuple[Network, None]:
    """The network that training will give; raises where a table or a setting does not fit it."""
    del go_on
    chosen = TrainingSettings(**settings)
    graph = check_training(network, table, validation, chosen)
    if chosen.device == "cuda" and (why := without_card()):
        message(
            f"It cannot be trained on this machine: there is no graphics card, {why}. Set device to auto.", "warning"
        )
    return ToBeTrained(graph), None


def check_training(
    network: Network, table: Table, validation: Table | None, settings: TrainingSettings
) -> NetworkGraph:
    """The drawing to be trained. Raises where a table or a setting does not fit it."""
    graph = whole(network)
    check_table(graph, table, targets=True)
    if validation is not None:
        check_table(graph, validation, targets=True, where="validation table")
    if settings.truncate:
        check_in_time(graph)
    return graph


def using(table: Table, network: Network, *, name: str = "", layer: str = "", **_: Any) -> None:
    """Raises where a table lacks what the network reads, or a setting does not fit them."""
    graph = to_be_trained(network)
    check_table(graph, table, targets=False)
    check_layer(layer, list(graph.layers))
    if len(graph.layers[graph.output].settings["targets"]) == 1:
        check_free([name], types_of(table))


def extracting(table: Table, network: Network, *, name: str, layer: str, **_: Any) -> None:
    """The same, for new columns that are numbered."""
    using(table, network, layer=layer)
    check_free([f"{name} 1"], types_of(table))


def unfolding(table: Table, network: Network, *, layer: str, **_: Any) -> None:
    """The same, for a recurrent layer."""
    using(table, network)
    recurrent_layer(layer, [found for found, _, _ in to_be_trained(network).of_role("recurrent")])


def mapping(table: Table, network: Network, *, layer: str, **_: Any) -> tuple[None, None]:
    """The same, for nodes with two outputs."""
    using(table, network, layer=layer)
    return None, None


def measuring(table: Table, network: Network, *, name: str) -> None:
    """The same, answers included."""
    check_table(to_be_trained(network), table, targets=True)
    check_free([name], types_of(table))


def evaluating(table: Table, network: Network) -> tuple[None, None]:
    """The same, answers included."""
    check_table(to_be_trained(network), table, targets=True)
    return None, None


def exporting(network: Network, **_: Any) -> None:
    """Raises where there is nothing learnt to write."""
    to_be_trained(network)


def to_be_trained(network: Network) -> NetworkGraph:
    """The drawing of a network that has been or will be trained. Raises SettingError for a drawing alone."""
    graph = None if isinstance(network, NetworkGraph) else getattr(network, "graph", None)
    if not isinstance(graph, NetworkGraph):
        raise SettingError("The network is not trained yet.", remedy="Put Train between the drawing and this node.")
    return graph


def check_layer(wanted_layer: str, layers: Sequence[str], what: str = "layer") -> None:
    """Raise SettingError where a layer is named that is not there, with the nearest name."""
    if wanted_layer and wanted_layer not in layers:
        raise SettingError(
            f'There is no {what} "{wanted_layer}".',
            remedy=f"{nearest(wanted_layer, layers)} Layers: {listing(layers)}.".strip(),
            setting="layer",
        )


def recurrent_layer(wanted_layer: str, layers: Sequence[str]) -> str:
    """The recurrent layer to unfold: the one named, or the first. Raises SettingError where there is none."""
    if not layers:
        raise SettingError(
            "The network has no recurrent layer that could be unfolded.", remedy="Extract features shows other layers."
        )
    check_layer(wanted_layer, layers, "recurrent layer")
    return wanted_layer or layers[0]


def wanted(graph: NetworkGraph, *, targets: bool) -> dict[str, str]:
    """The columns that the network reads, and their types where they matter."""
    found = dict.fromkeys(graph.all_columns(), "")
    return {**found, **graph.columns(), **(graph.layers[graph.output].settings["targets"] if targets else {})}


def whole(network: Network) -> NetworkGraph:
    """The drawing of a network that can be trained; a trained one is trained anew, from its drawing."""
    graph = network if isinstance(network, NetworkGraph) else getattr(network, "graph", None)
    if not isinstance(graph, NetworkGraph) or not graph.ends:
        raise SettingError(
            "The network does not end in an output layer.", remedy="Put Number output or Class output at its end."
        )
    return graph


def check_table(graph: NetworkGraph, table: Table, *, targets: bool, where: str = "table") -> None:
    """Raise where a table lacks a column that the network reads, or the order that its sequences need."""
    check_columns(wanted(graph, targets=targets), types_of(table), where)
    for layer, block, _ in graph.of_role("input"):
        unordered = block.kind == "sequence_input" and not block.settings["order_by"]
        if unordered and ROW not in table.collect_schema().names():
            raise SettingError(
                f'The rows of the {where} have no order any more, and the sequences of "{layer}" need one.',
                remedy="Choose the columns to order by in Sequence input, or sort the rows.",
            )


def check_columns(needed: Mapping[str, str], there: Mapping[str, ColumnType], where: str) -> None:
    """Raise ColumnError where a column is missing, or of another type than when the network was drawn."""
    for name, word in needed.items():
        if name not in there:
            raise ColumnError(
                f'The network reads the column "{name}", and the {where} has none.',
                remedy=f"{nearest(name, there)} Columns: {listing(there)}.".strip(),
            )
        got = there[name]
        if word and not accepts(_as(word), got):
            raise ColumnError(
                f'The network was drawn for "{name}" of type {word}, and in the {where} it is of type {got}.',
                remedy="Cast the column, or draw the network from this table.",
            )


def _as(word: str) -> tuple[str, ...]:
    return _ALSO.get(word, (word,))
