"""A wish to stop is carried out within a second, wherever the work is; what is stored by then stays."""

from __future__ import annotations

import pytest
from engine_flows import cancel_when, children, flow, go, rows

from peephole.engine.store import Store

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
