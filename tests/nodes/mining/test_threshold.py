"""Thresholds: counts and costs by hand, and the best by going through all of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.metrics import balanced_accuracy_score, confusion_matrix, f1_score

from peephole.core.errors import SettingError
from peephole.nodes.mining.threshold import threshold

P = "prediction P(yes)"


@pytest.fixture
def data() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    yes = rng.random(200) < 0.3
    share = np.clip(0.2 + 0.4 * yes + rng.normal(scale=0.2, size=200), 0, 1).round(2)
    return pd.DataFrame({"kind": np.where(yes, "yes", "no"), P: share})


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.from_pandas])
def test_every_threshold_agrees_with_scikit_learn(data, frame):
    found = threshold(frame(data), target="kind", false_alarm=1, miss=5)
    rows = pd.DataFrame(found.thresholds) if frame is pd.DataFrame else found.thresholds.to_pandas()
    assert rows["threshold"].is_monotonic_increasing
    assert len(rows) == data[P].nunique() + 1
    for row in rows.to_dict("records"):
        said = data[P] >= row["threshold"]
        actual = data["kind"] == "yes"
        (rejections, alarms), (misses, hits) = confusion_matrix(actual, said, labels=[False, True])
        assert [row[n] for n in ("rejections", "false alarms", "misses", "hits")] == [rejections, alarms, misses, hits]
        assert row["cost"] == pytest.approx((alarms + 5 * misses) / 200)
        assert row["F1"] == pytest.approx(f1_score(actual, said, zero_division=0))
        assert row["balanced accuracy"] == pytest.approx(balanced_accuracy_score(actual, said))
        assert row["accuracy"] == pytest.approx((actual == said).mean())
    best = rows.loc[rows["cost"].idxmin(), "cost"]
    used = found.best.value
    decided = found.decided.to_pandas() if frame is pl.from_pandas else found.decided
    assert (decided["decision"] == (data[P] >= used)).all()
    assert rows.set_index("threshold").loc[used, "cost"] == best


def test_dear_misses_lower_the_threshold(data):
    cheap, dear = (threshold(data, target="kind", miss=miss).best.value for miss in (0.2, 20))
    assert dear < 0.5 < cheap


@pytest.mark.parametrize(
    ("choose", "measure"), [("highest F1", "F1"), ("highest balanced accuracy", "balanced accuracy")]
)
def test_the_best_is_the_highest(data, choose, measure):
    found = threshold(data, target="kind", choose=choose)
    rows = found.thresholds.set_index("threshold")
    assert rows.loc[found.best.value, measure] == rows[measure].max()


def test_a_fixed_threshold_is_used_and_gaps_stay_gaps(data):
    data.loc[0, P] = None
    found = threshold(data, target="kind", fixed=0.9, name="call")
    assert found.best.value == 0.9
    assert found.decided["call"].isna().tolist() == [True, *[False] * 199]
    assert (found.decided["call"][1:] == (data[P][1:] >= 0.9)).all()
    assert "used from 0.9" in found.figure.title


def test_what_is_unclear_is_named(data):
    with pytest.raises(SettingError, match="2 columns with probabilities"):
        threshold(data.assign(**{"other P(yes)": 0.5}), target="kind")
    with pytest.raises(SettingError, match="already has a column kind"):
        threshold(data, target="kind", name="kind")
