"""Scatter matrix, violins, parallel coordinates, trees, distributions: the drawn numbers, hard rows, still pictures."""

from __future__ import annotations

import datetime as dt
import json
import re

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy.cluster.hierarchy import cophenet, linkage
from scipy.spatial.distance import squareform
from scipy.stats import gaussian_kde

from peephole.core.errors import DataError, SettingError
from peephole.figures.complete import complete
from peephole.figures.static import svg
from peephole.nodes.mining.clustering import hierarchical_clustering
from peephole.nodes.mining.ensembles import random_forest_learner
from peephole.nodes.mining.learners import decision_tree_learner, gradient_boosting_learner
from peephole.nodes.mining.predictors import predict
from peephole.nodes.views.correlation_heat_map import correlation_heat_map
from peephole.nodes.views.distributions import distributions
from peephole.nodes.views.parallel_coordinates import parallel_coordinates
from peephole.nodes.views.scatter_matrix import scatter_matrix
from peephole.nodes.views.tree_view import tree_view
from peephole.nodes.views.violin_plot import violin_plot

FRAMES = pytest.mark.parametrize("frame", [pd.DataFrame, pl.from_pandas])


@pytest.fixture
def data() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    n = 300
    a = rng.normal(size=n)
    kind = rng.choice(["x", "y"], n)
    return pd.DataFrame(
        {"a": a, "b": 2 * a + rng.normal(size=n) + (kind == "x"), "c": rng.integers(0, 9, n), "kind": kind}
    )


def rows_of(figure) -> pd.DataFrame:
    return pd.DataFrame(figure.data.to_pydict())


def rules_of(found) -> pd.DataFrame:
    return found.rules.collect("pandas").to_native()


@FRAMES
def test_a_scatter_matrix_has_all_pairs(data, frame):
    found = scatter_matrix(frame(data), colour="kind", selection=[{"ranges": {"a": {"at_least": 1.0}}}])
    option = found.figure.option
    assert option["peephole"]["columns"] == 3
    assert len(option["grid"]) == len(option["xAxis"]) == 9
    pairs = {(s["encode"]["x"], s["encode"]["y"]) for s in option["series"] if s["type"] == "scatter"}
    assert pairs == {(x, y) for x in "abc" for y in "abc" if x != y}
    assert len([s for s in option["series"] if s["type"] == "scatter"]) == 2 * 6
    drawn = rows_of(found.figure)[["a", "b", "c", "kind"]].dropna()
    pd.testing.assert_frame_equal(drawn.reset_index(drop=True), data, check_dtype=False)
    assert len(found.selected) == (data["a"] >= 1).sum()
    assert option["peephole"]["select"]["panels"][1] == {"x": "b", "y": "a"}
    assert option["legend"]["data"] == ["x", "y"]


def test_a_scatter_matrix_needs_two_columns(data):
    with pytest.raises(DataError, match="two columns of numbers"):
        scatter_matrix(data[["a", "kind"]])


@FRAMES
def test_violins_have_the_density_of_scipy(data, frame):
    figure = violin_plot(frame(data), y=["b"], group="kind")
    rows = rows_of(figure)
    for i, kind in enumerate(["x", "y"]):
        values = data["b"][data["kind"] == kind]
        outline = rows[rows["part"] == f"outline {i}"]
        half = len(outline) // 2
        places, up, down = (outline[c].to_numpy() for c in ("value", "height", "height"))
        tall = up[:half] - down[half : 2 * half][::-1]
        wanted = gaussian_kde(values)(places[:half])
        np.testing.assert_allclose(tall / tall.max(), wanted / wanted.max(), atol=0.01)
        box = rows[rows["part"] == f"quartiles {i}"]["value"]
        np.testing.assert_allclose(box, values.quantile([0.25, 0.75]))
    medians = rows[rows["part"] == "median"].set_index("name")["value"]
    assert medians.to_dict() == pytest.approx(data.groupby("kind")["b"].median().to_dict())


def test_violins_of_columns_and_of_equal_values(data):
    figure = violin_plot(data.assign(flat=1.0), y=["a", "flat"])
    assert figure.option["yAxis"][1]["data"] == ["flat", "a"]
    assert np.isfinite(rows_of(figure)["height"]).all()
    with pytest.raises(SettingError, match="one column with a group"):
        violin_plot(data, y=["a", "b"], group="kind")


@FRAMES
def test_parallel_coordinates_have_the_rows(data, frame, heard):
    gaps = data.assign(a=data["a"].where(data.index > 4))
    found = parallel_coordinates(frame(gaps), columns=["a", "c", "kind"], colour="kind")
    drawn = rows_of(found.figure)
    pd.testing.assert_frame_equal(
        drawn[["a", "c", "kind"]], gaps[["a", "c", "kind"]][5:].reset_index(drop=True), check_dtype=False
    )
    assert "5 rows without all numbers" in heard.text
    axes = found.figure.option["parallelAxis"]
    assert [a["type"] for a in axes] == ["value", "value", "category"]
    assert axes[2]["data"] == ["x", "y"]
    assert found.figure.option["peephole"]["select"] == {
        "kind": "axes",
        "columns": ["a", "c", "kind"],
        "areas": {"kind": [{"values": {"kind": ["x"]}}, {"values": {"kind": ["y"]}}]},
    }


def test_a_trees_rules_are_what_it_predicts(data):
    model = decision_tree_learner(data, target="kind", depth=4)
    found = tree_view(model, depth=2)
    said = predict(data, model)
    assert rules_of(found)["rows"].sum() == len(data)
    for rule in rules_of(found).to_dict("records"):
        there = pd.Series(True, data.index)
        for part in rule["rule"].split(" and "):
            name, sign, limit = part.removesuffix(" or missing").split(" ")
            compare = data[name].to_numpy(np.float32)
            there &= (compare <= np.float32(limit)) if sign == "≤" else (compare > np.float32(limit))
        shown = said[there]  # limits are written with four digits: a row may lie between
        assert abs(len(shown) - rule["rows"]) <= 1
        assert (shown["prediction"] == rule["prediction"]).mean() > 0.9
        assert rule["share"] == pytest.approx((shown["kind"] == rule["prediction"]).mean(), abs=0.1)
    drawn = found.figure.data.to_pylist()
    assert drawn[0]["rule"] == "all rows"
    assert drawn[0]["rows"] == 300
    for node in drawn:
        below = [d["rows"] for d in drawn if d["parent"] == node["node"]]
        assert not below or sum(below) == node["rows"]
    assert "leaves below" in json.dumps(found.figure.option)


def test_trees_with_categories_numbers_and_of_forests(mixed_rows):
    model = decision_tree_learner(mixed_rows, target="kind", depth=3)
    words = json.dumps(tree_view(model).figure.option, ensure_ascii=False)
    assert re.search(r"colour: [a-z, ]*red", words)
    numbers = tree_view(decision_tree_learner(mixed_rows, target="size", depth=2))
    assert "mean" in json.dumps(numbers.figure.option)
    assert rules_of(numbers)["prediction"].dtype == float
    forest = random_forest_learner(mixed_rows, target="kind", trees=3)
    assert "tree 2 of 3" in tree_view(forest, number=2).figure.title
    with pytest.raises(SettingError, match="There are 3 trees"):
        tree_view(forest, number=4)
    with pytest.raises(DataError, match="is no tree"):
        tree_view(gradient_boosting_learner(mixed_rows, target="kind", trees=2))


@pytest.fixture
def mixed_rows() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    colour = rng.choice(["red", "green", "blue", None], 200)
    size = rng.normal(size=200)
    kind = np.where((colour == "red") | (size > 1), "yes", "no")
    return pd.DataFrame({"colour": colour, "size": size, "kind": kind})


@FRAMES
def test_correlations_agree_with_pandas(data, frame):
    for method in ("pearson", "spearman", "kendall"):
        figure = correlation_heat_map(frame(data), method=method)
        found = rows_of(figure).pivot(index="with", columns="column", values="correlation")
        wanted = data[["a", "b", "c"]].corr(method=method)
        np.testing.assert_allclose(found.loc[wanted.index, wanted.columns], wanted)
    assert (figure.option["visualMap"]["min"], figure.option["visualMap"]["max"]) == (-1, 1)
    together = correlation_heat_map(frame(data[["a", "c", "b"]]), order="alike together")
    assert together.option["xAxis"]["data"] in (["a", "b", "c"], ["b", "a", "c"], ["c", "b", "a"], ["c", "a", "b"])


@FRAMES
def test_distributions_count_as_pandas(data, frame):
    figure = distributions(frame(data), group="kind", columns=["c", "a"])
    rows = rows_of(figure)
    for kind in ("x", "y"):
        counts = data[data["kind"] == kind]["c"].value_counts().sort_index()
        drawn = rows.set_index("c")[kind].dropna()
        assert drawn[: len(counts)].to_dict() == {str(k): v for k, v in counts.items()}
    stacks = {s["stack"] for s in figure.option["series"]}
    assert len(stacks) == 2  # one for each panel: bars of two panels never stand on each other
    assert len({s["xAxisIndex"] for s in figure.option["series"]}) == 2


def test_a_dendrogram_joins_as_scipy_does(data):
    few = data.head(30)
    found = hierarchical_clustering(few, columns=["a", "b"], clusters=3, linkage="average", scale=False, label="kind")
    joined = linkage(few[["a", "b"]], "average")
    rows = rows_of(found.figure)
    brackets = rows[rows["group"] != "leaf"]["distance"].to_numpy().reshape(-1, 5)
    np.testing.assert_allclose(np.sort(brackets[:, 1]), np.sort(joined[:, 2]))
    assert np.isnan(brackets[:, 4]).all()
    leaves = rows[rows["group"] == "leaf"]
    assert sorted(leaves["name"]) == sorted(few["kind"])
    cut = found.figure.option["series"][-1]["markLine"]["data"][0][0]["coord"][0]
    apart = squareform(cophenet(joined))
    of = found.clustered["cluster"].to_numpy()
    assert ((apart < cut) == (of[:, None] == of[None, :])).all()
    many = hierarchical_clustering(data, columns=["a", "b"], clusters=4)
    names = rows_of(many.figure).query("group == 'leaf'")["name"]
    assert len(names) == 60
    assert sum(int(n.split(" ")[0]) if n else 1 for n in names) == 300


HARD = {
    "no rows": pa.table(
        {"x": pa.array([], pa.float64()), "y": pa.array([], pa.float64()), "g": pa.array([], pa.string())}
    ),
    "no values": pa.table(
        {"x": pa.nulls(3, pa.float64()), "y": pa.nulls(3, pa.int64()), "g": pa.nulls(3, pa.string())}
    ),
    "one row": pa.table({"x": [1.5], "y": [2], "g": [dt.date(2020, 1, 1)]}),
    "not finite": pa.table({"x": [1.0, float("inf"), float("nan")], "y": [1.0, 2.0, None], "g": ["a", "b", None]}),
    "strange names": pa.table({"x": [1, 2, 3], "y": [3, 2, 1], "g": ["$a$ $b", "", "line\nbreak"]}),
    "all the same": pa.table({"x": [0.0] * 5, "y": [1.0] * 5, "g": ["k"] * 5}),
    "huge": pa.table({"x": [-1e300, 0.0, 1e300], "y": [1.0, 2.0, 3.0], "g": [True, False, None]}),
}


@pytest.mark.parametrize("rows", HARD.values(), ids=HARD.keys())
def test_hard_rows_give_a_figure_that_can_be_drawn(rows):
    for figure in (
        scatter_matrix(rows, columns=["x", "y"], colour="g").figure,
        scatter_matrix(rows, columns=["x", "y"]).figure,
        violin_plot(rows, y=["x", "y"]),
        violin_plot(rows, y=["x"], group="g"),
        parallel_coordinates(rows, columns=["x", "y"], colour="g").figure,
        correlation_heat_map(rows, columns=["x", "y"]),
        distributions(rows, columns=["x", "g"]),
        distributions(rows, columns=["x"], group="g"),
    ):
        json.dumps(complete(figure), allow_nan=False)
        json.dumps(complete(figure, title=False), allow_nan=False)
        assert svg(figure).rstrip().endswith("</svg>")
        for series in figure.option["series"]:
            named = [n for v in series.get("encode", {}).values() for n in (v if isinstance(v, list) else [v])]
            assert set(named) <= set(figure.data.column_names)


def test_the_still_pictures_have_the_words(data, mixed_rows):
    tree = decision_tree_learner(mixed_rows, target="kind", depth=2)
    for figure, words in (
        (scatter_matrix(data, colour="kind").figure, {"a", "b", "c", "x", "y"}),
        (violin_plot(data, y=["a"], group="kind"), {"x", "y", "kind"}),
        (parallel_coordinates(data, colour="kind").figure, {"a", "b", "c", "x", "y"}),
        (correlation_heat_map(data), {"a", "b", "c", "1.00"}),
        (distributions(data), {"a", "b", "c", "kind", "x", "y"}),
        (tree_view(tree).figure, {"all rows"}),
    ):
        found = set(re.findall(r"<text[^>]*>([^<]*)</text>", svg(figure)))
        assert words <= found


def test_drawing_leaves_the_figure_as_it_is(data, mixed_rows):
    for figure in (
        scatter_matrix(data).figure,
        tree_view(decision_tree_learner(mixed_rows, target="kind")).figure,
        hierarchical_clustering(data.head(20)).figure,
    ):
        before = json.dumps(figure.option)
        svg(figure)
        complete(figure)
        assert json.dumps(figure.option) == before
