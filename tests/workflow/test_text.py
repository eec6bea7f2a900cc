"""Documents as text: stable, loses nothing, and refuses what is no workflow with the place and the remedy."""

import json
from pathlib import Path

import pytest
from any_workflow import documents, examples, json_values
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import DocumentError
from peephole.workflow.document import MAX_NESTING, Document, NodeBlock, Wire, exposed, fresh_id
from peephole.workflow.order import flatten
from peephole.workflow.text import dumps, from_json, loads, to_json
from peephole.workflow.values import MAX_KEPT_DEPTH, MAX_VALUE_DEPTH

FILES = Path(__file__).with_name("files")
EVERYTHING = (FILES / "everything.peep.json").read_text("utf-8")


@examples(60)
@given(documents())
def test_save_and_load_is_the_identity(document):
    text = dumps(document)
    read = loads(text)
    assert read == document
    assert dumps(read) == text
    assert from_json(json.loads(json.dumps(to_json(document)))) == document


def test_a_document_is_written_as_it_is_read():
    assert dumps(loads(EVERYTHING)) == EVERYTHING


def test_one_change_is_one_line():
    document = loads(EVERYTHING)
    block = document.nodes["threshold"]
    nodes = {**document.nodes, "threshold": block.with_(settings={"value": 30})}
    changed = document.with_(nodes=nodes, layout={**document.layout, "threshold": (1, 1)})
    before, after = EVERYTHING.splitlines(), dumps(changed).splitlines()
    assert [line for line in after if line not in before] == ['        "value": 30', '    "threshold": [1, 1],']


def test_settings_of_a_component_reach_the_inside():
    flat = flatten(loads(EVERYTHING))
    assert flat.nodes["late/filter"].settings == {"column": "dep_delay", "keep": "best"}
    assert Wire("threshold", "variable", "late/filter", "settings.limit") in flat.wires
    shown = exposed(loads(EVERYTHING).nodes["late"].inside)
    assert (list(shown.inputs), list(shown.outputs), list(shown.settings)) == (["table"], ["table"], ["limit", "keep"])


def test_version_0_is_brought_up_to_date():
    document = loads((FILES / "version-0.peep.json").read_text("utf-8"))
    assert document.version == 1
    assert document.nodes["late"] == NodeBlock(type="filter", settings={"where": "delay > 15"})
    assert document.nodes["join"].title == "With weather"
    assert [str(w) for w in document.wires] == ["flights.table -> late.table", "late.table -> join.left"]
    assert document.layout == {"flights": (0, 40), "late": (220, 40)}
    assert '"made-with": "prototype 3"' in dumps(document)
    assert loads(dumps(document)) == document


class TestNewerFormat:
    TEXT = """{
      "format": "peephole-workflow", "version": 9, "title": {"en": "Flights"}, "theme": [1],
      "nodes": {
        "a": {"type": "read", "settings": {"path": "x"}, "colour": "red"},
        "b": {"type": "filter", "settings": ["not", "as", "today"], "more": 1},
        "c": {"type": "component", "inside": {"nodes": {"d": 7, "e": {"type": "x"}}, "wires": ["d.t -> e.t", 5]}},
        "Ünusual id": {"type": "x"}, "f": null
      },
      "wires": ["a.table -> b.table", {"from": "a", "to": "b", "kind": "bus"}],
      "notes": {"n": {"text": ["rich"]}, "m": {"text": "plain"}},
      "frames": "none",
      "layout": {"a": [1, 2], "b": {"page": 2}}
    }"""

    def test_what_is_understood_can_be_seen(self):
        document = loads(self.TEXT)
        assert list(document.nodes) == ["a", "b", "c"]
        assert document.nodes["a"].settings == {"path": "x"}
        assert document.nodes["b"].type == "filter"
        assert document.wires == (Wire("a", "table", "b", "table"),)
        assert list(document.notes) == ["m"]
        assert list(document.nodes["c"].inside.nodes) == ["d", "e"]

    def test_the_rest_is_written_back(self):
        first, again = json.loads(self.TEXT), json.loads(dumps(loads(self.TEXT)))
        again["nodes"]["a"].pop("version")
        again["nodes"]["c"].pop("version")
        again["nodes"]["c"]["inside"]["nodes"]["e"].pop("version")
        assert again == first
        assert dumps(loads(dumps(loads(self.TEXT)))) == dumps(loads(self.TEXT))

    @examples(50)
    @given(
        st.dictionaries(st.sampled_from(["nodes", "wires", "notes", "frames", "layout", "title", "$kept"]), json_values)
    )
    def test_no_newer_document_is_refused_or_loses_anything(self, sections):
        raw = {"format": "peephole-workflow", "version": 2, **sections}
        written = json.loads(dumps(loads(json.dumps(raw))))
        for section in set(sections) - {"$kept"}:
            assert sections[section] in ({}, [], "") or written[section] == sections[section]


def test_half_a_surrogate_pair_is_kept():
    text = '{"format": "peephole-workflow", "version": 1, "title": "a\\ud83d", "x": {"\\udfff": 1}}'
    document = loads(text)
    assert document.title == "a\ud83d"
    assert dumps(document).encode()
    assert loads(dumps(document)) == document


REFUSED = {
    "": "not JSON: line 1, column 1",
    '{"format": "peephole-workflow",\n "version" 1}': "not JSON: line 2, column 12",
    "[]": "is no Peephole workflow",
    "null": "is no Peephole workflow",
    '{"format": "other", "version": 1}': "is no Peephole workflow",
    '{"format": "peephole-workflow"}': '"version" is null',
    '{"format": "peephole-workflow", "version": "1"}': '"version" is "1"',
    '{"format": "peephole-workflow", "version": -1}': '"version" is -1',
    '{"format": "peephole-workflow", "version": true}': '"version" is true',
    '{"format": "peephole-workflow", "version": 0, "nodes": [3]}': "format version 0, and does not fit it",
    '{"format": "peephole-workflow", "version": 1, "nodes": []}': "nodes does not fit, and is []",
    '{"format": "peephole-workflow", "version": 1, "nodes": {"a": {}}}': "nodes.a.type does not fit. Field required",
    '{"format": "peephole-workflow", "version": 1, "nodes": {"a.b": {"type": "x"}}}': "nodes.a.b",
    '{"format": "peephole-workflow", "version": 1, "nodes": {"a": {"type": "x", "settings": 3}}}': "nodes.a.settings",
    '{"format": "peephole-workflow", "version": 1, "wires": ["a -> b"]}': "wires.0",
    '{"format": "peephole-workflow", "version": 1, "title": "a", "title": "b"}': 'the key "title" stands twice',
    '{"format": "peephole-workflow", "version": 1, "nodes": {"a": {"type": "x"}}, "notes": {"a": {}}}': '"a" is used twice',
    '{"format": "peephole-workflow", "version": 1, "x": NaN}': "NaN is no JSON number",
    '{"format": "peephole-workflow", "version": 1, "x": 1e999}': "the number 1e999 is too large",
    '{"format": "peephole-workflow", "version": 1, "x": 1' + "0" * 5000 + "}": "is too large",
    '{"format": "peephole-workflow", "version": 1, "x": ' + "[" * 200 + "]" * 200 + "}": "nested more than",
    "[" * 100_000: "nested more than",
    '{"a":' * 100_000: "nested more than",
    '{"format": "peephole-workflow", "version": 1, "layout": {"a": [1]}}': "layout.a",
    '{"format": "peephole-workflow", "version": 1, "layout": {"a": [1e300, 0]}}': "layout.a",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:60])
def test_what_is_no_workflow_is_refused_with_the_place(text):
    with pytest.raises(DocumentError) as caught:
        loads(text, "x.peep.json")
    assert REFUSED[text] in str(caught.value)
    assert caught.value.what.startswith("x.peep.json")
    assert caught.value.remedy


@examples(50)
@given(st.text(max_size=60) | json_values.map(json.dumps))
def test_garbage_is_refused_with_a_document_error_only(text):
    with pytest.raises(DocumentError):
        loads(text)


@examples(50)
@given(
    st.sampled_from([0, 1, 2]),
    st.dictionaries(st.sampled_from(["nodes", "wires", "notes", "frames", "layout", "title", "x"]), json_values),
    st.dictionaries(
        st.sampled_from(["a", "b"]),
        st.fixed_dictionaries({"type": json_values}, optional={"inside": json_values, "version": json_values}),
    ),
)
def test_garbage_in_a_document_is_refused_with_a_document_error_only(version, sections, nodes):
    for raw in (sections, {**sections, "nodes": nodes}):
        text = json.dumps({"format": "peephole-workflow", "version": version, **raw})
        try:
            document = loads(text)
        except DocumentError:
            continue
        assert loads(dumps(document)) == document


def test_the_deepest_document_that_can_be_made_is_read_and_written():
    value = kept = 1
    for _ in range(MAX_VALUE_DEPTH - 1):
        value = [value]
    for _ in range(MAX_KEPT_DEPTH - 1):
        kept = {"x": kept}
    nodes = {
        "a": NodeBlock(type="x", settings={"v": value}),
        "k": NodeBlock.model_validate({"type": "x", "$kept": kept}),
    }
    for _ in range(MAX_NESTING):
        nodes = {"a": NodeBlock(type="component", inside=Document(nodes=nodes))}
    document = Document(nodes=nodes)
    with pytest.raises(DocumentError, match="does not fit"):  # today's format has no such node
        loads(dumps(document))
    newer = document.with_(version=2)
    assert dumps(loads(dumps(newer))) == dumps(newer)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")], {"a": 10**400}])
def test_values_that_json_cannot_hold_are_refused_at_once(value):
    with pytest.raises(ValueError, match="settings"):
        NodeBlock(type="x", settings={"v": value})


@pytest.mark.parametrize(
    ("wanted", "taken", "expected"),
    [
        ("read_csv", [], "read_csv"),
        ("read_csv", ["read_csv"], "read_csv_2"),
        ("read_csv_2", ["read_csv", "read_csv_2"], "read_csv_3"),
        ("package/My Node!", [], "my_node"),
        ("3D", [], "n_3d"),
        ("…", ["node"], "node_2"),
    ],
)
def test_fresh_ids_are_readable(wanted, taken, expected):
    assert fresh_id(wanted, taken.__contains__) == expected


@pytest.mark.parametrize(
    "text", ["a.b", "a.b->c.d", "a -> b", "a.b -> c.d -> e.f", "a.b  -> c.d", "a.b -> c.d ", "1.b -> c.d"]
)
def test_what_is_no_wire_is_refused(text):
    with pytest.raises(ValueError, match=r"node.port -> node.port"):
        Wire.parse(text)
