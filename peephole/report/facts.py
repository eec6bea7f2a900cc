"""What lies at a port, in a few plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from peephole.report.words import cell, count

DRAWN = {
    "tree": "tree",
    "parallel": "parallel coordinates",
    "boxplot": "box plot",
    "pie": "pie chart",
    "bar": "bar chart",
    "heatmap": "heat map",
    "line": "line chart",
    "scatter": "scatter chart",
}
_HIDDEN = ("schema", "types", "title", "columns", "classes")


def facts_text(port_type: str, facts: Mapping[str, Any]) -> str:
    """`336,776 × 19` for a table, the value of a variable, else up to two of the facts."""
    if isinstance(facts.get("rows"), int) and isinstance(facts.get("columns"), int):
        return f"{count(facts['rows'])} × {count(facts['columns'])}"
    if port_type == "Variable":
        return cell(facts.get("value"))
    if port_type == "Figure":
        return next((words for kind, words in DRAWN.items() if kind in facts.get("kinds", ())), "figure")
    short = [f for f in (_fact(n, v) for n, v in facts.items() if n not in _HIDDEN) if f]
    return ", ".join(short[:2])


def all_facts(outputs: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """The facts of several ports in one line, tables first told by their rows alone where there are several."""
    told = [(kind, facts_text(kind, facts)) for kind, facts in outputs]
    if told and told[0][0] == "Figure":  # what can be chosen in a drawing comes second
        return told[0][1]
    tables = [text for kind, text in told if kind == "Table" and text]
    if len(tables) > 1 and len({t.rpartition(" × ")[2] for t in tables}) == 1:
        tables = [" + ".join(t.partition(" × ")[0] for t in tables)]
    return tables[0] if tables else next((text for _, text in told if text), "")


def _fact(name: str, value: Any) -> str:
    """One fact, or nothing where it takes more than a few words."""
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, str):
        return value if len(value) <= 24 else ""
    return f"{cell(value)} {name.replace('_', ' ')}"
