"""Networks on disk: drawn ones without torch, trained ones with their weights; no pickle; damage is told."""

from __future__ import annotations

import pandas as pd
import pytest

from peephole.core.errors import SettingError, StoreError
from peephole.neural import NetworkGraph, train
from peephole.ports.network import NetworkCodec


@pytest.fixture(scope="module")
def drawn():
    start = NetworkGraph.begin("number_input", columns={"a": "number"})
    return start.then("dense", units=3).then("class_output", targets={"k": "text"})


@pytest.fixture(scope="module")
def trained(drawn):
    return train(drawn, pd.DataFrame({"a": [1.0, 2, 3, 4], "k": ["x", "y", "x", "z"]}), epochs=2, hold_back=0.0)


def test_a_drawn_network_comes_back(tmp_path, drawn):
    codec = NetworkCodec()
    codec.save(drawn, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["network.json"]
    assert codec.load(tmp_path) == drawn
    facts = codec.summary(tmp_path)
    assert facts["shape"] == "as many as the training rows tell"
    assert facts["parameters"] is None


def test_a_trained_network_comes_back_and_equal_ones_have_equal_keys(tmp_path, drawn, trained):
    codec, keys = NetworkCodec(), []
    for name, network in (("one", trained), ("two", trained), ("other", drawn)):
        (tmp_path / name).mkdir()
        codec.save(network, tmp_path / name)
        keys.append(codec.content_key(tmp_path / name))
    assert keys[0] == keys[1] != keys[2]
    assert codec.summary(tmp_path / "one")["shape"] == "3 numbers"
    assert codec.summary(tmp_path / "one")["parameters"] == 2 * 3 + 4 * 3
    frame = pd.DataFrame({"a": [0.5, 9.0]})
    assert codec.load(tmp_path / "one").predict(frame).equals(trained.predict(frame))


def test_it_is_shown_as_layers_with_what_they_give_and_learn_and_the_curves(tmp_path, drawn, trained):
    codec = NetworkCodec()
    for name, network in (("drawn", drawn), ("trained", trained)):
        (tmp_path / name).mkdir()
        codec.save(network, tmp_path / name)
    shown = codec.plain(tmp_path / "trained")
    layers = shown["network"]["layers"]
    assert [layer["parameters"] for layer in layers] == [0, 2 * 3, 4 * 3]
    assert [layer["shape"] for layer in layers] == list(trained.facts()["shapes"].values())
    assert layers[1]["inputs"] == [layers[0]["name"]]
    assert shown["network"]["output"] == layers[-1]["name"]
    assert shown["history"]["loss"] == [epoch["loss"] for epoch in trained.history]
    assert "epoch" not in shown["history"]
    before = codec.plain(tmp_path / "drawn")
    assert [layer["parameters"] for layer in before["network"]["layers"]] == [0, 2 * 3, None]
    assert before["history"] == {}


@pytest.mark.parametrize("name", ["network.json", "weights.safetensors"])
def test_damage_is_told(tmp_path, trained, name):
    NetworkCodec().save(trained, tmp_path)
    (tmp_path / name).write_bytes(b"{}" if name.endswith("json") else b"damaged")
    with pytest.raises(StoreError) as caught:
        NetworkCodec().load(tmp_path)
    assert caught.value.remedy


def test_weights_of_another_network_are_told(tmp_path, drawn, trained):
    codec = NetworkCodec()
    codec.save(trained, tmp_path)
    text = (tmp_path / "network.json").read_text().replace('"units": 3', '"units": 4')
    (tmp_path / "network.json").write_text(text)
    with pytest.raises(StoreError, match="not those of the network"):
        codec.load(tmp_path)


def test_plain_calls_take_networks_only():
    with pytest.raises(SettingError, match="A network is needed"):
        NetworkCodec().adapt("no")
