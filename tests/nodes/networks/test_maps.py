"""Maps of what a network's layers say: against scikit-learn, and as texts and pictures."""

from __future__ import annotations

import base64
import io
import sys

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

from peephole.core.errors import DataError, MissingLibraryError
from peephole.nodes.networks import inputs, layers, outputs, training, using


def test_points_of_a_map_are_texts_or_pictures(frame, classes):
    few = frame.iloc[:40]
    option = using.embedding_map(few, classes, text="t").figure.option
    assert all(s["label"]["show"] and s["encode"]["label"] == "t" for s in option["series"])
    pixels = np.zeros((40, 9))
    pixels[np.arange(40), np.arange(40) % 9] = 8
    rows = few.assign(**{f"p{k}": pixels[:, k] for k in range(9)})
    figure = using.embedding_map(rows, classes, colour="up", pictures=[f"p{k}" for k in range(9)]).figure
    inks = {s["name"]: s["itemStyle"]["color"] for s in figure.option["series"]}
    drawn = pa.table(figure.data)
    column = figure.option["peephole"]["pictures"]
    for row, address, group in zip(range(len(drawn)), drawn[column].to_pylist(), drawn["up"].to_pylist(), strict=True):
        picture = Image.open(io.BytesIO(base64.b64decode(address.removeprefix("data:image/png;base64,"))))
        red, green, blue, alpha = (np.asarray(picture)[..., k] for k in range(4))
        at = 40 - len(drawn) + row  # rows that lack a window are left out
        assert (alpha.reshape(-1) == np.where(np.arange(9) == at % 9, 255, 0)).all()
        assert f"#{red[0, 0]:02x}{green[0, 0]:02x}{blue[0, 0]:02x}" == inks[group].lower()
    files = [_png(k) for k in range(40)]
    one = using.embedding_map(few.assign(file=files), classes, pictures=["file"]).figure
    assert pa.table(one.data)[column][0].as_py().startswith("data:image/png;base64,")
    with pytest.raises(DataError, match="8 pixels make no square"):
        using.embedding_map(rows, classes, pictures=[f"p{k}" for k in range(8)])
    with pytest.raises(DataError, match="no picture that can be read"):
        using.embedding_map(few.assign(file=[b"nothing"] * 40), classes, pictures=["file"])


def _png(shade: int) -> bytes:
    written = io.BytesIO()
    Image.new("L", (40, 20), shade).save(written, "PNG")
    return written.getvalue()


def test_maps_are_those_of_scikit_learn(frame, classes):
    found = using.embedding_map(frame, classes, colour="up", text="t")
    values = classes.activations(frame)["code"].double().numpy()
    wanted = PCA(2, svd_solver="full").fit_transform(values)
    assert found.points[["component 1", "component 2"]].to_numpy() == pytest.approx(wanted)
    assert {s["name"] for s in found.figure.option["series"]} == {"up", "down"}
    assert found.figure.option["series"][0]["encode"]["tooltip"] == ["component 1", "component 2", "up", "t"]
    few = using.embedding_map(frame, classes, method="t-sne", most=50, seed=1)
    again = using.embedding_map(frame, classes, method="t-sne", most=50, seed=1)
    assert len(few.points) == 49
    assert few.points.equals(again.points)


def test_a_map_by_umap_keeps_neighbours(frame, classes):
    pytest.importorskip("umap", reason="the extra umap is not installed")
    found = using.embedding_map(frame, classes, method="umap", neighbours=10, seed=1, colour="up")
    again = using.embedding_map(frame, classes, method="umap", neighbours=10, seed=1, colour="up")
    assert found.points.equals(again.points)
    values = classes.activations(frame)["code"].double().numpy()
    assert trustworthiness(values, found.points[["map x", "map y"]].to_numpy(), n_neighbors=10) > 0.95


def test_umap_that_is_not_installed_is_told(frame, classes, monkeypatch):
    monkeypatch.setitem(sys.modules, "umap", None)
    with pytest.raises(MissingLibraryError, match=r"needs the package umap-learn.*peephole\[umap\]"):
        using.embedding_map(frame, classes, method="umap")


def test_a_map_of_two_units_is_drawn_as_it_is(frame):
    drawn = layers.dense(inputs.number_input(frame, columns=["a", "b"]), units=2)
    network = training.train_network(outputs.class_output(drawn, frame, target="up"), frame, epochs=1).network
    found = using.embedding_map(frame, network)
    assert found.points[["unit 1", "unit 2"]].to_numpy() == pytest.approx(network.activations(frame)["dense"].numpy())
