"""What the mining tests share: listening to messages, real data, made data with every kind of column."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from peephole.core.progress import reporting_to

DATA = Path(__file__).parents[4] / "shared" / "data"


class Listener:
    """Keeps what a node says."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []
        self.steps: list[tuple[float, float | None, str]] = []
        self.points: list[dict[str, float]] = []
        self.stop_after = -1

    def progress(self, done: float, total: float | None, title: str, unit: str = "") -> None:
        self.steps.append((done, total, title))

    def metric(self, values: dict[str, float], per: str) -> None:
        self.points.append(values)

    def earlier(self, *_: object) -> None:
        """Nobody listens."""

    def message(self, level: str, text: str) -> None:
        self.messages.append((level, text))

    def cancelled(self) -> bool:
        return 0 <= self.stop_after <= len(self.steps)

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.messages)


@pytest.fixture
def heard():
    listener = Listener()
    with reporting_to(listener):
        yield listener


def real(name: str) -> pd.DataFrame:
    path = DATA / "classical" / name
    if not path.exists():
        pytest.skip(f"the real data {name} are not there")
    return pd.read_csv(path)


@pytest.fixture
def titanic() -> pd.DataFrame:
    return real("titanic.csv").drop(columns="alive")


@pytest.fixture
def adult() -> pd.DataFrame:
    path = DATA / "classical" / "adult.data.gz"
    if not path.exists():
        pytest.skip("the real data adult.data.gz are not there")
    names = (
        "age workclass fnlwgt education years marital occupation relationship race sex gain loss hours country income"
    )
    return pd.read_csv(path, names=names.split(), na_values="?", skipinitialspace=True)


@pytest.fixture
def mixed() -> pa.Table:
    """300 rows with a column of every kind, holes in each, and a target that hangs on them."""
    rng = np.random.default_rng(7)
    n = 300
    colour = rng.choice(["red", "green", "blue", "grey"], n)
    size = rng.normal(size=n)
    day = [dt.datetime(2024, 1, 1) + dt.timedelta(hours=int(h)) for h in rng.integers(0, 9000, n)]
    likely = size + 1.5 * (colour == "red") + 0.5 * np.array([d.weekday() > 4 for d in day])

    def holes(values: Any, every: int) -> list[Any]:
        return [None if i % every == 0 else v for i, v in enumerate(list(values))]

    return pa.table(
        {
            "colour": pa.array(holes(colour, 11), pa.string()),
            "size": pa.array(holes(size, 13), pa.float64()),
            "count": pa.array(holes(rng.integers(0, 9, n).tolist(), 17), pa.int64()),
            "flag": pa.array(holes((rng.random(n) > 0.5).tolist(), 19), pa.bool_()),
            "day": pa.array(holes([d.date() for d in day], 23), pa.date32()),
            "moment": pa.array(holes(day, 29), pa.timestamp("us")),
            "at": pa.array(holes([d.time() for d in day], 31), pa.time64("us")),
            "kind": pa.array(np.where(likely > 0.7, "yes", "no").tolist(), pa.string()),
            "amount": pa.array((likely * 10).tolist(), pa.float64()),
        }
    )
