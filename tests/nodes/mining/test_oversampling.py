"""SMOTE: new rows lie between rows of their class, and every class is there equally often."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from peephole.core.errors import DataError, SettingError
from peephole.nodes.mining.oversampling import smote

RANDOM = np.random.default_rng(3)
TABLE = pa.table(
    {
        "x": RANDOM.normal(size=40),
        "n": RANDOM.integers(0, 100, 40),
        "city": [None if i % 9 == 0 else ["Ulm", "Bern"][i % 2] for i in range(40)],
        "id": [[i] for i in range(40)],
        "class": ["rare" if i % 5 == 0 else "other" for i in range(40)],
    }
)


def test_rows_stay_and_classes_become_equal():
    made = smote(TABLE, column="class")
    assert made.slice(0, 40).to_pylist() == TABLE.to_pylist()
    assert Counter(made["class"].to_pylist()) == {"rare": 32, "other": 32}
    new = made.slice(40)
    assert set(new["city"].to_pylist()) <= {"Ulm", "Bern", None}
    assert new["id"].null_count == len(new)
    assert made.schema == TABLE.schema


def test_new_rows_lie_between_two_of_their_class():
    table = TABLE.select(["x", "class"]).append_column("z", pa.array(RANDOM.normal(size=40)))
    made = smote(table, column="class", features=["x", "z"], neighbours=3)
    points = {c: np.array([[r["x"], r["z"]] for r in table.to_pylist() if r["class"] == c]) for c in ("rare", "other")}
    for row in made.slice(40).to_pylist():
        known, at = points[row["class"]], np.array([row["x"], row["z"]])
        assert min(_off(at, a, b) for a in known for b in known) < 1e-9


def _off(at, a, b):
    """How far a point is from the line between two others."""
    along = b - a
    length = along @ along
    share = np.clip((at - a) @ along / length, 0, 1) if length else 0
    return np.linalg.norm(at - a - share * along)


def test_the_same_seed_gives_the_same_rows():
    first, again, other = (smote(TABLE, column="class", seed=seed).to_pylist() for seed in (1, 1, 2))
    assert first == again != other


def test_texts_alone():
    made = smote(TABLE, column="class", features=["city"])
    assert Counter(made["class"].to_pylist()) == {"rare": 32, "other": 32}
    assert made.slice(40)["x"].null_count == 24


@pytest.mark.parametrize(
    ("change", "settings", "message"),
    [
        ({"x": [None, *range(39)]}, {}, '"x" has missing'),
        ({"class": ["a"] * 40}, {}, "fewer than two classes"),
        ({"class": ["a"] * 39 + ["b"]}, {}, 'class "b" of "class" has one row only'),
        ({}, {"features": ["id"]}, '"id" is of type'),
        ({}, {"features": ["class"]}, "the class itself"),
    ],
)
def test_what_cannot_be(change, settings, message):
    table = pa.table({**{n: TABLE[n] for n in TABLE.column_names}, **change})
    with pytest.raises((DataError, SettingError), match=message) as caught:
        smote(table, column="class", **settings)
    assert caught.value.remedy
