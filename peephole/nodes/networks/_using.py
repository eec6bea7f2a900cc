"""Applying a trained network to a table of the engine in use."""

from __future__ import annotations

import pyarrow as pa

from peephole.core.errors import SettingError, listing
from peephole.core.schema import ROW
from peephole.core.types import Network, Table
from peephole.neural.trained import TrainedNetwork
from peephole.nodes.networks._ahead import check_columns, wanted
from peephole.nodes.networks._drawing import types_of
from peephole.nodes.networks._rows import as_table, read_all


def require_trained(network: Network) -> TrainedNetwork:
    """The network, where it is trained."""
    if not isinstance(network, TrainedNetwork):
        raise SettingError("The network is not trained yet.", remedy="Put Train between the drawing and this node.")
    return network


def rows_for(table: Table, network: TrainedNetwork, *, targets: bool = False) -> pa.Table:
    """All rows and columns in memory, once it is sure that the network can read them."""
    check_columns(wanted(network.graph, targets=targets), types_of(table), "table")
    return read_all(table)


def predicted(table: Table, network: Network, name: str, probabilities: bool) -> Table:
    """The table with the network's predictions."""
    net = require_trained(network)
    rows = rows_for(table, net)
    return as_table(with_columns(rows, net.predict(rows, name=name, probabilities=probabilities), "name"))


def with_columns(rows: pa.Table, found: pa.Table, setting: str) -> pa.Table:
    """Rows with new columns beside them. Raises SettingError where a name is taken."""
    taken = [name for name in found.column_names if name in rows.column_names or name == ROW]
    if taken:
        raise SettingError(
            f"The table already has the columns {listing(taken)}.", remedy="Choose another name.", setting=setting
        )
    for name in found.column_names:
        rows = rows.append_column(name, found.column(name))
    return rows
