"""Components that run many times: what stands in the document, what is checked, how they are spelled out."""

import pytest
from some_nodes import SPECS

from peephole.core.errors import DocumentError, EditError
from peephole.workflow.applying import apply
from peephole.workflow.check import check
from peephole.workflow.document import Document
from peephole.workflow.edit import parse_op
from peephole.workflow.order import flatten
from peephole.workflow.repeat import runs_of
from peephole.workflow.text import dumps, from_json, loads, to_json
from peephole.workflow.unroll import path_of, run_of, unroll

INSIDE = {
    "nodes": {"keep": {"type": "keep"}},
    "wires": [".table -> keep.table", ".settings.limit -> keep.settings.limit", "keep.table -> .table"],
}
GRID = {"over": "values", "values": {"limit": [1, 2]}}


def looped(repeat, inside=INSIDE, **more):
    nodes = {
        "read": {"type": "read", "settings": {"path": "a.csv"}},
        "loop": {"type": "component", "inside": inside, "repeat": repeat, **more},
        "end": {"type": "concat"},
    }
    wires = ["read.table -> loop.table", "loop.table -> end.tables"]
    return Document.model_validate({"nodes": nodes, "wires": wires})


def flat(document, decided=()):
    found = flatten(unroll(document, dict(decided)).document)
    return set(found.nodes), [str(wire) for wire in found.wires]


def test_a_loop_is_one_line_of_the_document():
    document = looped(GRID)
    assert '      "repeat": {"over": "values", "values": {"limit": [1, 2]}},\n' in dumps(document)
    assert '      "repeat": {"over": "count", "times": 3},\n' in dumps(looped({"over": "count", "times": 3}))
    assert loads(dumps(document)) == document


def test_a_kind_of_loop_from_the_future_is_kept():
    raw = {**to_json(looped(GRID)), "version": 99}
    raw["nodes"]["loop"]["repeat"] = {"over": "moons", "planet": "Jupiter"}
    document = from_json(raw)
    assert document.nodes["loop"].kept is not None
    assert to_json(document)["nodes"]["loop"]["repeat"] == {"over": "moons", "planet": "Jupiter"}
    with pytest.raises(DocumentError, match="repeat"):
        from_json({**raw, "version": 1})


@pytest.mark.parametrize(
    ("repeat", "runs"),
    [
        ({"over": "count", "times": 2}, [{"iteration": 1}, {"iteration": 2}]),
        ({"over": "values", "values": {"a": [1, 2], "b": ["x", None]}},
         [{"a": 1, "b": "x"}, {"a": 1, "b": None}, {"a": 2, "b": "x"}, {"a": 2, "b": None}]),
        ({"over": "columns", "columns": ["u", "v"]}, [{"column": "u"}, {"column": "v"}]),
        ({"over": "groups", "columns": ["u"]}, None),
        ({"over": "chunks", "rows": 10}, None),
    ],
)  # fmt: skip
def test_the_values_of_each_run(repeat, runs):
    assert runs_of(looped(repeat).nodes["loop"].repeat) == runs


@pytest.mark.parametrize(
    "repeat",
    [
        {"over": "count", "times": 0},
        {"over": "values", "values": {}},
        {"over": "values", "values": {"a": []}},
        {"over": "values", "values": {"a": list(range(200)), "b": list(range(200))}},
        {"over": "groups", "columns": []},
        {"over": "chunks", "rows": 0},
        {"over": "rounds", "times": 0},
        {"over": "rounds", "times": 1001},
    ],
)
def test_a_loop_without_sense_is_refused(repeat):
    with pytest.raises(ValueError, match="repeat"):
        looped(repeat)


def test_runs_are_copies_that_are_collected():
    nodes, wires = flat(looped(GRID))
    assert nodes == {"read", "loop/1/keep", "loop/2/keep", "loop/:collect", "end"}
    assert wires == [
        "read.table -> loop/1/keep.table",
        "read.table -> loop/2/keep.table",
        "loop/1/keep.table -> loop/:collect.table",
        "loop/2/keep.table -> loop/:collect.table",
        "loop/:collect.table -> end.tables",
    ]
    spelled = unroll(looped(GRID), {})
    assert flatten(spelled.document).nodes["loop/2/keep"].settings == {"limit": 2}
    assert spelled.labels == {"loop/1": "limit = 1", "loop/2": "limit = 2"}
    assert (path_of("loop/2/keep"), path_of("loop/:collect"), path_of("a")) == ("loop/keep", "loop", "a")
    assert (run_of("loop/2/keep"), run_of("loop/:collect"), run_of("a/b")) == ("loop/2", "", "")


def test_groups_wait_until_it_is_known_what_they_are():
    document = looped({"over": "groups", "columns": ["k"]})
    assert unroll(document, {}).undecided == {"loop/:parts": "loop"}
    assert flat(document)[0] == {"read", "loop/:parts", "loop/:collect", "end"}
    nodes, wires = flat(document, {"loop/:parts": [{"k": "a"}, {"k": None}]}.items())
    assert nodes == {"read", "loop/:parts", "loop/:1", "loop/:2", "loop/1/keep", "loop/2/keep", "loop/:collect", "end"}
    assert "loop/:parts.table -> loop/:2.table" in wires
    assert "loop/:2.table -> loop/2/keep.table" in wires


def test_rounds_are_copies_one_after_the_other():
    nodes, wires = flat(looped({"over": "rounds", "times": 2}))
    assert nodes == {"read", "loop/1/keep", "loop/2/keep", "loop/:collect", "end"}
    assert wires == [
        "read.table -> loop/1/keep.table",
        "loop/1/keep.table -> loop/2/keep.table",
        "loop/2/keep.table -> loop/:collect.table",
        "loop/:collect.table -> end.tables",
    ]


def test_rounds_wait_until_it_is_known_whether_another_follows():
    inside = {
        "nodes": {"keep": {"type": "keep"}, "tell": {"type": "tell"}},
        "wires": [".table -> keep.table", "keep.table -> .table", "keep.table -> tell.table", "tell.variable -> .done"],
    }
    document = looped({"over": "rounds", "times": 3, "until": "done"}, inside)
    assert unroll(document, {}).undecided == {"loop/:again1": "loop"}
    more = {"loop/:again1": [{"round": 2}]}
    assert unroll(document, more).undecided == {"loop/:again2": "loop"}
    assert "loop/3/keep" not in flat(document, more.items())[0]
    supposed = unroll(document, {}, {"loop": 5})
    assert supposed.undecided == {"loop/:again1": "loop", "loop/:again2": "loop"}, "one after the other, to the last"
    assert "loop/3/keep" in flatten(supposed.document).nodes
    ended = unroll(document, {**more, "loop/:again2": []})
    assert ended.undecided == {}
    assert "loop/2/keep.table -> loop/:collect.table" in [str(w) for w in flatten(ended.document).wires]
    last = unroll(document, {**more, "loop/:again2": [{"round": 3}]})
    assert last.undecided == {}, "after the last round nothing is asked"
    assert "loop/3/keep" in flatten(last.document).nodes


def test_loops_in_loops():
    outer = {
        "nodes": {"loop": {"type": "component", "inside": INSIDE, "repeat": GRID}},
        "wires": [".table -> loop.table", "loop.table -> .table"],
    }
    document = looped({"over": "count", "times": 2}, outer)
    nodes, wires = flat(document)
    assert {"loop/1/loop/2/keep", "loop/2/loop/:collect", "loop/:collect"} <= nodes
    assert "loop/2/loop/:collect.table -> loop/:collect.table" in wires
    assert unroll(document, {}).labels["loop/2/loop/1"] == "iteration = 2, limit = 1"
    assert path_of("loop/2/loop/1/keep") == "loop/loop/keep"


def finding(document):
    return [(f.id, f.node, f.what) for f in check(document, SPECS)]


def test_what_is_wrong_with_a_loop_is_told():
    assert finding(looped(GRID)) == []
    unset = finding(looped({"over": "values", "values": {"limit": [1], "depth": [2]}}))
    assert [(i, n) for i, n, _ in unset] == [("repeat-setting", "loop")]
    assert finding(looped(GRID, settings={"limit": 5}))[0][0] == "repeat-given"
    assert (
        finding(looped({"over": "chunks", "rows": 5, "input": "rows"}, settings={"limit": 1}))[0][0] == "repeat-input"
    )
    model = {
        "nodes": {"learn": {"type": "learn", "settings": {"target": "a"}}},
        "wires": [".table -> learn.table", "learn.model -> .table"],
    }
    kinds = [f[0] for f in finding(looped({"over": "count", "times": 2}, model))]
    assert "repeat-output" in kinds
    scored = {**model, "wires": [*model["wires"], "learn.model -> .score"]}
    told = {i: what for i, _, what in finding(looped({"over": "count", "times": 2, "best": "score"}, scored))}
    assert told["repeat-best"] == 'Component: "best" names the output "score", which is a Model and no variable.'
    assert "repeat-output" not in told
    told = {i: what for i, _, what in finding(looped({"over": "count", "times": 2, "best": "points"}, model))}
    assert told["repeat-best"] == 'Component: "best" names the output "points", and there is none.'
    rounds = {"over": "rounds", "times": 2}
    wrong = [
        ({}, []),
        ({"input": "rows"}, ['Component: it has no input "rows" to go round by.']),
        ({"output": "rows"}, ['Component: it has no output "rows" to go round by.']),
        ({"until": "table"}, ['Component: "until" names the output "table", which is a Table and no variable.']),
    ]
    for more, what in wrong:
        assert [f[2] for f in finding(looped({**rounds, **more}, settings={"limit": 1}))] == what
    assert any("each round gives a Model" in what for _, _, what in finding(looped(rounds, model)))
    lone = Document.model_validate({"nodes": {"a": {"type": "read", "settings": {"path": "x"}, "repeat": GRID}}})
    assert finding(lone)[0][0] == "repeat-node"


def test_an_edit_sets_it_and_is_undone():
    document = looped(None)
    op = parse_op({"op": "repeat", "node": "loop", "repeat": {"over": "count", "times": 3}})
    changed, undo = apply(document, op)
    assert changed.nodes["loop"].repeat.times == 3
    assert apply(changed, undo)[0] == document
    with pytest.raises(EditError, match="no component"):
        apply(document, parse_op({"op": "repeat", "node": "read", "repeat": GRID}))
    with pytest.raises(EditError, match="repeated"):
        apply(changed, parse_op({"op": "expand", "id": "loop"}))
