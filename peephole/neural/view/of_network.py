"""A trained network opened at one row of a table, or at a row typed in by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import pyarrow as pa
import torch

from peephole.core.errors import DataError, SettingError
from peephole.neural.answers import ANSWERS
from peephole.neural.examples import examples, has_targets, prepare, windows_of
from peephole.neural.following import OUTPUT, TASK, outputs_of
from peephole.neural.module import built
from peephole.neural.network import NetworkGraph
from peephole.neural.parts.flow import Flow
from peephole.neural.prepare import as_rows
from peephole.neural.prepare.scaling import unscaled
from peephole.neural.trained import TrainedNetwork, chosen
from peephole.neural.view.network_boxes import NetworkBoxes
from peephole.neural.view.opened import OpenTrace
from peephole.neural.view.shown import Followed, Row, Series, Shown, Words

_NAME = "said"
_MANY = 3  # targets; of more each single one is not told


def open_network(
    net: TrainedNetwork,
    rows: Any,
    *,
    row: int = 0,
    layer: str | None = None,
    title: str = "Network",
    row_name: str = "",
    follow: str = "",
) -> OpenTrace:
    """Open a recurrent layer of a network at one row; of a network without any only its layers can be looked at.

    rows: any table with what the network reads.  row: its number, from 0.  layer: the first recurrent one unless given.
    row_name: what the row is called; by its number in the table unless given.  follow: what is followed back, as the loss
    of `TrainedNetwork.unfold`; unless given the task's loss, or the largest output where the row has no answer.
    Raises DataError where the row lacks what the network reads.
    """
    table = as_rows(rows)
    recurrent = net.recurrent_layers()
    chosen = layer if layer is not None else next(iter(recurrent), None)
    example = _example(net, table, row, row_name or f"row {row + 1:,} of the table")
    followed = followed_of(net, table, row, follow)
    boxes = NetworkBoxes(net, table, row, chosen, followed.chosen)
    if chosen is None:
        return OpenTrace(None, Shown(title=title, example=example, followed=followed), boxes)
    trace = net.unfold(table, chosen, followed.chosen, only=[row])
    shown = shown_of(net, table, row, chosen, trace.T, title, example)
    return OpenTrace(trace, replace(shown, followed=followed), boxes)


def followed_of(net: TrainedNetwork, table: pa.Table, row: int, follow: str) -> Followed:
    """What is followed back for a row. Raises DataError where it should be the loss, and the row has no answer."""
    found = examples(net.graph, table, net.prepared, targets=has_targets(net.graph, table), unanswered=True)
    answered, outputs = bool(found.answered(torch.tensor([row]))), outputs_of(net)
    chosen = follow or (TASK if answered else OUTPUT)
    if chosen == TASK and not answered:
        raise DataError(
            f"Row {row + 1} has no answer, so that there is no loss to follow.", remedy="Follow an output instead."
        )
    if chosen == TASK:
        return Followed(chosen, "the loss", answered, outputs)
    if chosen != OUTPUT or len(outputs) == 1:
        name = f'the output "{outputs[0] if chosen == OUTPUT else chosen}"'
        return Followed(chosen, name, answered, outputs)
    said = net.flows(table, [row])[net.graph.output].x[0]
    if said.dim() != 1 or not outputs:
        name = "the largest output" + (" of each step" if said.dim() == 2 else "")
        return Followed(chosen, name, answered, outputs)
    return Followed(chosen, f'the largest output, "{outputs[int(said.argmax())]}"', answered, outputs)


def make_ready() -> None:
    """Open the least LSTM once, so that the first network opened need not wait for libraries and its compiled kernel."""
    import_module("safetensors.torch")  # reads the weights
    graph = NetworkGraph.begin("sequence_input", columns={"x": "number"}, steps=1).then("lstm", units=1)
    graph = graph.then("last_step").then("number_output", targets={"x": "number"})
    rows = pa.table({"x": [0.0]})
    net = TrainedNetwork(graph, built(graph, {}, 0), prepare(graph, rows))
    open_network(net, rows).head()


def whole_rows(net: TrainedNetwork, rows: Any) -> list[int]:
    """Numbers of the rows that can be opened, from 0: those that have all that the network reads."""
    found: list[int] = net.examples(rows).rows.tolist()
    return found


def answered_rows(net: TrainedNetwork, rows: Any) -> list[int]:
    """Numbers of those that have their answer too."""
    table = as_rows(rows)
    if not has_targets(net.graph, table):
        return []
    found: list[int] = net.examples(table, targets=True).rows.tolist()
    return found


def typed(net: TrainedNetwork, values: dict[str, Any]) -> pa.Table:
    """A row typed in by hand as a table.

    values: by column what was typed; for an input over ordered rows a list, one value a step.
    Raises SettingError where a column that the network reads was not typed in, or the lists differ in length.
    """
    wanted = list(net.graph.columns())
    missing = [name for name in wanted if name not in values]
    if missing:
        raise SettingError(
            f'Nothing was typed in for "{missing[0]}".', remedy="Fill in every field.", setting=missing[0]
        )
    over_rows = spans_of(net)
    lengths = {len(values[name]) for name in over_rows}
    if len(lengths) > 1:
        raise SettingError(
            f"The columns have {min(lengths)} to {max(lengths)} values.", remedy="Type in as many for each of them."
        )
    count = lengths.pop() if lengths else 1
    columns = {name: list(values[name]) if name in over_rows else [values[name]] * count for name in wanted}
    order = [name for _, b, _ in net.graph.of_role("input") for name in b.settings.get("order_by", ())]
    groups = [name for _, b, _ in net.graph.of_role("input") for name in b.settings.get("groups", ())]
    columns |= {name: list(range(count)) for name in order if name not in columns}
    columns |= {name: [""] * count for name in groups if name not in columns}
    return pa.table(columns)


def spans_of(net: TrainedNetwork) -> dict[str, int]:
    """Of each column that an input over ordered rows reads: how many rows make one example."""
    return {
        column: (block.settings["steps"] - 1) * block.settings["every"] + 1
        for _, block, _ in net.graph.of_role("input")
        if block.kind == "sequence_input"
        for column in block.settings["columns"]
    }


def as_typed(net: TrainedNetwork, rows: Any, row: int) -> dict[str, Any]:
    """What `typed` takes to open this row: by column a value, or a list of one value a step; None where one is missing.

    row: its number, from 0. Raises DataError where the row lacks what the network reads.
    """
    table = as_rows(rows)
    found = net.examples(table)
    chosen(found, [row])
    spans, at = spans_of(net), windows_of(found.inputs)
    values: dict[str, Any] = {}
    for name in net.graph.columns():
        if at is not None and name in spans:
            last = int(at.place[row])
            window = torch.argsort(at.place)[last + 1 - spans[name] : last + 1].tolist()
            values[name] = [table.column(name)[number].as_py() for number in window]
        else:
            values[name] = table.column(name)[row].as_py()
    return values


def shown_of(net: TrainedNetwork, table: pa.Table, row: int, layer: str, steps: int, title: str, example: str) -> Shown:
    """What stands below and above the opened layer at each step."""
    below: list[Row] = []
    encoded = net.encode(table, [row])
    for name in encoded.inputs:
        below += _input_rows(net, name, encoded.inputs[name][0], encoded.shown[name][0], steps)
    if not below:
        flows = net.flows(table, [row])
        before = net.graph.layers[layer].inputs[0]
        x = flows[before].x[0]
        below = [Series(x, [str(k + 1) for k in range(x.shape[-1])], net.graph.layers[before].title)]
    above, wanted = _answers(net, table, row, steps)
    clip = float(net.notes.get("settings", {}).get("clip_norm", 0))
    return Shown(
        title, example, below, above, wanted, _history(net), clip, entries=_entries(net, layer, encoded.columns)
    )


# they give as many numbers as they take, each made of the one at its place
_ONE_BY_ONE = ("batch_normalisation", "layer_normalisation", "dropout", "activation")


def _entries(net: TrainedNetwork, layer: str, columns: Mapping[str, Sequence[str]]) -> list[str]:
    """The columns whose numbers come into a layer; none where another layer has made something of them."""
    before = net.graph.layers[layer].inputs[0]
    while net.graph.layers[before].kind in _ONE_BY_ONE:
        before = net.graph.layers[before].inputs[0]
    return list(columns.get(before, ()))


def _history(net: TrainedNetwork) -> dict[str, list[float | None]]:
    """What was measured in each epoch, by name."""
    names = dict.fromkeys(name for entry in net.history for name in entry if name != "epoch")
    return {name: [entry.get(name) for entry in net.history] for name in names}


def _input_rows(net: TrainedNetwork, name: str, x: torch.Tensor, labels: Sequence[str], steps: int) -> list[Row]:
    """An input that has as many steps as the opened layer; others stand in the first level only."""
    block = net.graph.layers[name]
    if block.kind == "text_input" and len(labels) == steps:
        return [Words(labels, block.title)]
    if x.dim() != 2 or x.shape[0] != steps:
        return []
    columns = list(block.settings["columns"])
    values = x.double().cpu()
    if fitted := net.prepared["inputs"][name]:
        values = torch.from_numpy(unscaled(values.numpy(), fitted))
    found: list[Row] = [Series(values, columns, block.title)]
    if block.settings.get("order_by"):
        found.append(Words(labels, ", ".join(block.settings["order_by"])))
    return found


def _answers(net: TrainedNetwork, table: pa.Table, row: int, steps: int) -> tuple[list[Row], list[Row]]:
    """What the network says at each step, and what it should say; an answer for the whole row stands at the last step."""
    if not net.graph.ends:
        return [], []
    said = _by_target(net, _said(net, net.flows(table, [row])[net.graph.output]))
    return _rows("predicted", said, steps), _rows("actual", _by_target(net, _wanted(net, table, row)), steps)


def _rows(kind: str, answers: dict[str, Any], steps: int) -> list[Row]:
    """A row for each target; where there are many, one picture of all that are numbers at each step."""
    if len(answers) <= _MANY:
        rows = [_row(f"{kind} {target}", values, steps) for target, values in answers.items()]
        return [row for row in rows if row is not None]
    columns = list(answers.values())
    if not all(isinstance(values, list) and len(values) == steps for values in columns):
        return []
    return [Series(torch.tensor(columns, dtype=torch.float64).T, list(answers), kind)]


def _by_target(net: TrainedNetwork, answers: dict[str, pa.Array]) -> dict[str, Any]:
    """One row's answers by the column that they are of: a value, or a list of one a step."""
    targets = net.graph.layers[net.graph.output].settings["targets"]
    names = [name.removeprefix(_NAME).strip() for name in answers]
    return {
        name or next(iter(targets)): values[0].as_py() for name, values in zip(names, answers.values(), strict=True)
    }


def _row(title: str, values: Any, steps: int) -> Row | None:
    if not isinstance(values, list):
        return Words([*[""] * (steps - 1), _text(values)], title)
    if len(values) != steps:
        return None
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        numbers = torch.from_numpy(np.asarray(values, dtype=np.float64)).unsqueeze(1)
        return Series(numbers, [title], title)
    return Words([str(value) for value in values], title)


def _said(net: TrainedNetwork, flow: Flow) -> dict[str, pa.Array]:
    block = net.graph.layers[net.graph.output]
    on_cpu = Flow(flow.x.cpu(), flow.lengths)
    return ANSWERS[block.kind].predict(dict(block.settings), net.prepared["output"], on_cpu, _NAME, False)


def _wanted(net: TrainedNetwork, table: pa.Table, row: int) -> dict[str, pa.Array]:
    """The answers as they should be, in the same form; none where the table has none for this row."""
    if not has_targets(net.graph, table):
        return {}
    found = net.examples(table, targets=True)
    if row not in found.rows.tolist():
        return {}
    block = net.graph.layers[net.graph.output]
    flow = ANSWERS[block.kind].said(net.prepared["output"], found.targets(torch.tensor([row])))
    return ANSWERS[block.kind].predict(dict(block.settings), net.prepared["output"], flow, _NAME, False)


def _example(net: TrainedNetwork, table: pa.Table, row: int, name: str) -> str:
    """Which row, and where the network gives a few answers for it as a whole, these and what they should be."""
    if not 0 <= row < table.num_rows:
        raise DataError(f"There is no row {row + 1}: the table has {table.num_rows}.", remedy="Choose another row.")
    if not net.graph.ends:
        return name
    said = _by_target(net, _said(net, net.flows(table, [row])[net.graph.output]))
    wanted = _by_target(net, _wanted(net, table, row))
    end = [] if wanted else ["no answer is known"]
    if len(said) > _MANY or any(isinstance(value, list) for value in said.values()):
        return " · ".join([name, *end])
    parts = [
        f"{target}: predicted {_text(value)}" + (f", actual {_text(wanted[target])}" if target in wanted else "")
        for target, value in said.items()
    ]
    return " · ".join([name, "; ".join(parts), *end])


def _text(value: Any) -> str:
    """One answer in words."""
    return f"{value:.4g}".replace("-", "−") if isinstance(value, float) else str(value)
