"""Boxes never overlap, wires run forward, faulty documents are drawn too."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_samples import dots, sketch

from peephole.report.layout import GAP_Y, MOST, WIDTH, Layout, place
from peephole.report.ranks import crossings, order, ranks
from peephole.report.sketch import Box, Sketch, Wire
from peephole.report.wires import courses


def box(name: str, inputs: int = 1, outputs: int = 1, position: tuple[float, float] | None = None) -> Box:
    return Box(
        name,
        name,
        inputs=dots(" ".join(f"i{n}:Table" for n in range(inputs))),
        outputs=dots(" ".join(f"o{n}:Table" for n in range(outputs))),
        position=position,
    )


@st.composite
def graphs(draw: st.DrawFn, *, circles: bool = False) -> Sketch:
    """Random workflows: up to 40 boxes with up to six ports a side."""
    count = draw(st.integers(1, 40))
    boxes = tuple(box(f"n{i}", draw(st.integers(0, 6)), draw(st.integers(1, 6))) for i in range(count))
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    chosen = draw(st.lists(pairs, max_size=70))
    ends = [(a, b) for a, b in chosen if a < b or (circles and a != b)]
    return Sketch(boxes, tuple(Wire(f"n{a}", "o0", f"n{b}", "i0") for a, b in ends))


def overlaps(layout: Layout) -> list[tuple[str, str]]:
    spots = list(layout.spots.items())
    return [
        (i, j)
        for n, (i, a) in enumerate(spots)
        for j, b in spots[n + 1 :]
        if a.x < b.right and b.x < a.right and a.y < b.y + b.height and b.y < a.y + a.height
    ]


def assert_well_placed(drawn: Sketch) -> None:
    layout = place(drawn)
    assert set(layout.spots) == {b.id for b in drawn.boxes}
    assert overlaps(layout) == []
    for spot in layout.spots.values():
        assert spot.x >= 0
        assert spot.y >= 0
        assert spot.right <= layout.width
        assert spot.y + spot.height <= layout.height


@given(graphs())
@settings(deadline=None, max_examples=120)
def test_boxes_never_overlap(drawn: Sketch) -> None:
    assert_well_placed(drawn)


@given(graphs(circles=True))
@settings(deadline=None, max_examples=60)
def test_documents_with_circles_are_placed_too(drawn: Sketch) -> None:
    assert_well_placed(drawn)
    assert all(courses(drawn, place(drawn)))


@given(graphs())
@settings(deadline=None, max_examples=60)
def test_wires_lead_to_the_right_and_never_touch_a_passed_box(drawn: Sketch) -> None:
    layout = place(drawn)
    for wire in drawn.wires:
        a, b = layout.spots[wire.source], layout.spots[wire.target]
        assert ((a.band or 0), (a.column or 0)) < ((b.band or 0), (b.column or 0))
    for passes in layout.passes.values():
        for x, y in passes:
            column = [s for s in layout.spots.values() if s.x == x]
            assert not any(s.y < y < s.y + s.height for s in column)


def test_a_chain_is_one_straight_line() -> None:
    layout = place(chain(5))
    assert len({s.y for s in layout.spots.values()}) == 1
    assert [s.column for s in layout.spots.values()] == [0, 1, 2, 3, 4]


def test_a_long_chain_is_wrapped_like_text() -> None:
    layout = place(chain(23))
    assert max(s.column or 0 for s in layout.spots.values()) < MOST
    assert max(s.band or 0 for s in layout.spots.values()) >= 4


def test_a_fan_is_centred_on_its_source() -> None:
    leaves = tuple(box(f"n{i}") for i in range(1, 4))
    layout = place(Sketch((box("n0", 0), *leaves), tuple(Wire("n0", "o0", b.id, "i0") for b in leaves)))
    middle = layout.spots["n2"]
    assert layout.spots["n0"].y == pytest.approx(middle.y)
    assert layout.spots["n2"].y - layout.spots["n1"].y == pytest.approx(middle.height + GAP_Y)


def test_the_persons_own_places_are_kept() -> None:
    layout = place(Sketch((box("a", position=(100, 50)), box("b", position=(500, 90))), (Wire("a", "o0", "b", "i0"),)))
    a, b = layout.spots["a"], layout.spots["b"]
    assert (b.x - a.x, b.y - a.y) == (400, 40)


@pytest.mark.parametrize(
    "positions",
    [[(0, 0), (20, 10)], [(0, 0), (90_000, 0)], [(0, 0), None]],
    ids=["they overlap", "too wide to read on a page", "one has none"],
)
def test_places_that_cannot_be_read_are_not_kept(positions: Sequence[tuple[float, float] | None]) -> None:
    boxes = tuple(box(f"n{i}", position=p) for i, p in enumerate(positions))
    drawn = Sketch(boxes, (Wire("n0", "o0", "n1", "i0"),))
    assert_well_placed(drawn)
    assert place(drawn).spots["n1"].column == 1


def test_sources_stand_just_before_their_first_reader() -> None:
    assert ranks(["a", "b", "c", "late"], [("a", "b"), ("b", "c"), ("late", "c")])["late"] == 1


def test_ordering_takes_crossings_away() -> None:
    columns, links = [["a", "b"], ["c", "d"]], [("a", "d"), ("b", "c")]
    assert crossings(columns, links) == 1
    assert crossings(order(columns, links), links) == 0


def test_each_wire_begins_and_ends_at_its_ports() -> None:
    drawn = sketch()
    layout = place(drawn)
    for wire, course in zip(drawn.wires, courses(drawn, layout), strict=True):
        numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", course)]
        assert numbers[0] == pytest.approx(layout.spots[wire.source].right, abs=0.1)
        ends = layout.spots[wire.target].x
        assert any(n == pytest.approx(ends, abs=0.1) for n in numbers[-2:])


def test_wires_of_an_unknown_box_are_left_out() -> None:
    drawn = Sketch((box("a"),), (Wire("a", "o0", "gone", "i0"),))
    assert courses(drawn, place(drawn)) == [""]


def chain(count: int) -> Sketch:
    boxes = tuple(box(f"n{i}") for i in range(count))
    return Sketch(boxes, tuple(Wire(f"n{i}", "o0", f"n{i + 1}", "i0") for i in range(count - 1)))


def test_boxes_are_as_wide_as_the_drawing_says() -> None:
    spot = next(iter(place(chain(1)).spots.values()))
    assert spot.right - spot.x == WIDTH
