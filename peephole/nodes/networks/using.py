"""Using a trained network: predictions, and what its layers make of each row."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Between, Column, ColumnPicker, Seed
from peephole.core.types import Figure, Network, Table
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


class Evaluation(NamedTuple):
    """What `evaluate_network` gives."""

    metrics: Table
    figure: Figure


@node(
    family="networks",
    icon="score",
    data_dependent=True,
    needs=(*NEEDS, "scikit-learn"),
    pack="neural",
    ahead=_ahead.evaluating,
)
def evaluate_network(table: Table, network: Network) -> Evaluation:
    """Measure how well a trained network does on rows whose answers are known.

    Numbers: mean absolute error, squared error, R2. Classes and labels: accuracy, precision, recall, F1, AUC. Sequences of
    labels: error rate. Answers at each step count step by step. The same measures as those of the scorers.

    table: rows with what the network reads and with the actual answers; best ones it was not trained on.
    network: a trained network.
    metrics: each measure of each target.
    figure: predicted against actual numbers, or the confusion matrix, of the first target.
    """
    from peephole.nodes.networks import _evaluating

    return Evaluation(*_evaluating.evaluated(table, network))


@node(
    family="networks",
    icon="sigma",
    title="Errors of rows",
    data_dependent=True,
    needs=NEEDS,
    pack="neural",
    ahead=_ahead.measuring,
    also=("reconstruction error", "anomaly score", "autoencoder"),
)
def network_errors(table: Table, network: Network, *, name: Annotated[str, Field(min_length=1)] = "error") -> Table:
    """Add to each row how far off a trained network is there: large where it meets what it has not learnt.

    Of numbers the mean squared error over all targets, in their own units; of classes and labels the surprise (cross
    entropy); of steps the mean over the steps. An autoencoder's error tells rows that are unlike those it learnt from.

    table: rows with what the network reads, and with the actual answers.
    network: a trained network.
    name: the new column.
    returns: the table with the errors; missing where a row lacks something.
    """
    from peephole.nodes.networks import _using

    return _using.with_errors(table, network, name)


@node(family="networks", icon="columns", data_dependent=True, needs=NEEDS, pack="neural", ahead=_ahead.extracting)
def extract_features(
    table: Table,
    network: Network,
    *,
    layer: str = "",
    steps: Literal["last", "mean", "lists"] = "last",
    name: Annotated[str, Field(min_length=1)] = "feature",
) -> Table:
    """Add what one layer of a trained network makes of each row, as number columns: the row's semantic vector.

    table: rows with the columns that the network reads.
    network: a trained network.
    layer: the layer's name; empty: the one before the output.
    steps: of a layer that gives sequences: the last step, the mean over the steps, or a list for each feature.
    name: what the new columns are called, with numbers from 1: `feature 1`, `feature 2`.
    returns: the table with the new columns.
    """
    from peephole.nodes.networks import _using

    return _using.featured(table, network, layer, steps, name)


class EmbeddingMap(NamedTuple):
    """What `embedding_map` gives."""

    figure: Figure
    points: Table


@node(
    family="networks",
    icon="scatter-plot",
    data_dependent=True,
    needs=(*NEEDS, "scikit-learn"),
    pack="neural",
    ahead=_ahead.mapping,
)
def embedding_map(
    table: Table,
    network: Network,
    *,
    layer: str = "",
    method: Literal["pca", "t-sne", "umap"] = "pca",
    colour: Column | None = None,
    text: Column | None = None,
    pictures: Annotated[list[str], ColumnPicker(types=("binary", "list", "number"))] = [],  # noqa: B006 - validated and frozen
    most: Annotated[int, Between(10, 20_000)] = 2000,
    perplexity: Annotated[float, Between(1, 200)] = 30.0,
    neighbours: Annotated[int, Between(2, 200)] = 15,
    apart: Annotated[float, Between(0, 0.99)] = 0.1,
    seed: Seed = 0,
) -> EmbeddingMap:
    """Draw what one layer of a trained network makes of each row as a point: rows it takes for alike lie side by side.

    A layer of two units is drawn as it is; of more units the map shows as much as a plane can.

    table: rows with the columns that the network reads.
    network: a trained network.
    layer: the layer's name; empty: the one before the output.
    method: pca turns the numbers so that the plane shows most of their spread; t-sne keeps neighbours together; umap too,
        and says more of how groups lie to each other (it needs the package umap-learn: pip install 'peephole[umap]').
    colour: a column that colours the points, such as the class.
    text: a column whose value stands at each point; of more than 500 points it is said where one is pointed at.
    pictures: makes each point a small picture: one column of picture files or of lists of pixels, or one number column for
        each pixel of a square; of more than 400 points some are.
    most: at most so many points; of more rows every second, third ... is drawn.
    perplexity: of t-sne: how many neighbours each point looks to.
    neighbours: of umap: how many neighbours each point looks to.
    apart: of umap: how close points may come to each other, as a share of the map's scale.
    seed: of t-sne and umap: decides where the points begin.
    figure: the map.
    points: the place of each point, with the rows' columns.
    """
    from peephole.nodes.networks import _mapping

    how = _mapping.How(method, perplexity, neighbours, apart, seed, most)
    return EmbeddingMap(*_mapping.mapped(table, network, layer, how, colour, text, pictures))


@node(
    family="networks",
    icon="unfold",
    says="[{layer}, ]{rows:row} from row {first}",
    data_dependent=True,
    needs=NEEDS,
    pack="neural",
    ahead=_ahead.unfolding,
    version=4,  # 3: layers, steps, rows and units are counted from 1.  4: rows without their answer too, and `followed`
    migrations={1: dict, 2: dict, 3: dict},
)
def unfold_network(
    table: Table,
    network: Network,
    *,
    layer: str = "",
    rows: Annotated[int, Between(1, 1000)] = 1,
    first: Annotated[int, Between(1)] = 1,
    variables: list[str] = [],  # noqa: B006 - validated and frozen
    routes: str = "",
    follow: str = "",
) -> Table:
    """Run rows forward and backward through a trained network, and give every value and error of one recurrent layer.

    One row for each variable (cell, gates, output ...), step, sequence and unit: its value, and the error that reached it.

    table: rows with the columns that the network reads, and best with the answers, whose error is followed back.
    network: a trained network with a recurrent layer.
    layer: the recurrent layer's name; empty: the first one.
    rows: how many rows to run.
    first: the first of them, counted from 1; rows that lack what the network reads are passed over.
    variables: which of the cell's variables; empty: all.
    routes: a variable, such as c: instead of values, by which routes its error comes, and how much by each.
    follow: what is followed back, J. Empty: the loss, or the network's largest output for rows without their answer. Or one
        of its outputs, whose error shows what it hangs on: a class or a target by name; output: the largest.
    returns: layer, direction, variable, t, batch, unit, value, error (of routes: route, its name, share), followed; layers one
        upon the other, steps t, the rows that were run (batch) and units are counted from 1. Values are the layer's own
        numbers; an error is ∂J/∂ of one, in the units in which the network learns; followed says what J is.
    """
    from peephole.nodes.networks import _using

    return _using.unfolded(table, network, layer, (first, rows), variables, routes, follow)
