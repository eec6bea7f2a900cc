"""The graph, as a table of small cases, and the properties that hold for any."""

import itertools

import pytest
from any_workflow import documents, examples
from hypothesis import given
from hypothesis import strategies as st

from peephole.core.errors import DocumentError
from peephole.workflow.document import Document, NodeBlock, Wire
from peephole.workflow.order import FlatGraph, ancestors, descendants, flatten, loops, order


def graph(drawn: str) -> FlatGraph:
    """`a b c; a>b b>c`: the nodes in document order, then the wires."""
    names, _, arrows = drawn.partition(";")
    wires = [Wire(a, "out", b, "in") for a, _, b in (arrow.partition(">") for arrow in arrows.split())]
    return FlatGraph({name: NodeBlock(type="x") for name in names.split()}, tuple(wires))


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ("", ""),
        ("a", "a"),
        ("c a b", "c a b"),
        ("c b a; a>b b>c", "a b c"),
        ("d c b a; a>d", "c b a d"),
        ("a b c d; a>c b>c c>d", "a b c d"),
        ("d c b a; a>b a>c b>d c>d", "a c b d"),
        ("a b; a>b a>b", "a b"),
        ("join read1 read2; read2>join read1>join", "read1 read2 join"),
        ("b a; ghost>a a>ghost", "b a"),
    ],
)
def test_order_breaks_ties_by_document_order(drawn, expected):
    assert order(graph(drawn)) == expected.split()


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ("a b; a>b", []),
        ("a; a>a", ["a a"]),
        ("a b; a>b b>a", ["a b a"]),
        ("z a b c; z>a a>b b>c c>a", ["a b c a"]),
        ("a b c; a>b b>c c>a b>a", ["a b a"]),
        ("a b c d; c>d d>c a>b b>a", ["a b a", "c d c"]),
        ("a b c d; a>b b>a b>c c>d d>c", ["a b a", "c d c"]),
    ],
)
def test_loops_are_named_as_paths(drawn, expected):
    assert [" ".join(loop) for loop in loops(graph(drawn))] == expected
    if expected:
        with pytest.raises(DocumentError, match=f"loop: {expected[0].replace(' ', ' -> ')}"):
            order(graph(drawn))


def test_ancestors_and_descendants():
    g = graph("a b c d e; a>b b>c b>d")
    assert ancestors(g, ["c"]) == {"a", "b", "c"}
    assert descendants(g, ["b"]) == {"b", "c", "d"}
    assert ancestors(g, ["e", "ghost"]) == {"e"}


@st.composite
def graphs(draw):
    names = draw(st.lists(st.sampled_from("abcdefgh"), unique=True))
    ends = st.sampled_from(names or ["a"])
    wires = draw(st.lists(st.tuples(ends, ends), max_size=12)) if names else []
    return FlatGraph({n: NodeBlock(type="x") for n in names}, tuple(Wire(a, "o", b, "i") for a, b in wires))


@examples(50)
@given(graphs())
def test_order_respects_every_wire_or_there_is_a_loop(g):
    found = loops(g)
    edges = {(w.source, w.target) for w in g.wires}
    if found:
        for loop in found:
            assert loop[0] == loop[-1]
            assert all(pair in edges for pair in itertools.pairwise(loop))
            assert len(set(loop)) == len(loop) - 1
        with pytest.raises(DocumentError):
            order(g)
        return
    place = {node: i for i, node in enumerate(order(g))}
    assert place.keys() == g.nodes.keys()
    assert all(place[w.source] < place[w.target] for w in g.wires)
    for node in g.nodes:
        assert {o for o in g.nodes if node in descendants(g, [o])} == ancestors(g, [node])


@examples(50)
@given(graphs())
def test_order_depends_only_on_document_order(g):
    if not loops(g):
        assert order(FlatGraph(g.nodes, tuple(reversed(g.wires)))) == order(g)


@examples(60)
@given(documents())
def test_flattening_gives_nodes_without_insides_and_wires_between_them(document):
    flat = flatten(document)
    assert all(block.inside is None for block in flat.nodes.values())
    assert all(w.source in flat.nodes and w.target in flat.nodes for w in flat.wires)
    assert len(set(flat.wires)) == len(flat.wires)
    assert flatten(Document(nodes=flat_named(flat), wires=renamed(flat))).wires == renamed(flat)
    assert sorted(w for wires in flat.incoming.values() for w in wires) == sorted(flat.wires)
    assert sorted(w for wires in flat.outgoing.values() for w in wires) == sorted(flat.wires)


def flat_named(flat):
    return {node.replace("/", "__"): block for node, block in flat.nodes.items()}


def renamed(flat):
    return tuple(w._replace(source=w.source.replace("/", "__"), target=w.target.replace("/", "__")) for w in flat.wires)


def component(inside_nodes, inside_wires, **more):
    return {"type": "component", "inside": {"nodes": inside_nodes, "wires": inside_wires}, **more}


X = {"type": "x"}
FLAT_CASES = {
    "no component": ({"a": X, "b": X}, ["a.o -> b.i"], "a.o -> b.i"),
    "through a component": (
        {"a": X, "c": component({"k": X}, [".i -> k.in", "k.out -> .o"]), "b": X},
        ["a.o -> c.i", "c.o -> b.i"],
        "a.o -> c/k.in; c/k.out -> b.i",
    ),
    "one port feeds several": (
        {"a": X, "c": component({"k": X, "l": X}, [".i -> k.in", ".i -> l.in"])},
        ["a.o -> c.i"],
        "a.o -> c/k.in; a.o -> c/l.in",
    ),
    "nested, and component to component": (
        {
            "c": component({"d": component({"k": X}, ["k.out -> .o"])}, ["d.o -> .result"]),
            "e": component({"m": X}, [".i -> m.in"]),
        },
        ["c.result -> e.i"],
        "c/d/k.out -> e/m.in",
    ),
    "straight through": (
        {"a": X, "c": component({}, [".i -> .o"]), "b": X},
        ["a.o -> c.i", "c.o -> b.i"],
        "a.o -> b.i",
    ),
    "many into one port keep their order": (
        {"a": X, "b": X, "c": component({"k": X, "m": X}, ["m.o -> k.in", ".i -> k.in"])},
        ["b.o -> c.i", "a.o -> c.i"],
        "c/m.o -> c/k.in; b.o -> c/k.in; a.o -> c/k.in",
    ),
    "a setting": (
        {"v": X, "c": component({"k": X}, [".settings.limit -> k.settings.most"])},
        ["v.variable -> c.settings.limit"],
        "v.variable -> c/k.settings.most",
    ),
    "wires that lead nowhere": (
        {"a": X, "c": component({"k": X}, [".i -> k.in", "k.out -> .o", "gone.o -> k.in"])},
        ["a.o -> c.other", "c.other -> a.i", "a.o -> gone.i", ".x -> a.i", "a.o -> .x"],
        "",
    ),
    "a component that feeds itself": ({"c": component({}, [".i -> .o"])}, ["c.o -> c.i"], ""),
}


@pytest.mark.parametrize("case", FLAT_CASES)
def test_components_are_opened_out(case):
    nodes, wires, expected = FLAT_CASES[case]
    flat = flatten(Document.model_validate({"nodes": nodes, "wires": wires}))
    assert "; ".join(map(str, flat.wires)) == expected


def test_settings_given_to_a_component_go_all_the_way_in():
    inner = component({"k": {"type": "x", "settings": {"most": 1, "other": 2}}}, [".settings.limit -> k.settings.most"])
    outer = component({"d": inner}, [".settings.all -> d.settings.limit"], settings={"all": 7})
    assert flatten(Document.model_validate({"nodes": {"c": outer}})).nodes["c/d/k"].settings == {"most": 7, "other": 2}


def test_a_long_chain_and_a_chain_of_components():
    names = [f"n{i}" for i in range(5000)]
    wires = tuple(Wire(a, "o", b, "i") for a, b in itertools.pairwise(names))
    g = FlatGraph({n: NodeBlock(type="x") for n in reversed(names)}, wires)
    assert order(g) == names
    assert len(loops(FlatGraph(g.nodes, (*wires, Wire(names[-1], "o", names[0], "i"))))[0]) == 5001
    through = NodeBlock.model_validate(component({}, [".i -> .o", ".j -> .o", ".i -> .p", ".j -> .p"]))
    doubled = [Wire(a, p, b, q) for a, b in itertools.pairwise(names) for p, q in ("oi", "pj")]
    ends = {"first": NodeBlock(type="x"), "last": NodeBlock(type="x")}
    more = (Wire("first", "t", "n0", "i"), Wire("n4999", "o", "last", "in"))
    flat = flatten(Document(nodes={**dict.fromkeys(names, through), **ends}, wires=(*doubled, *more)))
    assert flat.wires == (Wire("first", "t", "last", "in"),)
