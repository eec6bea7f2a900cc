"""Components that run many times: what comes out, what runs again, what is told, and what a failure says."""

from __future__ import annotations

import json

import duckdb
import pandas as pd
import pytest
from engine_flows import cancel_when, go, go_here, plan_of, rows, table_of

from peephole.engine.store import Store
from peephole.workflow.document import Document

T = "peephole_testnodes/"
GRID = {"over": "values", "values": {"amount": [1, 10], "tag": ["x", "y"]}}
ADD = {
    "nodes": {"add": {"type": f"{T}add"}, "same": {"type": f"{T}same"}},
    "wires": [
        ".table -> add.table",
        "add.table -> same.table",
        "same.table -> .table",
        ".settings.amount -> add.settings.amount",
        ".settings.tag -> same.settings.tag",
    ],
}


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def looped(repeat, inside=ADD, source=("numbers", {"rows": 3}), **more):
    nodes = {
        "source": {"type": T + source[0], "settings": source[1]},
        "loop": {"type": "component", "inside": inside, "repeat": repeat, **more},
    }
    return Document.model_validate({"nodes": nodes, "wires": ["source.table -> loop.table"]})


def frame(result, node="loop", port="table") -> pd.DataFrame:
    with duckdb.connect() as connection:
        found = connection.read_parquet(str(table_of(result, node, port)))
        return found.order("__row__").df() if "__row__" in found.columns else found.df()


def test_every_combination_runs_and_comes_out_beside_its_values(store):
    result, log = go(looped(GRID), store)
    assert result.status == "done"
    found = frame(result)
    assert list(found.columns[:2]) == ["amount", "tag"]
    expected = [(a, t, n + a) for a in (1, 10) for t in ("x", "y") for n in range(3)]
    assert sorted(found[["amount", "tag", "n"]].itertuples(index=False, name=None)) == sorted(expected)
    assert log.of("loop/same") == ["queued", "started", "finished"]
    assert log.of("loop") == ["queued", "started", "finished"]
    assert log.events[0].nodes == ["source", "loop/add", "loop/same", "loop"]
    runs = [e for e in log.events if e.event == "progress" and e.node == "loop/same" and e.title == "Runs"]
    assert [(e.done, e.total) for e in runs] == [(1, 4), (2, 4), (3, 4)]


def test_only_runs_that_changed_run_again(store):
    go_here(looped(GRID), store)
    more = {"over": "values", "values": {"amount": [1, 10, 5], "tag": ["x", "y"]}}
    result, _ = go_here(looped(more), store)
    assert result.nodes["loop/same"].reason == "4 of 6 runs are there; the others: it has no result yet"
    assert len(frame(result)) == 18
    again, log = go_here(looped(more), store)
    assert log.events[0].to_run == []
    assert again.nodes["loop"].cached


def test_what_is_the_same_in_all_runs_is_done_once(store):
    plan = plan_of(looped(GRID), store)
    assert [s.id for s in plan.at["loop/add"]] == ["loop/1/add", "loop/3/add"]
    assert len(plan.at["loop/same"]) == 4


def test_an_error_names_the_run(store):
    inside = {
        "nodes": {"cast": {"type": "cast", "settings": {"columns": ["text"], "to": "integer"}}, "rows": {"type": "filter_rows"}},
        "wires": [
            ".table -> rows.table",
            "rows.table -> cast.table",
            "cast.table -> .table",
            ".settings.where -> rows.settings.where",
        ],
    }  # fmt: skip
    repeat = {"over": "values", "values": {"where": ["text = '1'", "text = 'b'"]}}
    document = looped(repeat, inside, ("texts", {"values": ["1", "b"]}))
    result, log = go_here(document, store)
    assert result.status == "failed"
    assert result.problems["loop/cast"].what.startswith("where = text = 'b': ")
    assert log.ends()["loop"] == "skipped"
    fewer = {"over": "values", "values": {"where": ["text = '1'"]}}
    mended, _ = go_here(looped(fewer, inside, ("texts", {"values": ["1", "b"]})), store)
    assert mended.nodes["loop/cast"].cached, "the run that went well is kept"


GROUP = {
    "nodes": {"total": {"type": "group_by", "settings": {"keys": [], "compute": [{"column": "n", "function": "sum"}]}}},
    "wires": [".table -> total.table", "total.table -> .table"],
}


def test_each_group_by_itself(store):
    document = looped({"over": "groups", "columns": ["k"]}, GROUP, ("numbers", {"rows": 20}))
    result, log = go(document, store)
    assert result.status == "done"
    expected = {k: sum(n for n in range(20) if n % 7 == k) for k in range(7)}
    assert dict(frame(result)[["k", "n sum"]].itertuples(index=False, name=None)) == expected
    assert log.events[0].nodes == ["source", "loop/total", "loop"]
    again, _ = go_here(document, store)
    assert again.nodes["loop"].cached
    assert again.nodes["loop/total"].cached


def test_a_group_for_missing_keys_and_its_value_in_a_setting(store, tmp_path):
    (tmp_path / "a.csv").write_text("k,d,v\na,2020-01-01,1\n,2020-01-02,2\na,2020-01-01,3\nb,,4\n")
    inside = {
        "nodes": {
            "mark": {"type": "formula", "settings": {"name": "made", "expression": "v * 2"}},
            "text": {"type": "replace_text", "settings": {"columns": ["k"], "find": "a"}},
        },
        "wires": [
            ".table -> mark.table",
            "mark.table -> text.table",
            "text.table -> .table",
            ".settings.d -> text.settings.replacement",
        ],
    }
    nodes = {
        "read": {"type": "read_csv", "settings": {"path": "a.csv"}},
        "dates": {"type": "missing_values", "settings": {"mend": [{"columns": ["d"], "how": "most frequent"}]}},
        "loop": {"type": "component", "inside": inside, "repeat": {"over": "groups", "columns": ["k", "d"]}},
    }
    wires = ["read.table -> dates.table", "dates.table -> loop.table"]
    document = Document.model_validate({"nodes": nodes, "wires": wires})
    result, _ = go_here(document, store, path=tmp_path / "a.peep.json")
    assert result.status == "done", result.problems
    found = frame(result)
    assert found["k"].isna().sum() == 1
    assert sorted(found["made"]) == [2, 4, 6, 8]
    assert str(found["d"].dtype).startswith("datetime64")


@pytest.mark.parametrize("size", [3, 10, 100])
def test_chunks_in_order(store, size):
    inside = {
        "nodes": {"count": {"type": "row_number", "settings": {"order_by": ["n"]}}},
        "wires": [".table -> count.table", "count.table -> .table"],
    }
    result, _ = go_here(looped({"over": "chunks", "rows": size}, inside, ("numbers", {"rows": 10})), store)
    found = frame(result)
    assert list(found["n"]) == list(range(10))
    assert list(found["number"]) == [n % size + 1 for n in range(10)]
    assert list(found["chunk"]) == [n // size + 1 for n in range(10)]


def test_no_rows_to_repeat_over_is_told(store):
    document = looped({"over": "groups", "columns": ["k"]}, GROUP, ("numbers", {"rows": 0}))
    result, log = go_here(document, store)
    assert result.status == "failed"
    assert "nothing to repeat" in result.problems["loop"].what
    assert log.ends()["loop/total"] == "skipped"


def test_loops_in_loops_and_loops_over_columns(store):
    each = {
        "nodes": {"add": {"type": f"{T}add"}},
        "wires": [".table -> add.table", "add.table -> .table", ".settings.column -> add.settings.column"],
    }
    inner = {
        "nodes": {"inner": {"type": "component", "inside": each, "repeat": {"over": "columns", "columns": ["n", "k"]}}},
        "wires": [".table -> inner.table", "inner.table -> .table"],
    }
    document = looped({"over": "groups", "columns": ["k"]}, inner, ("numbers", {"rows": 3}))
    result, _ = go_here(document, store)
    assert result.status == "done", result.problems
    found = frame(result)
    assert list(found.columns[:2]) == ["k", "column"]
    assert sorted(found[["k", "column", "n"]].itertuples(index=False, name=None)) == sorted(
        (k, c, k + 1 if c == "n" else k) for k in range(3) for c in ("n", "k")
    )


def test_a_loop_within_a_loop_is_told_of_before_its_groups_are_known(store):
    inner = {"type": "component", "inside": GROUP, "repeat": {"over": "groups", "columns": ["k"]}}
    inside = {
        "nodes": {"add": {"type": f"{T}add"}, "inner": inner},
        "wires": [
            ".table -> add.table",
            "add.table -> inner.table",
            "inner.table -> .table",
            ".settings.amount -> add.settings.amount",
        ],
    }
    result, log = go(
        looped({"over": "values", "values": {"amount": [1, 10]}}, inside, ("numbers", {"rows": 20})), store
    )
    assert result.status == "done"
    assert log.events[0].nodes == ["source", "loop/add", "loop/inner/total", "loop/inner", "loop"]
    assert len(frame(result)) == 14


def test_variables_become_rows_and_figures_a_page(store):
    inside = {
        "nodes": {
            "first": {"type": "top_k", "settings": {"by": [{"column": "n"}]}},
            "count": {"type": f"{T}count"},
            "bars": {"type": "bar_chart", "settings": {"x": "n"}},
        },
        "wires": [
            ".table -> first.table",
            ".settings.rows -> first.settings.count",
            "first.table -> count.table",
            "first.table -> bars.table",
            "count.variable -> .size",
            "bars.figure -> .page",
        ],
    }
    result, _ = go_here(looped({"over": "values", "values": {"rows": [1, 2]}}, inside), store)
    assert result.status == "done", result.problems
    assert frame(result, port="size")[["rows", "size"]].values.tolist() == [[1, 1], [2, 2]]
    page = json.loads((result.nodes["loop"].outputs["page"].folder / "report.json").read_text())
    assert len(page["parts"]) == 4


def test_cancelling_ends_all_runs_within_a_second(store):
    slow = {
        "nodes": {"slow": {"type": f"{T}slow", "settings": {"seconds": 30}}},
        "wires": [".table -> slow.table", "slow.table -> .table", ".settings.tag -> slow.settings.tag"],
    }
    cancel, listen, _ = cancel_when("started", "loop/slow", after=0.1)
    repeat = {"over": "values", "values": {"tag": ["a", "b", "c"]}}
    result, log = go(looped(repeat, slow), store, cancel=cancel, on_event=listen)
    assert result.status == "cancelled"
    assert log.ends() == {"source": "finished", "loop/slow": "cancelled", "loop": "cancelled"}


def test_cross_validation_is_a_loop_around_any_learner(store):
    inside = {
        "nodes": {
            "fold": {"type": "fold", "settings": {"folds": 4}},
            "mark": {"type": "row_number", "settings": {"order_by": ["n"]}},
        },
        "wires": [
            ".table -> fold.table",
            ".settings.iteration -> fold.settings.fold",
            "fold.test -> mark.table",
            "mark.table -> .table",
        ],
    }
    result, _ = go_here(looped({"over": "count", "times": 4}, inside, ("numbers", {"rows": 11})), store)
    found = frame(result)
    assert sorted(found["n"]) == list(range(11)), "each row is tested on once"
    assert sorted(found["iteration"].value_counts()) == [2, 3, 3, 3]


def test_a_target_within_a_loop(store):
    result, log = go_here(looped(GRID), store, targets=["loop/same"])
    assert result.status == "done"
    assert "loop" not in log.ends()
    assert rows(result, "loop/same")
