"""`peephole run` on loops: rounds that end by a condition, and the best model of a grid written with its predictions."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from cli_support import Peephole


def written(folder: Path, nodes: dict[str, Any], wires: list[str]) -> Path:
    path = folder / "loop.peep.json"
    path.write_text(json.dumps({"format": "peephole-workflow", "version": 1, "nodes": nodes, "wires": wires}))
    return path


def halving(until: str) -> dict[str, Any]:
    return {
        "nodes": {
            "half": {"type": "formula", "settings": {"name": "n", "expression": "n / 2"}},
            "most": {"type": "table_value", "settings": {"function": "max", "column": "n"}},
            "small": {"type": "variable_formula", "settings": {"expression": until}},
        },
        "wires": [
            ".table -> half.table", "half.table -> .table", "half.table -> most.table",
            "most.variable -> small.a", "small.variable -> .small",
        ],
    }  # fmt: skip


def rounds(folder: Path, ends: str, /, **more: Any) -> Path:
    (folder / "in.csv").write_text("n\n96\n24\n")
    repeat = {"over": "rounds", "times": 30, "until": "small", **more}
    nodes = {
        "read": {"type": "read_csv", "settings": {"path": "in.csv"}},
        "loop": {"type": "component", "title": "Halve", "inside": halving(ends), "repeat": repeat},
        "write": {"type": "write_csv", "settings": {"path": "out.csv"}},
    }
    return written(folder, nodes, ["read.table -> loop.table", "loop.table -> write.table"])


def test_rounds_end_by_their_condition(peephole: Peephole, tmp_path: Path) -> None:
    said = peephole("run", str(rounds(tmp_path, "a < 1")))
    assert (said.returncode, said.stderr) == (0, ""), said.stdout
    with (tmp_path / "out.csv").open() as file:
        assert [float(row["n"]) for row in csv.DictReader(file)] == [0.75, 0.1875]  # seven rounds: 96 / 2**7
    assert "already done" in peephole("run", str(rounds(tmp_path, "a < 1"))).stdout


def test_what_is_wrong_with_rounds_names_the_loop_and_the_remedy(peephole: Peephole, tmp_path: Path) -> None:
    number = peephole("run", str(rounds(tmp_path, "a + 1"))).stdout
    assert "FAILED Halve" in number
    assert "What ends the rounds must be true or false, and is 49.0 after round 1." in number
    assert "Compare it inside the loop" in number
    missing = peephole("check", str(rounds(tmp_path, "a < 1", until="tiny"))).stdout
    assert 'Halve: "until" names the output "tiny", and there is none.' in missing
    port = peephole("check", str(rounds(tmp_path, "a < 1", input="rows"))).stdout
    assert 'Halve: it has no input "rows" to go round by.' in port
