"""A figure as a still picture (SVG or PNG), drawn by matplotlib from the same option that ECharts draws."""

from __future__ import annotations

import io
import threading
import warnings
from typing import TYPE_CHECKING, Any, Literal

from peephole.core.types import Figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Page

WIDTH = 8.0  # inches
# Text stays text: it can be searched and read aloud. The families after the first are for where that is not installed.
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "peephole",
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.size": 9.0,
    "axes.edgecolor": "#666666",
    "axes.labelcolor": "#333333",
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "text.color": "#222222",
    "axes.formatter.useoffset": False,
    "axes.unicode_minus": True,
}
_one_at_a_time = threading.Lock()  # matplotlib's style is one for the whole process


def svg(figure: Figure, *, width: float = WIDTH, title: bool = True) -> str:
    """The picture as an SVG document.  width: in inches; the height follows from what is drawn."""
    return _render(figure, "svg", width, title).decode("utf-8")


def png(figure: Figure, *, width: float = WIDTH, title: bool = True) -> bytes:
    """The picture as PNG, at 150 dots an inch."""
    return _render(figure, "png", width, title)


def _render(figure: Figure, kind: Literal["svg", "png"], width: float, title: bool) -> bytes:
    import matplotlib as mpl

    from peephole.figures._drawing import draw

    out = io.BytesIO()
    with _one_at_a_time, warnings.catch_warnings(), mpl.rc_context(_STYLE):
        warnings.simplefilter("ignore")  # letters that the font lacks are the reader's font's matter
        page: Page = draw(figure, width, title)
        metadata: dict[str, Any] = {"Date": None, "Creator": "Peephole"} if kind == "svg" else {}
        page.savefig(out, format=kind, dpi=150, facecolor="white", metadata=metadata)
    return out.getvalue()
