"""What Train does with tables: it reads the columns that the network needs, and gives the history as a table."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pyarrow as pa

from peephole.core.checkpoint import checkpoint_folder
from peephole.core.schema import ROW
from peephole.core.types import Network, Table
from peephole.neural.trained import TrainedNetwork
from peephole.neural.training.loop import train
from peephole.neural.training.settings import TrainingSettings
from peephole.nodes.networks._ahead import check_training, wanted
from peephole.nodes.networks._rows import as_table, read

SETTINGS = {field.name for field in fields(TrainingSettings)}


def trained(
    network: Network, table: Table, validation: Table | None, go_on: bool, settings: dict[str, Any]
) -> tuple[TrainedNetwork, Table]:
    """The trained network, and its history as a table."""
    chosen = TrainingSettings(**settings)
    graph = check_training(network, table, validation, chosen)
    columns = wanted(graph, targets=True)
    learn_from = read(table, columns)
    watched = read(validation, columns) if validation is not None else None
    start = network if isinstance(network, TrainedNetwork) and go_on else graph
    made = train(start, learn_from, watched, chosen, checkpoint=checkpoint_folder())
    return made, history_table(made)


def history_table(network: TrainedNetwork) -> Table:
    """One row for each epoch; of a training that was stopped by hand the last one says so."""
    names = list(network.history[0]) if network.history else ["epoch", "loss"]
    columns = {name: pa.array([entry.get(name) for entry in network.history]) for name in names}
    if "stopped" in network.notes and network.history:
        columns["stopped"] = pa.array([None] * (len(network.history) - 1) + [network.notes["stopped"]], pa.string())
    return as_table(pa.table({**columns, ROW: pa.array(range(len(network.history)), pa.int64())}))
