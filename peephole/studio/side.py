"""The side process seen from the studio: asked, answered, told to stop, started again when it has died."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from peephole.core.errors import PeepholeError

_log = logging.getLogger("peephole.studio.side")
LONGEST_HEAD = 256 * 2**20


class SideError(PeepholeError):
    """The side process could not answer.  kind: the id of what went wrong there."""

    id: ClassVar[str] = "side"
    statuses: ClassVar[dict[str, int]] = {"not-computed": 409, "no-port": 404}

    def __init__(self, what: str, *, remedy: str = "", setting: str | None = None, kind: str = "side") -> None:
        super().__init__(what, remedy=remedy, setting=setting)
        self.kind = kind
        self.status = self.statuses.get(kind, 400)


class SideDiedError(SideError):
    """The side process ended before it had answered; it is started anew by the next question, and has to be told everything."""


@dataclass(frozen=True)
class Answer:
    """facts: plain data.  body: an Arrow stream, where there is one.  born: which of the processes gave it."""

    facts: Any
    body: bytes
    born: int


class SideProcess:
    """One for each document. It is started by the first question."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._process: asyncio.subprocess.Process | None = None
        self._starting = asyncio.Lock()
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._listening: dict[int, Callable[[float], None]] = {}
        self._said: deque[str] = deque(maxlen=20)
        self._listeners: list[asyncio.Task[None]] = []
        self._count = 0
        self._closed = False
        self.born = 0  # how often it was started

    async def ask(
        self, kind: str, *, born: int | None = None, on_progress: Callable[[float], None] | None = None, **what: Any
    ) -> Answer:
        """Its answer; raises SideError where it cannot, or dies over it. Being cancelled stops the work there.

        born: which process is meant: SideDiedError where there is another by now.
        on_progress: is told the share done, where the work can tell it.
        """
        process = await self._running()
        if born not in (None, self.born):
            raise SideDiedError("The side process ended meanwhile.", remedy="Try again.")
        self._count += 1
        number = self._count
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        if on_progress is not None:
            self._listening[number] = on_progress
        try:
            await self._send(process, {"id": number, "ask": kind, "tell": on_progress is not None, **what})
            return await answer
        except asyncio.CancelledError:
            with contextlib.suppress(SideError):
                await self._send(process, {"stop": number})
            raise
        finally:
            self._waiting.pop(number, None)
            self._listening.pop(number, None)

    async def close(self) -> None:
        """End it for good. Whoever waits for an answer is told."""
        self._closed = True
        async with self._starting:
            process, self._process = self._process, None
        if process is not None:
            _kill(process)
            await process.wait()
        for listener in self._listeners:
            listener.cancel()
        await asyncio.gather(*self._listeners, return_exceptions=True)
        self._died()

    async def _running(self) -> asyncio.subprocess.Process:
        async with self._starting:
            if self._closed:
                raise SideError("The workflow has been closed.", remedy="Open it again.")
            if self._process is None or self._process.returncode is not None:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, "-P", "-m", "peephole.engine.side", str(self._store),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.PIPE,
                    start_new_session=True,
                    limit=LONGEST_HEAD,
                    env={"OMP_WAIT_POLICY": "PASSIVE"} | os.environ | {"PYTHONUNBUFFERED": "1"},
                )  # fmt: skip
                self.born += 1
                self._listeners = [
                    asyncio.create_task(self._read_answers(self._process, self.born)),
                    asyncio.create_task(self._read_errors(self._process)),
                ]
            return self._process

    async def _send(self, process: asyncio.subprocess.Process, what: dict[str, Any]) -> None:
        if process.stdin is None:
            raise SideDiedError("The side process cannot be reached.")
        try:
            process.stdin.write(json.dumps(what).encode() + b"\n")
            await process.stdin.drain()
        except (OSError, RuntimeError) as error:
            _kill(process)
            await process.wait()  # whoever asks again is to find its successor
            raise SideDiedError(f"The side process is gone: {error}.", remedy="Try again.") from error

    async def _read_answers(self, process: asyncio.subprocess.Process, born: int) -> None:
        if process.stdout is None:
            return
        while line := await process.stdout.readline():
            try:
                head = json.loads(line)
                body = await process.stdout.readexactly(head["bytes"])
            except (ValueError, asyncio.IncompleteReadError):  # cut off by its death
                break
            waiting = self._waiting.get(head["id"])
            if waiting is None or waiting.done():
                continue
            if "progress" in head:
                self._listening.get(head["id"], _ignore)(head["progress"])
            elif "problem" in head:
                said = head["problem"]
                waiting.set_exception(
                    SideError(said["what"], remedy=said["remedy"], setting=said["setting"], kind=said["id"])
                )
            else:
                waiting.set_result(Answer(head["facts"], body, born))
        await process.wait()
        self._died()

    async def _read_errors(self, process: asyncio.subprocess.Process) -> None:
        if process.stderr is None:
            return
        while line := await process.stderr.readline():
            self._said.append(line.decode(errors="replace").rstrip())

    def _died(self) -> None:
        if self._waiting:
            _log.warning("A side process ended while it was asked. Last words:\n%s", "\n".join(self._said))
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(SideDiedError("Looking at the data was interrupted.", remedy="Try again."))


def _ignore(_: float) -> None:
    pass


def _kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
