"""The drawing: well-formed, everything named, everything escaped, told apart without colour."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from report_samples import dots, sketch

from peephole.core.types import port_types
from peephole.report import icons
from peephole.report.colours import DARK, LIGHT, contrast, wire_colours
from peephole.report.drawing import draw, style
from peephole.report.marks import DASHES, port_mark, state_icon, state_mark
from peephole.report.sketch import STATE_NAMES, Box, Sketch
from peephole.report.words import cut, text_width

SVG = "{http://www.w3.org/2000/svg}"


def parsed(drawn: Sketch, **how: object) -> ET.Element:
    return ET.fromstring(draw(drawn, **how))  # type: ignore[arg-type]


def test_every_box_and_every_wire_is_drawn() -> None:
    root = parsed(sketch())
    boxes = [g for g in root.iter(f"{SVG}g") if "w-box" in (g.get("class") or "")]
    wires = [p for p in root.iter(f"{SVG}path") if "w-wire" in (p.get("class") or "")]
    assert len(boxes) == len(sketch().boxes)
    assert len(wires) == len(sketch().wires)


def test_a_picture_of_its_own_carries_its_style_and_loads_nothing() -> None:
    text = draw(sketch())
    assert "<style>" in text
    assert "prefers-color-scheme:dark" in text
    assert text.count("http") == 1  # the name of the SVG format
    assert "<style>" not in draw(sketch(), inside=True)


def test_boxes_lead_to_their_nodes() -> None:
    links = [a.get("href") for a in parsed(sketch(), links="#node-").iter(f"{SVG}a")]
    assert links == [f"#node-{b.id}" for b in sketch().boxes]


def test_what_people_wrote_is_escaped() -> None:
    nasty = Box('a"&<b>', "<script>alert(1)</script>", summary="a < b & c", facts="</svg>", outputs=dots("t:Table"))
    root = parsed(Sketch((nasty,)), links="#n-", title='"<&>')
    assert not list(root.iter(f"{SVG}script"))
    assert root.get("aria-label") == '"<&>'
    assert any("<script>" in (t.text or "") for t in root.iter(f"{SVG}title"))


def test_a_long_title_is_cut_and_whole_on_hover() -> None:
    long = "A very long title that no box could ever hold in full"
    root = parsed(Sketch((Box("a", long),)))
    shown = [t.text or "" for t in root.iter(f"{SVG}text") if t.get("class") == "w-title"]
    assert shown[0].endswith("…")
    assert len(shown[0]) < len(long)
    assert any(long in (t.text or "") for t in root.iter(f"{SVG}title"))


def test_an_unknown_nodes_ports_are_drawn() -> None:
    box = Box("a", "From a newer version", state="unknown", inputs=(replace(dots("x:Table")[0], type=None),))
    assert "t-unknown" in draw(Sketch((box,)))


def test_an_empty_workflow_is_a_picture() -> None:
    assert parsed(Sketch(())).tag == f"{SVG}svg"


@pytest.mark.parametrize("state", STATE_NAMES)
def test_every_state_has_a_mark_of_its_own_and_a_name(state: str) -> None:
    marks = {s: state_mark(s) for s in STATE_NAMES}
    assert list(marks.values()).count(marks[state]) == 1  # type: ignore[index]
    ET.fromstring(state_icon(state))  # type: ignore[arg-type]
    assert STATE_NAMES[state] in state_icon(state)  # type: ignore[index, arg-type]


def test_port_types_are_told_apart_without_colour() -> None:
    shapes = [p.shape for p in port_types().values()]
    assert len({port_mark(s, 0, 0) for s in shapes}) == len(set(shapes)) == len(shapes)
    assert len({DASHES[s] for s in shapes}) == len(shapes)
    for shape in DASHES:
        ET.fromstring(port_mark(shape, 1, 2))


@pytest.mark.parametrize("port", port_types().values(), ids=lambda p: p.name)
def test_wires_are_seen_on_either_ground(port: object) -> None:
    light, dark = wire_colours(port.colour)  # type: ignore[attr-defined]
    assert contrast(light, LIGHT) >= 3
    assert contrast(dark, DARK) >= 3
    assert port.colour in style()  # type: ignore[attr-defined]


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_every_icon_is_a_drawing_and_unknown_names_fall_back() -> None:
    for name in icons.names():
        assert icons.drawing(name).startswith("M")
    assert icons.drawing("csv") == icons.drawing("read")
    assert icons.drawing("no such", "rows") == icons.drawing("table")
    assert icons.drawing("no such", "no such") == icons.drawing("box")


def test_texts_are_cut_to_their_room() -> None:
    assert cut("short", 100, 12) == "short"
    shown = cut("much longer than there is room for", 100, 12)
    assert text_width(shown, 12) <= 100
    assert shown.endswith("…")
