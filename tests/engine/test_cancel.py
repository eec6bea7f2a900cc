"""A wish to stop is carried out within a second, wherever the work is; what is stored by then stays."""

from __future__ import annotations

import threading
import time

import pytest
from engine_flows import Log, cancel_when, children, flow, go, rows

from peephole.engine.store import Store
from peephole.engine.worker import Job, run_job

WORK = {  # what runs: (its settings, how long after its start the wish comes)
    "slow": ({"seconds": 60.0, "steps": 600}, 0.1),  # asks by itself
    "deaf": ({"seconds": 60.0}, 0.1),
    "endless": ({}, 0.3),  # a query
    "fits": ({}, 1.5),  # scikit-learn, once its import is over
}


@pytest.mark.parametrize("kind", WORK)
def test_work_ends_within_a_second(tmp_path, kind):
    store = Store(tmp_path / "store")
    settings, after = WORK[kind]
    nodes = {"n": ("numbers", {"rows": 1500}), "first": "same", "work": (kind, settings), "last": "same"}
    cancel, listen, asked = cancel_when("started", "work", after)
    result, log = go(flow(nodes, "n first work last"), store, cancel=cancel, on_event=listen)
    assert log.times[-1] - asked[0] < 1.2  # one second, and what a busy machine takes
    assert result.status == "cancelled"
    assert log.ends() == {"n": "finished", "first": "finished", "work": "cancelled", "last": "cancelled"}
    assert children() == []
    assert not list((store.folder / "tmp").iterdir())
    after_all, _ = go(flow({k: nodes[k] for k in ("n", "first")}, "n first"), store)
    assert all(n.cached for n in after_all.nodes.values())
    assert len(rows(after_all, "first")) == 1500


@pytest.mark.parametrize("kind", ["endless", "collects"])
def test_a_query_is_stopped_without_ending_the_process(tmp_path, kind):
    document = flow({"n": ("numbers", {"rows": 1500}), "work": kind}, "n work")
    job = {"document": document.model_dump(mode="json"), "folder": str(tmp_path), "store": str(tmp_path / "store")}
    job = Job(job | {"engine": "duckdb 0", "targets": None, "name": "a"})
    log = Log(lambda e: e.event == "started" and e.node == "work" and threading.Timer(0.5, job.cancel).start())
    began = time.monotonic()
    end = run_job(job, log)
    assert time.monotonic() - began < 5
    assert end.status == "cancelled"
    assert log.ends() == {"n": "finished" if kind == "collects" else "cancelled", "work": "cancelled"}
