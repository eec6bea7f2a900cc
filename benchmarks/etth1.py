"""Oil temperature of a transformer 1 to 24 hours ahead (ETTh1, univariate): our recurrent layers in the Informer's protocol.

python -m benchmarks.etth1                choose by the validation months, train over 5 seeds, write docs/benchmarks/etth1.md
python -m benchmarks.etth1 --report-only  write the page from docs/benchmarks/etth1.json

What is measured is kept after each training, in etth1.begun.json: cut, it goes on from there.

12 months to learn from, 4 to validate, 4 to test; standardised by the 12 months; squared error over all 24 hours of all windows.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pandas as pd
import torch

from benchmarks import _results
from benchmarks._etth1_page import page
from benchmarks._machine import machine
from peephole.core.errors import PeepholeError
from peephole.data import get
from peephole.neural import NetworkGraph, TrainedNetwork, train

NAME = "transformer-temperatures"
MONTH = 30 * 24  # rows, as the protocol counts them
TRAIN, VALIDATE, TEST = 12 * MONTH, 16 * MONTH, 20 * MONTH  # where each part ends
AHEAD = 24
SEEDS = range(1, 6)
CELLS = {"GRU": "gru", "LSTM": "lstm"}
HOURS = [f"in {h} h" for h in range(1, AHEAD + 1)]
TIME = ["hour sin", "hour cos"]
LAGS = 48

# What the networks say: the value itself, its distance from the last one, or from the same hour a day before.
SAYS = ("value", "change", "change from yesterday")
# What they read: the value of each hour, or its change from the hour before, which does not know at what height it is.
READS = {"value": "OT", "change": "OT change"}
# Beside the layer, the hours read may lead to the answer directly: a linear regression, to which the layer adds.
WAYS = [(says, "value", "no") for says in SAYS] + [
    ("change", "value", "yes"),
    ("change", "change", "no"),
    ("change", "change", "yes"),
]
CHOICES: list[dict[str, Any]] = [
    {"says": says, "reads": reads, "beside": beside, "steps": steps}
    for says, reads, beside in WAYS
    for steps in (24, 48)
]
SETTINGS: dict[str, Any] = {
    "learning_rate": 0.002,
    "batch": 128,
    "epochs": 12,
    "patience": 3,
    "clip_norm": 1.0,
    "schedule": "cosine",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Choose, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report-only", action="store_true", help="run nothing, write the page anew")
    parser.add_argument("--output", type=Path, default=_results.DOCS, help="folder of etth1.json and etth1.md")
    options = parser.parse_args(arguments)
    kept = options.output / "etth1.json"
    if not options.report_only:
        try:
            rows = table(pd.read_csv(get(NAME)))
        except PeepholeError as missing:
            print(f"Skipped: {missing}")
            return
        torch.set_num_threads(1)
        begun = options.output / "etth1.begun.json"
        _results.keep(kept, measured(rows, begun))
        begun.unlink()
    (options.output / "etth1.md").write_text(page(_results.read(kept)), encoding="utf-8")


def table(raw: pd.DataFrame) -> pd.DataFrame:
    """Rows in hours: OT standardised by the first 12 months, the hour on a circle, and OT 1 to 24 hours later."""
    learnt = raw["OT"][:TRAIN]
    at = pd.to_datetime(raw["date"]).dt.hour * (np.pi / 12)
    rows = pd.DataFrame({"OT": (raw["OT"] - learnt.mean()) / learnt.std(ddof=0)})
    change = rows["OT"].diff().fillna(0.0)
    rows["OT change"] = change / change[:TRAIN].std(ddof=0)
    rows["hour sin"], rows["hour cos"] = np.sin(at), np.cos(at)
    later = {name: rows["OT"].shift(-h) for h, name in enumerate(HOURS, start=1)}
    return rows.assign(**later)


def part(rows: pd.DataFrame, begin: int, end: int, before: int) -> pd.DataFrame:
    """The rows whose 24 hours lie from begin to below end, and `before` rows of the past."""
    found = rows.iloc[max(begin - 1 - before, 0) : end].copy()
    found.loc[found.index >= end - AHEAD, HOURS] = np.nan
    return found


def base(rows: pd.DataFrame, says: str) -> pd.DataFrame:
    """What the networks' answer is added to, hour by hour."""
    if says == "change":
        return pd.DataFrame(dict.fromkeys(HOURS, rows["OT"]))
    if says == "change from yesterday":
        return pd.DataFrame({name: rows["OT"].shift(AHEAD - h) for h, name in enumerate(HOURS, start=1)})
    return pd.DataFrame(0.0, rows.index, HOURS)


def measured(rows: pd.DataFrame, begun: Path) -> dict[str, Any]:
    """Every figure of the page.  begun: where they are kept until all are there."""
    fresh: dict[str, Any] = {"machine": machine(), "choices": [], "networks": {name: [] for name in CELLS}}
    found: dict[str, Any] = _results.read(begun) if begun.exists() else fresh
    found |= {"baselines": baselines(rows, VALIDATE, TEST), "baselines, validation": baselines(rows, TRAIN, VALIDATE)}
    for choice in CHOICES:
        if not any(choice.items() <= one.items() for one in found["choices"]):
            network, seconds = trained(rows, "gru", 0, choice)
            told = {**choice, "validation": errors(rows, network, choice, TRAIN, VALIDATE)[0], "seconds": seconds}
            _noted(found, begun, found["choices"], told)
    best = min(found["choices"], key=lambda one: one["validation"])
    chosen = {name: best[name] for name in CHOICES[0]}
    for name, kind in CELLS.items():
        for seed in SEEDS:
            if not any(one["seed"] == seed for one in found["networks"][name]):
                network, seconds = trained(rows, kind, seed, chosen)
                mse, mae = errors(rows, network, chosen, VALIDATE, TEST)
                told = {"seed": seed, "mse": mse, "mae": mae, "seconds": seconds, "epochs": len(network.history)}
                _noted(found, begun, found["networks"][name], told)
    return {**found, "chosen": chosen, "settings": SETTINGS}


def _noted(found: dict[str, Any], begun: Path, among: list[dict[str, Any]], told: dict[str, Any]) -> None:
    among.append(told)
    print(told, flush=True)
    _results.keep(begun, found)


def trained(rows: pd.DataFrame, kind: str, seed: int, choice: dict[str, Any]) -> tuple[TrainedNetwork, float]:
    """A network that learnt the first 12 months and stopped by the next 4, and its seconds."""
    inputs = [READS[choice["reads"]], *TIME]
    read = NetworkGraph.begin(
        "sequence_input", columns=dict.fromkeys(inputs, "number"), steps=choice["steps"], scale="none"
    )
    graph = read.then(kind, units=32).then("last_step").then("dropout", share=0.1)
    if choice["beside"] == "yes":
        graph = NetworkGraph.join("merge_layers", [graph, read.then("flatten")], how="concatenate")
    graph = graph.then("number_output", targets=dict.fromkeys(HOURS, "number"), scale="none")
    answers = rows.copy()
    answers[HOURS] -= base(rows, choice["says"])
    began = monotonic()
    learn, watch = part(answers, 0, TRAIN, 0).dropna(), part(answers, TRAIN, VALIDATE, choice["steps"] - 1)
    return train(graph, learn, watch, seed=seed, **SETTINGS), monotonic() - began


def errors(
    rows: pd.DataFrame, network: TrainedNetwork, choice: dict[str, Any], begin: int, end: int
) -> tuple[float, float]:
    """Mean squared and mean absolute error over all hours of all windows of a part."""
    given = part(rows, begin, end, choice["steps"] - 1)
    said = network.predict(given).to_pandas().set_axis(HOURS, axis=1).set_index(given.index)
    return distance(said + base(rows, choice["says"]).loc[given.index], given)


def distance(said: pd.DataFrame, actual: pd.DataFrame) -> tuple[float, float]:
    """Mean squared and mean absolute error where both are there."""
    off = (said[HOURS] - actual[HOURS]).to_numpy()
    off = off[~np.isnan(off).any(axis=1)]
    return float((off**2).mean()), float(np.abs(off).mean())


def baselines(rows: pd.DataFrame, begin: int, end: int) -> dict[str, tuple[float, float]]:
    """The last value, the value a day before, and a linear regression on the last 48 hours, on the months of a part."""
    from sklearn.linear_model import LinearRegression

    test = part(rows, begin, end, 0)
    lags = pd.DataFrame({h: rows["OT"].shift(h) for h in range(LAGS)})
    learn = part(rows, 0, TRAIN, 0).dropna()
    learn = learn[learn.index >= LAGS - 1]
    linear = LinearRegression().fit(lags.loc[learn.index], learn[HOURS])
    said = pd.DataFrame(linear.predict(lags.loc[test.index]), test.index, HOURS)
    return {
        "the last value": distance(base(rows, "change").loc[test.index], test),
        "the same hour a day before": distance(base(rows, "change from yesterday").loc[test.index], test),
        f"linear regression on the last {LAGS} hours": distance(said, test),
    }


if __name__ == "__main__":
    main()
