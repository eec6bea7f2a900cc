"""The flagship runs from an empty store to its scores, and its tables are those that pandas computes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from peephole.data import get
from peephole.engine.run import run
from peephole.engine.store import Store
from peephole.workflow import files

FILE = Path(__file__).resolve().parents[2] / "templates" / "flight-delays" / "flight-delays.peep.json"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def result(store):
    return run(files.load(FILE), path=FILE, store=store)


def table(result, node, port="table"):
    return pq.read_table(result.nodes[node].outputs[port].folder / "table.parquet").to_pandas()


def test_every_node_is_done_and_the_figures_are_the_expected_ones(result, check_expected):
    check_expected(FILE, result)
    assert {n.state for n in result.nodes.values()} == {"done"}


def test_delays_by_month_are_those_of_pandas(result):
    flights = pd.read_csv(get("flights"))
    arrived = flights[flights["arr_delay"].notna()]
    assert result.nodes["part_of_day"].outputs["table"].facts["rows"] == len(arrived) == 327_346
    wanted = arrived.groupby(["origin", "month"])["arr_delay"].agg(["mean", "size"])
    got = table(result, "by_month").set_index(["origin", "month"]).sort_index()
    assert got["mean delay"].to_numpy() == pytest.approx(wanted["mean"].to_numpy(), abs=1e-9)
    assert got["flights"].to_list() == wanted["size"].to_list()


def test_parts_keep_the_share_of_late_flights(result):
    train, test = table(result, "partition", "train"), table(result, "partition", "test")
    assert len(train) + len(test) == 327_346
    assert len(test) / 327_346 == pytest.approx(0.25, abs=1e-4)
    assert (train["arrival"] == "late").mean() == pytest.approx((test["arrival"] == "late").mean(), abs=1e-4)


@pytest.mark.parametrize(("node", "accuracy", "auc"), [("score_tree", 0.787, 0.72), ("score_boosting", 0.805, 0.774)])
def test_scores_are_those_the_readme_tells(result, node, accuracy, auc):
    metrics = table(result, node, "metrics")
    found = dict(zip(metrics.iloc[:, 0], metrics.iloc[:, 1], strict=True))
    assert found["accuracy"] == pytest.approx(accuracy, abs=0.005)
    assert found["AUC"] == pytest.approx(auc, abs=0.01)


def test_a_second_run_makes_nothing(result, store):
    again = run(files.load(FILE), path=FILE, store=store)
    assert again.status == "done"
    assert all(n.cached for n in again.nodes.values())
