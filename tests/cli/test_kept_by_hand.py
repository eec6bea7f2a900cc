"""Ctrl and the backslash (QUIT) on a run that trains: the network as it is by then is kept, and the run goes on to its end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

NODES = {
    "numbers": {"type": "peephole_testnodes/numbers", "settings": {"rows": 60}},
    "input": {"type": "number_input", "settings": {"columns": ["n"]}},
    "output": {"type": "number_output", "settings": {"targets": ["k"]}},
    "train": {"type": "train_network", "settings": {"epochs": 100_000}},
    "predict": {"type": "predict_network"},
}
WIRES = [
    "numbers.table -> input.table",
    "input.network -> output.network",
    "numbers.table -> output.table",
    "output.network -> train.network",
    "numbers.table -> train.table",
    "numbers.table -> predict.table",
    "train.network -> predict.network",
]


def test_quit_keeps_what_is_learnt_and_the_run_goes_on(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "train.peep.json"
    path.write_text(json.dumps({"format": "peephole-workflow", "version": 1, "nodes": NODES, "wires": WIRES}))
    command = [sys.executable, "-m", "peephole.cli.main", "run", str(path), "--json"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    events = []
    for line in process.stdout:
        event = json.loads(line)
        events.append(event)
        if event["event"] == "metric" and sum(one["event"] == "metric" for one in events) == 2:
            process.send_signal(signal.SIGQUIT)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert events[-1]["status"] == "done"
    ends = {one["node"]: one for one in events if one["event"] == "finished"}
    assert any("Stopped by hand after epoch" in text for text in ends["train"]["messages"])
    assert "predict" in ends
