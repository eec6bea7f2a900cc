"""Colours that are told apart with any colour vision, on light and on dark ground."""

from __future__ import annotations

# Okabe and Ito (2008), the dark ones first; black is left out since it is lost on dark ground.
SERIES = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#B8A800", "#7F7F7F")
REFERENCE = "#8A8A8A"
# One hue from light to dark, even steps of lightness: low values fade, and it prints.
SEQUENTIAL = ("#EFF4F9", "#D3E2EF", "#A9CBE3", "#74ADD1", "#4189BE", "#1F68A3", "#0B4A83", "#062F5C")
# From vermilion over near-white to blue, for values on both sides of zero.
DIVERGING = ("#B04A00", "#D97B3C", "#EDB68F", "#F4F1EC", "#9CC3DE", "#4C93C3", "#00578A")


def series_colour(index: int) -> str:
    """The colour of one series; they come again after eight."""
    return SERIES[index % len(SERIES)]
