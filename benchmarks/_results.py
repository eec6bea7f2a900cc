"""Results kept as JSON, and how they are told: means with spread, tables, Welch's t."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any, NamedTuple

DOCS = Path(__file__).resolve().parents[1] / "docs" / "benchmarks"


class Comparison(NamedTuple):
    """Two samples: the difference of their means, Welch's t, and p (adjusted by Holm where several are compared)."""

    difference: float
    t: float
    p: float


class Paired(NamedTuple):
    """Two samples taken at the same points: the median difference, in how many it is above 0, and Wilcoxon's p."""

    points: int
    difference: float
    above: int
    p: float


def read(path: Path) -> Any:
    """What is kept there; None where nothing is."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def keep(path: Path, results: Any) -> None:
    """Write as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    beside.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    beside.replace(path)


def spread(values: Sequence[float], digits: int = 3) -> str:
    """Mean ± standard deviation."""
    if not values:
        return ""
    if len(values) == 1:
        return f"{values[0]:.{digits}f} (one run)"
    return f"{mean(values):.{digits}f} ± {stdev(values):.{digits}f}"


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [list(heads), ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(map(str, cells))} |\n" for cells in lines)


def against(base: Sequence[float], others: Mapping[str, Sequence[float]]) -> dict[str, Comparison]:
    """Each other sample against the base by Welch's t-test, p adjusted by Holm for their number.

    Samples of one value or none are left out.
    """
    from scipy.stats import ttest_ind

    usable = {name: values for name, values in others.items() if len(values) > 1 and len(base) > 1}
    raw = {name: ttest_ind(values, base, equal_var=False) for name, values in usable.items()}
    adjusted = holm({name: float(test.pvalue) for name, test in raw.items()})
    return {
        name: Comparison(mean(values) - mean(base), float(raw[name].statistic), adjusted[name])
        for name, values in usable.items()
    }


def point_by_point(base: Mapping[int, float], others: Mapping[str, Mapping[int, float]]) -> dict[str, Paired]:
    """Each other sample against the base at the points that both have, p adjusted by Holm for their number.

    Samples that share fewer than 6 points with the base are left out: no p below 0.05 could come of them.
    """
    from scipy.stats import wilcoxon

    differences = {
        name: [value - base[point] for point, value in values.items() if point in base]
        for name, values in others.items()
    }
    usable = {name: found for name, found in differences.items() if len(found) >= 6}
    adjusted = holm({name: float(wilcoxon(found).pvalue) for name, found in usable.items()})
    return {
        name: Paired(len(found), median(found), sum(value > 0 for value in found), adjusted[name])
        for name, found in usable.items()
    }


def holm(p: Mapping[str, float]) -> dict[str, float]:
    """Holm's step-down adjustment of p values."""
    found, largest = {}, 0.0
    for rank, name in enumerate(sorted(p, key=lambda name: p[name])):
        largest = max(largest, min(1.0, (len(p) - rank) * p[name]))
        found[name] = largest
    return found
