"""Mosaics: each tile's area is its share of the rows."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest

from peephole.core.errors import SettingError
from peephole.figures.complete import complete
from peephole.figures.static import svg
from peephole.nodes.views._tiles import GAP
from peephole.nodes.views.mosaic_plot import mosaic_plot


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.from_pandas])
def test_tiles_are_as_large_as_their_shares(frame):
    rng = np.random.default_rng(0)
    data = pd.DataFrame({"x": rng.choice(["a", "b", "c"], 400), "y": rng.choice(["no", "yes"], 400, p=[0.7, 0.3])})
    data.loc[0, "x"] = None
    figure = mosaic_plot(frame(data), x="x", y="y")
    rows = pd.DataFrame(figure.data.to_pydict())
    shares = pd.crosstab(data["x"], data["y"], normalize=True)
    for group in ("no", "yes"):
        corners = rows[rows["group"] == group][["across", "up"]].to_numpy().reshape(-1, 6, 2)
        wide = np.nanmax(corners[:, :, 0], 1) - np.nanmin(corners[:, :, 0], 1) + 2 * GAP
        high = np.nanmax(corners[:, :, 1], 1) - np.nanmin(corners[:, :, 1], 1) + 2 * GAP
        np.testing.assert_allclose(wide * high, shares[group])
    assert rows[rows["group"] == "names"]["name"].tolist() == ["a", "b", "c"]
    drawn = svg(figure)
    assert all(f">{word}<" in drawn for word in ("a", "b", "c", "no", "yes"))


@pytest.mark.parametrize(
    "rows",
    [{"x": [], "y": []}, {"x": ["a"], "y": ["$b$"]}, {"x": [None, "a"], "y": ["b", None]}],
    ids=["no", "one", "gaps"],
)
def test_hard_rows_give_a_figure_that_can_be_drawn(rows):
    figure = mosaic_plot(pd.DataFrame(rows, dtype=str), x="x", y="y")
    json.dumps(complete(figure), allow_nan=False)
    assert svg(figure).rstrip().endswith("</svg>")


def test_one_column_is_no_mosaic():
    with pytest.raises(SettingError, match="two different columns"):
        mosaic_plot(pd.DataFrame({"x": ["a"]}), x="x", y="x")
