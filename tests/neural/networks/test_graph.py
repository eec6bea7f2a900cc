"""A network as plain data: branches find together, JSON comes back the same, what is damaged is told."""

from __future__ import annotations

import json

import pytest

from peephole.core.errors import SettingError, StoreError
from peephole.neural.network import NetworkGraph


def start(**settings):
    return NetworkGraph.begin("number_input", columns={"a": "number", "b": "number"}, **settings)


def test_ids_are_counted_within_a_network():
    graph = start().then("dense", units=3).then("dense", units=3).then("dense", units=2, name="code")
    assert list(graph.layers) == ["number_input", "dense", "dense_2", "code"]
    assert graph.layers["dense_2"].inputs == ("dense",)
    with pytest.raises(SettingError, match='a layer "code"'):
        graph.then("dense", units=2, name="code")


def test_branches_share_what_is_before_them():
    trunk = start().then("dense", units=4)
    one, two = trunk.then("dense", units=2), trunk.then("dense", units=3)
    merged = NetworkGraph.join("merge_layers", [one, two])
    assert list(merged.layers) == ["number_input", "dense", "dense_2", "dense_2_2", "merge_layers"]
    assert merged.layers["merge_layers"].inputs == ("dense_2", "dense_2_2")
    assert merged.layers["dense_2_2"].inputs == ("dense",)


def test_two_inputs_of_one_kind_stay_two():
    one = start().then("dense", units=2)
    other = NetworkGraph.begin("number_input", columns={"c": "number"}).then("dense", units=2)
    merged = NetworkGraph.join("merge_layers", [one, other], how="add")
    assert merged.inputs == ["number_input", "number_input_2"]
    assert merged.columns() == {"a": "number", "b": "number", "c": "number"}


def test_json_comes_back_the_same():
    graph = start(name="x").then("dense", units=3).then("number_output", targets={"y": "number"})
    assert NetworkGraph.from_json(json.loads(graph.text())) == graph


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d.pop("layers"),
        lambda d: d.update(format=99),
        lambda d: d.update(output="nowhere"),
        lambda d: d["layers"]["dense"].update(kind="dens"),
        lambda d: d["layers"]["dense"].update(inputs=["later"]),
        lambda d: d["layers"]["dense"]["settings"].update(unit=3),
        lambda d: d.update(layers=[]),
    ],
)
def test_damaged_json_is_told(damage):
    data = json.loads(start().then("dense", units=3).text())
    damage(data)
    with pytest.raises(StoreError):
        NetworkGraph.from_json(data)
