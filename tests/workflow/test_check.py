import json

import pytest
from any_workflow import documents, examples
from hypothesis import given
from some_nodes import SPECS

from peephole.workflow.check import check, check_columns
from peephole.workflow.document import Document, NodeBlock, Wire
from peephole.workflow.migrate import upgrade

READ = {"type": "read", "settings": {"path": "a.csv"}}
KEEP = {"type": "keep", "settings": {"limit": 3}}


def document(nodes, wires=()):
    return Document.model_validate({"nodes": nodes, "wires": list(wires)})


def component(nodes, wires, **more):
    return {"type": "component", "inside": {"nodes": nodes, "wires": wires}, **more}


KEEP_INSIDE = component(
    {"keep": {"type": "keep"}},
    [".table -> keep.table", "keep.table -> .table", ".settings.limit -> keep.settings.limit"],
)

# nodes, wires, the findings as (id, node, setting, a part of the text)
CASES = {
    "nothing wrong": ({"a": READ, "b": KEEP}, ["a.table -> b.table"], []),
    "empty": ({}, [], []),
    "loop": (
        {"a": KEEP, "b": KEEP, "c": {"type": "concat"}, "d": READ},
        ["a.table -> b.table", "b.table -> a.table", "d.table -> c.tables"],
        [("loop", "a", None, "a -> b -> a")],
    ),
    "two loops, each named once": (
        {"a": {"type": "concat"}, "b": {"type": "concat"}, "c": {"type": "concat"}},
        ["a.table -> a.tables", "b.table -> c.tables", "c.table -> b.tables"],
        [("loop", "a", None, "a -> a"), ("loop", "b", None, "b -> c -> b")],
    ),
    "wrong port type": (
        {"a": READ, "p": {"type": "predict"}},
        ["a.table -> p.model", "a.table -> p.table"],
        [("port-type", "p", None, "a.table gives a Table, and p.model takes a Model")],
    ),
    "unknown output": (
        {"a": READ, "b": KEEP},
        ["a.tabel -> b.table"],
        [("no-port", "b", None, 'Read has no output "tabel". Did you mean "table"? Outputs: table.')],
    ),
    "unknown input": (
        {"a": READ, "j": {"type": "join", "settings": {"on": ["x"]}}},
        ["a.table -> j.left", "a.table -> j.rigth"],
        [
            ("input-missing", "j", None, 'nothing is connected to "right". Connect a Table: more rows.'),
            ("no-port", "j", None, 'Join has no input "rigth". Did you mean "right"? Inputs: left, right.'),
        ],
    ),
    "missing input and setting": (
        {"b": {"type": "keep", "title": "My own"}},
        [],
        [("unset", "b", "limit", "Keep: limit is not set."), ("input-missing", "b", None, "My own: nothing")],
    ),
    "each wrong setting": (
        {"a": {"type": "read", "settings": {"path": 3, "rows": "many", "pth": 1}}},
        [],
        [
            ("setting", "a", "path", "Read: path cannot be 3."),
            ("setting", "a", "rows", "Read: rows cannot be 'many'."),
            ("setting", "a", "pth", 'there is no setting "pth". Did you mean "path"?'),
        ],
    ),
    "a setting fed by a wire may be missing": (
        {"a": READ, "v": {"type": "constant", "settings": {"value": 3}}, "b": {"type": "keep"}},
        ["a.table -> b.table", "v.variable -> b.settings.limit"],
        [],
    ),
    "the other settings are still checked": (
        {
            "a": READ,
            "v": {"type": "constant", "settings": {"value": 3}},
            "b": {"type": "keep", "settings": {"columns": 3}},
        },
        ["a.table -> b.table", "v.variable -> b.settings.limit"],
        [("setting", "b", "columns", "Keep: columns cannot be 3")],
    ),
    "a variable onto a setting that is not there": (
        {"a": READ, "v": {"type": "constant", "settings": {"value": 3}}, "b": KEEP},
        ["a.table -> b.table", "v.variable -> b.settings.limt"],
        [("no-setting", "b", None, 'Keep has no setting "limt". Did you mean "limit"? Settings: columns, limit.')],
    ),
    "a table onto a setting": (
        {"a": READ, "b": KEEP},
        ["a.table -> b.table", "a.table -> b.settings.limit"],
        [("port-type", "b", None, "a.table gives a Table, and b.settings.limit takes a Variable")],
    ),
    "two wires into one port": (
        {"a": READ, "b": READ, "k": KEEP},
        ["a.table -> k.table", "b.table -> k.table"],
        [("port-taken", "k", None, "k.table takes one wire, and both a.table and b.table lead to it")],
    ),
    "many wires where many are taken": (
        {"a": READ, "b": READ, "c": {"type": "concat"}},
        ["a.table -> c.tables", "b.table -> c.tables"],
        [],
    ),
    "the same wire twice": (
        {"a": READ, "c": {"type": "concat"}},
        ["a.table -> c.tables", "a.table -> c.tables"],
        [("wire-twice", "c", None, "is there twice")],
    ),
    "unknown type": (
        {"a": {"type": "raed", "settings": {"x": [1]}}, "b": KEEP},
        ["a.anything -> b.table", "b.table -> a.whatever"],
        [("unknown-type", "a", None, 'There is no node type "raed". Did you mean "read"?'), ("loop", "a", None, "")],
    ),
    "newer version": (
        {"a": {"type": "read", "version": 4, "settings": {"uri": 1}}},
        [],
        [("newer-node", "a", None, "made with version 4, and version 1 is installed")],
    ),
    "older version, migrated": (
        {"a": READ, "r": {"type": "renewed", "settings": {"a": 1}}},
        ["a.table -> r.table"],
        [],
    ),
    "older version that cannot be migrated": (
        {"a": READ, "r": {"type": "renewed", "settings": {"z": 1}}},
        ["a.table -> r.table"],
        [("migration", "r", None, "settings of version 1 cannot be brought to version 3 (KeyError('a'))")],
    ),
    "wires that lead nowhere": (
        {"a": READ, "keep": KEEP},
        ["a.table -> kep.table", "gone.table -> keep.table", "x.y -> z.t", ".table -> keep.table"],
        [
            ("no-node", "", None, '"x", which is not there'),
            ("open-end", "", None, 'The wire ".table -> keep.table" has an open end.'),
            ("no-node", "a", None, 'leads to "kep", which is not there. Did you mean "keep"?'),
            ("no-node", "keep", None, 'leads to "gone"'),
            ("port-taken", "keep", None, ""),
        ],
    ),
    "duplicate titles are fine": ({"a": {**READ, "title": "T"}, "b": {**READ, "title": "T"}}, [], []),
    "a component, set from outside": (
        {"a": READ, "c": {**KEEP_INSIDE, "settings": {"limit": 3}}, "b": KEEP},
        ["a.table -> c.table", "c.table -> b.table"],
        [],
    ),
    "a component, fed from outside": (
        {"a": READ, "v": {"type": "constant", "settings": {"value": 3}}, "c": KEEP_INSIDE},
        ["a.table -> c.table", "v.variable -> c.settings.limit"],
        [],
    ),
    "a component's settings are missed where the person sets them": (
        {"c": KEEP_INSIDE},
        [],
        [("input-missing", "c", None, "Component: nothing"), ("unset", "c", "limit", "Keep: limit is not set")],
    ),
    "wrong settings in a nested component, set two levels up": (
        {
            "a": READ,
            "o": component(
                {"c": KEEP_INSIDE},
                [".in -> c.table", ".settings.most -> c.settings.limit"],
                settings={"most": 900, "other": 1},
            ),
        },
        ["a.table -> o.in"],
        [
            ("no-setting", "o", "other", 'Component: there is no setting "other". Settings: most.'),
            ("setting", "o", "most", "Keep: limit cannot be 900"),
        ],
    ),
    "wrong inside, and the ports of a component": (
        {
            "m": {"type": "learn"},
            "c": component({"k": KEEP, "j": {"type": "join"}}, [".t -> k.table", "k.table -> .out"]),
        },
        ["m.model -> c.t", "c.nothing -> m.table"],
        [
            ("no-port", "m", None, 'Component has no output "nothing". Outputs: out.'),
            ("port-type", "c", None, "m.model gives a Model, and c.t takes a Table"),
            ("unset", "c/j", "on", "Join: on is not set"),
            ("input-missing", "c/j", None, '"left"'),
            ("input-missing", "c/j", None, '"right"'),
        ],
    ),
    "a loop that only the drawing has is none": (
        {
            "a": READ,
            "c": component(
                {"k": KEEP, "l": KEEP},
                [".t -> k.table", "k.table -> .out", ".u -> l.table"],
            ),
            "m": KEEP,
        },
        ["a.table -> c.t", "c.out -> m.table", "m.table -> c.u"],
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_findings(case):
    nodes, wires, expected = CASES[case]
    found = check(document(nodes, wires), SPECS)
    assert [(f.id, f.node, f.setting) for f in found] == [e[:3] for e in expected], "\n".join(map(str, found))
    for finding, (*_, text) in zip(found, expected, strict=True):
        assert text in f"{finding.what} {finding.remedy}"
        assert finding.remedy


def test_placeholders_are_warnings_and_the_rest_errors():
    found = check(document({"a": {"type": "gone"}, "b": KEEP, "c": {"type": "x", "$kept": {"type": ["x"]}}}), SPECS)
    assert [(f.id, f.severity) for f in found] == [
        ("unknown-type", "warning"),
        ("input-missing", "error"),
        ("newer-block", "warning"),
    ]


def test_findings_stand_in_document_order():
    names = ["z", "m", "a", "k"]
    found = check(document({name: {"type": "keep"} for name in names}), SPECS)
    assert [f.node for f in found] == [name for name in names for _ in range(2)]


@examples(60)
@given(documents())
def test_any_document_can_be_checked(some):
    found = check(some, SPECS)
    assert json.dumps([f.model_dump() for f in found])
    schemas = {node: {"table": {"x": "text"}, "left": {}} for node in ("a", "b", "part/a")}
    check_columns(some, SPECS, schemas)
    check(upgrade(some, SPECS), SPECS)


GROUP = {"keys": ["orgin"], "compute": [{"how": "mean", "column": "dely"}], "amount": "origin"}
SCHEMA = {"origin": "text", "delay": "number"}


class TestColumns:
    def found(self, settings, wires=(), schemas=None):
        some = document({"g": {"type": "group", "settings": settings}, "v": {"type": "constant"}}, wires)
        return check_columns(some, SPECS, {"g": {"table": SCHEMA}} if schemas is None else schemas)

    def test_each_setting_is_told(self):
        found = self.found(GROUP)
        assert [(f.id, f.node, f.setting) for f in found] == [
            ("column", "g", "keys"),
            ("column", "g", "compute[0].column"),
            ("column", "g", "amount"),
        ]
        assert 'Did you mean "origin"?' in found[0].remedy
        assert "of type text" in found[2].what

    def test_a_column_not_chosen_yet_is_a_setting_to_do(self):
        (found,) = self.found({"keys": ["origin"], "amount": ""})
        assert (found.id, found.setting) == ("unset", "amount")
        assert "no column is chosen" in found.what

    def test_what_fits_gives_nothing(self):
        assert self.found({"keys": ["origin"], "amount": "delay"}) == []

    def test_unknown_schemas_give_nothing(self):
        assert self.found(GROUP, schemas={}) == []
        assert self.found(GROUP, schemas={"g": {}}) == []

    def test_settings_that_are_fed_or_wrong_are_left_out(self):
        assert self.found({"keys": 3}) == []
        assert [f.setting for f in self.found(GROUP, ["v.variable -> g.settings.keys"])] == [
            "compute[0].column",
            "amount",
        ]

    def test_the_settings_of_a_component_reach_the_nodes_inside(self):
        inner = component({"g": {"type": "group"}}, [".settings.by -> g.settings.keys"], settings={"by": ["orgin"]})
        found = check_columns(document({"c": inner}), SPECS, {"c/g": {"table": SCHEMA}})
        assert [(f.node, f.setting) for f in found] == [("c", "by")]


def test_upgrade_brings_settings_to_todays_version():
    old = NodeBlock(type="renewed", settings={"a": 7})
    inside = Document(nodes={"r": old}, wires=(Wire("", "t", "r", "table"),))
    some = Document(nodes={"r": old, "c": NodeBlock(type="component", inside=inside), "bad": NodeBlock(type="renewed")})
    new = upgrade(some, SPECS)
    assert (new.nodes["r"].version, new.nodes["r"].settings) == (3, {"c": 7})
    assert new.nodes["c"].inside.nodes["r"].settings == {"c": 7}
    assert new.nodes["bad"] is some.nodes["bad"]
    assert old.settings == {"a": 7}
    assert upgrade(new, SPECS) is new
