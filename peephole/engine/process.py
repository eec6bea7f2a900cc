"""The worker process seen from outside: started, told what to do, listened to, ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from queue import Empty, Queue
from typing import IO, Any

from peephole.engine.events import Event, parse_event
from peephole.engine.launch import launch

LONGEST_LINE = 4096


class WorkerProcess:
    """A worker of its own for one document. It outlives a run and can be ended at any time."""

    def __init__(self, launched: subprocess.Popen[bytes] | None = None) -> None:
        """launched: a process that waits for its first command already."""
        self._process = launched or launch()
        self._lines: Queue[bytes | None] = Queue()
        self._said: deque[str] = deque(maxlen=40)
        self._listeners = [
            self._listen(self._process.stdout, self._read_events),
            self._listen(self._process.stderr, self._read_errors),
        ]

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
        except (OSError, ValueError):
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
            try:
                event = parse_event(line)
            except ValueError:  # cut off in the middle by the worker's death
                continue
            yield event

    def kill(self) -> None:
        """End it at once, with everything it started."""
        if self._process.returncode is None:  # else its number may belong to another process by now
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def close(self) -> None:
        """Let it end by itself within a second, then end it and whatever it has started."""
        self.send("quit")
        self._wait_for_end(1.0)
        self.kill()
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        for listener in self._listeners:
            listener.join(timeout=1.0)  # a process that broke away may hold our pipe open for long

    def death(self) -> str:
        """Why it died, for the person."""
        self._wait_for_end(None)
        self.kill()
        code = self._process.wait()
        for listener in self._listeners:
            listener.join(timeout=1.0)
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

    def _wait_for_end(self, seconds: float | None) -> None:
        """Wait until it has ended, but leave its number in place, so that what it started can still be found."""
        until = None if seconds is None else time.monotonic() + seconds
        while self._process.returncode is None and (until is None or time.monotonic() < until):
            if os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None:
                return
            time.sleep(0.002)

    def _listen(self, stream: IO[bytes] | None, read: Callable[[IO[bytes]], None]) -> threading.Thread:
        thread = threading.Thread(target=read, args=(stream,), daemon=True)
        thread.start()
        return thread

    def _read_events(self, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                self._lines.put(line)
        self._lines.put(None)

    def _read_errors(self, stream: IO[bytes]) -> None:
        with stream:
            while line := stream.readline(LONGEST_LINE):  # a progress bar drawn again and again is one endless line
                self._said.append(line.decode(errors="replace").rstrip())
