"""Progress, metrics and cancellation: what a node's code says while it works.

    for batch in progress(batches, "Training"):
        ...
        metric(loss=loss)

Outside a run these do nothing but pass the items through, so that a node is an ordinary function.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, Protocol, TypeVar

from peephole.core.errors import Cancelled

T = TypeVar("T")
Level = Literal["info", "warning"]


class Reporter(Protocol):
    """Who listens to a running node; the engine provides one."""

    def progress(self, done: float, total: float | None, title: str, unit: str = "") -> None:
        """Done so far, out of total where it is known.  unit: what is counted, in the plural."""

    def metric(self, values: dict[str, float], per: str) -> None:
        """One point of a live curve for each name.  per: what is counted from point to point, in one word."""

    def earlier(self, curves: Mapping[str, Sequence[float | None]], per: str) -> None:
        """The points that the live curves had before this work was gone on with."""

    def message(self, level: Level, text: str) -> None:
        """Something the person should know about this node's result."""

    def cancelled(self) -> bool:
        """Whether the person has asked to stop."""


_reporter: ContextVar[Reporter | None] = ContextVar("peephole_reporter", default=None)


def listening() -> Reporter | None:
    """Who listens now."""
    return _reporter.get()


@contextmanager
def reporting_to(reporter: Reporter) -> Iterator[None]:
    """Within this block, progress, metrics and messages go to `reporter`."""
    token = _reporter.set(reporter)
    try:
        yield
    finally:
        _reporter.reset(token)


def progress(items: Iterable[T], title: str = "", total: float | None = None) -> Iterator[T]:
    """Pass the items through, showing a progress bar and stopping where the person cancels.

    items: what to go through.  title: what is being done.  total: how many, where `len(items)` does not tell.
    Raises Cancelled between two items.
    """
    if total is None and isinstance(items, Sized):
        total = len(items)
    advance(0, total, title)
    for done, item in enumerate(items, start=1):
        yield item
        advance(done, total, title)


def advance(done: float, total: float | None = None, title: str = "", unit: str = "") -> None:
    """Say how far the work has got; raises Cancelled if the person asked to stop.

    unit: what is counted, in the plural: "batches".
    """
    reporter = _reporter.get()
    if reporter is None:
        return
    if reporter.cancelled():
        raise Cancelled
    reporter.progress(done, total, title, unit)


def metric(per: str = "step", /, **values: float) -> None:
    """Add one point to each named live curve, as `metric("epoch", loss=0.3)`.

    per: what is counted from point to point.  values: what begins with "validation " is drawn beside what is called so without
    it, as held back.
    """
    reporter = _reporter.get()
    if reporter is not None:
        reporter.metric({name: float(value) for name, value in values.items()}, per)


def earlier(per: str, curves: Mapping[str, Sequence[float | None]]) -> None:
    """Say what was measured of this work before, where it is gone on with: `metric` adds to these points."""
    reporter = _reporter.get()
    if reporter is not None:
        reporter.earlier(curves, per)


def message(text: str, level: Level = "info") -> None:
    """Tell the person something about this result; it is kept with the result."""
    reporter = _reporter.get()
    if reporter is not None:
        reporter.message(level, text)


def check_cancelled() -> None:
    """Raise Cancelled if the person asked to stop; call it in long loops without a bar."""
    reporter = _reporter.get()
    if reporter is not None and reporter.cancelled():
        raise Cancelled
