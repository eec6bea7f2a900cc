"""Clustering and projection: the same numbers as scikit-learn by hand, gaps and categories inside."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.cluster import DBSCAN, AgglomerativeClustering, KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import silhouette_samples
from sklearn.preprocessing import StandardScaler

from peephole.core.errors import DataError, SettingError
from peephole.nodes.mining.clustering import assign_clusters, dbscan, hierarchical_clustering, k_means, silhouette
from peephole.nodes.mining.predictors import predict
from peephole.nodes.mining.projection import pca
from peephole.ports.model import ModelCodec

XY = ["x", "y"]


@pytest.fixture
def data() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    at = np.repeat([[0, 0], [8, 0], [0, 80]], 30, axis=0) + rng.normal(size=(90, 2)) * [1, 8]
    return pd.DataFrame({"name": [f"r{i}" for i in range(90)], "x": at[:, 0], "y": at[:, 1]})


def matrix(data: pd.DataFrame):
    return StandardScaler().fit_transform(data[XY].to_numpy())


def test_k_means_is_that_of_scikit_learn(data):
    found = k_means(data, clusters=3, seed=4)
    plain = KMeans(3, n_init=10, random_state=4).fit(matrix(data))
    assert found.clustered["cluster"].tolist() == (plain.labels_ + 1).tolist()
    assert found.clustered.columns.tolist() == [*data.columns, "cluster"]
    means = data[XY].groupby(plain.labels_).mean()
    np.testing.assert_allclose(found.centres[XY], means)
    assert found.centres["rows"].tolist() == [30, 30, 30]


def test_new_rows_get_the_nearest_cluster(data, tmp_path):
    found = k_means(data, clusters=3)
    again = assign_clusters(data, found.model)
    assert again["cluster"].tolist() == found.clustered["cluster"].tolist()
    ModelCodec().save(found.model, tmp_path)
    back = ModelCodec().load(tmp_path)
    assert assign_clusters(data, back, name="c")["c"].tolist() == again["cluster"].tolist()
    assert len(assign_clusters(data.head(0), back)) == 0
    with pytest.raises(SettingError, match="already has the columns cluster"):
        assign_clusters(again, back)
    with pytest.raises(DataError, match="for clustering"):
        predict(data, back)


def test_dbscan_is_that_of_scikit_learn(data, heard):
    data.loc[90] = ["alone", 50.0, 500.0]
    found = dbscan(data, radius=0.4, rows=4)
    codes = DBSCAN(eps=0.4, min_samples=4).fit(matrix(data)).labels_
    assert found.clustered["cluster"].fillna(0).tolist() == (codes + 1).tolist()
    assert pd.isna(found.clustered["cluster"].iloc[90])
    assert "rows are in none" in heard.text
    assert len(found.centres) == codes.max() + 1
    assert len(dbscan(data, radius=1e-6, rows=4).centres) == 0


@pytest.mark.parametrize("linkage", ["ward", "single"])
def test_hierarchical_clustering_is_that_of_scikit_learn(data, linkage):
    found = hierarchical_clustering(data, clusters=3, linkage=linkage)
    codes = AgglomerativeClustering(3, linkage=linkage).fit(matrix(data)).labels_
    assert found.clustered["cluster"].tolist() == (codes + 1).tolist()


def test_silhouettes_are_those_of_scikit_learn(data):
    clustered = k_means(data, clusters=3).clustered
    found = silhouette(clustered)
    expected = silhouette_samples(matrix(data), clustered["cluster"])
    np.testing.assert_allclose(found.rated["silhouette"], expected)
    assert found.clusters["mean silhouette"][0] == pytest.approx(expected.mean())
    assert found.clusters["cluster"].tolist() == ["(all)", "1", "2", "3"]
    with pytest.raises(DataError, match="1 clusters in 90 rows"):
        silhouette(clustered.assign(cluster=1))


def test_principal_components_are_those_of_scikit_learn(data, tmp_path):
    wide = data.assign(z=data["x"] * 2 + data["y"])
    found = pca(wide, components=2)
    scaled = StandardScaler().fit_transform(wide[["x", "y", "z"]].to_numpy())
    plain = PCA(2, svd_solver="full").fit(scaled)
    np.testing.assert_allclose(found.scores[["PC1", "PC2"]], plain.transform(scaled), atol=1e-9)
    np.testing.assert_allclose(found.loadings[["PC1", "PC2"]], plain.components_.T, atol=1e-9)
    assert found.loadings["column"].tolist() == ["x", "y", "z"]
    assert found.variance["up to here"].tolist()[-1] == pytest.approx(1)
    assert found.figure.data.column("explained variance").to_pylist()[0] == pytest.approx(
        plain.explained_variance_ratio_[0]
    )
    ModelCodec().save(found.model, tmp_path)
    rows = pa.Table.from_pandas(wide)
    np.testing.assert_allclose(ModelCodec().load(tmp_path).estimator.transform(rows), found.scores[["PC1", "PC2"]])


def test_gaps_and_categories_are_handled_inside(mixed, heard):
    names = ["colour", "size", "flag", "day"]
    found = k_means(mixed, columns=names, clusters=2)
    assert found.clustered.column("cluster").null_count == 0
    assert "colour = red" in found.centres.column_names
    assert pca(mixed, columns=names, components=50).scores.num_rows == 300
    assert "components" in heard.text
    for node in (dbscan, hierarchical_clustering):
        assert node(mixed, columns=names).clustered.num_rows == 300


def test_bad_rows_are_named(heard):
    two = pd.DataFrame({"x": [1.0, 2.0]})
    for node in (k_means, hierarchical_clustering):
        with pytest.raises(DataError, match="2 rows for 3 clusters"):
            node(two)
    for node in (k_means, dbscan, hierarchical_clustering, pca):
        with pytest.raises(DataError, match="no column of numbers"):
            node(pd.DataFrame({"t": ["a", "b"]}))
        with pytest.raises(DataError, match="always the same"):
            node(pd.DataFrame({"x": [1, 1, 1]}))
        with pytest.raises(DataError, match="0 rows"):
            node(two.head(0))
    same = pd.DataFrame({"x": [1.0, 2.0, 1.0, 2.0]})
    k_means(same, clusters=3)
    assert "some clusters are empty" in heard.text
