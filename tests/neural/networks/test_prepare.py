"""Rows to tensors: scaling, missing values, windows, lists, text, categories, images; compared with pandas and by hand."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch
from PIL import Image

from peephole.core.errors import DataError
from peephole.core.progress import reporting_to
from peephole.neural.network import NetworkGraph
from peephole.neural.prepare import encode_input, features_of, fit_inputs


class Listener:
    def __init__(self):
        self.messages = []

    def message(self, level, text):
        self.messages.append(text)

    def progress(self, *_):
        pass

    def metric(self, values, per):
        pass

    def earlier(self, *_):
        pass

    def cancelled(self):
        return False


def encoded(kind, rows, training=None, **settings):
    """An input fitted on `training` (the rows themselves unless given) and applied to `rows`; and what was said."""
    graph = NetworkGraph.begin(kind, **settings)
    table, listener = pa.Table.from_pandas(pd.DataFrame(rows)) if not isinstance(rows, pa.Table) else rows, Listener()
    learn = table if training is None else pa.Table.from_pandas(pd.DataFrame(training))
    with reporting_to(listener):
        fitted = fit_inputs(graph, learn)[graph.output]
        return encode_input(graph, graph.output, table, fitted), fitted, listener.messages


def every(found):
    return torch.arange(len(found.valid))


FRAME = {"a": [1.0, None, 3.0, 8.0], "b": [True, False, True, True]}


def test_numbers_are_scaled_by_the_training_rows_only():
    found, _, said = encoded(
        "number_input", {"a": [5.0, None], "b": [True, True]}, FRAME, columns={"a": "number", "b": "boolean"}
    )
    mean, std = np.mean([1, 3, 8]), np.std([1, 3, 8])
    x = found.batch(every(found)).x.numpy()
    yes = 0.25 / np.std([1, 0, 1, 1])
    assert x == pytest.approx(np.array([[(5 - mean) / std, yes], [0, yes]]), abs=1e-6)
    assert said == ["Missing values count as the column's mean in the training rows: a (1)."]


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"scale": "none", "missing": "zero"}, [1, 0, 3, 8]),
        ({"scale": "none", "missing": "mean"}, [1, 4, 3, 8]),
        ({"scale": "range", "missing": "mean"}, [0, 3 / 7, 2 / 7, 1]),
    ],
)
def test_scales_and_missing_numbers(settings, wanted):
    found, _, _ = encoded("number_input", FRAME, columns={"a": "number"}, **settings)
    assert found.batch(every(found)).x[:, 0].tolist() == pytest.approx(wanted)


def test_rows_with_missing_numbers_can_be_left_out():
    found, _, said = encoded("number_input", FRAME, columns={"a": "number"}, missing="leave out")
    assert found.valid.tolist() == [True, False, True, True]
    assert said == []


def test_a_constant_column_is_not_divided_by_zero():
    found, _, _ = encoded("number_input", {"a": [2.0, 2.0]}, columns={"a": "number"})
    assert found.batch(every(found)).x.tolist() == [[0], [0]]


def test_text_where_numbers_are_wanted_is_told():
    with pytest.raises(DataError, match='"a" is of type'):
        encoded("number_input", {"a": ["x"]}, columns={"a": "number"})


def test_windows_are_those_of_pandas_shift():
    noise = np.random.default_rng(3)
    frame = pd.DataFrame({"g": list("abab" * 10), "t": noise.permutation(40), "v": noise.normal(size=40)})
    found, _, _ = encoded(
        "sequence_input", frame, columns={"v": "number"}, steps=3, every=2, groups=["g"], order_by=["t"], scale="none"
    )
    in_order = frame.sort_values(["g", "t"])
    shifts = pd.concat([in_order.groupby("g")["v"].shift(k) for k in (4, 2, 0)], axis=1).reindex(frame.index).to_numpy()
    assert found.valid.tolist() == (~np.isnan(shifts).any(axis=1)).tolist()
    rows = torch.from_numpy(np.flatnonzero(found.valid))
    assert found.batch(rows).x[..., 0].numpy() == pytest.approx(shifts[found.valid], abs=1e-6)
    row = int(rows[0])
    times = in_order[in_order["g"] == frame["g"][row]]["t"].tolist()
    at = times.index(frame["t"][row])
    assert found.shown(row) == [str(t) for t in times[at - 4 : at + 1 : 2]]


def test_missing_steps_take_the_last_value_of_their_own_series():
    frame = {"g": [1, 1, 1, 2, 2], "v": [5.0, None, 7.0, None, 9.0]}
    found, _, said = encoded("sequence_input", frame, columns={"v": "number"}, steps=1, groups=["g"], scale="none")
    assert found.batch(every(found)).x.flatten().tolist() == [
        5,
        5,
        7,
        7,
        9,
    ]  # the second series begins with the mean, 7
    assert "v (1)" in said[0]
    found, _, _ = encoded(
        "sequence_input", frame, columns={"v": "number"}, steps=2, groups=["g"], scale="none", missing="leave out"
    )
    assert found.valid.tolist() == [False, False, False, False, False]


def test_lists_of_different_lengths_are_padded_and_cut_from_the_front():
    frame = {"a": [[1.0, 2.0, 3.0], [4.0], [], None], "b": [[10.0, 20.0, 30.0], [40.0], [], None]}
    found, _, _ = encoded("list_input", frame, columns={"a": "list", "b": "list"}, scale="none")
    assert found.valid.tolist() == [True, True, False, False]
    flow = found.batch(torch.tensor([1, 0]))
    assert flow.x.tolist() == [[[4, 40], [0, 0], [0, 0]], [[1, 10], [2, 20], [3, 30]]]
    assert flow.lengths.tolist() == [1, 3]
    found, _, _ = encoded("list_input", frame, columns={"a": "list"}, scale="none", longest=2)
    assert found.batch(torch.tensor([0])).x.flatten().tolist() == [2, 3]


def test_lists_that_do_not_fit_together_are_told():
    with pytest.raises(DataError, match="differ in length in row 2: 1 and 2"):
        encoded("list_input", {"a": [[1.0], [2.0]], "b": [[1.0], [2.0, 3.0]]}, columns={"a": "list", "b": "list"})


def test_words_are_codes_of_the_training_vocabulary():
    graph = NetworkGraph.begin("text_input", columns={"t": "text"}, vocabulary=3)
    found, fitted, said = encoded(
        "text_input",
        {"t": ["The cat sat, the END", "", None]},
        {"t": ["the cat the dog", "a dog!"]},
        columns={"t": "text"},
        vocabulary=3,
    )
    assert fitted["vocabulary"] == ["dog", "the", "!"]
    assert features_of(graph.layers["text_input"], fitted) == 4
    flow = found.batch(every(found))
    assert flow.x[0].tolist() == [2, 0, 0, 0, 2, 0]
    assert flow.lengths.tolist() == [6, 1, 1]
    assert found.shown(0) == ["the", "cat", "sat", ",", "the", "end"]
    assert "5 different words: 71.4%" in said[0]


def test_characters_and_items():
    found, fitted, _ = encoded("text_input", {"t": ["Abba"]}, columns={"t": "text"}, unit="characters", lower=False)
    assert fitted["vocabulary"] == ["b", "A", "a"]
    assert found.batch(every(found)).x.tolist() == [[2, 1, 1, 3]]
    found, _, _ = encoded("text_input", {"t": [["x y", "z"], ["z"]]}, columns={"t": "list"}, unit="items")
    assert found.shown(0) == ["x y", "z"]
    assert found.batch(every(found)).x.tolist() == [[2, 1], [1, 0]]


def test_categories():
    train = {"k": ["b", "a", None], "l": ["x", "x", "y"]}
    found, fitted, said = encoded(
        "category_input", {"k": ["a", "c", None], "l": ["y", "y", "y"]}, train, columns={"k": "text"}
    )
    assert fitted == {"labels": {"k": ["a", "b"]}}
    assert found.batch(every(found)).x.tolist() == [1, 0, 0]
    assert said == ['2 of 3 rows have no category in "k" that was learnt, or none at all.']
    found, _, _ = encoded(
        "category_input",
        {"k": ["a", "c", None], "l": ["y", "y", "x"]},
        train,
        columns={"k": "text", "l": "text"},
        encoding="one-hot",
    )
    assert found.batch(every(found)).x.tolist() == [[1, 0, 0, 1], [0, 0, 0, 1], [0, 0, 1, 0]]
    assert found.shown(0) == ["k = a", "k = b", "l = x", "l = y"]


def picture(values, mode):
    file = io.BytesIO()
    Image.fromarray(np.array(values, dtype=np.uint8), mode=None).convert(mode).save(file, "PNG")
    return file.getvalue()


def test_picture_files():
    grey = np.arange(12).reshape(3, 4) * 20
    rows = pa.table({"p": pa.array([picture(grey, "L"), None, picture(np.zeros((6, 8)), "RGB")], pa.binary())})
    found, _, said = encoded("image_input", rows, columns={"p": "binary"}, height=3, width=4)
    x = found.batch(torch.tensor([0, 2])).x
    assert x.shape == (2, 1, 3, 4)
    assert x[0, 0].numpy() == pytest.approx(grey / 255, abs=1e-6)
    assert found.valid.tolist() == [True, False, True]
    assert said == ["1 of 3 rows are left out: their picture is missing."]
    with pytest.raises(DataError, match="no picture that can be read"):
        encoded("image_input", pa.table({"p": pa.array([b"no"], pa.binary())}), columns={"p": "binary"})


def test_pixels_in_columns_and_lists():
    pixels = np.arange(12, dtype=float).reshape(1, 2, 2, 3)  # one image of 2 x 2 pixels, red, green and blue
    wanted = (pixels / 11).transpose(0, 3, 1, 2)
    size = {"height": 2, "width": 2, "channels": 3, "brightest": 11.0}
    wide = pd.DataFrame(pixels.reshape(1, 12), columns=[f"p{i}" for i in range(12)])
    found, _, _ = encoded("image_input", wide, columns=dict.fromkeys(wide.columns, "number"), **size)
    assert found.batch(torch.tensor([0])).x.numpy() == pytest.approx(wanted)
    nested = pa.table({"p": pa.array([pixels[0].tolist(), None])})
    found, _, _ = encoded("image_input", nested, columns={"p": "list"}, **size)
    assert found.batch(torch.tensor([0])).x.numpy() == pytest.approx(wanted)
    assert found.valid.tolist() == [True, False]
    with pytest.raises(DataError, match="Row 1 has an image of 3 numbers"):
        encoded("image_input", pa.table({"p": pa.array([[1.0, 2.0, 3.0]])}), columns={"p": "list"}, **size)
