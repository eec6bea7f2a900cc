"""Outliers, maps and the number of clusters: the values of scikit-learn and scipy, few rows and gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import pdist
from sklearn.cluster import KMeans
from sklearn.ensemble import IsolationForest
from sklearn.manifold import MDS, TSNE
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score
from sklearn.neighbors import LocalOutlierFactor
from sklearn.preprocessing import StandardScaler

from peephole.core.errors import DataError, SettingError
from peephole.nodes.mining.cluster_choice import choose_clusters
from peephole.nodes.mining.clustering import assign_clusters
from peephole.nodes.mining.outliers import isolation_forest, local_outlier_factor, mark_outliers
from peephole.nodes.mining.projection import mds, t_sne
from peephole.ports.model import ModelCodec


@pytest.fixture
def data() -> pd.DataFrame:
    """Three groups of 40 rows and five rows far from all."""
    rng = np.random.default_rng(0)
    places = np.concatenate(
        [rng.normal(c, 0.5, (40, 2)) for c in ((0, 0), (5, 5), (0, 8))] + [rng.uniform(12, 20, (5, 2))]
    )
    group = ["a"] * 40 + ["b"] * 40 + ["c"] * 40 + ["far"] * 5
    return pd.DataFrame({"x": places[:, 0], "y": places[:, 1] * 100, "group": group})


def scaled(data: pd.DataFrame):
    return StandardScaler().fit_transform(data[["x", "y"]])


@pytest.mark.parametrize("share", [None, 0.04])
def test_an_isolation_forest_is_that_of_scikit_learn(data, share, tmp_path):
    found = isolation_forest(data, share=share, seed=3)
    contamination = "auto" if share is None else share
    wanted = IsolationForest(contamination=contamination, random_state=3).fit(data[["x", "y"]].to_numpy())
    np.testing.assert_allclose(found.rated["outlier score"], -wanted.score_samples(data[["x", "y"]].to_numpy()))
    np.testing.assert_array_equal(found.rated["outlier"], wanted.predict(data[["x", "y"]].to_numpy()) == -1)
    assert found.rated["outlier"][data["group"] == "far"].all()
    codec = ModelCodec()
    codec.save(found.model, tmp_path)
    marked = mark_outliers(data, codec.load(tmp_path))
    pd.testing.assert_frame_equal(marked, found.rated)
    assert sum(found.figure.data.column("outliers").to_pylist()) == found.rated["outlier"].sum()


def test_the_local_outlier_factor_is_that_of_scikit_learn(data):
    found = local_outlier_factor(data, neighbours=15)
    wanted = LocalOutlierFactor(15).fit(scaled(data))
    np.testing.assert_allclose(found.rated["outlier factor"], -wanted.negative_outlier_factor_)
    np.testing.assert_array_equal(found.rated["outlier"], wanted.negative_outlier_factor_ < -1.5)
    few = local_outlier_factor(data, neighbours=15, share=0.04).rated
    assert few["outlier"].sum() == 5


def test_equal_rows_and_gaps(heard):
    rows = pd.DataFrame({"x": [1.0] * 30 + [2.0, None], "k": ["a", "b"] * 16})
    assert len(local_outlier_factor(rows, columns=["x", "k"], neighbours=3).rated) == 32
    assert "equal" in heard.text
    assert isolation_forest(rows, columns=["x", "k"]).rated["outlier"].notna().all()


def test_t_sne_is_that_of_scikit_learn(data):
    found = t_sne(data, colour="group", perplexity=20, seed=1)
    wanted = TSNE(perplexity=20, random_state=1, init="pca").fit_transform(scaled(data))
    np.testing.assert_allclose(found.placed[["t-SNE 1", "t-SNE 2"]], wanted, rtol=1e-4)
    assert [s["name"] for s in found.figure.option["series"]] == ["a", "b", "c", "far"]


def test_maps_keep_distances(data):
    few = data.groupby("group").head(12)
    found = mds(few, starts=2, seed=1)
    wanted = MDS(2, n_init=2, init="random", random_state=1, normalized_stress=False).fit_transform(scaled(few))
    np.testing.assert_allclose(found.placed[["MDS 1", "MDS 2"]], wanted, atol=1e-6)
    exact = mds(few, kind="classical").placed[["MDS 1", "MDS 2"]]
    np.testing.assert_allclose(pdist(exact), pdist(scaled(few)))  # two columns have a plane of their own
    assert "stress 0.000" in mds(few, kind="classical").figure.title
    assert len(mds(few, kind="by order", starts=1, colour="group").placed) == len(few)


def test_few_rows_are_placed_or_refused(heard):
    one = pd.DataFrame({"x": [1.0, 2.0, 4.0, 8.0, 16.0]})
    assert len(t_sne(one).placed) == 5
    assert "perplexity is" in heard.text
    assert len(mds(one, kind="classical").placed) == 5
    with pytest.raises(DataError, match="4 or more are needed"):
        t_sne(one.head(3))
    with pytest.raises(SettingError, match="already has the columns"):
        mds(one.assign(**{"MDS 1": 0.0}), columns=["x"])


@pytest.mark.parametrize("by", ["silhouette", "Calinski-Harabasz", "Davies-Bouldin"])
def test_the_number_of_clusters_is_measured_as_scikit_learn_does(data, by):
    near = data[data["group"] != "far"].reset_index(drop=True)
    found = choose_clusters(near, by=by, most=5)
    assert found.clustered["cluster"].nunique() == 3
    for row in found.measures.to_dict("records"):
        fitted = KMeans(row["clusters"], n_init=10, random_state=0).fit(scaled(near))
        assert row["inertia"] == pytest.approx(fitted.inertia_)
        assert row["silhouette"] == pytest.approx(silhouette_score(scaled(near), fitted.labels_))
        assert row["Calinski-Harabasz"] == pytest.approx(calinski_harabasz_score(scaled(near), fitted.labels_))
        assert row["Davies-Bouldin"] == pytest.approx(davies_bouldin_score(scaled(near), fitted.labels_))
    pd.testing.assert_frame_equal(assign_clusters(near, found.model), found.clustered)
    assert "3 are best" in found.figure.title


def test_numbers_that_cannot_be(data, heard):
    with pytest.raises(SettingError, match="From 5 to 3"):
        choose_clusters(data, fewest=5, most=3)
    with pytest.raises(DataError, match="2 different rows for 3 clusters"):
        choose_clusters(pd.DataFrame({"x": [1.0, 1.0, 2.0, 2.0]}), fewest=3)
    found = choose_clusters(pd.DataFrame({"x": [1.0, 1.0, 2.0, 2.0, 9.0]}))
    assert "At most 3 clusters" in heard.text
    assert found.measures["clusters"].tolist() == [2, 3]
