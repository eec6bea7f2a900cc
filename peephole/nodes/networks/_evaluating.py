"""Measures of a trained network's answers: the scorers' own, target by target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import torch

from peephole.core.errors import DataError
from peephole.core.schema import ROW
from peephole.core.types import Figure, Network, Table
from peephole.figures.charts import points
from peephole.neural.answers import ANSWERS
from peephole.neural.answers.sequences import edits
from peephole.neural.examples import require_some
from peephole.neural.prepare.text import split
from peephole.neural.trained import PIECE, TrainedNetwork
from peephole.nodes.mining import _numeric as numeric
from peephole.nodes.mining import _scoring as scoring
from peephole.nodes.mining._rows import table_of
from peephole.nodes.networks._rows import as_table
from peephole.nodes.networks._using import require_trained, rows_for

Measured = tuple[dict[str, float | None], Figure]


def evaluated(table: Table, network: Network) -> tuple[Table, Figure]:
    """The measures of each target, and the figure of the first."""
    net = require_trained(network)
    net.require_output()
    rows = rows_for(table, net, targets=True)
    kind = net.graph.layers[net.graph.output].kind
    if kind == "label_sequence_output":
        found: dict[str, Measured] = dict([_sequences(net, rows)])
    else:
        measure = _numbers if kind == "number_output" else _classes
        found = {target: measure(flat, target, said) for target, said, flat in _answers(net, rows)}
    lines = [(target, name, value) for target, (scores, _) in found.items() for name, value in scores.items()]
    columns = dict(zip(("target", "metric", "value"), map(list, zip(*lines, strict=True)), strict=True))
    return table_of(columns, {"value": pa.float64()}), next(iter(found.values()))[1]


def _answers(net: TrainedNetwork, rows: pa.Table) -> Iterator[tuple[str, str, Table]]:
    """For each target its name, the prediction's, and a table of the actual and predicted values (each step a row)."""
    block = net.graph.layers[net.graph.output]
    answer, settings, fitted = ANSWERS[block.kind], dict(block.settings), net.prepared["output"]
    found = net.examples(rows, targets=True)
    require_some(found, "No row has every input and its answer.")
    parts = []
    for wanted in found.batches(PIECE):
        with torch.no_grad():
            flow = net.module.eval().flow(found.batch(wanted, net.device))[net.graph.output]
        said = answer.predict(settings, fitted, flow, "predicted", True)
        truth = answer.predict(settings, fitted, answer.said(fitted, found.targets(wanted)), "actual", False)
        columns = {
            name: values.flatten() if pa.types.is_list(values.type) else values
            for name, values in (said | truth).items()
        }
        parts.append(pa.table(columns))
    whole = pa.concat_tables(parts)
    targets = list(block.settings["targets"])
    several = block.kind != "class_output" and (len(targets) > 1 or block.kind == "label_output")
    for target in targets:
        ending = f" {target}" if several else ""
        yield target, f"predicted{ending}", as_table(_of_target(whole, target, ending, block.kind == "label_output"))


def _of_target(whole: pa.Table, target: str, ending: str, labels: bool) -> pa.Table:
    """The columns of one target: actual under the target's own name, predicted, probabilities."""
    kept = {target: whole.column(f"actual{ending}"), f"predicted{ending}": whole.column(f"predicted{ending}")}
    if labels:
        yes = whole.column(f"predicted P({target})")
        kept |= {f"predicted{ending} P(true)": yes, f"predicted{ending} P(false)": pa.array(1 - yes.to_numpy())}
    else:
        kept |= {name: whole.column(name) for name in whole.column_names if name.startswith("predicted P(")}
    return pa.table({**kept, ROW: pa.array(np.arange(whole.num_rows))})


def _numbers(flat: Table, target: str, said: str) -> Measured:
    scores = numeric.errors(flat, target, said)
    return scores, numeric.scatter(flat, target, said, int(scores["rows"] or 0))


def _classes(flat: Table, target: str, said: str) -> Measured:
    counts = scoring.count(flat, target, said)
    curves, loss = scoring.curves(flat, counts, target, said, [], None)
    lines = scoring.metrics_table(counts, curves, loss).collect("pyarrow").to_native().to_pylist()
    return {line["metric"]: line["value"] for line in lines}, scoring.confusion_figure(
        counts, f"Confusion matrix: {target}"
    )


def _sequences(net: TrainedNetwork, rows: pa.Table) -> tuple[str, Measured]:
    settings = net.graph.layers[net.graph.output].settings
    target = next(iter(settings["targets"]))
    found = net.predict(rows, name=target)
    kept = found.column(target).is_valid()
    units = {"columns": {target: ""}, "unit": settings["unit"], "lower": False}
    pairs: list[tuple[list[Any], list[Any]]] = list(
        zip(split(found.filter(kept), units), split(rows.select([target]).filter(kept), units), strict=True)
    )
    if not pairs:
        raise DataError("No row has every input and its answer.", remedy="Look at the messages.")
    wrong = [edits(said, actual) for said, actual in pairs]
    lengths = [len(actual) for _, actual in pairs]
    scores: dict[str, float | None] = {
        "rows": float(len(pairs)),
        "label error rate": sum(wrong) / max(sum(lengths), 1),
        "exactly right": sum(w == 0 for w in wrong) / len(pairs),
    }
    data = pa.table({"labels": pa.array(lengths, pa.float64()), "wrong": pa.array(wrong, pa.float64())})
    return target, (scores, points(data, x="labels", y="wrong", title=f"Wrong labels of each row: {target}"))
