"""The miniature of a canvas: everything is there where it stands, and no text can get out of it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from peephole.engine.catalog import catalog
from peephole.report.thumbnail import Theme, draw_thumbnail
from peephole.workflow.document import Document

SVG = "{http://www.w3.org/2000/svg}"
TWO = {
    "title": "Two <b>boxes</b>",
    "nodes": {"a": {"type": "read_csv"}, "b": {"type": "sort"}},
    "wires": ["a.table -> b.table"],
    "notes": {"n": {"text": "# Look"}},
    "layout": {"a": [100, 50], "b": [400, 90], "n": [-300, 0, 200, 120]},
}


def document(**changed: object) -> Document:
    return Document.model_validate(TWO | changed)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_boxes_and_notes_stand_where_the_person_put_them(theme: Theme) -> None:
    root = ET.fromstring(draw_thumbnail(document(), catalog().specs, theme))
    corners = {(float(r.get("x", "")), float(r.get("y", ""))) for r in root.iter(f"{SVG}rect")}
    assert corners == {(100.0, 50.0), (400.0, 90.0), (-300.0, 0.0)}
    left, top, width, height = map(float, root.get("viewBox", "").split())
    assert left < -300
    assert left + width > 400 + 200
    assert top < 0
    assert top + height > 90 + 70


def test_a_wire_leads_from_port_to_port() -> None:
    root = ET.fromstring(draw_thumbnail(document(), catalog().specs, "light"))
    (wire,) = (p.get("d", "") for p in root.iter(f"{SVG}path") if p.get("stroke-opacity"))
    assert wire.startswith("M314.0 ")  # the right edge of the first box
    assert " 400.0 " in wire


def test_the_title_is_escaped_and_an_empty_canvas_is_a_picture_too() -> None:
    assert "<b>" not in draw_thumbnail(document(), catalog().specs, "light")
    empty = Document.model_validate({"nodes": {}, "wires": []})
    assert ET.fromstring(draw_thumbnail(empty, catalog().specs, "light")).get("aria-label") == "Workflow"


def test_boxes_without_a_place_stand_in_columns() -> None:
    root = ET.fromstring(draw_thumbnail(document(layout={}), catalog().specs, "light"))
    assert len({r.get("x") for r in root.iter(f"{SVG}rect")}) == 2
