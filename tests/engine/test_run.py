"""Runs that go well: what is told, what is stored, what runs again and why."""

from __future__ import annotations

import threading

import pytest
from engine_flows import cancel_when, chain, children, fan, flow, go, go_here, keys, rows

from peephole.core.errors import PeepholeError
from peephole.engine.events import NodeStarted
from peephole.engine.run import run
from peephole.engine.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def diamond(low: int = 1, high: int = 2):
    nodes = {"n": "numbers", "a": ("same", {"tag": str(low)}), "b": ("same", {"tag": str(high)}), "both": "beside"}
    return flow(nodes, "n a", "n b", "a.table -> both.left", "b.table -> both.right")


def test_a_chain_tells_each_step_in_order_and_stores_what_is_read(store):
    document = flow({"n": "numbers", "a": "add", "s": ("slow", {"seconds": 0.1}), "g": "group_sum"}, "n a s g")
    result, log = go(document, store)
    assert result.status == "done"
    assert {n: log.of(n) for n in "nasg"} == {n: ["queued", "started", "finished"] for n in "nasg"}
    assert log.find("started", "n").with_nodes == ["a"]
    assert log.find("finished", "n").reason == 'computed together with "Add"'
    assert {n: bool(r.outputs) for n, r in result.nodes.items()} == {"n": False, "a": True, "s": True, "g": True}
    assert rows(result, "g") == sorted((k, sum(n + 1 for n in range(10) if n % 7 == k)) for k in range(7))
    assert result.nodes["s"].messages == ["slept 0.1 s"]
    assert log.events[-1].ran == 4


def test_progress_and_curves_come_while_it_runs(store):
    _, log = go(flow({"n": "numbers", "s": ("slow", {"seconds": 0.6, "steps": 30})}, "n s"), store)
    shown = [e for e in log.events if e.event == "progress" and e.title == "Waiting"]
    assert shown[0].done == 0
    assert shown[-1].done == shown[-1].total == 30
    assert 4 <= len(shown) <= 12  # ten a second at most
    assert shown[len(shown) // 2].remaining == pytest.approx(0.3, abs=0.2)
    assert [e.values for e in log.events if e.event == "metric"] == [{"step": i} for i in range(30)]
    middle = next(
        t for e, t in zip(log.events, log.times, strict=True) if e.event == "metric" and e.values["step"] == 15
    )
    assert log.times[-1] - middle > 0.2


def test_what_no_encoding_holds_is_told_all_the_same(store):
    result, log = go(flow({"n": "numbers", "o": "odd_reports"}, "n o"), store)
    assert result.status == "done"
    assert log.find("metric", "o").values == {"loss": None, "rate": None, "fine": 1.0}
    assert log.find("progress", "o").total is None
    result, log = go(flow({"n": "numbers", "o": "odd_error"}, "n o"), store)
    assert result.problems["o"].what.startswith("The file ")


def refuse(*_, **__):
    raise AssertionError("a process was started")


def test_nothing_changed_starts_no_worker(store, monkeypatch):
    go(diamond(), store)
    before = threading.active_count()
    monkeypatch.setattr("subprocess.Popen", refuse)
    result, log = go(diamond(), store, on_event=lambda _: children() and pytest.fail("there is a process"))
    assert result.status == "done"
    assert set(log.ends().values()) == {"finished"}
    assert all(n.cached and n.reason == "nothing changed" for n in result.nodes.values())
    assert log.events[-1].cached == 4
    assert threading.active_count() <= before


def test_a_late_setting_runs_only_what_follows_and_says_why(store, tmp_path):
    path = tmp_path / "w.peep.json"
    first, _ = go_here(diamond(), store, path=path)
    second, log = go_here(diamond(high=3), store, path=path)
    ran = {n for n in second.nodes if not second.nodes[n].cached}
    assert ran == {"b"}  # `both` reads the same content as before
    assert second.nodes["b"].reason == "tag changed: 2 → 3"
    assert second.nodes["both"].reason == "what it reads is the same as before"
    assert log.of("both") == ["queued", "finished"]
    assert log.of("a") == ["finished"]
    assert keys(first) == keys(second)
    third, _ = go_here(diamond(high=2), store, path=path)  # back again: everything is still there
    assert all(n.cached for n in third.nodes.values())


def test_a_changed_content_runs_what_follows(store, tmp_path):
    def document(start):
        nodes = {"n": ("numbers", {"start": start}), "p": "parity", "s": "same", "c": "count"}
        return flow(nodes, "n p s c")

    path = tmp_path / "w.peep.json"
    go_here(document(0), store, path=path)
    result, _ = go_here(document(2), store, path=path)  # other numbers, as many even ones: cut off after parity
    assert {n: r.cached for n, r in result.nodes.items()} == {"n": False, "p": False, "s": True, "c": True}
    result, _ = go_here(
        flow({"n": ("numbers", {"rows": 30}), "p": "parity", "s": "same", "c": "count"}, "n p s c"), store
    )
    assert not any(r.cached for r in result.nodes.values())
    assert rows(result, "s") == [(15,)]


def test_branches_run_side_by_side(store):
    nodes = {"n": "numbers", "a": ("slow", {"tag": "a"}), "b": ("slow", {"tag": "b"})}
    _, log = go(flow(nodes, "n a", "n b"), store)
    starts = {e.node: e.at for e in log.events if isinstance(e, NodeStarted)}
    ends = {e.node: e.at for e in log.events if e.event == "finished"}
    assert max(starts["a"], starts["b"]) < min(ends["a"], ends["b"]) - 0.5


def test_only_what_the_target_needs_runs(store):
    result, _ = go_here(diamond(), store, targets=["a"])
    assert set(result.nodes) == {"n", "a"}
    with pytest.raises(PeepholeError, match=r'no node "aa".* mean "a"'):
        run(diamond(), store=store, targets=["aa"])


def test_two_outputs_an_optional_port_and_a_port_of_many_wires(store):
    nodes = {"n": "numbers", "s": "split", "all": "stack", "alone": "beside", "c": "count"}
    document = flow(nodes, "n s", "s.high -> all.tables", "s.low -> all.tables", "all.table -> alone.left", "alone c")
    result, _ = go_here(document, store)
    assert rows(result, "alone") == rows(go_here(flow({"n": "numbers"}), store)[0], "n")


def test_a_setting_fed_by_a_wire(store):
    nodes = {"n": "numbers", "v": ("value", {"value": 4}), "f": "first"}
    document = flow(nodes, "n f", "v.variable -> f.settings.limit")
    result, _ = go_here(document, store)
    assert [n for n, _ in rows(result, "f")] == [0, 1, 2, 3]
    nodes["v"] = ("value", {"value": -4})
    result, _ = go_here(flow(nodes, "n f", "v.variable -> f.settings.limit"), store)
    assert result.problems["f"].setting == "limit"
    assert "-4" in result.problems["f"].what


@pytest.mark.parametrize(
    "document", [chain(200), chain(60, "same"), fan(100)], ids=["chain", "stored chain", "fan-out"]
)
def test_long_and_wide_workflows(store, document):
    result, _ = go_here(document, store)
    assert {n.state for n in result.nodes.values()} == {"done"}
    last = list(result.nodes)[-1]
    grown = {"n199": 199, "n59": 0, "n100": 100}[last]
    assert [n for n, _ in rows(result, last)] == [n + grown for n in range(10)]


def test_a_cancel_before_the_start_runs_nothing(store, monkeypatch):
    cancel = threading.Event()
    cancel.set()
    monkeypatch.setattr("subprocess.Popen", refuse)
    result, log = go(diamond(), store, cancel=cancel)
    assert result.status == "cancelled"
    assert set(log.ends().values()) == {"cancelled"}
    assert not list((store.folder / "results").glob("*/*"))


def test_a_cancel_at_once_after_the_start(store):
    cancel, listen, asked = cancel_when("run-started")
    result, log = go(chain(4, "slow"), store, cancel=cancel, on_event=listen)
    assert result.status == "cancelled"
    assert log.times[-1] - asked[0] < 1.2
    assert "started" not in log.of("n3")
