"""`peephole unfold`: a saved trace, or a workflow's network, as a page."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from peephole.cli.codes import Code
from peephole.cli.main import main
from peephole.neural import GRU, unfold
from peephole.neural.view import page

NODES = {
    "read": {"type": "read_parquet", "settings": {"path": "waves.parquet"}},
    "input": {"type": "sequence_input", "settings": {"columns": ["a"], "steps": 5}},
    "gru": {"type": "gru", "settings": {"units": 3}},
    "last": {"type": "last_step"},
    "out": {"type": "number_output", "settings": {"targets": ["later"]}},
    "train": {"type": "train_network", "settings": {"epochs": 1}},
}
WIRES = ["read.table -> input.table", "input.network -> gru.network", "gru.network -> last.network"]
WIRES += ["last.network -> out.network", "read.table -> out.table", "out.network -> train.network"]
WIRES += ["read.table -> train.table"]


@pytest.fixture(autouse=True)
def _built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(page, "_asset", lambda name: f"/* {name} */")
    monkeypatch.chdir(tmp_path)


def test_a_saved_trace_becomes_a_page(tmp_path: Path) -> None:
    trace = unfold(GRU(2, 3), torch.randn(4, 1, 2), lambda y: y.square().sum(-1))
    trace.save(tmp_path / "one.npz")
    assert main(["unfold", "one.npz"]) == Code.OK
    assert '"steps":4' in (tmp_path / "one.html").read_text(encoding="utf-8")


def test_a_layers_network_is_trained_and_opened_at_the_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    t = np.arange(40)
    pd.DataFrame({"a": np.sin(t / 3), "later": np.sin((t + 1) / 3)}).to_parquet(tmp_path / "waves.parquet")
    document = {"format": "peephole-workflow", "version": 1, "nodes": NODES, "wires": WIRES}
    (tmp_path / "waves.peep.json").write_text(json.dumps(document), encoding="utf-8")
    asked = ["unfold", "waves.peep.json", "--node", "gru", "--example", "12", "--store", "store", "--out", "gru.html"]
    assert main(asked) == Code.OK
    page = (tmp_path / "gru.html").read_text(encoding="utf-8")
    assert "row 12" in page
    assert "later: predicted" in page
    assert '"chosen":"task"' in page
    assert main([*asked, "--follow", "later"]) == Code.OK
    assert '"chosen":"later"' in (tmp_path / "gru.html").read_text(encoding="utf-8")
    typed = ["--typed", json.dumps({"a": [0.1, 0.2, 0.3, 0.4, 0.5]})]
    assert main([*asked[:4], *asked[6:], *typed]) == Code.OK
    page = (tmp_path / "gru.html").read_text(encoding="utf-8")
    assert "no answer is known" in page
    assert '"chosen":"output"' in page
    assert main(["unfold", "waves.peep.json", "--node", "read", "--store", "store"]) != Code.OK
    assert main(["unfold", "waves.peep.json", "--store", "store"]) == Code.USAGE
    capsys.readouterr()
    assert main([*asked[:3], "sequence", *asked[4:]]) == Code.USAGE
    said = capsys.readouterr().err
    assert 'Did you mean "input"? Nodes: input (Sequence input), gru, last (Last step)' in " ".join(said.split())
