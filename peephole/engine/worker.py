"""The process a workflow runs in. It may be ended at any time: what it had stored is whole, the rest is made again.

It reads commands, one line of JSON each, from standard input, and writes events, one line each, to standard output.
Whatever nodes and libraries print goes to standard error; what they read is empty. When its parent is gone it ends itself.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

if __name__ == "__main__":
    gc.disable()  # while so much is imported: nothing of it is garbage

from pydantic_core import PydanticSerializationError

from peephole.engine.catalog import catalog
from peephole.engine.events import Event, NodeFailed, RunFinished
from peephole.engine.frames import Results
from peephole.engine.listen import Emit
from peephole.engine.outside import Fetch
from peephole.engine.plan import Plan, make_plan
from peephole.engine.problems import problem_of
from peephole.engine.schedule import Schedule
from peephole.engine.store import Store
from peephole.engine.teller import Teller
from peephole.engine.whole import announce, finished
from peephole.workflow.document import Document


@dataclass
class Job:
    """A run that was asked for.  stop: set when the person asks to end it."""

    command: dict[str, Any]
    stop: threading.Event = field(default_factory=threading.Event)
    schedule: Schedule | None = None
    teller: Teller | None = None

    def cancel(self) -> None:
        """Ask it to end."""
        self.stop.set()
        if self.schedule is not None:
            self.schedule.cancel()

    def have_enough(self, node: str) -> None:
        """Ask what works at a node (any node: "") to end at its next good point."""
        if self.teller is not None:
            self.teller.have_enough(node)


class Worker:
    """Carries out commands: {"command": "run", ...}, one run after the other; {"command": "cancel"}: those asked for so far;

    {"command": "enough", "node": path}: what works at that node ("": any) ends at its next good point, with what there is.
    """

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self._lock = threading.Lock()
        self._waiting: SimpleQueue[Job] = SimpleQueue()
        self._asked: list[Job] = []

    def emit(self, event: Event) -> None:
        """Write one event; several threads do."""
        with self._lock:
            self._output.write(_line(event) + b"\n")
            self._output.flush()

    def obey(self, line: bytes) -> bool:
        """Carry out one command; gives False for the last. What is no command is told to standard error."""
        try:
            command = json.loads(line)
            kind = command["command"]
        except (ValueError, TypeError, KeyError):
            print(f"This is no command: {line[:200]!r}", file=sys.stderr)
            return True
        if kind == "run":
            self._asked.append(job := Job(command))
            self._waiting.put(job)
        elif kind == "cancel":
            for job in tuple(self._asked):  # one that is over goes from the list meanwhile
                job.cancel()
        elif kind == "enough":
            for job in tuple(self._asked):
                job.have_enough(command.get("node", ""))
        elif kind != "quit":
            print(f"There is no command {kind!r}", file=sys.stderr)
        return bool(kind != "quit")

    def work(self) -> None:
        """Do one job after the other, for ever."""
        while True:
            job = self._waiting.get()
            try:
                end = run_job(job, self.emit)
            except BaseException as error:  # whatever happens, whoever waits for the end of the run is told
                self.emit(NodeFailed(node="", problem=problem_of(error, "The run")))
                end = RunFinished(status="failed", seconds=0.0)
            self._asked.remove(job)
            self.emit(end)


def run_job(job: Job, emit: Emit) -> RunFinished:
    """Run a document to its end; gives the last event, which is not emitted yet."""
    command = job.command
    store = Store(Path(command["store"]))
    with store.in_use():
        before = store.seen(command["name"])
        teller = job.teller = Teller(emit, job.stop)
        fetch = Fetch(**command["fetch"]) if "fetch" in command else None

        def planned(settled: set[str], like: Plan | None) -> Plan:
            plan = make_plan(
                Document.model_validate(command["document"]),
                catalog().specs,
                folder=Path(command["folder"]),
                store=store,
                engine=command["engine"],
                targets=command["targets"],
                before=before,
                name=command["name"],
                fetch=fetch,
                settled=settled,
                like=like,
            )
            if command.get("again"):
                plan.make_anew()
            return plan

        plan, results = run_stages(planned, store, teller, job)
        store.remember_seen(command["name"], before | plan.made_from(results))
        return finished(plan, teller)


def run_stages(
    planned: Callable[[set[str], Plan | None], Plan], store: Store, teller: Teller, job: Job
) -> tuple[Plan, Results]:
    """Run what decides what else is to run (how often a loop, which way of a switch), plan anew, and then run all.

    planned: a plan that takes the results of the given steps for settled, and comes after the given one.
    """
    settled: set[str] = set()
    plan: Plan | None = None
    while True:
        plan = planned(settled, plan)
        first = [name for name in plan.pending() if name not in settled] if not job.stop.is_set() else []
        announce(plan, teller)
        job.schedule = Schedule(plan, store, teller, targets=first or None)
        job.schedule.run()
        if not first:
            return plan, job.schedule.results
        settled |= {*first, *job.schedule.results}


def _line(event: Event) -> bytes:
    try:
        return event.model_dump_json().encode()
    except PydanticSerializationError:  # text that no encoding knows, as in the name of a file
        return json.dumps(event.model_dump(), ensure_ascii=False).encode(errors="replace")


def _take_over(descriptor: int, mode: str) -> IO[bytes]:
    """Our own copy of a standard stream: nodes, libraries and the processes they start must not come between."""
    return os.fdopen(os.dup(descriptor), mode)


def import_one_at_a_time() -> None:
    """Keep threads from importing side by side: libraries with circular imports then meet each other half made.

    What is made already is had without waiting for what another thread imports.
    """
    lock = threading.RLock()
    # All ways lead through here: statements, importlib.import_module, and compiled code, which passes `__import__` by.
    # Were one left out, two threads could wait for each other for ever.
    bootstrap = vars(importlib)["_bootstrap"]
    plain = bootstrap._find_and_load

    def alone(name: str, import_: Any) -> Any:
        if _is_made(name):
            return plain(name, import_)
        with lock:
            return plain(name, import_)

    bootstrap._find_and_load = alone


_made: set[str] = set()


def _is_made(name: str) -> bool:
    """Whether a module and the packages around it are imported, wholly."""
    if name in _made and name in sys.modules:
        return True
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        module = sys.modules.get(".".join(parts[:count]))
        if module is None or getattr(getattr(module, "__spec__", None), "_initializing", False):
            return False
    _made.add(name)
    return True


def main() -> None:
    """Obey commands until told to quit, or until the parent is gone."""
    commands, events = _take_over(0, "rb"), _take_over(1, "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    import_one_at_a_time()
    gc.freeze()
    gc.enable()
    worker = Worker(events)
    threading.Thread(target=worker.work, name="run", daemon=True).start()
    told_to_quit = any(not worker.obey(line) for line in commands)
    if not told_to_quit and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)  # the parent is gone: take along what nodes have started
    os._exit(0)


if __name__ == "__main__":
    main()
