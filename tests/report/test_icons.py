"""Every node's icon is a drawing, not the plain box that stands for a word nobody drew."""

from __future__ import annotations

from peephole.engine.catalog import catalog
from peephole.report import icons


def test_every_node_has_an_icon_of_its_own_or_of_its_family() -> None:
    plain = icons.drawing("box")
    without = {spec.type: spec.icon for spec in catalog().specs.values() if icons.drawing(spec.icon) == plain}
    assert not {node: icon for node, icon in without.items() if icon != "box" and node.count("/") == 0}
