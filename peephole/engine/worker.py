"""The process a workflow runs in. It may be ended at any time: what it had stored is whole, the rest is made again.

It reads commands, one line of JSON each, from standard input, and writes events, one line each, to standard output.
Whatever libraries print goes to standard error. When its parent is gone it ends itself.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any, TextIO

from peephole.core.errors import PeepholeError
from peephole.engine.catalog import catalog
from peephole.engine.events import Event, NodeFailed, RunFinished
from peephole.engine.plan import make_plan
from peephole.engine.problems import problem_of
from peephole.engine.schedule import Schedule
from peephole.engine.store import Store
from peephole.workflow.document import Document


class Worker:
    """Carries out commands: {"command": "run", ...}, {"command": "cancel"}, {"command": "quit"}."""

    def __init__(self, output: TextIO) -> None:
        self._output = output
        self._lock = threading.Lock()
        self._schedule: Schedule | None = None
        self._cancelled = False

    def emit(self, event: Event) -> None:
        """Write one event; several threads do."""
        with self._lock:
            self._output.write(event.model_dump_json() + "\n")
            self._output.flush()

    def run(self, job: dict[str, Any]) -> None:
        """Run a document to its end."""
        self._cancelled = False
        store = Store(Path(job["store"]))
        try:
            plan = make_plan(
                Document.model_validate(job["document"]),
                catalog().specs,
                folder=Path(job["folder"]),
                store=store,
                engine=job["engine"],
                targets=job["targets"],
                before=store.seen(job["name"]),
            )
            self._schedule = Schedule(plan, store, self.emit)
            if self._cancelled:
                self._schedule.cancel()
            self._schedule.run()
            store.remember_seen(job["name"], store.seen(job["name"]) | plan.made_from(self._schedule.results))
        except PeepholeError as error:
            self.emit(NodeFailed(node="", problem=problem_of(error, "The run")))
            self.emit(RunFinished(status="failed", seconds=0.0))
        finally:
            self._schedule = None

    def cancel(self) -> None:
        """Ask the running job to stop."""
        self._cancelled = True
        if self._schedule is not None:
            self._schedule.cancel()


def main() -> None:
    """Obey commands until standard input ends."""
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print must not mix with the events
    worker = Worker(events)
    busy: threading.Thread | None = None
    for line in sys.stdin:
        command = json.loads(line)
        if command["command"] == "run":
            if busy is not None:
                busy.join()
            busy = threading.Thread(target=worker.run, args=(command,), name="run")
            busy.start()
        elif command["command"] == "cancel":
            worker.cancel()
        elif command["command"] == "quit":
            break
    if busy is not None and busy.is_alive() and sys.stdin.closed is False:
        worker.cancel()
    os._exit(0)


if __name__ == "__main__":
    main()
