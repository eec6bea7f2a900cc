"""Heat maps of how far the error of each answer travels, as SVG."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._memory_training import CARRIED, Flow

SMALLEST = 1e-8  # the colour of this and all below
MOMENTS = {"start": "at the start", "end": "after training"}


def keep(path: Path, flows: Mapping[str, Flow]) -> None:
    """The maps of one network."""
    arrays = {}
    for moment, flow in flows.items():
        arrays[f"{moment}_shares"] = flow.shares
        if flow.bound is not None:
            arrays[f"{moment}_bound"] = flow.bound
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)


def draw(rnn: Path, lstm: Path, target: Path, title: str) -> None:
    """Start and end, one above the other; the RNN, its bound and the LSTM side by side."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt
    from matplotlib.colors import LogNorm

    of_rnn, of_lstm = np.load(rnn), np.load(lstm)
    with mpl.rc_context({"svg.hashsalt": "peephole", "svg.fonttype": "none", "font.size": 9}):
        figure, axes = plt.subplots(2, 3, figsize=(9.6, 6.2), sharex=True, sharey=True, layout="constrained")
        picture: Any = None
        for row, (moment, words) in zip(axes, MOMENTS.items(), strict=True):
            panels = {
                f"RNN, {CARRIED['RNN']}": of_rnn[f"{moment}_shares"],
                "RNN, bound": of_rnn[f"{moment}_bound"],
                f"LSTM, {CARRIED['LSTM']}": of_lstm[f"{moment}_shares"],
            }
            for axis, (name, shares) in zip(row, panels.items(), strict=True):
                picture = _panel(axis, shares, LogNorm(SMALLEST, 10))
                axis.set_title(f"{name}, {words}")
        for axis in axes[-1]:
            axis.set_xlabel("step k that the error reaches")
        for axis in axes[:, 0]:
            axis.set_ylabel("step t of the answer")
        figure.colorbar(picture, ax=axes, label="share of the error at t that arrives at k", shrink=0.8, extend="both")
        figure.suptitle(title)
        figure.savefig(target, metadata={"Date": None})
        plt.close(figure)


def _panel(axis: Any, shares: np.ndarray, norm: Any) -> Any:
    T = shares.shape[1]
    axis.set_facecolor("0.9")
    below_is_smallest = np.where(np.isnan(shares), np.nan, np.clip(shares, SMALLEST, None))
    return axis.imshow(
        below_is_smallest, norm=norm, cmap="magma", extent=(1, T, T, 1), aspect="auto", interpolation="nearest"
    )
