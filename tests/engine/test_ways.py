"""Switches run only what is needed for the way that is taken; a try goes on where something before it fails."""

from __future__ import annotations

import pytest
from engine_flows import go, go_here, rows

from peephole.engine.store import Store
from peephole.workflow.document import Document

T = "peephole_testnodes/"


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def document(nodes, *wires):
    blocks = {n: {"type": t, "settings": s} for n, (t, s) in nodes.items()}
    return Document.model_validate({"nodes": blocks, "wires": list(wires)})


def two_ways(kind="if_else", **settings):
    nodes = {
        "n": (f"{T}numbers", {"rows": 3}),
        "left": (f"{T}same", {"tag": "left"}),
        "right": (f"{T}fail", {}),
        "after": (f"{T}same", {"tag": "after"}),
        "way": (kind, settings),
    }
    ports = ("table", "otherwise") if kind == "if_else" else ("tables", "tables")
    return document(
        nodes,
        "n.table -> left.table",
        "n.table -> right.table",
        "right.table -> after.table",
        f"left.table -> way.{ports[0]}",
        f"after.table -> way.{ports[1]}",
    )


@pytest.mark.parametrize(("kind", "settings"), [("if_else", {"condition": True}), ("switch", {"case": 1})])
def test_what_the_other_way_needs_does_not_run(store, kind, settings):
    result, log = go_here(two_ways(kind, **settings), store)
    assert result.status == "done"
    assert rows(result, "way") == rows(result, "left")
    assert log.ends()["right"] == log.ends()["after"] == "skipped"
    assert result.nodes["right"].reason == "A switch has chosen another way."
    again, log = go_here(two_ways(kind, **settings), store)
    assert (again.status, log.events[0].to_run) == ("done", [])


@pytest.mark.parametrize(("kind", "settings"), [("if_else", {"condition": False}), ("switch", {"case": 2})])
def test_the_way_that_is_taken_may_fail(store, kind, settings):
    result, log = go_here(two_ways(kind, **settings), store)
    assert result.status == "failed"
    assert (log.ends()["right"], log.ends()["way"], log.ends()["left"]) == ("failed", "skipped", "skipped")


def test_a_case_too_many_is_told(store):
    result, _ = go_here(two_ways("switch", case=3), store)
    assert "case 3 is chosen, and 2 tables" in result.problems["way"].what


def fed(rows_, condition="a > 5"):
    nodes = {
        "n": (f"{T}numbers", {"rows": rows_}),
        "count": ("table_value", {}),
        "many": ("variable_formula", {"expression": condition}),
        "large": (f"{T}same", {"tag": "large"}),
        "small": (f"{T}add", {"amount": 100}),
        "way": ("if_else", {}),
        "end": (f"{T}same", {"tag": "end"}),
    }
    return document(
        nodes,
        "n.table -> count.table",
        "count.variable -> many.a",
        "many.variable -> way.settings.condition",
        "n.table -> large.table",
        "n.table -> small.table",
        "large.table -> way.table",
        "small.table -> way.otherwise",
        "way.table -> end.table",
    )


def test_a_condition_that_only_the_run_tells(store):
    result, log = go(fed(3), store)
    assert result.status == "done"
    assert [n for n, *_ in rows(result, "end")] == [100, 101, 102]
    assert log.ends()["large"] == "skipped"
    assert log.ends()["small"] == "finished"
    result, log = go_here(fed(9), store)
    assert [n for n, *_ in rows(result, "end")] == list(range(9))
    assert log.ends()["small"] == "skipped"
    _, log = go_here(fed(9), store)
    assert log.events[0].to_run == []


def test_a_condition_that_fails_stops_what_follows(store):
    result, log = go_here(fed(3, "nothing > 5"), store)
    assert result.status == "failed"
    assert log.ends()["many"] == "failed"
    assert log.ends()["way"] == log.ends()["end"] == "skipped"


def trying(kind="fail", **settings):
    nodes = {
        "n": (f"{T}numbers", {"rows": 3}),
        "risky": (T + kind, settings),
        "step": (f"{T}add", {"amount": 5}),
        "spare": (f"{T}add", {"amount": 100}),
        "try": ("try_otherwise", {}),
        "end": (f"{T}same", {"tag": "end"}),
    }
    return document(
        nodes,
        "n.table -> risky.table",
        "risky.table -> step.table",
        "step.table -> try.table",
        "n.table -> spare.table",
        "spare.table -> try.otherwise",
        "try.table -> end.table",
    )


def test_a_try_goes_on_with_the_other_table_and_tries_again_next_time(store):
    result, log = go(trying(), store)
    assert result.status == "done"
    assert log.ends()["risky"] == "failed"
    assert log.ends()["step"] == "skipped"
    assert [n for n, *_ in rows(result, "end")] == [100, 101, 102]
    assert result.nodes["try"].messages == ['"Fail" failed. What is connected beside it is used.']
    again, log = go_here(trying(), store)
    assert again.status == "done"
    assert log.ends()["risky"] == "failed", "it is tried again"
    assert again.nodes["end"].cached, "what is the same does not run again"
    assert [n for n, *_ in rows(again, "end")] == [100, 101, 102]


@pytest.mark.parametrize("sources", ["one", "two"])
def test_a_try_goes_on_where_the_node_just_before_it_fails(store, sources):
    nodes = {
        "n": (f"{T}numbers", {"rows": 3}),
        "risky": (f"{T}fail", {}),
        "spare": (f"{T}add", {"amount": 100}),
        "try": ("try_otherwise", {}),
    }
    between = (
        ["risky.table -> try.table"] if sources == "one" else ["risky.table -> same.table", "same.table -> try.table"]
    )
    if sources == "two":
        nodes["same"] = (f"{T}same", {})
    wires = ("n.table -> risky.table", "n.table -> spare.table", *between, "spare.table -> try.otherwise")
    result, log = go_here(document(nodes, *wires), store)
    assert log.ends()["risky"] == "failed"
    assert result.status == "done"
    assert [n for n, *_ in rows(result, "try")] == [100, 101, 102]


def test_a_try_goes_on_where_the_file_just_before_it_is_missing(store, tmp_path):
    nodes = {
        "read": ("read_csv", {"path": str(tmp_path / "gone.csv")}),
        "n": (f"{T}numbers", {"rows": 3}),
        "try": ("try_otherwise", {}),
    }
    result, log = go_here(document(nodes, "read.table -> try.table", "n.table -> try.otherwise"), store)
    assert log.ends()["read"] == "failed"
    assert result.status == "done"
    assert [n for n, *_ in rows(result, "try")] == [0, 1, 2]


def test_a_try_without_failure(store):
    result, log = go_here(trying("same"), store)
    assert result.status == "done"
    assert [n for n, *_ in rows(result, "end")] == [5, 6, 7]
    _, log = go_here(trying("same"), store)
    assert log.events[0].to_run == []


def test_a_try_survives_wrong_settings_too(store):
    result, log = go_here(trying("add", column="nothing"), store)
    assert result.status == "done"
    assert log.ends()["risky"] == "failed"
    assert [n for n, *_ in rows(result, "end")] == [100, 101, 102]
    missing, _ = go_here(trying("no_such_node"), store)
    assert missing.status == "done"
    assert [n for n, *_ in rows(missing, "end")] == [100, 101, 102]


def test_a_try_whose_other_table_fails_too(store):
    nodes = {
        "n": (f"{T}numbers", {"rows": 3}),
        "risky": (f"{T}fail", {}),
        "spare": (f"{T}fail", {"text": "It is wrong too."}),
        "try": ("try_otherwise", {}),
    }
    wires = (
        "n.table -> risky.table",
        "n.table -> spare.table",
        "risky.table -> try.table",
        "spare.table -> try.otherwise",
    )
    result, log = go_here(document(nodes, *wires), store)
    assert result.status == "failed"
    assert log.ends()["try"] == "skipped"
