"""Where long work may keep how far it has got, and whether the person has enough of it. The engine tells both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path


@dataclass
class LongWork:
    """A node's work as the engine sees it.

    folder: where it may be kept.  enough: whether the person wants it to end at its next good point.
    cut_short: it did, and what it gives is not yet what it was asked for.
    """

    folder: Path
    enough: Callable[[], bool]
    cut_short: bool = False


_work: ContextVar[LongWork | None] = ContextVar("peephole_long_work", default=None)


@contextmanager
def keeping_in(folder: Path, enough: Callable[[], bool] = lambda: False) -> Iterator[LongWork]:
    """Within this block, work may be kept in `folder` (it need not exist yet) and end early where `enough` says so."""
    work = LongWork(folder, enough)
    token = _work.set(work)
    try:
        yield work
    finally:
        _work.reset(token)


def checkpoint_folder() -> Path | None:
    """The folder for this node's unfinished work, the same whenever the same result is made; None outside a run.

    Of a node with `lasts` it is the same however long it is to work, and what lies there stays when it is done.
    """
    work = _work.get()
    return work.folder if work is not None else None


def enough() -> bool:
    """Whether the person has asked the work to end at its next good point, with what there is by then."""
    work = _work.get()
    return work is not None and work.enough()


def give_what_is_there() -> None:
    """Say that the result is what there was when the person had enough: the next run goes on with the work."""
    work = _work.get()
    if work is not None:
        work.cut_short = True
