"""A workflow that trains a small LSTM on rows of a file and predicts with it, for tests of the engine."""

from __future__ import annotations

import csv
from pathlib import Path

NODES = {
    "rows": ("read_csv", {"path": "rows.csv"}),
    "input": ("sequence_input", {"columns": ["a", "b"], "steps": 6}),
    "lstm": ("lstm", {"units": 4}),
    "last": ("last_step", {}),
    "output": ("number_output", {"targets": ["y"]}),
    "train": ("train_network", {"epochs": 2}),
    "predict": ("predict_network", {}),
}
WIRES = [
    "rows.table -> input.table",
    "input.network -> lstm.network",
    "lstm.network -> last.network",
    "last.network -> output.network",
    "rows.table -> output.table",
    "output.network -> train.network",
    "rows.table -> train.table",
    "rows.table -> predict.table",
    "train.network -> predict.network",
]


def write_rows(folder: Path) -> Path:
    """The file that it reads; gives the folder."""
    with (folder / "rows.csv").open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["a", "b", "y"])
        lines.writerows([[n % 7, n / 10, n % 7 * 2] for n in range(60)])
    return folder
