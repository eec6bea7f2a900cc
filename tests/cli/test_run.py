"""`peephole run` on real small workflows: what it says, what it leaves, how it ends."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_support import Peephole

from peephole.neural.cards import without_card

Workflow = Callable[..., Path]


def test_a_run_and_then_nothing_to_do(peephole: Peephole, workflow: Workflow) -> None:
    path = workflow(add={"amount": 3}, group_sum={})
    first = peephole("run", str(path))
    assert (first.returncode, first.stderr) == (0, "")
    assert "The group_sum: 7 × 2" in first.stdout
    assert "Done in" in first.stdout
    again = peephole("run", str(path))
    assert again.returncode == 0
    assert "already done (nothing changed)" in again.stdout
    assert "3 nodes already done" in again.stdout


def test_a_changed_setting_runs_only_what_follows_and_says_why(peephole: Peephole, workflow: Workflow) -> None:
    path = workflow(slow={"seconds": 0.1}, add={})
    peephole("run", str(path))
    changed = peephole("run", str(path), "--set", "add.amount=5")
    assert changed.returncode == 0
    assert "same   The slow: 20 × 2, already done" in changed.stdout
    assert "start  The add: amount changed: 1 → 5" in changed.stdout
    assert json.loads(path.read_text())["nodes"]["add"]["settings"] == {}


def test_a_failed_node_is_told_with_its_remedy_and_the_trace_only_if_asked(
    peephole: Peephole, workflow: Workflow
) -> None:
    path = workflow(fail={"text": "The cup is empty."}, add={})
    failed = peephole("run", str(path))
    assert failed.returncode == 1
    assert "FAILED The fail\n    The cup is empty.\n    Do it otherwise." in failed.stdout
    assert "skip   The add" in failed.stdout
    assert "Traceback" not in failed.stdout
    assert "Traceback" in peephole("run", str(path), "--trace").stdout


def test_each_event_is_a_line_for_machines(peephole: Peephole, workflow: Workflow) -> None:
    result = peephole("run", str(workflow(add={})), "--json")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert [events[0]["event"], events[-1]["event"]] == ["run-started", "run-finished"]
    assert events[-1]["status"] == "done"


def test_only_what_a_target_needs_runs(peephole: Peephole, workflow: Workflow) -> None:
    result = peephole("run", str(workflow(add={}, fail={})), "--to", "The add")
    assert result.returncode == 0
    assert "fail" not in result.stdout


def test_a_fresh_run_uses_nothing_and_leaves_nothing(peephole: Peephole, workflow: Workflow, tmp_path: Path) -> None:
    path = workflow(add={})
    peephole("run", str(path))
    before = sorted(p.name for p in (tmp_path / "store").rglob("*.json"))
    fresh = peephole("run", str(path), "--fresh")
    assert "same" not in fresh.stdout
    assert "it has no result yet" not in fresh.stdout
    assert ": asked anew" in fresh.stdout
    assert sorted(p.name for p in (tmp_path / "store").rglob("*.json")) == before


def test_a_report_of_good_and_bad_runs(peephole: Peephole, workflow: Workflow, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    good = peephole("run", str(workflow(add={}, group_sum={})), "--report", str(report))
    assert good.returncode == 0
    assert "The report is in" in good.stdout
    page = report.read_text("utf-8")
    assert "A small one" in page
    assert "7 rows × 2 columns" in page
    bad = peephole("run", str(workflow(fail={"text": "<b>The cup</b> is empty."})), "--report", str(report))
    assert bad.returncode == 1
    page = report.read_text("utf-8")
    assert "&lt;b&gt;The cup&lt;/b&gt; is empty." in page
    assert "Do it otherwise." in page


@pytest.mark.parametrize(
    ("arguments", "what", "remedy"),
    [
        (["--set", "ad.amount=2"], 'no node "ad"', 'Did you mean "add"?'),
        (["--set", "add.amuont=2"], 'no setting "amuont"', 'Did you mean "amount"?'),
        (["--set", "add.amount"], "node.setting=value", "For example"),
        (["--to", "dad"], 'no node "dad"', 'Did you mean "add"?'),
        (["--on", "duckb"], 'no engine "duckb"', "duckdb"),
        (["--report", "/no/such/folder/r.html"], "cannot be written", "folder that exists"),
    ],
)
def test_what_does_not_exist_is_told_with_the_nearest(
    peephole: Peephole, workflow: Workflow, arguments: list[str], what: str, remedy: str
) -> None:
    result = peephole("run", str(workflow(add={})), *arguments)
    assert result.returncode == 2
    assert what in result.stderr
    assert remedy in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("content", [None, "not json", '{"format": "something else"}'])
def test_an_unreadable_workflow(peephole: Peephole, tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "bad.peep.json"
    if content is not None:
        path.write_text(content)
    result = peephole("run", str(path))
    assert result.returncode == 2
    assert "bad.peep.json" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_worker_that_dies_is_told(peephole: Peephole, workflow: Workflow) -> None:
    result = peephole("run", str(workflow(die={})))
    assert result.returncode == 1
    assert "ENDED  The die" in result.stdout
    assert "Interrupted in" in result.stdout


def started(environment: dict[str, str], path: Path, **how: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "peephole.cli.main", "run", str(path)]
    return subprocess.Popen(command, env=environment, **how)  # type: ignore[call-overload, no-any-return]


def read_until(file: int, words: bytes, seconds: float = 20) -> bytes:
    """What comes from a terminal or pipe up to these words."""
    found, end = b"", time.monotonic() + seconds
    while words not in found:
        assert time.monotonic() < end, found
        found += os.read(file, 4096)
    return found


def test_ctrl_c_stops_even_what_does_not_listen_within_a_second(
    environment: dict[str, str], workflow: Workflow
) -> None:
    process = started(environment, workflow(deaf={}), stdout=subprocess.PIPE)
    assert process.stdout is not None
    read_until(process.stdout.fileno(), b"start  The deaf")
    asked = time.monotonic()
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=10)[0]
    assert process.returncode == 130
    assert time.monotonic() - asked < 2.5
    assert b"Stopping" in said
    assert b"Cancelled in" in said


def test_a_second_ctrl_c_leaves_at_once_and_the_terminal_is_in_order(
    environment: dict[str, str], workflow: Workflow
) -> None:
    ours, theirs = pty.openpty()
    process = started(environment | {"TERM": "xterm"}, workflow(deaf={}), stdout=theirs, stdin=theirs, stderr=theirs)
    os.close(theirs)
    shown = read_until(ours, b"The deaf")
    assert b"\x1b[?25l" in shown
    process.send_signal(signal.SIGINT)
    read_until(ours, b"Stopping")
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=5) == 130
    assert b"\x1b[?25h" in read_until(ours, b"\x1b[?25h")
    os.close(ours)


@pytest.mark.skipif(not without_card(), reason="there may be a graphics card here")
def test_a_card_that_is_not_there_is_told_before_anything_runs(peephole: Peephole, tmp_path: Path) -> None:
    nodes = {
        "numbers": {"type": "peephole_testnodes/numbers", "settings": {"rows": 60}},
        "input": {"type": "number_input", "settings": {"columns": ["n"]}},
        "output": {"type": "number_output", "settings": {"targets": ["k"]}},
        "train": {"type": "train_network", "title": "Train it", "settings": {"epochs": 1, "device": "cuda"}},
    }
    wires = ["numbers.table -> input.table", "input.network -> output.network", "numbers.table -> output.table"]
    wires += ["output.network -> train.network", "numbers.table -> train.table"]
    path = tmp_path / "train.peep.json"
    path.write_text(json.dumps({"format": "peephole-workflow", "version": 1, "nodes": nodes, "wires": wires}))
    told = peephole("run", str(path))
    assert told.returncode == 1
    ahead = [line for line in told.stdout.splitlines() if line.startswith(("AHEAD", "start"))]
    assert ahead[0].startswith("AHEAD  Train it: It cannot be trained on this machine: there is no graphics card")
    assert told.stdout.count("cannot be trained on this machine") == 1
    assert ahead[1:], "what can run does"
