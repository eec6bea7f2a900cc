"""A table as examples for a network: each row that has every input (and its target) is one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from torch import Tensor

from peephole.core.errors import DataError
from peephole.core.progress import message
from peephole.neural.answers import ANSWERS
from peephole.neural.network import NetworkGraph
from peephole.neural.parts.flow import Flow
from peephole.neural.prepare import Encoded, Fitted, encode_input, fit_inputs
from peephole.neural.prepare.encoded import Arrangement, Windows

Prepared = dict[str, Any]


@dataclass(frozen=True)
class Examples:
    """The rows of a table as tensors.

    inputs: by input layer.  target: None where the table has none.  rows: numbers of the rows that are whole examples.
    total: rows of the table.
    """

    inputs: Mapping[str, Encoded]
    target: Encoded | None
    rows: Tensor
    total: int

    def __len__(self) -> int:
        return len(self.rows)

    def batch(self, rows: Tensor, device: torch.device | None = None) -> dict[str, Flow]:
        """These rows of the table by input layer."""
        found = {layer: encoded.batch(rows) for layer, encoded in self.inputs.items()}
        return found if device is None else {layer: flow.to(device) for layer, flow in found.items()}

    def targets(self, rows: Tensor, device: torch.device | None = None) -> Flow:
        """The targets of these rows."""
        if self.target is None:
            raise DataError("The table has no target.", remedy="Bring the target's columns along.")
        found = self.target.batch(rows)
        return found if device is None else found.to(device)

    def answered(self, rows: Tensor) -> Tensor:
        """Which of these rows have a target, (n)."""
        if self.target is None:
            return torch.zeros(len(rows), dtype=torch.bool)
        return torch.from_numpy(self.target.valid[rows.numpy()])

    def batches(self, size: int, rows: Tensor | None = None) -> Iterator[Tensor]:
        """Row numbers in batches, in their order."""
        wanted = self.rows if rows is None else rows
        yield from torch.split(wanted, size) if len(wanted) else ()


def prepare(graph: NetworkGraph, rows: pa.Table) -> Prepared:
    """What training rows teach: scales, vocabularies and classes, as plain JSON."""
    block = graph.layers[graph.output]
    output = ANSWERS[block.kind].fit(rows, dict(block.settings)) if graph.ends else {}
    return {"inputs": fit_inputs(graph, rows), "output": output}


def examples(
    graph: NetworkGraph, rows: pa.Table, prepared: Mapping[str, Any], *, targets: bool, unanswered: bool = False
) -> Examples:
    """Rows as examples.

    targets: whether the targets are read; they need not be there otherwise.  unanswered: whether rows whose target is
    missing, or was never learnt, are examples nonetheless.
    """
    inputs = {layer: encode_input(graph, layer, rows, prepared["inputs"][layer]) for layer in graph.inputs}
    valid = np.ones(rows.num_rows, dtype=bool)
    for layer, encoded in inputs.items():
        valid = valid & encoded.valid
        if lost := int((~encoded.valid).sum()):
            message(f'{lost:,} of {rows.num_rows:,} rows are left out: they lack what "{layer}" needs.')
    target = _target(graph, rows, prepared["output"], inputs) if targets else None
    if target is not None and not unanswered:
        if lost := int((valid & ~target.valid).sum()):
            message(f"{lost:,} of {rows.num_rows:,} rows are left out: their target is missing or was never learnt.")
        valid = valid & target.valid
    return Examples(inputs, target, torch.from_numpy(np.flatnonzero(valid)), rows.num_rows)


def require_some(found: Examples, lacking: str) -> None:
    """Raise DataError where no row is an example.  lacking: says so."""
    if len(found):
        return
    for layer, encoded in found.inputs.items():
        if isinstance(encoded, Windows) and not encoded.at.complete.any():
            steps, reach = len(encoded.at.offsets), 1 - int(encoded.at.offsets[0])
            raise DataError(
                f'{lacking} A sequence of {steps:,} steps in "{layer}" needs {reach:,} rows of one series, and the longest '
                f"series has {encoded.at.longest:,}.",
                remedy="Give sequences fewer steps, or the table more rows.",
            )
    raise DataError(lacking, remedy="Look at the messages of the node.")


def _target(graph: NetworkGraph, rows: pa.Table, fitted: Fitted, inputs: Mapping[str, Encoded]) -> Encoded:
    block = graph.layers[graph.output]
    return ANSWERS[block.kind].encode(rows, dict(block.settings), fitted, windows_of(inputs))


def windows_of(inputs: Mapping[str, Encoded]) -> Arrangement | None:
    """Where the windows of the first input over ordered rows lie, if there is one."""
    return next((encoded.at for encoded in inputs.values() if isinstance(encoded, Windows)), None)


def has_targets(graph: NetworkGraph, rows: pa.Table) -> bool:
    """Whether the table brings every target column."""
    return graph.ends and all(name in rows.column_names for name in graph.layers[graph.output].settings["targets"])
