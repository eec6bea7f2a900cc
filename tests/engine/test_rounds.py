"""Loops whose rounds follow each other, and loops that give the model of their best run."""

from __future__ import annotations

import json

import duckdb
import numpy as np
import pandas as pd
import pytest
from engine_flows import go, go_here, plan_of, table_of
from sklearn.tree import DecisionTreeClassifier

from peephole.core.types import Variable, port_types
from peephole.engine import plan as plan_module
from peephole.engine.laying import lay_out
from peephole.engine.store import Store, StoredResult
from peephole.ports.model import ModelCodec
from peephole.workflow.document import Document

T = "peephole_testnodes/"


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def looped(repeat, inside, rows=3):
    nodes = {
        "source": {"type": f"{T}numbers", "settings": {"rows": rows}},
        "loop": {"type": "component", "inside": inside, "repeat": repeat},
    }
    return Document.model_validate({"nodes": nodes, "wires": ["source.table -> loop.table"]})


def frame(result, node="loop", port="table") -> pd.DataFrame:
    with duckdb.connect() as connection:
        found = connection.read_parquet(str(table_of(result, node, port)))
        return found.order("__row__").df().drop(columns="__row__") if "__row__" in found.columns else found.df()


ADD = {
    "nodes": {"add": {"type": f"{T}add", "settings": {"amount": 2}}},
    "wires": [".table -> add.table", "add.table -> .table"],
}
COUNTED = {  # doubles n, and ends once the sum is above a limit
    "nodes": {
        "double": {"type": "formula", "settings": {"name": "n", "expression": "n * 2"}},
        "sum": {"type": "table_value", "settings": {"function": "sum", "column": "n"}},
        "over": {"type": "variable_formula", "settings": {"expression": "a > 100"}},
    },
    "wires": [
        ".table -> double.table",
        "double.table -> .table",
        "double.table -> sum.table",
        "sum.variable -> over.a",
        "over.variable -> .done",
    ],
}


def test_what_comes_out_of_a_round_goes_into_the_next(store):
    result, log = go(looped({"over": "rounds", "times": 5}, ADD), store)
    assert result.status == "done", result.problems
    assert list(frame(result)["n"]) == [10, 11, 12]
    assert "iteration" not in frame(result).columns
    assert log.of("loop") == ["queued", "started", "finished"]
    assert log.of("loop/add") == ["queued", "started", "finished"]


def test_a_round_sees_its_number(store):
    inside = {**ADD, "wires": [*ADD["wires"], ".settings.iteration -> add.settings.amount"]}
    inside["nodes"] = {"add": {"type": f"{T}add"}}
    result, _ = go_here(looped({"over": "rounds", "times": 4}, inside, rows=1), store)
    assert list(frame(result)["n"]) == [1 + 2 + 3 + 4]


@pytest.mark.parametrize(("times", "rounds"), [(50, 6), (6, 6), (3, 3), (1, 1)])
def test_rounds_end_by_a_condition_or_their_number(store, times, rounds):
    # 0 + 1 + 2 doubled: 6, 12, 24, 48, 96, 192 is the first above 100.
    result, _ = go(looped({"over": "rounds", "times": times, "until": "done"}, COUNTED), store)
    assert result.status == "done", result.problems
    assert list(frame(result)["n"]) == [n * 2**rounds for n in range(3)]
    assert result.nodes["loop"].outputs["done"].facts["value"] is (rounds == 6)
    again, log = go_here(looped({"over": "rounds", "times": times, "until": "done"}, COUNTED), store)
    assert again.nodes["loop"].cached
    assert log.events[0].to_run == []


def test_more_rounds_go_on_from_those_that_are_there(store):
    go_here(looped({"over": "rounds", "times": 2, "until": "done"}, COUNTED), store)
    more = looped({"over": "rounds", "times": 4, "until": "done"}, COUNTED)
    assert [step.result is not None for step in plan_of(more, store).at["loop/sum"]] == [True, True]
    result, _ = go_here(more, store)
    assert list(frame(result)["n"]) == [0, 16, 32]


def test_a_condition_that_is_no_condition(store):
    inside = json.loads(json.dumps(COUNTED))
    inside["nodes"]["over"]["settings"]["expression"] = "a + 1"
    result, _ = go_here(looped({"over": "rounds", "times": 4, "until": "done"}, inside), store)
    assert result.status == "failed"
    assert "must be true or false, and is 7" in result.problems["loop"].what


def test_rounds_within_groups(store):
    inner = {
        "nodes": {"rounds": {"type": "component", "inside": COUNTED, "repeat": {"over": "rounds", "times": 9, "until": "done"}}},
        "wires": [".table -> rounds.table", "rounds.table -> .table"],
    }  # fmt: skip
    result, _ = go_here(looped({"over": "groups", "columns": ["k"]}, inner, rows=7), store)
    assert result.status == "done", result.problems
    found = dict(frame(result)[["k", "n"]].itertuples(index=False, name=None))
    # Each doubles by itself until it is above 100, or nine times.
    assert found == {k: next((k * 2**r for r in range(1, 10) if k * 2**r > 100), k * 2**9) for k in range(7)}


def grid(best, tmp_path, learner="decision_tree_learner"):
    random = np.random.default_rng(2)
    x = random.uniform(0, 8, 400)
    right = np.where(x.astype(int) % 2 == 0, "even", "odd")
    noisy = np.where(random.random(400) < 0.1, "odd", right)
    pd.DataFrame({"x": x, "k": noisy}).to_csv(tmp_path / "a.csv", index=False)
    inside = {
        "nodes": {
            "learn": {
                "type": learner,
                "settings": {"target": "k", "task": "classification", "leaf_rows": 5},
            },
            "predict": {"type": "predict"},
            "right": {"type": "formula", "settings": {"name": "hit", "expression": "CASE WHEN k = prediction THEN 1 ELSE 0 END"}},
            "score": {"type": "table_value", "settings": {"function": "mean", "column": "hit"}},
        },
        "wires": [
            ".table -> learn.table",
            ".table -> predict.table",
            "learn.model -> predict.model",
            "predict.table -> right.table",
            "right.table -> score.table",
            ".settings.depth -> learn.settings.depth",
            "learn.model -> .model",
            "score.variable -> .accuracy",
        ],
    }  # fmt: skip
    repeat = {"over": "values", "values": {"depth": [1, 4, 2]}, **best}
    nodes = {
        "read": {"type": "read_csv", "settings": {"path": "a.csv"}},
        "loop": {"type": "component", "inside": inside, "repeat": repeat},
        "use": {"type": "predict"},
    }
    wires = ["read.table -> loop.table", "read.table -> use.table", "loop.model -> use.model"]
    return Document.model_validate({"nodes": nodes, "wires": wires})


@pytest.mark.parametrize("lowest", [False, True])
def test_the_model_of_the_best_run_leaves_the_loop(store, tmp_path, lowest):
    best = {"best": "accuracy", "lowest": lowest}
    result, _ = go_here(grid(best, tmp_path), store, path=tmp_path / "a.peep.json")
    assert result.status == "done", result.problems
    table = frame(result, port="accuracy")
    data = pd.read_csv(tmp_path / "a.csv")
    scores = {
        depth: DecisionTreeClassifier(max_depth=depth, min_samples_leaf=5, random_state=0)
        .fit(data[["x"]].astype("float32"), data["k"])
        .score(data[["x"]].astype("float32"), data["k"])
        for depth in (1, 4, 2)
    }
    assert dict(table[["depth", "accuracy"]].itertuples(index=False, name=None)) == pytest.approx(scores)
    wanted = (min if lowest else max)(scores, key=lambda depth: scores[depth])
    model = ModelCodec().load(result.nodes["loop"].outputs["model"].folder)
    assert model.estimator[-1].max_depth == wanted
    assert any(f"depth = {wanted}" in said for said in result.nodes["loop"].messages)
    assert result.nodes["use"].state == "done"


def test_models_without_a_best_run_are_refused(store, tmp_path):
    result, _ = go_here(grid({}, tmp_path), store, path=tmp_path / "a.peep.json")
    assert result.status == "failed"
    assert "each run gives a Model" in result.problems["loop"].what
    assert "Say which run is the best" in result.problems["loop"].remedy


def test_rounds_within_a_loop_whose_runs_are_all_alike(store):
    inner = {
        "nodes": {"rounds": {"type": "component", "inside": COUNTED, "repeat": {"over": "rounds", "times": 9, "until": "done"}}},
        "wires": [".table -> rounds.table", "rounds.table -> .table"],
    }  # fmt: skip
    result, _ = go_here(looped({"over": "count", "times": 2}, inner), store)
    assert result.status == "done", result.problems
    assert [tuple(row) for row in frame(result)[["iteration", "n"]].to_numpy()] == [
        (i, n * 2**6) for i in (1, 2) for n in range(3)
    ]


def told(store, value):
    """A stored variable."""
    with store.scratch() as folder:
        kind = port_types()["Variable"]
        kind.load_codec().save(Variable(value), folder)
        return store.keep(folder, kind)


def test_planning_after_many_rounds_looks_at_each_but_a_few_times(store, monkeypatch):
    laid, asked = [], []
    monkeypatch.setattr(
        plan_module, "lay_out", lambda plan, *rest: lay_out(plan, *rest) or laid.append(len(plan.steps))
    )
    result = Store.result
    monkeypatch.setattr(Store, "result", lambda self, recipe: asked.append(recipe) or result(self, recipe))
    long, ended = (looped({"over": "rounds", "times": n, "until": "done"}, COUNTED) for n in (150, 101))
    plan = None
    for number in range(1, 101):
        laid.clear()
        plan = plan_of(long, store, like=plan)  # as in a run: from round to round
        assert plan.undecided == {f"loop/:again{number}": "loop"}
        assert len(laid) <= 2
        recipe = plan.steps[f"loop/:again{number}"].recipe
        store.remember(recipe, StoredResult(recipe, {"runs": told(store, [{"round": number + 1}])}))
    for document, left in ((long, ["loop/:again101"]), (ended, [])):
        laid.clear()
        asked.clear()
        whole = plan_of(document, store)  # as after an edit
        assert len(whole.at["loop/double"]) == 101
        assert list(whole.undecided) == left
        assert len(laid) <= 6
        assert sum(laid) < 5 * len(whole.steps)
        assert len(asked) < 3 * len(whole.steps)
