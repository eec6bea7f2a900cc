"""The families of nodes: what they are called wherever nodes are listed, and in which order a person meets them."""

from __future__ import annotations

FAMILIES = {
    "io": "Read and write",
    "columns": "Columns",
    "rows": "Rows",
    "tables": "Tables",
    "statistics": "Statistics",
    "views": "Views",
    "mining": "Data mining",
    "networks": "Neural networks",
    "text": "Text",
    "images": "Images",
    "control": "Flow control",
}


def family_title(family: str) -> str:
    """What a family is called; of one that another package brings, its name as a title."""
    return FAMILIES.get(family, family.replace("_", " ").capitalize())


def in_order(families: set[str]) -> list[str]:
    """These families as a person meets them, those of other packages last, by name."""
    return [name for name in FAMILIES if name in families] + sorted(families - FAMILIES.keys())
