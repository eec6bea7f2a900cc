"""Failures of the command line itself, and how any failure is said: what happened, the remedy, the trace only on request."""

from __future__ import annotations

import sys
import traceback
from typing import ClassVar, TextIO

from peephole.cli.codes import Code
from peephole.core.errors import PeepholeError


class UsageError(PeepholeError):
    """The command line asks for something that does not exist."""

    id: ClassVar[str] = "usage"


# What the person typed or the file they named is wrong; everything else failed while working.
_USAGE = {"usage", "document", "edit", "setting", "unset", "column", "formula", "run"}


def code_of(error: BaseException) -> Code:
    """The exit code that a failure leads to."""
    if isinstance(error, KeyboardInterrupt):
        return Code.CANCELLED
    if isinstance(error, PeepholeError):
        return Code.USAGE if error.id in _USAGE else Code.FAILED
    return Code.BUG


def say(error: BaseException, *, trace: bool, to: TextIO | None = None) -> None:
    """Tell a failure on standard error."""
    stream = to or sys.stderr
    if isinstance(error, PeepholeError):
        what, remedy = error.what, error.remedy
    else:
        what = f"Peephole made a mistake: {type(error).__name__}: {error}"
        remedy = "" if trace else "Run the command again with --trace for the technical details."
    red, off = ("\x1b[31m", "\x1b[0m") if coloured(stream) else ("", "")
    print(f"{red}{what}{off}", file=stream)
    if remedy:
        print(remedy, file=stream)
    if trace:
        print("".join(traceback.format_exception(error)), file=stream, end="")


def coloured(stream: TextIO) -> bool:
    """Whether to write colours: to a terminal, unless NO_COLOR asks not to."""
    import os

    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
