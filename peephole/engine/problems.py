"""Turns any failure into what the person reads: what happened, the remedy, the setting to mend; the trace apart."""

from __future__ import annotations

import errno
import re
import traceback
from pathlib import Path

from peephole.core.errors import FormulaError, OutOfMemoryError, PeepholeError, SourceError
from peephole.engine.events import Problem
from peephole.engine.files import disk_error


def problem_of(error: BaseException, title: str, where: Path | None = None) -> Problem:
    """The problem of the node called `title`.  where: folder of the results, to name in disk errors."""
    trace = "".join(traceback.format_exception(error))
    told = _told(error, title, where)
    place = told.position if isinstance(told, FormulaError) else None
    return Problem(id=told.id, what=told.what, remedy=told.remedy, setting=told.setting, position=place, trace=trace)


def _told(error: BaseException, title: str, where: Path | None) -> PeepholeError:
    if any(isinstance(e, MemoryError) or "OutOfMemory" in type(e).__name__ for e in (error, error.__cause__)):
        return OutOfMemoryError(
            f"{title}: the memory ran out.",
            remedy="Work on fewer rows or columns (filter, sample, select), or close others.",
        )
    if _disk_is_full(error) or _disk_is_full(error.__cause__):
        return disk_error(OSError(errno.ENOSPC, "No space left on device"), where or Path())
    if isinstance(error, PeepholeError):
        return error
    if isinstance(error, OSError) and error.errno is not None and error.filename:
        return SourceError(
            f"{title}: {error.filename} cannot be used: {error.strerror}.",
            remedy="See whether the file is there, and whether you may read it.",
        )
    if type(error).__module__.lstrip("_").startswith("duckdb"):
        return _told_by_duckdb(error, title)
    return PeepholeError(
        f"{title}: {type(error).__name__}: {error}",
        remedy="This is not a mistake of yours: the technical details help whoever keeps this node to mend it.",
    )


def _disk_is_full(error: BaseException | None) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return True
    return "No space left on device" in str(error) or "File too large" in str(error)


def _told_by_duckdb(error: BaseException, title: str) -> PeepholeError:
    """The engine's message, its kind in front and its hints behind taken off."""
    text = str(error).split("\n\nLINE", maxsplit=1)[0].split("\nLINE", maxsplit=1)[0]
    first = text.strip().splitlines()[0] if text.strip() else type(error).__name__
    first = re.sub(r"^(\w+ )?Error: ", "", first)
    remedy = "Filter out or mend such values before this node, or choose to make them missing."
    return PeepholeError(f"{title}: {first.rstrip('.')}.", remedy=remedy)
