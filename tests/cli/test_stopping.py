"""Ctrl-C while what is said is being written, as to a reader that pauses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

SAYING = """
import sys
from peephole.cli.stopping import stoppable
with stoppable(lambda text: print(text, flush=True)) as cancel:
    sys.stdout.write("x" * 1_000_000)  # more than a pipe holds
    sys.stdout.flush()
    print(cancel.is_set())
"""


def test_a_wish_to_stop_amid_a_write_is_heard_and_fails_nothing() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command, pipe = [sys.executable, "-c", SAYING], subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None
        assert os.read(process.stdout.fileno(), 1) == b"x"  # it writes, and the pipe is full in a moment
        process.send_signal(signal.SIGINT)
        said, error = process.communicate(timeout=30)
    assert (process.returncode, error) == (0, b"")
    assert said.endswith(b"True\n")
