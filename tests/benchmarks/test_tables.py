"""The benchmark of tables measures the same work on all sides: what comes out is the same."""

from __future__ import annotations

import json

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest

from benchmarks import _tables_page, tables_mining
from benchmarks._tables_data import make, make_articles
from benchmarks._tables_others import pandas, sql
from benchmarks._tables_ours import SINGLE, chain, measured, single, work
from benchmarks.tables import Measured


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    return make(folder, 5000), make_articles(folder)


def rows_of(path, digits=6):
    with duckdb.connect() as connection:
        found = connection.read_parquet(str(path))
        names = sorted(n for n in found.columns if not n.startswith("__"))
        rows = found.project(", ".join(f'"{n}"' for n in names)).fetchall()
    # The sum of nothing is 0 here, and missing in SQL.
    return sorted(
        (tuple(round(v or 0.0, digits) if isinstance(v, float | None) else v for v in r) for r in rows), key=repr
    )


def test_the_chain_is_the_same_by_hand(files, tmp_path):
    made = measured(chain(*files), tmp_path).nodes["sort"].outputs["table"].folder / "table.parquet"
    for name, contestant in (("sql", sql), ("pandas", pandas)):
        folder = tmp_path / name
        folder.mkdir()
        contestant("chain", *files, folder)
        assert rows_of(folder / "out.parquet", 4) == rows_of(made, 4)


@pytest.mark.parametrize("step", ["normalise", "lag", "distinct", "full sort"])
def test_each_step_is_the_same_by_hand(files, tmp_path, step):
    made = measured(single(step, files[0]), tmp_path).nodes["step"].outputs["table"].folder / "table.parquet"
    for name, contestant in (("sql", sql), ("pandas", pandas)):
        folder = tmp_path / name
        folder.mkdir()
        contestant(step, *files, folder)
        by_hand, ours = rows_of(folder / "out.parquet", 4), rows_of(made, 4)
        assert len(by_hand) == len(ours)
        assert by_hand == ours or step == "lag"  # SQL calls the new column otherwise


def test_parts_are_of_the_same_size(files, tmp_path):
    assert work("partition", *files, tmp_path) == 5000
    (tmp_path / "other").mkdir()
    assert sql("partition", *files, tmp_path / "other") == 5000
    assert "partition" in SINGLE


def test_the_page_is_made_of_what_is_kept():
    figure = {"seconds": 2.0, "peak": 2**30, "rows": 1}
    data = {
        "chain/1000000/Peephole": figure,
        "chain/1000000/pandas": {**figure, "seconds": 8.0},
        "chain/1000000/SQL": {"failed": "killed"},
        "again/1000000": {"first": 3.0, "again": 0.4, "late": 1.0, "ran": ["sort"], "nodes": 8},
        "mining/k-means/100x5/node": figure,
        "mining/k-means/100x5/hand": figure,
        "beyond/join/40000000/Peephole": figure,
    }
    page = _tables_page.page(data)
    for part in ("| 4.00 |", "killed", "ran again: sort", "k-means", "join, 4e7 rows"):
        assert part in page, part


def test_each_section_says_beside_what_its_rows_were_measured():
    at = {"machine": "one core"}
    quiet, busy, old = at | {"idle": 99.0}, at | {"idle": 43.0}, at | {"beside": "beside a backup"}
    alike = {"lag/1000000/SQL": quiet, "lag/1000000/pandas": quiet | {"idle": 91.0}}
    assert _tables_page.conditions(alike) == [
        "Measured while nothing else ran (more than 90 % of the processor idle before each figure), on one core."
    ]
    mixed = {"lag/1000000/SQL": quiet, "lag/1000000/pandas": busy, "chain/10000000/SQL": old, "again/10000000": quiet}
    assert _tables_page.conditions(mixed) == [
        "- Measured beside other work (so many per cent of the processor were idle before), on one core: 1e6 lag (43).",
        "- Measured beside a backup, on one core: 1e7 chain.",
        "- Measured while nothing else ran (more than 90 % of the processor idle before each figure), on one core: "
        "the second run.",
    ]


def test_a_figure_is_kept_unless_it_is_measured_anew(tmp_path, monkeypatch):
    monkeypatch.setattr("benchmarks._machine.idle", lambda: 98.0)
    kept = tmp_path / "kept.json"
    Measured(kept).get("a", lambda: {"seconds": 1})
    Measured(kept).get("b", lambda: {"seconds": 2})
    Measured(kept).get("a", lambda: {"seconds": 3})
    Measured(kept, anew=True).get("b", lambda: {"seconds": 4})
    found = json.loads(kept.read_text())
    assert {key: (f["seconds"], f["idle"]) for key, f in found.items()} == {"a": (1, 98.0), "b": (4, 98.0)}


def test_the_learners_give_the_same_by_hand(tmp_path):
    file, _ = tables_mining.files(tmp_path, 2000, 6)
    made = {}
    for learner in ("PCA", "k-means", "linear regression", "logistic regression"):
        for who, learn in zip(("node", "hand"), tables_mining.LEARNERS[learner], strict=True):
            folder = tmp_path / learner / who
            folder.mkdir(parents=True)
            learn(file, folder)
            made[learner, who] = folder
    read = pq.read_table
    for column in ("PC1", "PC2", "c0"):
        ours = read(made["PCA", "node"] / "0.parquet").sort_by("__row__").column(column).to_numpy()
        theirs = read(made["PCA", "hand"] / "scores.parquet").column(column).to_numpy()
        np.testing.assert_allclose(ours, theirs, atol=1e-9)
    ours = read(made["k-means", "node"] / "1.parquet").sort_by("__row__").column("cluster").to_pylist()
    assert ours == read(made["k-means", "hand"] / "clustered.parquet").column("cluster").to_pylist()
    for learner in ("linear regression", "logistic regression"):
        ours = read(made[learner, "node"] / "1.parquet").to_pandas()
        ours = ours[ours["term"] != "(intercept)"]
        theirs = read(made[learner, "hand"] / "coefficients.parquet").column("weight").to_pylist()
        np.testing.assert_allclose(sorted(ours["coefficient"]), sorted(theirs), rtol=1e-6)
