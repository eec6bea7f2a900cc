"""The plan: which results are kept, what a recipe depends on, what is to run and why, what cannot run."""

from __future__ import annotations

import dataclasses
import os

import pytest
from engine_flows import PACKAGE, chain, fan, flow, go_here, plan_of

from peephole.core.errors import DocumentError, RunError
from peephole.engine.catalog import catalog
from peephole.engine.plan import MOST_FUSED, make_plan
from peephole.engine.store import Store
from peephole.workflow.document import Document

KEPT = {  # case: (nodes, wires, which of them are stored)
    "the end of a chain": ("numbers add add", ["a b c"], "c"),
    "before a node that looks at rows": ("numbers add same add", ["a b c d"], "bcd"),
    "both sides of a node that looks at rows": ("numbers same", ["a b"], "ab"),
    "a light fan-out is computed twice": ("numbers add add", ["a b", "a c"], "bc"),
    "a costly fan-out is stored": ("numbers group_sum same same", ["a b", "b c", "b d"], "bcd"),
    "a light step on a costly one": ("numbers group_sum first first first", ["a b c", "c d", "c e"], "cde"),
    "two outputs of one reader are two uses": ("numbers group_sum split", ["a b c"], "bc"),
    "one reader that takes it twice": (
        "numbers group_sum beside",
        ["a b", "b.table -> c.left", "b.table -> c.right"],
        "bc",
    ),
    "what feeds a setting and what the setting's node reads": (
        "numbers count first add",
        ["a b", "a c", "b.variable -> c.settings.limit", "c d"],
        "abd",
    ),
    "an unknown node": ("numbers add nonsense add", ["a b c d"], "bcd"),
}


@pytest.mark.parametrize("case", KEPT)
def test_what_is_stored(case):
    kinds, wires, kept = KEPT[case]
    settings = {"first": {"limit": 3, "column": "k"}, "group_sum": {}}
    nodes = {name: (kind, settings.get(kind, {})) for name, kind in zip("abcdef", kinds.split(), strict=False)}
    assert "".join(s.id for s in plan_of(flow(nodes, *wires)).steps.values() if s.kept) == kept


def test_a_pinned_node_and_a_target_are_stored():
    document = chain(5)
    pinned = document.nodes["n1"].with_(pinned=True)
    document = document.with_(nodes=document.nodes | {"n1": pinned})
    assert [s.id for s in plan_of(document).steps.values() if s.kept] == ["n1", "n4"]
    assert [s.id for s in plan_of(document, targets=["n3"]).steps.values() if s.kept] == ["n1", "n3"]
    assert [s.id for s in plan_of(document, targets=["n3"]).involved()] == ["n0", "n1", "n2", "n3"]


def test_a_long_query_is_cut_and_one_that_doubles_at_each_step_does_not_explode():
    steps = plan_of(chain(200)).steps.values()
    assert [i for i, s in enumerate(steps) if s.kept] == [*range(MOST_FUSED - 1, 200, MOST_FUSED)]
    nodes, wires = {"a0": "numbers"}, []
    for i in range(40):  # each step reads the one before it twice
        nodes |= {f"l{i}": "add", f"r{i}": "add", f"a{i + 1}": "stack"}
        wires += [w for x in "lr" for w in (f"a{i} {x}{i}", f"{x}{i}.table -> a{i + 1}.tables")]
    plan = plan_of(flow(nodes, *wires))
    assert not any(s.problem for s in plan.steps.values())
    assert max(s.size for s in plan.steps.values()) <= 2 * MOST_FUSED + 1


@pytest.mark.parametrize(
    "document", [chain(1500), chain(1500, "same"), fan(1500), fan(1500, "same")], ids=["c", "cs", "f", "fs"]
)
def test_long_and_wide_plans_need_no_recursion(document):
    plan = plan_of(document)
    to_run = plan.to_run()
    assert sum(len(plan.fused(s)) for s in to_run) < 1500 * 3
    assert {m.id for s in to_run for m in plan.fused(s)} == set(plan.steps) == {s.id for s in plan.involved()}


# -- recipes --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def words(tmp_path):
    (tmp_path / "words.txt").write_text("some words")
    nodes = {
        "r": ("read_words", {"path": "words.txt"}),
        "s": "same",
        "n": "numbers",
        "a": "add",
        "i": ("same", {"tag": "i"}),
    }
    return flow(nodes, "r s", "n a i")


def recipes(document, tmp_path, **options):
    return {s.id: s.recipe for s in plan_of(document, folder=tmp_path, **options).steps.values()}


def with_settings(document, node, **settings):
    block = document.nodes[node]
    return document.with_(nodes=document.nodes | {node: block.with_(settings=block.settings | settings)})


def changed_specs(node, **changes):
    specs = dict(catalog().specs)
    return specs | {PACKAGE + node: dataclasses.replace(specs[PACKAGE + node], **changes)}


CHANGES = {  # what changes: (how, the nodes whose recipes change)
    "nothing": (recipes, ""),
    "a setting": (lambda d, t: recipes(with_settings(d, "a", amount=2), t), "ai"),
    "a default written out": (lambda d, t: recipes(with_settings(d, "a", amount=1), t), ""),
    "a number as text": (lambda d, t: recipes(with_settings(d, "a", amount="1"), t), ""),
    "a title and a remark": (
        lambda d, t: recipes(d.with_(nodes=d.nodes | {"a": d.nodes["a"].with_(title="x", note="y")}), t),
        "",
    ),
    "another place": (lambda d, t: recipes(d.with_(layout={"a": (3, 4)}), t), ""),
    "the engine": (lambda d, t: recipes(d, t, engine="duckdb 9"), "nai"),
    "the file": (lambda d, t: [(t / "words.txt").write_text("other words"), recipes(d, t)][1], "rs"),
    "the file is gone": (lambda d, t: [(t / "words.txt").unlink(), recipes(d, t)][1], "rs"),
    "the file, size and time kept": (lambda d, t: [_swap(t / "words.txt"), recipes(d, t)][1], "rs"),
    "the input": (lambda d, t: recipes(d.with_(wires=flow({}, "n s a i").wires), t), "sai"),
}


def _swap(path):
    times = path.stat()
    path.write_text("sdrow emos")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize("change", CHANGES)
def test_a_recipe_changes_exactly_when_it_must(words, tmp_path, change):
    how, expected = CHANGES[change]
    before = recipes(words, tmp_path)
    after = how(words, tmp_path)
    assert "".join(n for n in before if before[n] != after[n]) == expected
    assert len(set(before.values())) == len(before)


@pytest.mark.parametrize(
    ("node", "changes", "expected"),
    [
        ("add", {"version": 2, "migrations": {1: dict}}, "ai"),
        ("same", {"needs": ("duckdb",)}, "si"),
        ("same", {"doc": "other", "title": "Other"}, ""),
    ],
)
def test_a_recipe_changes_with_the_node(words, tmp_path, node, changes, expected):
    options = {"folder": tmp_path, "store": None, "engine": "duckdb 1"}
    before = make_plan(words, catalog().specs, **options).steps
    after = make_plan(words, changed_specs(node, **changes), **options).steps
    assert "".join(n for n in before if before[n].recipe != after[n].recipe) == expected


def test_a_recipe_changes_with_a_library(words, tmp_path, monkeypatch):
    specs = changed_specs("same", needs=("duckdb",))
    before = make_plan(words, specs, folder=tmp_path, store=None, engine="duckdb 1").steps
    monkeypatch.setattr("peephole.core.node._version", lambda name: "99")
    after = make_plan(words, specs, folder=tmp_path, store=None, engine="duckdb 1").steps
    assert "".join(n for n in before if before[n].recipe != after[n].recipe) == "si"


# -- why ------------------------------------------------------------------------------------------------------------------

WHY = {  # what changes: (how, why it runs, by node)
    "nothing": (lambda d, t: d, {}),
    "a setting": (
        lambda d, t: with_settings(d, "a", amount=5),
        {"a": "amount changed: 1 → 5", "i": "its input changed: Add"},
    ),
    "the file": (
        lambda d, t: [(t / "words.txt").write_text("some other words"), d][1],
        {"r": "the file words.txt changed", "s": "its input changed: Read words"},
    ),
    "another file": (
        lambda d, t: [(t / "b.txt").write_text("b"), with_settings(d, "r", path="b.txt")][1],
        {"r": "path changed: words.txt → b.txt", "s": "its input changed: Read words"},
    ),
    "another source": (lambda d, t: d.with_(wires=flow({}, "n a i s").wires), {"s": "its input changed: Same"}),
}


@pytest.mark.parametrize("change", WHY)
def test_why_a_node_runs(words, tmp_path, change):
    how, expected = WHY[change]
    store = Store(tmp_path / "store")
    go_here(words, store, path=tmp_path / "w.peep.json")
    seen = store.seen(next((store.folder / "seen").iterdir()).stem)
    plan = plan_of(how(words, tmp_path), store, tmp_path, before=seen)
    why = {s.id: plan.reason(s) for s in plan.to_run()}
    assert {n: why[n] for n in expected} == expected
    assert set(why) == set(expected)
    first = plan_of(words, None, tmp_path)
    assert {first.reason(s) for s in first.steps.values()} == {"it has no result yet"}


def test_why_a_step_without_a_result_of_its_own_runs(tmp_path):
    store = Store(tmp_path / "store")
    go_here(chain(3), store)
    seen = store.seen(next((store.folder / "seen").iterdir()).stem)
    for record in (store.folder / "results").glob("*/*"):
        record.unlink()
    plan = plan_of(chain(3), store, before=seen)
    assert {n: plan.reason(s) for n, s in plan.steps.items()} == {
        "n0": "what follows needs its rows again",
        "n1": "what follows needs its rows again",
        "n2": "its result is no longer in the store",
    }


# -- what cannot run --------------------------------------------------------------------------------------------------------

BLOCKED = {  # case: (node b of the chain a b c, wires, id of its problem, what it says)
    "unknown": ("nonsense", [], "unknown-node", "not installed"),
    "wrong setting": (("add", {"amount": "x"}), [], "setting", "amount cannot be 'x'"),
    "no such setting": (("add", {"amont": 3}), [], "setting", 'no setting "amont"'),
    "required setting": ("first", [], "unset", "limit is not set"),
    "no such input": ("add", ["a.table -> b.tabel"], "wire", 'no input "tabel"'),
    "no such output": ("add", ["a.rows -> b.table"], "wire", 'no output "rows"'),
    "two wires to one port": ("add", ["d.table -> b.table"], "wire", "takes one wire"),
    "wrong type": ("beside", ["a.table -> b.left", "v.variable -> b.right"], "wire", 'gives a Variable, and "right"'),
    "a table feeds a setting": ("add", ["d.table -> b.settings.amount"], "wire", 'gives a Table, and "amount"'),
    "a setting fed twice": (
        "add",
        ["v.variable -> b.settings.amount"] * 2 + ["d.table -> b.settings.x"],
        "wire",
        "Table",
    ),
}


@pytest.mark.parametrize("case", BLOCKED)
def test_a_node_that_cannot_run_blocks_only_what_depends_on_it(case):
    node, wires, kind, says = BLOCKED[case]
    nodes = {"a": "numbers", "d": "numbers", "v": "value", "b": node, "c": "add", "e": "add"}
    chained = ["a e"] + (["a b c"] if case not in ("no such input", "no such output", "wrong type") else ["b c"])
    plan = plan_of(flow(nodes, *chained, *wires))
    problems = {s.id: s.problem for s in plan.steps.values() if s.problem is not None}
    assert set(problems) == {"b", "c"}
    assert problems["b"].id == kind
    assert says in problems["b"].what
    assert problems["b"].remedy
    assert problems["c"].id == "skipped"
    assert not plan.steps["b"].recipe


def test_an_unconnected_port_is_named():
    plan = plan_of(flow({"b": "beside"}))
    assert plan.steps["b"].problem.what == 'Beside: nothing is connected to "left".'
    assert plan.steps["b"].problem.id == "input-missing"
    assert plan_of(flow({"s": "stack"})).steps["s"].problem is None  # a port of many wires may have none


def versioned(version, **settings):
    document = flow({"n": "numbers", "r": ("renamed", settings), "s": "same"}, "n r s")
    return document.with_(nodes=document.nodes | {"r": document.nodes["r"].with_(version=version)})


def test_settings_of_an_older_version_are_migrated_and_those_of_a_newer_one_wait():
    assert plan_of(versioned(1, by=7)).steps["r"].settings == {"amount": 7}
    assert plan_of(versioned(2, amount=7)).steps["r"].settings == {"amount": 7}
    assert plan_of(versioned(1, by=7)).steps["r"].recipe == plan_of(versioned(2, amount=7)).steps["r"].recipe
    newer = plan_of(versioned(3, amounts=[7]))
    assert "made by a newer version" in newer.steps["r"].problem.what
    assert newer.steps["s"].problem.id == "skipped"
    for version, settings in ((1, {"amount": 7}), (0, {"by": 7})):  # what no migration expects
        plan = plan_of(versioned(version, **settings))
        assert plan.steps["r"].problem.id == "migration"
        assert plan.steps["n"].problem is None


def test_the_nodes_of_a_component_are_planned_under_their_path():
    inner = flow({"a": "add", "b": "same"}, "a b").model_dump(mode="json")
    inner["wires"] += [".rows -> a.table", "b.table -> .result", ".settings.amount -> a.settings.amount"]
    document = Document.model_validate(
        {
            "nodes": {
                "n": {"type": PACKAGE + "numbers"},
                "box": {"type": "component", "inside": inner, "settings": {"amount": 4}},
                "s": {"type": PACKAGE + "same"},
            },
            "wires": ["n.table -> box.rows", "box.result -> s.table"],
        }
    )
    plan = plan_of(document)
    assert list(plan.steps) == ["n", "box/a", "box/b", "s"]
    assert plan.steps["box/a"].settings["amount"] == 4
    assert [s.id for s in plan.steps.values() if s.kept] == ["box/a", "box/b", "s"]


def test_a_loop_and_an_unknown_target_are_refused():
    with pytest.raises(DocumentError, match="loop: a -> b -> a"):
        plan_of(flow({"a": "add", "b": "add"}, "a b a"))
    with pytest.raises(RunError, match=r'no node "n9"\..*Nodes: n0, n1, n2'):
        plan_of(chain(3), targets=["n9"])
