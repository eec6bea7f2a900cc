"""A worker that is started before it is known whether there is anything to run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from engine_flows import alive, flow, go, until

from peephole.engine import launch
from peephole.engine.store import Store


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    monkeypatch.setattr(launch, "cores", lambda: 2)


def test_a_run_works_in_it_and_ends_it(tmp_path):
    pid_file = tmp_path / "child"
    document = flow({"n": "numbers", "c": ("leaves_child", {"pid_file": str(pid_file)})}, "n c")
    parents = []

    def listen(event):
        if event.event == "finished" and event.node == "c":
            status = Path(f"/proc/{int(pid_file.read_text())}/stat").read_text()
            parents.append(int(status.rpartition(")")[2].split()[1]))

    with launch.launched() as process:
        result, _ = go(document, Store(tmp_path / "store"), on_event=listen, launched=process)
        assert result.status == "done"
        assert process.returncode is not None
    assert parents == [process.pid]
    assert until(lambda: not alive(int(pid_file.read_text())), 5)


def test_without_a_run_it_is_gone_with_the_block():
    with launch.launched() as process:
        assert alive(process.pid)
    assert not alive(process.pid)


def test_it_is_gone_where_something_goes_wrong_before_the_run():
    with pytest.raises(KeyError), launch.launched() as process:
        raise KeyError
    assert not alive(process.pid)


def test_it_ends_by_itself_when_nobody_can_ask_it_any_more():
    script = "import os; from peephole.engine.launch import launch; print(launch().pid, flush=True); os._exit(1)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert until(lambda: not alive(int(done.stdout)), 20)


def test_on_one_core_there_is_none(monkeypatch):
    monkeypatch.setattr(launch, "cores", lambda: 1)
    with launch.launched() as process:
        assert process is None


def test_a_worker_that_is_expected_already_is_the_one():
    with launch.launched() as outer:
        with launch.launched() as inner:
            assert inner is outer
        assert outer.poll() is None
    assert outer.returncode is not None
    with launch.launched() as another:
        assert another is not outer
