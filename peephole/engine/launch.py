"""Starts the worker process. Light on purpose: whoever expects a run starts it first, and imports the rest meanwhile."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextvars import ContextVar

from peephole.engine.resources import allocator, cores


def launch() -> subprocess.Popen[bytes]:
    """A worker that waits for commands. Given up before it has any, it ends by itself: nobody holds its input any more."""
    return subprocess.Popen(
        # -P: a file in the current folder must not stand in for a module
        [sys.executable, "-P", "-m", "peephole.engine.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # a Ctrl-C in the terminal is for us: we ask the worker, and it has a second
        start_new_session=True,
        # threads that wait must not burn the cores that other steps of the run need
        env={"OMP_WAIT_POLICY": "PASSIVE"} | allocator() | os.environ | {"PYTHONUNBUFFERED": "1"},
    )


@contextlib.contextmanager
def launched() -> Iterator[subprocess.Popen[bytes] | None]:
    """A worker for a run that probably comes within this block; after it, it is gone, with or without a run.

    None on a single core, where it would only take time from what comes before the run. Within another such block that one's.
    """
    process = _expected.get()
    if process is not None or cores() < 2:
        yield process
        return
    process = launch()
    token = _expected.set(process)
    try:
        yield process
    finally:
        _expected.reset(token)
        if process.returncode is None:  # else its number may belong to another process by now
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()  # which closes the pipes too


_expected: ContextVar[subprocess.Popen[bytes] | None] = ContextVar("peephole_expected_worker", default=None)
