"""Runs a document in its worker, in a thread of its own; what happens is told in the studio's loop."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from peephole.core.errors import PeepholeError
from peephole.engine.events import Event, Problem
from peephole.engine.process import WorkerProcess
from peephole.engine.run import Wishes, run
from peephole.engine.store import Store
from peephole.studio.problems import StudioError, problem_from
from peephole.studio.wire.state import RunState
from peephole.workflow.document import Document


@dataclass(frozen=True)
class Job:
    """What is run."""

    document: Document
    path: Path
    targets: list[str] | None
    again: bool


class Runner:
    """The runs of one document, one at a time, in a worker that lives on between them.

    on_event: is told what happens.  on_change: is told when a run begins, is being stopped, or is over.
    """

    def __init__(
        self, store: Path, on_event: Callable[[Event], None], on_change: Callable[[RunState, Problem | None], None]
    ) -> None:
        self.state = RunState(state="idle")
        self._store = store
        self._on_event = on_event
        self._on_change = on_change
        self._worker: WorkerProcess | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="run")
        self._cancel = threading.Event()
        self._enough: SimpleQueue[str] = SimpleQueue()
        self._task: asyncio.Task[None] | None = None
        self._preparing: asyncio.Future[Job] | None = None

    @property
    def busy(self) -> bool:
        """Whether a run is on its way: asked for, and not over."""
        return self.state.state != "idle"

    @property
    def working(self) -> bool:
        """Whether a run is beyond its preparation."""
        return self.busy and self._preparing is None

    @property
    def worker(self) -> int | None:
        """The worker's process number, if there is one."""
        return self._worker.pid if self._worker is not None else None

    def start(self, prepare: Callable[[], Awaitable[Job]], targets: list[str] | None) -> None:
        """Start a run; raises StudioError where one is on its way.  prepare: gives what to run, and may take its time."""
        if self.busy:
            raise StudioError("A run is on its way already.", remedy="Wait for its end, or stop it.")
        self._cancel, self._enough = threading.Event(), SimpleQueue()
        self._preparing = asyncio.ensure_future(prepare())
        self._change(RunState(state="running", targets=targets, started_at=time.time()))
        self._task = asyncio.create_task(self._run(self._preparing, Wishes(self._cancel, self._enough)))

    def cancel(self) -> None:
        """Stop the run, if there is one."""
        if self.state.state == "running":
            self._change(self.state.model_copy(update={"state": "cancelling"}))
            self._stop()

    def have_enough(self, node: str) -> None:
        """End what works at a node at its next good point; the run goes on with what there is by then."""
        if self.state.state == "running":
            self._enough.put(node)

    def _stop(self) -> None:
        self._cancel.set()
        if self._preparing is not None:
            self._preparing.cancel()

    async def close(self) -> None:
        """Stop whatever runs, and end the worker."""
        self._stop()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        worker, self._worker = self._worker, None
        if worker is not None:
            await asyncio.to_thread(worker.close)

    async def rest(self) -> None:
        """End the worker while nothing runs; the next run starts another."""
        if not self.busy:
            await self.close()

    def _change(self, state: RunState, problem: Problem | None = None) -> None:
        self.state = state
        self._on_change(state, problem)

    async def _run(self, preparing: asyncio.Future[Job], wishes: Wishes) -> None:
        loop = asyncio.get_running_loop()

        def tell(event: Event) -> None:
            loop.call_soon_threadsafe(self._on_event, event)

        problem = None
        try:
            await asyncio.wait([preparing])
            self._preparing = None
            if not preparing.cancelled():
                await loop.run_in_executor(self._thread, self._in_thread, preparing.result(), wishes, tell)
        except PeepholeError as error:
            problem = problem_from(error)
        except Exception as error:  # the person has to see whatever kept it from running
            problem = Problem(id="mistake", what=f"The run failed: {type(error).__name__}: {error}")
        await asyncio.sleep(0)  # the last events come first
        self._change(RunState(state="idle"), problem)

    def _in_thread(self, job: Job, wishes: Wishes, tell: Callable[[Event], None]) -> None:
        if self._worker is not None and not self._worker.alive:
            self._worker.close()
            self._worker = None
        if self._worker is None:
            self._worker = WorkerProcess()
        run(
            job.document,
            path=job.path,
            store=Store(self._store),
            targets=job.targets,
            on_event=tell,
            cancel=wishes.cancel,
            enough=wishes.enough,
            worker=self._worker,
            again=job.again,
        )
