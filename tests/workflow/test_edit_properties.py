"""Whatever is done to a document can be undone exactly; collapsing and expanding change no meaning."""

import json

import pytest
from any_workflow import documents, edits, examples
from hypothesis import assume, given
from hypothesis import strategies as st

from peephole.core.errors import EditError
from peephole.workflow.applying import apply, spelled_out
from peephole.workflow.document import MAX_NESTING, Document, NodeBlock, nesting
from peephole.workflow.edit import Collapse, Expand, parse_op
from peephole.workflow.history import History
from peephole.workflow.order import FlatGraph, flatten
from peephole.workflow.text import dumps, loads


@examples(100)
@given(documents(), st.lists(edits(), max_size=25))
def test_every_edit_has_an_exact_inverse(document, ops):
    for op in ops:
        before = dumps(document)
        try:
            changed, inverse = apply(document, op)
        except EditError:
            assert dumps(document) == before
            continue
        assert dumps(document) == before, "the document itself has changed"
        back, again = apply(changed, inverse)
        assert back == document
        assert dumps(back) == before
        assert dumps(apply(back, again)[0]) == dumps(changed)
        document = changed
        assert loads(dumps(document)) == document, "an edit has made something that cannot be saved"


@examples(50)
@given(documents(), st.lists(st.tuples(edits(), st.sampled_from(["", "typing", "drag"])), max_size=25))
def test_all_undone_gives_the_first_document_and_all_redone_the_last(document, steps):
    history = History(document)
    for op, group in steps:
        try:
            history.do(op, group)
        except EditError:
            continue
    last = dumps(history.document)
    while history.undo() is not None:
        pass
    assert history.document == document
    assert dumps(history.document) == dumps(document)
    while history.redo() is not None:
        pass
    assert dumps(history.document) == last


@examples(50)
@given(documents(), edits())
def test_edits_and_their_inverses_travel_as_json(document, op):
    assert parse_op(json.loads(op.model_dump_json())) == op
    assert parse_op(op.model_dump(mode="json")) == op
    try:
        _, inverse = apply(document, op)
    except EditError:
        return
    assert parse_op(json.loads(inverse.model_dump_json())) == inverse
    plain = spelled_out(document, op)
    assert dumps(apply(document, plain)[0]) == dumps(apply(document, op)[0])


@examples(80)
@given(documents(), st.data())
def test_a_collapsed_workflow_means_the_same(document, data):
    assume(document.nodes)
    chosen = data.draw(st.lists(st.sampled_from(list(document.nodes)), min_size=1, unique=True))
    try:
        changed, _ = apply(document, Collapse(ids=tuple(chosen), id="whole"))
    except EditError:
        assume(False)  # it would depend on itself, or lie too deep: tested by cases
    outer = {one: f"whole/{one}" for one in chosen}

    def renamed(flat_id: str) -> str:
        first, slash, rest = flat_id.partition("/")
        return outer.get(first, first) + slash + rest

    assert meaning(flatten(changed)) == meaning(flatten(document), renamed)
    expanded, _ = apply(changed, Expand(id="whole"))
    assert meaning(flatten(expanded)) == meaning(flatten(document))
    assert expanded.layout == document.layout or "whole" not in changed.layout


def meaning(flat: FlatGraph, renamed=lambda one: one):
    """A flat graph apart from the order of its nodes, but with the order of wires into each port."""
    into: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for wire in flat.wires:
        into.setdefault((renamed(wire.target), wire.input), []).append((renamed(wire.source), wire.output))
    return {renamed(node): (block.type, block.settings) for node, block in flat.nodes.items()}, into


@pytest.mark.parametrize("how", ["collapse", "add", "replace"])
def test_components_cannot_be_nested_so_deep_that_they_could_not_be_saved(how):
    document = Document(nodes={"a": NodeBlock(type="read")})
    for _ in range(MAX_NESTING):
        document, _ = apply(document, Collapse(ids=("a",), id="a"))
    assert nesting(document) == MAX_NESTING
    assert loads(dumps(document)) == document
    deeper = NodeBlock(type="component", inside=document)
    op = {
        "collapse": {"op": "collapse", "ids": ["a"], "id": "a"},
        "add": {"op": "add", "id": "b", "node": deeper},
        "replace": {"op": "replace", "id": "a", "node": deeper},
    }[how]
    with pytest.raises(EditError, match="deep in each other"):
        apply(document, parse_op(op))
