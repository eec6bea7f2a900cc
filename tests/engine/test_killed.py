"""The worker may be ended at any time: nothing that was stored is lost or wrong, and nothing is left running."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import duckdb
import pytest
from engine_flows import alive, chain, children, fan, flow, go, keys, until

from peephole.core.errors import StoreError
from peephole.engine.process import WorkerProcess
from peephole.engine.store import Store

# PEEPHOLE_KILLS=100 for the long run
KILLS = int(os.environ.get("PEEPHOLE_KILLS", "8"))


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def busy():
    """A workflow of all kinds of steps, about a second of work."""
    nodes = {"n": ("numbers", {"rows": 200_000})}
    for branch in "abc":
        nodes |= {
            f"{branch}1": ("add", {"amount": ord(branch)}),
            f"{branch}2": ("same", {"tag": branch}),
            f"{branch}3": "split",
            f"{branch}4": ("slow", {"seconds": 0.15}),
            f"{branch}5": "group_sum",
            f"{branch}6": "count",
        }
    wires = [w for b in "abc" for w in (f"n {b}1 {b}2 {b}3", f"{b}3.high -> {b}4.table", f"{b}4 {b}5", f"{b}4 {b}6")]
    return flow(nodes, *wires)


def whole(store: Store) -> int:
    """Read every stored table to its end; gives how many there are."""
    tables = list((store.folder / "objects").glob("*/*/table.parquet"))
    for table in tables:
        with duckdb.connect() as connection:
            connection.execute(f"SELECT count(*), sum(hash(COLUMNS(*))) FROM read_parquet('{table}')").fetchall()
    return len(tables)


def kill_children():
    for pid in children():
        os.kill(pid, signal.SIGKILL)


def kill_during(store, after):
    """Run, and kill the worker so many seconds after it has begun to work."""
    timers = []

    def listen(event):
        if event.event == "queued" and not timers:
            timers.append(threading.Timer(after, kill_children))
            timers[0].start()

    result, log = go(busy(), store, on_event=listen)
    for timer in timers:
        timer.cancel()
        timer.join()
    return result, log


def test_killed_at_random_moments_nothing_is_lost(tmp_path, store):
    calm, log = go(busy(), Store(tmp_path / "calm"))
    span = log.events[-1].at - next(e.at for e in log.events if e.event == "queued")
    chance = random.Random(20)
    stored_before, running = 0, 0
    for _ in range(KILLS):
        result, log = kill_during(store, chance.uniform(0, span))
        ends = log.ends()
        if result.status == "interrupted":
            assert set(ends.values()) <= {"finished", "interrupted", "skipped", "failed"}
            for name, node in result.nodes.items():
                assert node.state != "interrupted" or "ended from outside" in node.reason
                assert node.state != "done" or log.of(name)[-1] == "finished"
            running += "interrupted" in ends.values()
        else:
            assert (result.status, set(ends.values())) == ("done", {"finished"})
        done = {n: o for n, o in keys(result).items() if result.nodes[n].state == "done"}
        assert done == {n: keys(calm)[n] for n in done}  # what is told to be done is there, and right
        stored = whole(store)
        assert stored >= stored_before
        stored_before = stored
        if result.status == "done":  # start again
            store.clear()
            stored_before = 0
    print(f"{running} of {KILLS} runs were cut off while nodes ran")
    assert running >= KILLS // 3
    result, _ = go(busy(), store)
    assert result.status == "done"
    assert keys(result) == keys(calm)
    assert not list((store.folder / "tmp").iterdir())


def test_the_next_run_picks_up(tmp_path, store):
    marker = str(tmp_path / "died")
    nodes = {
        "n": "numbers",
        "a": "same",
        "d": ("die", {"marker": marker, "after": 0.5}),
        "after": ("same", {"tag": "z"}),
        "side": ("slow", {"tag": "s", "seconds": 5.0}),
    }
    document = flow(nodes, "n a d after", "a side")
    result, log = go(document, store)
    assert result.status == "interrupted"
    assert log.ends() == {
        "n": "finished",
        "a": "finished",
        "d": "interrupted",
        "after": "skipped",
        "side": "interrupted",
    }
    assert "memory ran out" in result.nodes["d"].reason
    again, _ = go(document, store)
    assert again.status == "done"
    assert {n: r.cached for n, r in again.nodes.items()} == {
        "n": True,
        "a": True,
        "d": False,
        "after": False,
        "side": False,
    }


@pytest.mark.parametrize(
    ("number", "says"), [(signal.SIGSEGV, "A native library crashed"), (signal.SIGTERM, "by the signal SIGTERM")]
)
def test_other_deaths_are_named(store, number, says):
    result, log = go(flow({"n": "numbers", "d": ("die", {"signal": int(number)})}, "n d"), store)
    assert log.ends()["d"] == "interrupted"
    assert says in result.nodes["d"].reason


def test_a_worker_that_cannot_even_start(store, monkeypatch):
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    result, log = go(chain(3), store)
    assert result.status == "interrupted"
    assert set(log.ends().values()) == {"skipped"}
    assert "ended unexpectedly" in str(log.find("failed", "").problem)


def test_what_a_node_has_started_ends_with_the_run(tmp_path, store):
    pids = [tmp_path / "one", tmp_path / "two"]
    nodes = {"n": "numbers", "c": ("leaves_child", {"pid_file": str(pids[0])})}
    nodes |= {"away": ("leaves_child", {"pid_file": str(pids[1]), "away": True})}
    began = time.monotonic()
    result, _ = go(flow(nodes, "n c away"), store)
    assert result.status == "done"
    assert time.monotonic() - began < 30  # a process that broke away holds our pipes open
    child, away = (int(p.read_text()) for p in pids)
    try:
        assert until(lambda: not alive(child))
        assert alive(away)
    finally:
        os.kill(away, signal.SIGKILL)


def test_the_worker_ends_with_its_parent(tmp_path):
    pid_file = tmp_path / "child"
    script = textwrap.dedent(f"""
        from pathlib import Path
        from engine_flows import flow
        from peephole.engine.run import run
        from peephole.engine.store import Store
        document = flow({{"n": "numbers", "c": ("leaves_child", {{"pid_file": {str(pid_file)!r}, "seconds": 60.0}})}}, "n c")
        run(document, store=Store(Path({str(tmp_path / "store")!r})))
    """)
    parent = subprocess.Popen([sys.executable, "-c", script])
    try:
        assert until(pid_file.exists, 30)
        child = int(pid_file.read_text())
        worker = int(Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[1])
    finally:
        parent.kill()
        parent.wait()
    assert worker != parent.pid
    assert until(lambda: not alive(worker) and not alive(child), 5)


def test_runs_leave_no_files_threads_or_processes_open(store):
    def held():
        files = set()
        for number in os.listdir("/proc/self/fd"):
            with contextlib.suppress(FileNotFoundError):
                files.add((number, os.readlink(f"/proc/self/fd/{number}")))
        return files | set(threading.enumerate()) | set(children())

    go(chain(3, "same"), store)
    before = held()  # some of it may go of itself meanwhile: other tests have left it
    for i in range(3):
        go(chain(3, "same", tag=str(i)), store)
    assert held() <= before


def test_nothing_is_dropped_under_a_run(store):
    refused = []

    def listen(event):
        if event.event == "started" and event.node == "s":
            refused.append(Store(store.folder).tidy(limit=0))
            with pytest.raises(StoreError, match="in use by a run"):
                Store(store.folder).clear()

    result, _ = go(
        flow({"n": "numbers", "s": ("slow", {"seconds": 0.3}), "g": "group_sum"}, "n s g"), store, on_event=listen
    )
    assert refused == [0]
    assert result.status == "done"
    assert store.clear() > 0


def test_an_event_cut_off_by_the_workers_death_is_passed_over():
    worker = WorkerProcess()
    worker._lines.put(b'{"event":"started","no')
    worker.kill()
    assert [event for event in worker.events(wait=1.0) if event is not None] == []
    worker.close()


def test_two_runs_at_once_on_one_store(store):
    documents = [busy(), busy(), fan(20)]
    found = {}

    def one(i):
        found[i] = go(documents[i], store)[0]

    threads = [threading.Thread(target=one, args=(i,)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[i].status for i in range(3)] == ["done"] * 3
    assert keys(found[0]) == keys(found[1])
    whole(store)
    assert not list((store.folder / "tmp").iterdir())


def test_what_is_no_command_is_told_and_the_next_is_obeyed(store, tmp_path):
    worker = WorkerProcess()
    try:
        for line in (b"\xff\xfe\n", b"{nonsense\n", b"[]\n", b'{"command": "dance"}\n', b'{"command": "run"}\n'):
            worker._process.stdin.write(line)
        job = {"document": chain(2).model_dump(mode="json"), "folder": str(tmp_path), "store": str(store.folder)}
        worker.send("run", **job, engine="duckdb 0", targets=None, name="a")
        worker.send("run", **job, engine="duckdb 0", targets=["nobody"], name="a")
        ends = [e for e in first_events(worker, ends=3) if e.event == "run-finished"]
        assert [e.status for e in ends] == [
            "failed",
            "done",
            "failed",
        ]  # the first lacks everything, the last has no target
        assert worker.alive
    finally:
        worker.close()
    assert not worker.alive
    said = "\n".join(worker._said)
    assert said.count("This is no command") == 3
    assert "There is no command 'dance'" in said


def first_events(worker, ends):
    seen, stop = [], time.monotonic() + 30
    for event in worker.events(wait=0.1):
        if event is not None:
            seen.append(event)
        if sum(e.event == "run-finished" for e in seen) == ends or time.monotonic() > stop:
            return seen
    return seen
