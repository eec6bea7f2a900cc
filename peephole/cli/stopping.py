"""Ctrl-C: the first asks the run to stop, the second leaves at once. QUIT: what trains ends after its epoch and is kept."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
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
        _tell(note, "Stopping ... (Ctrl-C again leaves at once)")

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield cancel
    finally:
        if not cancel.is_set():  # otherwise a late second Ctrl-C still leaves quietly
            for number, handler in before.items():
                signal.signal(number, handler)


def _tell(note: Callable[[str], None], text: str) -> None:
    """From within a signal handler: where it comes amid a write (a reader of ours pauses), Python lets no other one begin."""
    with suppress(RuntimeError):
        note(text)


@contextmanager
def keepable(note: Callable[[str], None]) -> Iterator[SimpleQueue[str]]:
    """Within this block the signal QUIT (Ctrl and the backslash) puts a wish into the queue: end early what can.

    note: is told what happens. Where the system knows no such signal, nothing does.
    """
    wishes: SimpleQueue[str] = SimpleQueue()
    quit_signal = getattr(signal, "SIGQUIT", None)
    if quit_signal is None or threading.current_thread() is not threading.main_thread():
        yield wishes
        return

    def asked(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - what a signal handler takes
        wishes.put("")
        _tell(note, "What trains ends after this epoch, and what it has learnt is kept.")

    before = signal.signal(quit_signal, asked)
    try:
        yield wishes
    finally:
        signal.signal(quit_signal, before)
