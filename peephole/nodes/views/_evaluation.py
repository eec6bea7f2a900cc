"""Curves of one model's probabilities, or of several side by side. Areas are exact, drawn lines thinned."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from peephole.core.errors import DataError
from peephole.core.types import Figure
from peephole.figures.charts import points
from peephole.figures.palette import REFERENCE
from peephole.nodes.mining._classes import roc
from peephole.nodes.mining._probabilities import Judged

CURVE_POINTS = 400
Floats = NDArray[np.float64]


def roc_lines(found: Judged, title: str) -> Figure:
    """True against false positive rate."""
    curves = {name: roc(found.positive, shares) for name, shares in found.models.items()}
    lines = {
        f"{name} (AUC {curve.auc:.3f})": (thin.false_positive_rate, thin.true_positive_rate)
        for name, curve in curves.items()
        if curve is not None
        for thin in [curve.thinned(CURVE_POINTS)]
    }
    return _drawn(lines, "false positive rate", "true positive rate", title or f"ROC curve: {found.title}", (0.0, 1.0))


def precision_lines(found: Judged, title: str) -> Figure:
    """Precision against recall, at each threshold; the number beside the name is the average precision."""
    lines = {}
    for name, shares in found.models.items():
        hits, taken = _falling(found.positive, shares)
        precision, recall = hits / taken, hits / hits[-1]
        average = float((np.diff(np.append(0.0, recall)) * precision).sum())
        at = _spread(recall)
        lines[f"{name} (average {average:.3f})"] = (
            np.append(0.0, recall[at]),
            np.append(precision[0], precision[at]),
        )
    made = _drawn(
        lines, "recall", "precision", title or f"Precision and recall: {found.title}", (0.0, 1.0), diagonal=False
    )
    return _level(made, float(found.positive.mean()))


def gain_lines(found: Judged, *, lift: bool, title: str) -> Figure:
    """The share of the positive rows found, or the lift, against the share of rows asked."""
    lines = {}
    for name, shares in found.models.items():
        hits, taken = _falling(found.positive, shares)
        asked, gains = taken / taken[-1], hits / hits[-1]
        at = _spread(asked)
        if lift:
            lines[name] = (asked[at], gains[at] / asked[at])
        else:
            lines[name] = (np.append(0.0, asked[at]), np.append(0.0, gains[at]))
    what = "lift" if lift else "share found"
    made = _drawn(lines, "share of rows asked", what, title or f"{'Lift' if lift else 'Gains'}: {found.title}",
                  None if lift else (0.0, 1.0))  # fmt: skip
    return _level(made, 1.0) if lift else made


def calibration_lines(found: Judged, bins: int, equal_rows: bool, title: str) -> Figure:
    """The share of positive rows in each range of probabilities; the number beside the name is the Brier score."""
    lines = {}
    for name, shares in found.models.items():
        if shares.min() < 0 or shares.max() > 1:
            raise DataError(f'"{name}" holds numbers outside 0 to 1.', remedy="Choose probabilities.")
        if equal_rows:
            edges = np.unique(np.quantile(shares, np.linspace(0, 1, bins + 1)))[1:-1]
        else:
            edges = np.linspace(0, 1, bins + 1)[1:-1]
        of = np.searchsorted(edges, shares)
        counts = np.bincount(of, minlength=len(edges) + 1)
        there = counts > 0
        said = np.bincount(of, weights=shares, minlength=len(counts))[there] / counts[there]
        seen = np.bincount(of, weights=found.positive, minlength=len(counts))[there] / counts[there]
        brier = float(((shares - found.positive) ** 2).mean())
        lines[f"{name} (Brier {brier:.3f})"] = (said, seen)
    made = _drawn(
        lines, "mean probability given", "share that is so", title or f"Calibration: {found.title}", (0.0, 1.0)
    )
    for series in made.option["series"][: len(lines)]:
        series |= {"showSymbol": True, "symbolSize": 6}
    return made


def _falling(positive: NDArray[np.bool_], shares: Floats) -> tuple[Floats, Floats]:
    """At each different probability, from the highest: how many positive rows, and how many rows, have at least it."""
    order = np.argsort(-shares, kind="stable")
    last_of_equal = np.append(np.nonzero(np.diff(shares[order]))[0], len(shares) - 1)
    hits = np.cumsum(positive[order])[last_of_equal]
    return hits.astype(np.float64), (last_of_equal + 1).astype(np.float64)


def _spread(along: Floats) -> NDArray[np.int64]:
    """At most so many places, spread along a rising curve."""
    if len(along) <= CURVE_POINTS:
        return np.arange(len(along))
    return np.unique(np.searchsorted(along, np.linspace(along[0], along[-1], CURVE_POINTS)))


def _drawn(
    lines: dict[str, tuple[Floats, Floats]],
    x: str,
    y: str,
    title: str,
    span: tuple[float, float] | None,
    *,
    diagonal: bool = True,
) -> Figure:
    data = pa.table(
        {
            "model": pa.array([name for name, (across, _) in lines.items() for _ in across], pa.string()),
            x: np.concatenate([across for across, _ in lines.values()]),
            y: np.concatenate([up for _, up in lines.values()]),
        }
    )
    if len(lines) == 1:  # no legend for one line: the title tells
        title = f"{title}: {next(iter(lines))}"
    level = span if diagonal else None
    return points(
        data, x=x, y=y, title=title, groups=list(lines), group="model", joined=True, diagonal=level, span=span
    )


def _level(figure: Figure, height: float) -> Figure:
    """The figure with a dashed level line: what chance would give."""
    ends = [{"coord": [0.0, height]}, {"coord": [1.0, height]}]
    line = {"type": "dashed", "color": REFERENCE, "width": 1}
    mark = {"silent": True, "symbol": "none", "lineStyle": line, "label": {"show": False}, "data": [ends]}
    figure.option["series"].append({"type": "line", "name": "", "silent": True, "data": [], "markLine": mark})
    return figure
