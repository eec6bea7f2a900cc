"""Curves of probabilities: the points and areas of scikit-learn, several models side by side, hard input named."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score, brier_score_loss, precision_recall_curve, roc_auc_score, roc_curve

from peephole.core.errors import DataError, SettingError
from peephole.figures.static import svg
from peephole.nodes.views import evaluation as views

FRAMES = pytest.mark.parametrize("frame", [pd.DataFrame, pl.from_pandas])
ALL = [views.roc_curve, views.precision_recall_curve, views.calibration_plot, views.lift_chart]
A, B = "tree P(yes)", "boosting P(yes)"


@pytest.fixture
def data() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    yes = rng.random(300) < 0.3
    a = np.clip(0.3 + 0.25 * yes + rng.normal(scale=0.2, size=300), 0, 1).round(2)
    b = np.clip(0.25 + 0.4 * yes + rng.normal(scale=0.2, size=300), 0, 1)
    return pd.DataFrame({"kind": np.where(yes, "yes", "no"), A: a, "tree P(no)": 1 - a, B: b})


def lines(figure) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    rows = pd.DataFrame(figure.data.to_pydict())
    return {n: tuple(part.iloc[:, i].to_numpy() for i in (1, 2)) for n, part in rows.groupby("model", sort=False)}


@FRAMES
def test_roc_agrees_with_scikit_learn(data, frame):
    found = lines(views.roc_curve(frame(data), target="kind"))
    for name, column in (("tree", A), ("boosting", B)):
        area = roc_auc_score(data["kind"] == "yes", data[column])
        x, y = found[f"{name} (AUC {area:.3f})"]
        rate, hits, _ = roc_curve(data["kind"] == "yes", data[column], drop_intermediate=False)
        np.testing.assert_allclose(x, rate)
        np.testing.assert_allclose(y, hits)
    assert len(found) == 2


@FRAMES
def test_precision_and_recall_agree_with_scikit_learn(data, frame):
    figure = views.precision_recall_curve(frame(data), target="kind", probabilities=[A])
    average = average_precision_score(data["kind"] == "yes", data[A])
    ((name, (recall, precision)),) = lines(figure).items()
    assert name == f"tree (average {average:.3f})"
    wanted_precision, wanted_recall, _ = precision_recall_curve(data["kind"] == "yes", data[A])
    np.testing.assert_allclose(recall[1:], wanted_recall[:-1][::-1])
    np.testing.assert_allclose(precision[1:], wanted_precision[:-1][::-1])
    chance = figure.option["series"][-1]["markLine"]["data"][0][0]["coord"][1]
    assert chance == pytest.approx((data["kind"] == "yes").mean())


@pytest.mark.parametrize(("cut", "strategy"), [("equal width", "uniform"), ("equal rows", "quantile")])
def test_calibration_agrees_with_scikit_learn(data, cut, strategy):
    found = lines(views.calibration_plot(data, target="kind", probabilities=[B], bins=8, cut=cut))
    seen, said = calibration_curve(data["kind"] == "yes", data[B], n_bins=8, strategy=strategy)
    ((name, (x, y)),) = found.items()
    np.testing.assert_allclose(x, said)
    np.testing.assert_allclose(y, seen)
    assert name.endswith(f"(Brier {brier_score_loss(data['kind'] == 'yes', data[B]):.3f})")


def test_gains_and_lift_by_hand():
    data = pd.DataFrame({"kind": list("yynyn"), "p": [0.9, 0.8, 0.8, 0.3, 0.1]})
    ((_, (asked, gains)),) = lines(views.lift_chart(data, target="kind", probabilities=["p"])).items()
    np.testing.assert_allclose(asked, [0, 0.2, 0.6, 0.8, 1])
    np.testing.assert_allclose(gains, [0, 1 / 3, 2 / 3, 1, 1])
    ((_, (asked, lift)),) = lines(views.lift_chart(data, target="kind", probabilities=["p"], show="lift")).items()
    np.testing.assert_allclose(lift, np.array([1 / 3, 2 / 3, 1, 1]) / asked)


def test_the_other_class_may_be_sought(data):
    found = lines(views.roc_curve(data, target="kind", positive="no"))
    area = roc_auc_score(data["kind"] == "no", data["tree P(no)"])
    assert list(found) == [f"tree (AUC {area:.3f})"]


def test_curves_of_many_rows_are_thin_and_their_areas_exact():
    rng = np.random.default_rng(0)
    yes = rng.random(50_000) < 0.5
    share = np.clip(rng.normal(0.4 + 0.2 * yes, 0.2), 0, 1)
    data = pd.DataFrame({"kind": np.where(yes, 1, 0), "p": share})
    figure = views.roc_curve(data, target="kind", probabilities=["p"])
    assert figure.data.num_rows <= 401
    assert f"AUC {roc_auc_score(yes, share):.3f}" in figure.title


@pytest.mark.parametrize("view", ALL)
def test_rows_without_a_value_are_left_out_and_said(view, data):
    data.loc[0, "kind"] = None
    data.loc[1, B] = None
    figure = view(data, target="kind")
    assert "</svg>" in svg(figure)
    words = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg(figure)))
    assert any(w.startswith("tree") for w in words)
    assert any(w.startswith("boosting") for w in words)


@pytest.mark.parametrize("view", ALL)
def test_what_is_unclear_is_named(view, data):
    with pytest.raises(SettingError, match='no class "maybe"'):
        view(data, target="kind", positive="maybe")
    with pytest.raises(SettingError, match="which is sought"):
        view(data.assign(kind=np.arange(300) % 3), target="kind", probabilities=[A])
    with pytest.raises(SettingError, match=r'called like "prediction P\(yes\)"'):
        view(data[["kind"]], target="kind")
    with pytest.raises(DataError, match="of one kind"):
        view(data.assign(**{A: data[A].where(data["kind"] == "yes")}), target="kind", probabilities=[A])
