"""The worker process seen from outside: started, told what to do, listened to, ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from queue import Empty, Queue
from typing import IO, Any

from peephole.engine.events import Event, parse_event


class WorkerProcess:
    """A worker of its own for one document. It outlives a run and can be ended at any time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "peephole.engine.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # a Ctrl-C in the terminal is for us: we ask the worker, and it has a second
            start_new_session=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        self._lines: Queue[bytes | None] = Queue()
        self._said: deque[str] = deque(maxlen=40)
        threading.Thread(target=self._read_events, args=(self._process.stdout,), daemon=True).start()
        self._listener = threading.Thread(target=self._read_errors, args=(self._process.stderr,), daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def send(self, command: str, **what: Any) -> None:
        """Give it a command; a dead worker hears nothing."""
        if self._process.stdin is None:
            return
        try:
            self._process.stdin.write(json.dumps({"command": command, **what}).encode() + b"\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError):
            return

    def events(self, wait: float) -> Iterator[Event | None]:
        """Events as they come; None each time nothing came for `wait` seconds; ends when the worker has died."""
        while True:
            try:
                line = self._lines.get(timeout=wait)
            except Empty:
                yield None
                continue
            if line is None:
                return
            yield parse_event(line)

    def kill(self) -> None:
        """End it at once, with everything it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        """Let it end by itself, or end it."""
        self.send("quit")
        try:
            self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            self.kill()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def death(self) -> str:
        """Why it died, for the person."""
        code = self._process.wait()
        self._listener.join(timeout=1.0)
        if code == -signal.SIGKILL:
            reason = "The worker process was ended from outside, often because the machine's memory ran out."
        elif code == -signal.SIGSEGV:
            reason = "A native library crashed in the worker process."
        elif code < 0:
            reason = f"The worker process was ended by the signal {signal.Signals(-code).name}."
        else:
            reason = f"The worker process ended unexpectedly (exit code {code})."
        last = next((line for line in reversed(self._said) if line.strip()), "")
        return f"{reason} Last words: {last}" if last else reason

    def _read_events(self, stream: IO[bytes] | None) -> None:
        for line in stream or ():
            self._lines.put(line)
        self._lines.put(None)

    def _read_errors(self, stream: IO[bytes] | None) -> None:
        for line in stream or ():
            self._said.append(line.decode(errors="replace").rstrip())
