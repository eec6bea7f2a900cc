"""Applying a trained network to a table of the engine in use."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import torch

from peephole.core.errors import DataError, SettingError
from peephole.core.progress import message, progress
from peephole.core.schema import ROW
from peephole.core.types import Network, Table
from peephole.neural.examples import examples, has_targets
from peephole.neural.following import OUTPUT, TASK
from peephole.neural.opened import spread
from peephole.neural.parts.flow import Flow
from peephole.neural.prepare.rows import Floats, Whole
from peephole.neural.traces import Trace
from peephole.neural.trained import PIECE, TrainedNetwork
from peephole.nodes._columns import check_free
from peephole.nodes.networks._ahead import check_layer, check_table, recurrent_layer
from peephole.nodes.networks._rows import as_table, read_all

MOST_FEATURES = 4096


def require_trained(network: Network) -> TrainedNetwork:
    """The network, where it is trained."""
    if not isinstance(network, TrainedNetwork):
        raise SettingError("The network is not trained yet.", remedy="Put Train between the drawing and this node.")
    return network


def rows_for(table: Table, network: TrainedNetwork, *, targets: bool = False) -> pa.Table:
    """All rows and columns in memory, once it is sure that the network can read them."""
    check_table(network.graph, table, targets=targets)
    return read_all(table)


def predicted(table: Table, network: Network, name: str, probabilities: bool) -> Table:
    """The table with the network's predictions."""
    net = require_trained(network)
    rows = rows_for(table, net)
    return as_table(with_columns(rows, net.predict(rows, name=name, probabilities=probabilities)))


def with_columns(rows: pa.Table, found: pa.Table) -> pa.Table:
    """Rows with new columns beside them. Raises SettingError where a name is taken."""
    check_free(found.column_names, rows.column_names)
    for name in found.column_names:
        rows = rows.append_column(name, found.column(name))
    return rows


def with_errors(table: Table, network: Network, name: str) -> Table:
    """The table with the network's error of each row."""
    net = require_trained(network)
    net.require_output()
    rows = rows_for(table, net, targets=True)
    found = net.errors(rows)
    return as_table(with_columns(rows, pa.table({name: found})))


def layer_of(net: TrainedNetwork, wanted_layer: str) -> str:
    """The layer named; the one before the output where none is. Raises SettingError with the nearest name."""
    check_layer(wanted_layer, list(net.graph.layers))
    if wanted_layer:
        return wanted_layer
    before = net.graph.layers[net.graph.output].inputs
    return before[0] if net.graph.ends and before else net.graph.output


def features(net: TrainedNetwork, rows: pa.Table, layer: str, steps: str) -> tuple[Floats, list[int]]:
    """What a layer makes of each whole row, (n, F) (F lists of steps as objects), and the rows' numbers."""
    found = net.examples(rows)
    parts = []
    for wanted_rows in progress(list(found.batches(PIECE)), "Computing"):
        with torch.no_grad():
            flow = net.module.eval().flow(found.batch(wanted_rows, net.device))[layer]
        parts.append(_as_columns(flow, steps))
    if not parts:
        raise DataError("No row has everything that the network reads.", remedy="Look at the messages.")
    return np.concatenate(parts), found.rows.tolist()


def _as_columns(flow: Flow, steps: str) -> Floats:
    x = flow.x.double().cpu()
    if x.dim() != 3:
        return np.asarray(x.reshape(len(x), -1).numpy())
    lengths = torch.full((len(x),), x.shape[1]) if flow.lengths is None else flow.lengths
    if steps == "last":
        return np.asarray(x[torch.arange(len(x)), lengths - 1].numpy())
    if steps == "mean":
        return np.asarray((Flow(x, flow.lengths).cleared().x.sum(1) / lengths.unsqueeze(1)).numpy())
    lists = np.empty((len(x), x.shape[2]), dtype=object)
    for row, (one, length) in enumerate(zip(x.numpy(), lengths.tolist(), strict=True)):
        for feature in range(x.shape[2]):
            lists[row, feature] = one[:length, feature].tolist()
    return lists


def featured(table: Table, network: Network, layer: str, steps: str, name: str) -> Table:
    """The table with a layer's activations as columns."""
    net = require_trained(network)
    rows = rows_for(table, net)
    values, at = features(net, rows, layer_of(net, layer), steps)
    if values.shape[1] > MOST_FEATURES:
        raise SettingError(
            f"The layer gives {values.shape[1]:,} numbers for each row, and {MOST_FEATURES:,} columns are the most.",
            remedy="Choose a layer that gives fewer, or put Pooling into the network.",
            setting="layer",
        )
    kind = pa.list_(pa.float64()) if values.dtype == object else pa.float64()
    made = pa.table({f"{name} {i + 1}": pa.array(list(values[:, i]), kind) for i in range(values.shape[1])})
    return as_table(with_columns(rows, spread(made, torch.tensor(at), rows.num_rows)))


def unfolded(
    table: Table, network: Network, layer: str, span: tuple[int, int], variables: list[str], routes: str, follow: str
) -> Table:
    """Traces of a few rows as a table: those with their answer first, then those without, of which an output is followed."""
    net = require_trained(network)
    recurrent = recurrent_layer(layer, net.recurrent_layers())
    rows, (first, count) = rows_for(table, net), span
    found = examples(net.graph, rows, net.prepared, targets=has_targets(net.graph, rows), unanswered=True)
    whole = found.rows[found.rows >= first - 1][:count]
    if not len(whole):
        raise DataError(
            f"From row {first} on, no row has everything that the network reads.",
            remedy="Choose an earlier row.",
            setting="first",
        )
    places, answered = torch.arange(len(whole)), found.answered(whole)
    groups = [(follow, places)] if follow else [(TASK, places[answered]), (OUTPUT, places[~answered])]
    if not follow and not bool(answered.all()):
        message(f"{int((~answered).sum())} rows have no answer: what is followed back there is their largest output.")
    parts = [
        _moved(
            routes_table(trace, routes) if routes else trace.to_table(variables or None),
            chosen.numpy(),
            "the loss" if loss == TASK else "the largest output" if loss == OUTPUT else loss,
        )
        for loss, chosen in groups
        if len(chosen)
        for trace in [net.unfold(rows, recurrent, loss, only=whole[chosen].tolist())]
    ]
    return as_table(_numbered(pa.concat_tables(parts, promote_options="permissive")))


def _moved(tidy: pa.Table, batch: Whole, followed: str) -> pa.Table:
    """Rows of a trace with their places among all the rows that were run, and what was followed back."""
    at = tidy.schema.get_field_index("batch")
    tidy = tidy.set_column(at, "batch", pa.array(batch[tidy.column("batch").to_numpy()]))
    return tidy.append_column("followed", pa.array([followed]).take(pa.array(np.zeros(tidy.num_rows, np.int32))))


_COUNTED = ("layer", "t", "batch", "unit")


def _numbered(tidy: pa.Table) -> pa.Table:
    """Plain columns, counted from 1 as people count, and the rows' order."""
    plain = {
        field.name: tidy.column(field.name).cast(pa.string() if pa.types.is_dictionary(field.type) else field.type)
        for field in tidy.schema
    }
    plain |= {name: pc.add(plain[name], 1) for name in _COUNTED}
    return pa.table({**plain, ROW: pa.array(np.arange(tidy.num_rows))})


def routes_table(trace: Trace, variable: str) -> pa.Table:
    """Each route's share of a variable's error: one row for each route, step, sequence and unit; without padding."""
    parts = []
    for layer, direction in ((k, d) for k in range(trace.layers) for d in trace.directions):
        names = trace.route_labels(variable, layer=layer)
        for route, share in trace.routes(variable, layer=layer, direction=direction).items():
            values = share.double().cpu().numpy()
            t, batch, unit = (axis.reshape(-1) for axis in np.indices(values.shape))
            there = t < trace.lengths.numpy()[batch]
            columns = {"t": t, "batch": batch, "unit": unit, "share": values.reshape(-1)}
            said = {"layer": layer, "direction": direction, "variable": variable, "route": route, "name": names[route]}
            count = int(there.sum())
            kept = {name: pa.array(column[there]) for name, column in columns.items()}
            parts.append(pa.table({**{name: pa.array([value] * count) for name, value in said.items()}, **kept}))
    return pa.concat_tables(parts)
