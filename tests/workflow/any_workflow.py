"""Documents and edits of any kind, for the property tests."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from peephole.workflow import edit
from peephole.workflow.document import Document, Frame, NodeBlock, Note, Wire
from peephole.workflow.repeat import Chunks, Count, EachColumn, Groups, Rounds, Values

TIMES = int(os.environ.get("PEEPHOLE_EXAMPLES_TIMES", "1"))  # for a thorough run


def examples(number: int) -> settings:
    """So many examples, however slow the machine is."""
    return settings(max_examples=number * TIMES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


IDS = ["a", "b", "c", "d", "e", "part", "n1", "f1"]
PORTS = ["table", "model", "left"]
SETTINGS = ["limit", "keys"]
TYPES = ["read", "filter", "join", "limit", "gone", "other/thing"]

ids = st.sampled_from(IDS)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc ü", max_size=3), inner, max_size=3),
    max_leaves=6,
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
places = st.tuples(st.integers(-99, 99), st.integers(-99, 99)) | st.tuples(*[st.integers(-99, 99)] * 4)


@st.composite
def wires(draw: st.DrawFn, *, edge: bool = False) -> Wire:
    ends = st.sampled_from([*IDS, ""]) if edge else ids
    inputs = st.sampled_from(PORTS) | st.sampled_from(SETTINGS).map("settings.{}".format)
    outputs = inputs if edge else st.sampled_from(PORTS)
    return Wire(draw(ends), draw(outputs), draw(ends), draw(inputs))


repeats = st.one_of(
    st.builds(Count, times=st.integers(1, 9), name=st.sampled_from(["iteration", "limit"])),
    st.builds(
        Values,
        values=st.dictionaries(st.sampled_from(SETTINGS), st.lists(json_values, min_size=1, max_size=2), min_size=1),
    ),
    st.builds(
        EachColumn, columns=st.lists(st.sampled_from(["x", "ü y"]), min_size=1), setting=st.sampled_from(SETTINGS)
    ),
    st.builds(
        Groups, columns=st.lists(st.sampled_from(["x", "y"]), min_size=1, max_size=2), input=st.sampled_from(PORTS)
    ),
    st.builds(Chunks, rows=st.integers(1, 9), input=st.sampled_from(PORTS), best=st.none() | st.sampled_from(PORTS)),
    st.builds(
        Rounds,
        times=st.integers(1, 4),
        until=st.none() | st.sampled_from(PORTS),
        input=st.sampled_from(PORTS),
        output=st.sampled_from(PORTS),
    ),
)


def blocks(depth: int = 2) -> st.SearchStrategy[NodeBlock]:
    plain = st.builds(
        NodeBlock,
        type=st.sampled_from(TYPES),
        version=st.integers(0, 3),
        title=texts,
        note=texts,
        pinned=st.booleans(),
        settings=st.dictionaries(st.sampled_from(SETTINGS), json_values, max_size=2),
    )
    if depth == 0:
        return plain
    component = st.builds(
        NodeBlock,
        type=st.just("component"),
        settings=st.dictionaries(st.sampled_from(SETTINGS), json_values, max_size=2),
        inside=documents(depth - 1, edge=True),
        repeat=st.none() | repeats,
    )
    return plain | component


@st.composite
def documents(draw: st.DrawFn, depth: int = 2, *, edge: bool = False) -> Document:
    """Any document that can be loaded, with wires that lead nowhere, loops, and keys from the future."""
    names = draw(st.lists(ids, unique=True, max_size=6))
    kinds = [draw(st.sampled_from(["node", "node", "node", "note", "frame"])) for _ in names]
    by = {kind: [n for n, k in zip(names, kinds, strict=True) if k == kind] for kind in ("node", "note", "frame")}
    more: dict[str, Any] = draw(st.dictionaries(st.sampled_from(["x-new", "future"]), json_values, max_size=1))
    return Document(
        title=draw(texts),
        description=draw(texts),
        nodes={n: draw(blocks(depth)) for n in by["node"]},
        wires=draw(st.lists(wires(edge=edge), max_size=8)),
        notes={n: draw(st.builds(Note, text=texts)) for n in by["note"]},
        frames={n: draw(st.builds(Frame, title=texts, colour=texts)) for n in by["frame"]},
        layout=draw(st.dictionaries(ids, places, max_size=5)),
        **more,
    )


withins = st.sampled_from(["", "", "", "", "part", "a", "part/a"])
spots = st.none() | st.integers(0, 5)


@st.composite
def edits(draw: st.DrawFn) -> edit.Op:
    """Any edit; many will not fit the document they meet."""
    within = draw(withins)
    edge = within != "" or draw(st.integers(0, 9)) == 0
    kind = draw(st.sampled_from(sorted(_MAKE, key=lambda k: k.__name__)))
    return kind(within=within, **{name: draw(s(edge) if callable(s) else s) for name, s in _MAKE[kind].items()})


_MAKE: dict[Any, dict[str, Any]] = {
    edit.Add: {"id": ids, "node": blocks(1), "at": st.none() | places, "index": spots},
    edit.Insert: {
        "nodes": st.dictionaries(ids, blocks(0), max_size=2),
        "wires": lambda edge: st.lists(wires(edge=edge), max_size=2),
        "notes": st.dictionaries(ids, st.builds(Note, text=texts), max_size=1),
    },
    edit.Remove: {"ids": st.lists(ids, max_size=3, unique=True)},
    edit.Replace: {"id": ids, "node": blocks(1)},
    edit.Connect: {"wire": lambda edge: wires(edge=edge), "many": st.booleans(), "index": spots},
    edit.Disconnect: {"wire": lambda edge: wires(edge=edge), "index": spots},
    edit.Set: {"node": ids, "setting": st.sampled_from(SETTINGS), "value": json_values, "index": spots},
    edit.Unset: {"node": ids, "setting": st.sampled_from(SETTINGS)},
    edit.Move: {"layout": st.dictionaries(ids, st.none() | places, max_size=2)},
    edit.Rename: {"node": ids, "title": texts},
    edit.ChangeId: {"node": ids, "to": ids},
    edit.Annotate: {"node": ids, "note": texts},
    edit.Pin: {"node": ids, "pinned": st.booleans()},
    edit.SetRepeat: {"node": st.sampled_from(["part", "a", "b"]), "repeat": st.none() | repeats},
    edit.AddNote: {"id": ids, "note": st.builds(Note, text=texts), "at": st.none() | places},
    edit.EditNote: {"id": ids, "note": st.builds(Note, text=texts)},
    edit.AddFrame: {"id": ids, "frame": st.builds(Frame, title=texts), "at": st.none() | places},
    edit.EditFrame: {"id": ids, "frame": st.builds(Frame, title=texts)},
    edit.Entitle: {"title": st.none() | texts, "description": st.none() | texts},
    edit.Collapse: {"ids": st.lists(ids, min_size=1, max_size=3, unique=True), "id": ids, "title": texts},
    edit.Expand: {"id": st.sampled_from(["part", "a", "b"])},
}
