"""Edits, one by one: what they do, and what they refuse in which words."""

import pytest

from peephole.core.errors import EditError
from peephole.workflow.applying import apply, spelled_out
from peephole.workflow.clipboard import copied, pasted
from peephole.workflow.document import Document
from peephole.workflow.edit import Collapse, Expand, Move, Remove, Rename, Set, parse_op
from peephole.workflow.history import History
from peephole.workflow.text import dumps, loads


def start() -> Document:
    return Document.model_validate(
        {
            "title": "T",
            "nodes": {
                "read": {"type": "read", "settings": {"path": "a.csv", "rows": 3}},
                "keep": {"type": "keep"},
                "value": {"type": "constant"},
                "join": {"type": "join"},
                "part": {
                    "type": "component",
                    "settings": {"most": 5},
                    "inside": {
                        "nodes": {"keep": {"type": "keep", "settings": {"limit": 1}}},
                        "wires": [
                            ".table -> keep.table",
                            "keep.table -> .out",
                            ".settings.most -> keep.settings.limit",
                        ],
                        "layout": {"keep": [10, 10]},
                    },
                },
                "future": {"type": "x", "$kept": {"type": "x", "settings": []}},
            },
            "wires": ["read.table -> keep.table", "value.variable -> keep.settings.limit", "keep.table -> join.left"],
            "notes": {"note": {"text": "hello"}},
            "frames": {"frame": {"title": "F"}},
            "layout": {"read": [0, 0], "keep": [100, 0], "value": [0, 50], "part": [300, 40], "frame": [0, 0, 9, 9]},
        }
    )


def after(*ops) -> Document:
    document = start()
    for op in ops:
        document, _ = apply(document, parse_op(op))
    return document


def texts(document):
    return [str(wire) for wire in document.wires]


class TestWhatTheyDo:
    def test_add(self):
        new = {"op": "add", "id": "new", "node": {"type": "read"}, "at": [1.6, 2], "index": 1}
        document = after(new)
        assert list(document.nodes)[:3] == ["read", "new", "keep"]
        assert document.layout["new"] == (2, 2)

    def test_remove_takes_the_wires_along(self):
        document = after({"op": "remove", "ids": ["keep", "note"]})
        assert "keep" not in document.nodes
        assert document.notes == {}
        assert document.wires == ()
        assert "keep" not in document.layout

    def test_connect_and_disconnect(self):
        assert texts(after({"op": "connect", "wire": "read.table -> join.right"}))[-1] == "read.table -> join.right"
        assert len(after({"op": "disconnect", "wire": "read.table -> keep.table"}).wires) == 2
        second = {"op": "connect", "wire": "read.table -> join.left", "many": True, "index": 0}
        assert texts(after(second))[0] == "read.table -> join.left"

    def test_set_and_unset(self):
        document = after(
            {"op": "set", "node": "read", "setting": "path", "value": None},
            {"op": "unset", "node": "read", "setting": "rows"},
            {"op": "set", "node": "part", "within": "", "setting": "most", "value": [1, {"a": 2}]},
            {"op": "set", "node": "keep", "within": "part", "setting": "limit", "value": 9},
        )
        assert document.nodes["read"].settings == {"path": None}
        assert document.nodes["part"].settings == {"most": [1, {"a": 2}]}
        assert document.nodes["part"].inside.nodes["keep"].settings == {"limit": 9}
        assert document.nodes["keep"].settings == {}

    def test_the_smaller_ones(self):
        document = after(
            {"op": "move", "layout": {"join": [7, 8], "read": None}},
            {"op": "rename", "node": "read", "title": "Flights"},
            {"op": "annotate", "node": "read", "note": "all of 2013"},
            {"op": "pin", "node": "read", "pinned": True},
            {"op": "change-id", "node": "keep", "to": "late"},
            {"op": "add-note", "id": "note_2", "note": {"text": "x"}, "at": [0, 0, 10, 10]},
            {"op": "edit-note", "id": "note", "note": {"text": "y"}},
            {"op": "add-frame", "id": "frame_2", "frame": {"title": "x"}},
            {"op": "edit-frame", "id": "frame", "frame": {"colour": "red"}},
            {"op": "entitle", "description": "D"},
            {"op": "replace", "id": "join", "node": {"type": "concat"}},
        )
        read = document.nodes["read"]
        assert (read.title, read.note, read.pinned) == ("Flights", "all of 2013", True)
        assert "read" not in document.layout
        assert document.layout["join"] == (7, 8)
        assert texts(document)[0] == "read.table -> late.table"
        assert list(document.nodes)[1] == "late"
        assert document.layout["late"] == (100, 0)
        assert {k: n.text for k, n in document.notes.items()} == {"note": "y", "note_2": "x"}
        assert document.frames["frame"].colour == "red"
        assert (document.title, document.description) == ("T", "D")
        assert document.nodes["join"].type == "concat"

    def test_collapse_makes_ports_and_settings_of_the_wires_across(self):
        document = after({"op": "collapse", "ids": ["keep"], "id": "late", "title": "Late"})
        late = document.nodes["late"]
        assert list(document.nodes)[1] == "late"
        assert texts(late.inside) == [
            ".table -> keep.table",
            ".settings.limit -> keep.settings.limit",
            "keep.table -> .table",
        ]
        assert texts(document) == [
            "read.table -> late.table",
            "value.variable -> late.settings.limit",
            "late.table -> join.left",
        ]
        assert document.layout["late"] == (100, 0)

    def test_expand_gives_free_ids_and_keeps_what_was_set(self):
        document = after(
            {"op": "connect", "wire": "read.table -> part.table"},
            {"op": "connect", "wire": "part.out -> join.right"},
            {"op": "expand", "id": "part"},
        )
        assert list(document.nodes) == ["read", "keep", "value", "join", "keep_2", "future"]
        assert document.nodes["keep_2"].settings == {"limit": 5}
        assert texts(document)[-2:] == ["keep_2.table -> join.right", "read.table -> keep_2.table"]
        assert document.layout["keep_2"] == (300, 40)

    def test_expanding_what_was_collapsed_gives_it_back(self):
        document = after({"op": "collapse", "ids": ["keep", "value"], "id": "x"}, {"op": "expand", "id": "x"})
        assert document.nodes == start().nodes
        assert sorted(document.wires) == sorted(start().wires)
        assert document.layout == start().layout

    def test_the_port_of_a_component_is_made_by_a_wire_at_its_edge(self):
        document = after({"op": "connect", "within": "part", "wire": "keep.table -> .second"})
        assert texts(document.nodes["part"].inside)[-1] == "keep.table -> .second"

    def test_a_batch_is_all_or_nothing(self):
        good, bad = {"op": "remove", "ids": ["join"]}, {"op": "pin", "node": "join", "pinned": True}
        with pytest.raises(EditError):
            after({"op": "batch", "ops": [good, bad]})
        document, undo = apply(start(), parse_op({"op": "batch", "ops": [good, {"op": "remove", "ids": ["keep"]}]}))
        assert list(document.nodes) == ["read", "value", "part", "future"]
        assert dumps(apply(document, undo)[0]) == dumps(start())

    def test_what_is_not_touched_is_shared(self):
        first = start()
        document, _ = apply(first, Set(node="read", setting="rows", value=1))
        assert document.nodes["keep"] is first.nodes["keep"]
        assert document.wires is first.wires
        assert document.layout is first.layout

    def test_spelled_out_says_collapse_in_plain_edits(self):
        op = Collapse(ids=("keep",), id="late")
        batch = spelled_out(start(), op)
        assert [one.op for one in batch.ops] == ["remove", "insert"]
        assert dumps(apply(start(), batch)[0]) == dumps(apply(start(), op)[0])
        assert [one.op for one in spelled_out(start(), Expand(id="part")).ops] == ["remove", "insert"]
        assert spelled_out(start(), Rename(node="read", title="")) == Rename(node="read", title="")


REFUSED = [
    ({"op": "add", "id": "read", "node": {"type": "x"}}, 'The id "read" is in use.'),
    ({"op": "add", "id": "note", "node": {"type": "x"}}, 'The id "note" is in use.'),
    ({"op": "insert", "nodes": {"z": {"type": "x"}}, "notes": {"z": {}}}, 'The id "z" is in use.'),
    ({"op": "insert", "layout": {"ghost": [0, 0]}}, "Places are given for ghost"),
    ({"op": "insert", "wires": ["a.b -> c.d"], "wire_at": []}, "one place for each thing"),
    ({"op": "add", "id": "a.b", "node": {"type": "x"}}, "add.id does not fit"),
    ({"op": "remove", "ids": ["raed"]}, 'There is no "raed" to remove. Did you mean "read"?'),
    ({"op": "connect", "wire": "reed.table -> join.right"}, 'There is no node "reed". Did you mean "read"?'),
    ({"op": "connect", "wire": "read.table -> gone.x"}, 'There is no node "gone".'),
    ({"op": "connect", "wire": "read.table -> read.x"}, '"read" cannot be connected to itself.'),
    (
        {"op": "connect", "wire": "value.x -> join.left"},
        "join.left already takes keep.table. Disconnect that wire first.",
    ),
    ({"op": "connect", "wire": "value.x -> keep.settings.limit"}, "keep.settings.limit already takes value.variable"),
    ({"op": "connect", "wire": "keep.table -> join.left", "many": True}, "is there already. One is enough."),
    ({"op": "connect", "wire": ".table -> join.right"}, "has an open end. Only inside a component"),
    ({"op": "connect", "within": "part", "wire": ".a -> .b"}, "cannot go from edge to edge"),
    ({"op": "connect", "within": "part", "wire": "keep.x -> .out"}, "already takes keep.table"),
    ({"op": "connect", "wire": "read -> join"}, 'connect.wire does not fit. A wire reads "node.port -> node.port"'),
    ({"op": "disconnect", "wire": "read.table -> join.left"}, 'no wire "read.table -> join.left". Did you mean'),
    ({"op": "set", "node": "gone", "setting": "x", "value": 1}, 'There is no node "gone".'),
    ({"op": "set", "node": "read", "setting": "x", "value": float("nan")}, "not-a-number cannot be saved"),
    ({"op": "set", "node": "future", "setting": "x", "value": 1}, "A newer Peephole wrote"),
    ({"op": "unset", "node": "future", "setting": "x"}, "A newer Peephole wrote"),
    ({"op": "rename", "node": "future", "title": "x"}, "A newer Peephole wrote"),
    ({"op": "move", "layout": {"gone": [1, 1]}}, 'There is no "gone" to move.'),
    ({"op": "move", "layout": {"read": [1]}}, "does not fit"),
    ({"op": "change-id", "node": "read", "to": "keep"}, 'The id "keep" is in use.'),
    ({"op": "edit-note", "id": "x", "note": {}}, 'There is no note "x".'),
    ({"op": "edit-frame", "id": "x", "frame": {}}, 'There is no frame "x".'),
    ({"op": "collapse", "ids": [], "id": "x"}, "There is no node to collapse."),
    ({"op": "collapse", "ids": ["note"], "id": "x"}, "There is no node to collapse."),
    ({"op": "collapse", "ids": ["gone"], "id": "x"}, "There is no gone to collapse."),
    ({"op": "collapse", "ids": ["read"], "id": "keep"}, 'The id "keep" is in use.'),
    ({"op": "collapse", "ids": ["read", "join"], "id": "x"}, "depend on itself, through keep. Select keep too"),
    ({"op": "expand", "id": "read"}, '"read" is no component.'),
    ({"op": "pin", "within": "prat", "node": "keep", "pinned": True}, 'no component "prat". Did you mean "part"?'),
    ({"op": "pin", "within": "part/keep", "node": "keep", "pinned": True}, 'no component "part/keep"'),
    ({"op": "pin", "node": "keep"}, "pin.pinned does not fit. Field required."),
    ({"op": "explode"}, "does not match any of the expected tags"),
    ({"op": "pin", "node": "keep", "pinned": True, "extra": 1}, "pin.extra does not fit"),
    ({}, "Unable to extract tag"),
    (None, "This is no edit"),
    ({"op": "batch", "ops": [{"op": "batch", "ops": []}]}, "This is no edit: batch.ops.0 does not fit"),
]


@pytest.mark.parametrize(("op", "text"), REFUSED, ids=[str(op)[:70] for op, _ in REFUSED])
def test_what_is_refused(op, text):
    with pytest.raises(EditError) as caught:
        after(op)
    assert text in str(caught.value)
    assert caught.value.remedy


class TestHistory:
    def test_typing_is_one_step(self):
        history = History(start())
        for text in ("b", "b.", "b.csv"):
            history.do(Set(node="read", setting="path", value=text), group="field 1")
        history.do(Set(node="read", setting="path", value="c.csv"), group="field 2")
        assert history.undo() == Set(node="read", setting="path", value="b.csv")
        assert history.undo() == Set(node="read", setting="path", value="a.csv")
        assert not history.can_undo
        assert dumps(history.document) == dumps(start())
        history.redo()
        assert history.document.nodes["read"].settings["path"] == "b.csv"

    def test_typing_that_was_taken_back_is_no_step(self):
        history = History(start())
        history.do(Set(node="read", setting="path", value="b.csv"), group="field 1")
        history.do(Set(node="read", setting="path", value="c"), group="field 2")
        history.do(Set(node="read", setting="path", value="b.csv"), group="field 2")
        assert history.undo() == Set(node="read", setting="path", value="a.csv")
        assert not history.can_undo

    def test_different_edits_of_one_group_are_one_step(self):
        history = History(start())
        history.do(Move(layout={"read": (5, 5)}), "drag")
        history.do(Move(layout={"read": (6, 5), "keep": (1, 1)}), "drag")
        history.do(Remove(ids=("join",)), "drag")
        history.undo()
        assert dumps(history.document) == dumps(start())
        history.redo()
        assert "join" not in history.document.nodes
        assert history.document.layout["read"] == (6, 5)
        assert not history.can_redo

    def test_a_new_edit_ends_redoing_and_a_refused_one_changes_nothing(self):
        history = History(start())
        history.do(Rename(node="read", title="1"))
        history.undo()
        with pytest.raises(EditError):
            history.do(Rename(node="gone", title="2"))
        assert history.can_redo
        history.do(Rename(node="read", title="3"))
        assert history.redo() is None
        assert history.document.nodes["read"].title == "3"

    def test_what_was_undone_and_redone_does_not_merge_with_what_comes(self):
        history = History(start())
        history.do(Rename(node="read", title="1"), "g")
        history.undo()
        history.redo()
        history.do(Rename(node="read", title="2"), "g")
        history.undo()
        assert history.document.nodes["read"].title == "1"

    def test_the_limit(self):
        history = History(start(), limit=2)
        for title in "abc":
            history.do(Rename(node="read", title=title))
        while history.undo():
            pass
        assert history.document.nodes["read"].title == "a"


class TestClipboard:
    def test_a_piece_is_pasted_under_free_ids_at_a_place(self):
        document = start()
        piece = loads(dumps(copied(document, ["read", "keep", "note", "frame"])))
        assert texts(piece) == ["read.table -> keep.table"]
        pasted_, _ = apply(document, pasted(document, piece, at=(1000, 500)))
        assert list(pasted_.nodes)[-2:] == ["read_2", "keep_2"]
        assert texts(pasted_)[-1] == "read_2.table -> keep_2.table"
        assert pasted_.layout["keep_2"] == (1100, 500)
        assert pasted_.layout["frame_2"] == (1000, 500, 9, 9)
        again, _ = apply(pasted_, pasted(pasted_, piece))
        assert list(again.nodes)[-2:] == ["read_3", "keep_3"]

    def test_into_and_out_of_a_component(self):
        document = start()
        inside, _ = apply(document, pasted(document, copied(document, ["read"]), within="part"))
        assert list(inside.nodes["part"].inside.nodes) == ["keep", "read"]
        assert copied(document, ["keep"], within="part").wires == ()

    @pytest.mark.parametrize(("ids", "text"), [(["gone"], "no gone to copy"), (["future"], "A newer Peephole wrote")])
    def test_what_cannot_be_copied(self, ids, text):
        with pytest.raises(EditError, match=text):
            copied(start(), ids)
