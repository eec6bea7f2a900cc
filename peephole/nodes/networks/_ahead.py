"""What nodes that use networks say before anything runs: whether the table has what the network reads. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peephole.core.errors import ColumnError, SettingError, listing, nearest
from peephole.core.schema import ROW, ColumnType, accepts
from peephole.core.types import Network, Table
from peephole.neural.network import NetworkGraph
from peephole.nodes.networks._drawing import types_of

_ALSO: dict[str, tuple[str, ...]] = dict.fromkeys(("number", "integer", "boolean"), ("number", "integer", "boolean"))


def training(network: Network, table: Table, validation: Table | None = None, **_: Any) -> tuple[Network, None]:
    """The network that training will give, as far as it is known; raises where a table lacks what it reads."""
    graph = whole(network)
    for rows, where in ((table, "table"), (validation, "validation")):
        if rows is not None:
            check_table(graph, rows, targets=True, where=where)
    return graph, None


def using(table: Table, network: Network, **_: Any) -> None:
    """Raises where a table lacks what the network reads."""
    if isinstance(network, NetworkGraph):
        check_table(network, table, targets=False)


def mapping(table: Table, network: Network, **_: Any) -> tuple[None, None]:
    """The same, for nodes with two outputs."""
    using(table, network)
    return None, None


def measuring(table: Table, network: Network, **_: Any) -> None:
    """The same, answers included."""
    if isinstance(network, NetworkGraph):
        check_table(network, table, targets=True)


def evaluating(table: Table, network: Network) -> tuple[None, None]:
    """The same, answers included."""
    if isinstance(network, NetworkGraph):
        check_table(network, table, targets=True)
    return None, None


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
