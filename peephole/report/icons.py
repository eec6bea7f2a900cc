"""Small line drawings for nodes, on a 24 by 24 grid: by icon name, else by family, else a plain box.

They lie in assets/icons.json, which the studio reads too: `drawings` (the `d` of a path to stroke) and `also` (other words
for the same thing: node names, families, icon names that nodes may use).
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


@cache
def _read() -> tuple[dict[str, str], dict[str, str]]:
    read = json.loads(files("peephole.report").joinpath("assets/icons.json").read_text(encoding="utf-8"))
    return read["drawings"], read["also"]


def drawing(icon: str, family: str = "") -> str:
    """The `d` of a path to stroke: for an icon name, else for one of its words, else for its family, else a box."""
    drawings, also = _read()
    for name in (icon, *icon.replace("_", "-").split("-"), family):
        found = drawings.get(name) or drawings.get(also.get(name, ""))
        if found:
            return found
    return drawings["box"]


def names() -> list[str]:
    """Every icon name that has a drawing of its own."""
    return sorted(_read()[0])
