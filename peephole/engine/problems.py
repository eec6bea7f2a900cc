"""Turns any failure into what the person reads: what happened, the remedy, the setting to mend; the trace apart."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

from peephole.core.errors import PeepholeError
from peephole.engine.events import Problem
from peephole.engine.store import disk_error


def problem_of(error: BaseException, title: str, where: Path | None = None) -> Problem:
    """The problem of the node called `title`.  where: folder of the results, to name in disk errors."""
    trace = "".join(traceback.format_exception(error))
    told = _told(error, title, where)
    return Problem(id=told.id, what=told.what, remedy=told.remedy, setting=told.setting, trace=trace)


def _told(error: BaseException, title: str, where: Path | None) -> PeepholeError:
    if isinstance(error, PeepholeError):
        return error
    if isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__:
        return PeepholeError(
            f"{title}: the memory ran out.",
            remedy="Work on fewer rows or columns (filter, sample, select), or close others.",
        )
    if isinstance(error, OSError) and error.errno is not None:
        return disk_error(error, Path(error.filename) if error.filename else where or Path())
    if "No space left on device" in str(error) or "File too large" in str(error):
        return disk_error(OSError(28, "No space left on device"), where or Path())
    if type(error).__module__.lstrip("_").startswith("duckdb"):
        return _told_by_duckdb(error, title)
    return PeepholeError(
        f"{title}: {type(error).__name__}: {error}",
        remedy="This is not a mistake of yours: the technical details help whoever keeps this node to mend it.",
    )


def _told_by_duckdb(error: BaseException, title: str) -> PeepholeError:
    """The engine's message, its kind in front and its hints behind taken off."""
    text = str(error).split("\n\nLINE", maxsplit=1)[0].split("\nLINE", maxsplit=1)[0]
    first = text.strip().splitlines()[0] if text.strip() else type(error).__name__
    first = re.sub(r"^(\w+ )?Error: ", "", first)
    remedy = "Filter out or mend such values before this node, or choose to make them missing."
    return PeepholeError(f"{title}: {first.rstrip('.')}.", remedy=remedy)
