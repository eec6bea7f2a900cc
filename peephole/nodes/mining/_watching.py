"""Fits that give no sign of themselves, run in a thread of their own so that they can be looked at and stopped."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from peephole.core.errors import Cancelled
from peephole.nodes.mining._threads import fitting_threads

LOOK_EVERY = 0.2  # seconds


def watched(fit: Callable[[], object], look: Callable[[], None], *, rows: int) -> None:
    """Run `fit`, and `look` at it now and then; where looking raises Cancelled, the fit is stopped and it goes on."""
    started: list[int] = []

    def run() -> None:
        started.append(threading.get_ident())
        with fitting_threads(rows):
            fit()

    with ThreadPoolExecutor(1, thread_name_prefix="fitting") as pool:
        running = pool.submit(run)
        try:
            while not wait([running], LOOK_EVERY).done:
                look()
        except BaseException:
            _stop(running, started)
            raise
    running.result()


def _stop(running: Future[None], started: list[int]) -> None:
    """Raise Cancelled inside the fitting thread, which meets it between two steps, and wait until it has."""
    while not wait([running], LOOK_EVERY).done:
        for thread in started:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(Cancelled))
