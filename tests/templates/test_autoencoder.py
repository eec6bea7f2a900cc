"""The 4-2-4 autoencoder: no reconstruction error for 20 seeds; digits against scikit-learn's PCA of the same size."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA
from sklearn.metrics import roc_auc_score

from peephole.neural import NetworkGraph, train

PIXELS = [f"p{row}{column}" for row in range(8) for column in range(8)]


@pytest.fixture(scope="module")
def done(ran):
    return ran("autoencoder-4-2-4")


def test_the_figures_are_the_expected_ones(done):
    done.check()


def test_no_reconstruction_error_for_nineteen_of_twenty_seeds(done):
    block = done.result.nodes["train4"].outputs["network"]
    drawn = NetworkGraph.from_json(NetworkGraph.from_json(_plain(block.folder)).to_json())
    rows = pd.DataFrame(np.eye(4), columns=[f"n={i}" for i in range(4)])
    right = 0
    for seed in range(20):
        network = train(drawn, rows, epochs=400, learning_rate=0.1, batch=4, hold_back=0.0, seed=seed)
        said = network.predict(rows).to_pandas().to_numpy()
        right += bool(((said > 0.5) == (rows.to_numpy() > 0.5)).all())
    assert right >= 19


def _plain(folder):
    import json

    data = json.loads((folder / "network.json").read_text())
    return {name: data[name] for name in ("format", "layers", "output")}


def test_the_four_codes_lie_apart(done):
    points = done.table("map4.points").to_pandas()[["unit 1", "unit 2"]].to_numpy()
    apart = np.linalg.norm(points[:, None] - points[None], axis=-1)
    assert apart[~np.eye(4, dtype=bool)].min() > 0.5


@pytest.mark.parametrize(("name", "size"), [("two", 2), ("eight", 8), ("line", 8)])
def test_digits_are_compressed_better_than_by_pca_of_the_same_size(done, name, size):
    learnt, held = (done.table(f"parts.{part}").to_pandas()[PIXELS].to_numpy() for part in ("train", "test"))
    pca = PCA(size, svd_solver="full").fit(learnt)
    theirs = ((pca.inverse_transform(pca.transform(held)) - held) ** 2).mean()
    ours = done.table(f"{name}_off.table").to_pandas()["error"].mean()
    if name == "line":
        assert ours == pytest.approx(theirs, rel=0.1), "a linear one finds PCA's plane"
    else:
        assert ours < 0.87 * theirs


def test_blotted_digits_are_cleaned(done):
    before = done.table("before_mean.table").column("mean squared error")[0].as_py()
    rows = done.table("both.table").to_pandas()
    blotted = rows[[p.replace("p", "n") for p in PIXELS]].to_numpy()
    assert before == pytest.approx(((blotted - rows[PIXELS].to_numpy()) ** 2).mean())
    assert np.mean(blotted[rows[PIXELS].to_numpy() > 0] == 0) == pytest.approx(0.25, abs=0.01)
    assert done.table("clean_mean.table").column("mean squared error")[0].as_py() < 0.6 * before


def test_what_was_never_seen_is_odd(done):
    rows = done.table("odd_off.table").to_pandas()
    assert roc_auc_score(rows["digit"] == 4, rows["oddness"]) > 0.94
