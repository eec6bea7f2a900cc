"""Using a trained network: predictions, and what its layers make of each row."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from peephole.core.node import node
from peephole.core.types import Network, Table
from peephole.nodes.networks import _ahead
from peephole.nodes.networks.training import NEEDS


@node(
    family="networks",
    icon="predict",
    title="Predict with network",
    data_dependent=True,
    needs=NEEDS,
    pack="neural",
    ahead=_ahead.using,
)
def predict_network(
    table: Table,
    network: Network,
    *,
    name: Annotated[str, Field(min_length=1)] = "prediction",
    probabilities: bool = True,
) -> Table:
    """Add what a trained network says to each row.

    Every row and column is kept. Where a row lacks what the network reads (of sequences: the rows before it), the
    prediction is missing.

    table: rows with the columns that the network reads.
    network: a trained network.
    name: the new column; with several targets `name target`, probabilities are called `name P(class)`.
    probabilities: for classes and labels, add the probability of each.
    returns: the table with the predictions.
    """
    from peephole.nodes.networks import _using

    return _using.predicted(table, network, name, probabilities)
