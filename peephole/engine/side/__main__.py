"""The process: requests, one line of JSON each, from standard input; answers, a line of JSON and bytes, to standard output.

Requests of one kind are carried out one after the other, those of different kinds side by side; any can be stopped.
When its parent is gone the process ends.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from peephole.core.errors import Cancelled, PeepholeError
from peephole.core.progress import Level, reporting_to
from peephole.engine.problems import problem_of
from peephole.engine.side.service import Answer, Service
from peephole.engine.worker import import_one_at_a_time

INTERRUPT_EVERY = 0.1  # seconds


@dataclass
class Request:
    """What is asked.  stopped: nobody waits for it any more."""

    number: int
    asked: dict[str, Any]
    stopped: threading.Event = field(default_factory=threading.Event)


class Lane(threading.Thread):
    """Carries out requests of one kind, one after the other."""

    def __init__(self, name: str, work: Callable[[Request], None]) -> None:
        super().__init__(name=name, daemon=True)
        self.waiting: SimpleQueue[Request] = SimpleQueue()
        self._work = work
        self._current: Request | None = None
        self._turn = threading.Lock()

    def run(self) -> None:
        """For ever."""
        while True:
            request = self.waiting.get()
            self._turn_to(request)
            self._work(request)
            self._turn_to(None)

    def _turn_to(self, request: Request | None) -> None:
        with self._turn:
            self._current = request

    def interrupt(self, request: Request, how: Callable[[str], None]) -> bool:
        """Interrupt the work on a request, if it is on; gives whether it is. What comes after it is left alone."""
        with self._turn:
            if self._current is request:
                how(self.name)
            return self._current is request


class Side:
    """Reads requests, gives each to its lane, and writes the answers."""

    def __init__(self, output: IO[bytes], service: Service) -> None:
        self._output = output
        self._service = service
        self._lock = threading.Lock()
        self._asked: dict[int, Request] = {}
        self._lanes: dict[str, Lane] = {}

    def obey(self, line: bytes) -> None:
        """Take in one request, or the wish to stop one."""
        asked = json.loads(line)
        if "stop" in asked:
            self._stop(asked["stop"])
            return
        request = Request(asked["id"], asked)
        with self._lock:
            self._asked[request.number] = request
        self._lane(self._service.lane(asked)).waiting.put(request)

    def _lane(self, name: str) -> Lane:
        if name not in self._lanes:
            self._lanes[name] = Lane(name, self._carry_out)
            self._lanes[name].start()
        return self._lanes[name]

    def _stop(self, number: int) -> None:
        with self._lock:
            request = self._asked.get(number)
        if request is None:
            return
        request.stopped.set()
        self._interrupt(request)

    def _interrupt(self, request: Request) -> None:
        """Between two queries this stops neither, so it comes again for as long as the work goes on."""
        if any(lane.interrupt(request, self._service.interrupt) for lane in list(self._lanes.values())):
            again = threading.Timer(INTERRUPT_EVERY, self._interrupt, (request,))
            again.daemon = True
            again.start()

    def _carry_out(self, request: Request) -> None:
        lane = threading.current_thread().name
        try:
            if request.stopped.is_set():
                raise Cancelled
            with reporting_to(_Reporter(request, self._write)):
                answer = self._service.answer(lane, request.asked)
            head: dict[str, Any] = {"facts": answer.facts}
        except PeepholeError as error:
            answer, head = Answer(), {"problem": error.to_json()}
        except BaseException as error:  # whatever happens, whoever waits is told
            answer, head = Answer(), {"problem": problem_of(error, "Looking").model_dump()}
        with self._lock:
            self._asked.pop(request.number, None)
        self._write(request, head, answer.body)

    def _write(self, request: Request, head: dict[str, Any], body: bytes = b"") -> None:
        with self._lock:
            self._output.write(json.dumps({"id": request.number, "bytes": len(body), **head}).encode() + b"\n")
            self._output.write(body)
            self._output.flush()


@dataclass(frozen=True)
class _Reporter:
    """Tells whoever waits how far the work has got, where that was asked for."""

    request: Request
    write: Callable[[Request, dict[str, Any]], None]

    def progress(self, done: float, total: float | None, title: str, unit: str = "") -> None:  # noqa: ARG002
        if total and self.request.asked.get("tell"):
            self.write(self.request, {"progress": done / total})

    def metric(self, values: dict[str, float], per: str) -> None:
        """Nobody looks."""

    def earlier(self, curves: Mapping[str, Sequence[float | None]], per: str) -> None:
        """Nobody looks."""

    def message(self, level: Level, text: str) -> None:
        """A run tells it."""

    def cancelled(self) -> bool:
        return self.request.stopped.is_set()


def main() -> None:
    """Answer until the parent is gone."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    import_one_at_a_time()
    side = Side(answers, service := Service(Path(sys.argv[1])))
    for line in requests:
        side.obey(line)
    service.close()
    os._exit(0)


if __name__ == "__main__":
    main()
