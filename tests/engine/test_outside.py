"""Sources outside: fetched anew at each run or by hand; asked for no more than what follows needs."""

from __future__ import annotations

import json

import pytest
from engine_flows import flow, go_here, rows

from peephole.engine.look import look_ahead
from peephole.engine.store import Store
from peephole.tables.session import open_session


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def world(tmp_path):
    (tmp_path / "w").write_text("1 2 3")
    return tmp_path / "w"


def fetches(world):
    """What was asked for, looks at the columns left out."""
    log = world.with_name("w.log")
    asked = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    return [entry["needs"] for entry in asked if not entry["only columns"]]


def document(refresh="each run", **more):
    nodes = {"w": ("outside", {"name": "w", "refresh": refresh}), "sum": ("group_sum", {"key": "n", "column": "m"})}
    return flow(nodes | more, "w sum")


def run_it(document, store, world, **options):
    return go_here(document, store, path=world.with_name("d.peep.json"), **options)


def test_each_run_fetches_and_what_follows_stays_where_nothing_changed(store, world):
    for _ in range(2):
        result, _ = run_it(document(), store, world)
        assert rows(result, "sum") == [(1, 2), (2, 4), (3, 6)]
    assert len(fetches(world)) == 2
    assert not result.nodes["w"].cached
    assert result.nodes["w"].reason == "what it reads from outside is fetched anew"
    assert result.nodes["sum"].cached
    world.write_text("5")
    result, _ = run_it(document(), store, world)
    assert rows(result, "sum") == [(5, 10)]


def test_by_hand_fetches_once_and_when_told_to(store, world):
    for _ in range(2):
        result, _ = run_it(document("by hand"), store, world)
    assert len(fetches(world)) == 1
    assert result.nodes["w"].cached
    world.write_text("5")
    assert rows(run_it(document("by hand"), store, world)[0], "sum") == [(1, 2), (2, 4), (3, 6)]
    assert rows(run_it(document("by hand"), store, world, refetch=True)[0], "sum") == [(5, 10)]
    assert rows(run_it(document("by hand"), store, world)[0], "sum") == [(5, 10)]
    assert len(fetches(world)) == 2


def test_by_hand_is_also_running_the_source_itself_again(store, world):
    run_it(document("by hand"), store, world)
    world.write_text("5")
    run_it(document("by hand"), store, world, targets=["sum"], again=True)
    assert len(fetches(world)) == 1
    run_it(document("by hand"), store, world, targets=["w"], again=True)
    assert rows(run_it(document("by hand"), store, world)[0], "sum") == [(5, 10)]
    assert len(fetches(world)) == 2


def test_another_document_does_not_take_over_what_was_fetched(store, world):
    run_it(document("by hand"), store, world)
    go_here(document("by hand"), store, path=world.with_name("other.peep.json"))
    assert len(fetches(world)) == 2


CHAIN = {"w": ("outside", {"name": "w"}), "a": ("above", {"limit": 1}), "o": ("only", {"column": "n"}), "b": "above"}


def test_it_is_told_what_the_nodes_that_directly_follow_need(store, world):
    result, _ = run_it(flow(CHAIN, "w a o b"), store, world)
    assert rows(result, "b") == [(2,), (3,)]
    first = {"where": "n > 1", "columns": [], "dropped": []}
    assert fetches(world) == [[first, {"where": None, "columns": ["n"], "dropped": []}]]


@pytest.mark.parametrize(
    ("nodes", "wires", "options"),
    [
        (CHAIN, ["w a o b"], {"targets": ["w", "b"]}),  # the person wants to see it
        (CHAIN | {"c": "above"}, ["w a o b", "w c"], {}),  # two need it
        ({"w": CHAIN["w"], "x": "add", "a": "above"}, ["w x a"], {}),  # something lies between
    ],
)
def test_it_is_asked_for_everything_where_more_is_needed(store, world, nodes, wires, options):
    run_it(flow(nodes, *wires), store, world, **options)
    assert fetches(world) == [[]]


def test_columns_are_asked_for_only_where_nothing_before_them_is_stored(store, world):
    run_it(flow(CHAIN, "w a o b"), store, world, targets=["a", "b"])
    assert fetches(world) == [[{"where": "n > 1", "columns": [], "dropped": []}]]


def test_all_columns_can_be_chosen_though_few_are_fetched(store, world):
    from engine_flows import plan_of

    drawn = flow(CHAIN, "w a o b")
    run_it(drawn, store, world)
    plan = plan_of(drawn, store, world.parent)
    session = open_session(read=[world.parent])
    session.folder = world.parent
    assert list(look_ahead(plan, session, store).schemas["w"]["table"]) == ["n", "m"]
    session.close()
