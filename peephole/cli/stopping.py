"""Ctrl-C: the first asks the run to stop, the second leaves at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from peephole.cli.codes import Code

SHOW_CURSOR = b"\x1b[?25h\n"  # a live display hides it


@contextmanager
def stoppable(note: Callable[[str], None]) -> Iterator[threading.Event]:
    """Within this block Ctrl-C sets the event.  note: is told what happens.

    The second Ctrl-C ends this process without ado; the worker sees that and ends itself.
    """
    cancel = threading.Event()
    if threading.current_thread() is not threading.main_thread():  # only the main thread hears signals
        yield cancel
        return

    def asked(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - what a signal handler takes
        if cancel.is_set():
            if sys.stdout.isatty():
                os.write(sys.stdout.fileno(), SHOW_CURSOR)
            os._exit(Code.CANCELLED)
        cancel.set()
        note("Stopping ... (Ctrl-C again leaves at once)")

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield cancel
    finally:
        if not cancel.is_set():  # otherwise a late second Ctrl-C still leaves quietly
            for number, handler in before.items():
                signal.signal(number, handler)
