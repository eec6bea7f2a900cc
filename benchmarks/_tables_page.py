"""The page docs/benchmarks/tables.md, written from what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks._machine import machine
from benchmarks._results import table

OTHERS = ("SQL", "pandas", "Orange")


def page(data: Mapping[str, Any], note: str) -> str:
    """The whole page."""
    told = note or str(data.get("note", ""))
    parts = ["# Tables", "", f"`make bench-tables`; {machine()}.{f' {told}' if told else ''}", ""]
    parts += [
        "Peephole runs a workflow as a person does: a worker process is started, results are written to an empty store",
        "and looked at. pandas and SQL read the same Parquet files and write one. Times are of whole processes, with imports.",
        "Orange's chain is filter and group only, and its partition takes the first rows: the rest it cannot do in this form.",
        "",
    ]
    for title, made in (
        ("## Against pandas, Orange and hand-written SQL", _against(data)),
        ("## How time grows (the whole chain)", _growth(data)),
        ("## A second run, and a late change", _again(data)),
        ("## Beyond memory: a hard limit of 2 GB", _beyond(data)),
        ("## Mining nodes against scikit-learn by hand", _mining(data)),
    ):
        if made:
            parts += [title, "", *made, ""]
    return "\n".join(parts)


def _split(data: Mapping[str, Any], prefix: str = "") -> dict[tuple[str, int], dict[str, dict[str, Any]]]:
    """Figures by (step, rows) and contestant."""
    found: dict[tuple[str, int], dict[str, dict[str, Any]]] = {}
    for key, value in data.items():
        parts = key.split("/")
        if prefix:
            if parts[0] != prefix:
                continue
            parts = parts[1:]
        if len(parts) == 3 and parts[1].isdigit() and (prefix or parts[0] not in ("beyond", "mining")):
            found.setdefault((parts[0], int(parts[1])), {})[parts[2]] = value
    return found


def _against(data: Mapping[str, Any]) -> list[str]:
    rows = []
    for (step, size), found in sorted(
        _split(data).items(), key=lambda item: (item[0][1], item[0][0] != "chain", item[0][0])
    ):
        if size < 1_000_000 or size > 10_000_000 or "Peephole" not in found:
            continue
        ours = found["Peephole"]
        cells: list[object] = [_short(size), step, _figure(ours)]
        for who in OTHERS:
            cells.append(_figure(found[who]) if who in found else "")
        cells += [_ratio(found.get("pandas"), ours), _ratio(ours, found.get("SQL")), _memory(ours, found.get("pandas"))]
        rows.append(cells)
    ratios = ["pandas / ours (aim ≥ 4)", "ours / SQL (aim ≤ 1.2)", "memory: ours / pandas (aim < 0.5)"]
    heads = ["rows", "step", "Peephole", *OTHERS, *ratios]
    return table(heads, rows).splitlines() if rows else []


def _figure(found: Mapping[str, Any]) -> str:
    if "failed" in found:
        return str(found["failed"])
    return f"{found['seconds']:.1f} s, {found['peak'] / 2**20:.0f} MiB"


def _short(rows: int) -> str:
    return f"{rows:.0e}".replace("e+0", "e")


def _ratio(above: Mapping[str, Any] | None, below: Mapping[str, Any] | None) -> str:
    if not above or not below or "seconds" not in above or "seconds" not in below:
        return ""
    return f"{above['seconds'] / below['seconds']:.2f}"


def _memory(ours: Mapping[str, Any], other: Mapping[str, Any] | None) -> str:
    if not other or "peak" not in other or "peak" not in ours:
        return ""
    return f"{ours['peak'] / other['peak']:.2f}"


def _growth(data: Mapping[str, Any]) -> list[str]:
    found = sorted((size, who) for (step, size), who in _split(data).items() if step == "chain")
    shown = ("Peephole", "SQL", "pandas")
    rows = [[_short(size), *(_figure(who[n]) if n in who else "" for n in shown)] for size, who in found]
    return table(["rows", "Peephole", "SQL", "pandas"], rows).splitlines() if len(rows) > 2 else []


def _again(data: Mapping[str, Any]) -> list[str]:
    rows = []
    for key, found in data.items():
        if key.startswith("again/"):
            size = _short(int(key.split("/")[1]))
            rows += [
                [size, "first run", f"{found['first']:.2f}", ""],
                [size, "again, nothing changed", f"{found['again']:.2f}", "< 0.5"],
                [
                    size,
                    f"the sort's direction changed; ran again: {', '.join(found['ran'])}",
                    f"{found['late']:.2f}",
                    "",
                ],
            ]
    return table(["rows", "`peephole run` of the chain", "seconds", "aim"], rows).splitlines() if rows else []


def _beyond(data: Mapping[str, Any]) -> list[str]:
    rows = []
    for (step, size), found in _split(data, "beyond").items():
        keys = f", {size * 17 // 40:.1e} keys" if step == "group by text" else ""
        told = [_figure(found[who]) if who in found else "" for who in ("Peephole", "SQL", "pandas")]
        rows.append([f"{step}, {size:.0e} rows{keys}".replace("e+0", "e"), *told])
    return table(["step", "Peephole", "SQL", "pandas"], rows).splitlines() if rows else []


def _mining(data: Mapping[str, Any]) -> list[str]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for key, value in data.items():
        parts = key.split("/")
        if parts[0] == "mining":
            found.setdefault((parts[1], parts[2]), {})[parts[3]] = value
    rows = []
    for (learner, size), both in found.items():
        if {"node", "hand"} <= both.keys():
            node, hand = both["node"], both["hand"]
            seconds = [node["seconds"], hand["seconds"], node["seconds"] / hand["seconds"]]
            rows.append([learner, size, *(f"{s:.2f}" for s in seconds), f"{node['peak'] / hand['peak']:.2f}"])
    heads = ["learner", "rows x columns", "node, s", "by hand, s", "time (aim ≤ 1.1)", "peak memory (aim ≤ 1.3)"]
    return table(heads, rows).splitlines() if rows else []
