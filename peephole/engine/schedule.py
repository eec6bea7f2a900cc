"""Runs the steps of a plan that must be made: each when what it reads is there, side by side, in document order."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace

from peephole.core.errors import Cancelled
from peephole.engine.events import (
    NodeCancelled,
    NodeFailed,
    NodeFinished,
    NodeQueued,
    NodeSkipped,
    NodeStarted,
    Problem,
    RunFinished,
    RunStarted,
    Status,
)
from peephole.engine.frames import GuiltyError, Results, Timer
from peephole.engine.listen import Emit, NodeReporter, summaries
from peephole.engine.look import Look, look_ahead
from peephole.engine.plan import Plan, Step, walk
from peephole.engine.problems import problem_of
from peephole.engine.store import Store, StoredResult
from peephole.engine.task import content_recipe, find_guilty, make, remember
from peephole.tables.session import Session, open_session


class Schedule:
    """One run of a plan in this process.  workers: how many steps run side by side."""

    def __init__(self, plan: Plan, store: Store, emit: Emit, workers: int | None = None) -> None:
        self.plan = plan
        self.store = store
        self.stop = threading.Event()
        self.results: Results = {s.id: s.result for s in plan.steps.values() if s.result is not None}
        self.failed: dict[str, Problem] = {}
        self._emit = emit
        self._workers = workers or max(2, os.cpu_count() or 2)
        self._lock = threading.Lock()
        self._sessions: set[Session] = set()
        self._idle: list[Session] = []
        self._reporters: dict[str, NodeReporter] = {}
        self._told: set[str] = set()
        self._clock = Timer()
        self._ran = 0
        self._reused = 0

    # -- the run ---------------------------------------------------------------------------------------------------

    def run(self) -> Status:
        """Make everything that is to be made; gives how it ended, and emits every event of it."""
        waiting = self._begin()
        running: dict[Future[None], Step] = {}
        with self.store.in_use(), ThreadPoolExecutor(self._workers) as pool:
            while waiting or running:
                if self.stop.is_set():
                    self._cancel_waiting(waiting)
                for step in self._ready(waiting, running):
                    waiting.remove(step)
                    running[pool.submit(self._run, step)] = step
                if not running:
                    break
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    running.pop(future)
                    future.result()
        for session in self._idle:
            session.close()
        status: Status = "cancelled" if self.stop.is_set() else "failed" if self.failed else "done"
        self._say(RunFinished(status=status, seconds=self._clock(), ran=self._ran, cached=self._reused))
        return status

    def cancel(self) -> None:
        """Ask everything that runs to stop."""
        self.stop.set()
        with self._lock:
            for session in self._sessions:
                session.interrupt()

    def _begin(self) -> list[Step]:
        waiting = self.plan.to_run()
        members = list(walk(self.plan, waiting))
        involved = self.plan.involved()
        self._say(RunStarted(nodes=[s.id for s in involved], to_run=members))
        for step in involved:
            if step.id not in members and step.problem is None:
                self._finish(step, cached=True, reason="nothing changed")
        look = self._look_ahead() if members else Look()
        for step_id in members:
            step = self.plan.steps[step_id]
            if step_id in look.problems:
                self._fail(step, look.problems[step_id])
            else:
                self._say(NodeQueued(node=step_id, reason=self.plan.reason(step)))
        return waiting

    def _look_ahead(self) -> Look:
        """Find settings that do not fit before anything long runs."""
        with self._session() as session:
            return look_ahead(self.plan, session, self.store)

    def _ready(self, waiting: list[Step], running: dict[Future[None], Step]) -> list[Step]:
        """Steps to start now; those that a failure has blocked are told so and leave the queue."""
        ready: list[Step] = []
        for step in list(waiting):
            if self._blocked(step):
                waiting.remove(step)
                self._skip(step)
            elif len(running) + len(ready) < self._workers and self._complete(step):
                ready.append(step)
        return ready

    def _complete(self, step: Step) -> bool:
        return all(s.id in self.results for s in self.plan.kept_sources(step))

    def _blocked(self, step: Step) -> bool:
        members = self.plan.fused(step)
        return any(m.id in self.failed for m in (*members, *self.plan.kept_sources(step)))

    # -- one step ----------------------------------------------------------------------------------------------------

    def _run(self, step: Step) -> None:
        """Make one kept step, in a thread of the pool."""
        members = self.plan.fused(step)
        known = self.store.result(content_recipe(self.plan, step, self.results))
        if known is not None:
            self._reuse(step, members, known)
            return
        for member in members:
            self._start(member, [m.id for m in members if m is not member])
        try:
            result = self._make(step)
        except GuiltyError as error:
            self._settle_failure(step, members, error)
        else:
            self._settle(step, members, result)

    def _make(self, step: Step) -> StoredResult:
        with self._session() as session:
            result = make(self.plan, step, self.results, self.store, session, self._reporter)
            result = replace(result, messages=list(self._reporter(step.id).messages))
            remember(self.store, self.plan, step, self.results, result)
        return result

    def _settle(self, step: Step, members: list[Step], result: StoredResult) -> None:
        with self._lock:
            self.results[step.id] = result
            self._ran += 1
        for member in members[:-1]:
            if all(self._over(self.plan.steps[r]) for r in member.readers):
                self._finish(member, reason=f'computed together with "{step.title}"')
        self._finish(step, result=result)

    def _reuse(self, step: Step, members: list[Step], known: StoredResult) -> None:
        """Early cut-off: what it reads was made anew and is the same as before."""
        self.store.remember(step.recipe, known)
        with self._lock:
            self.results[step.id] = known
            self._reused += 1
        for member in members:
            if member is step or member.id not in self._told:
                result = known if member is step else None
                self._finish(member, result=result, cached=True, reason="what it reads is the same as before")

    def _settle_failure(self, step: Step, members: list[Step], error: GuiltyError) -> None:
        if isinstance(error.cause, Cancelled) or self.stop.is_set():
            for member in members:
                self._say_once(member.id, NodeCancelled(node=member.id))
            return
        guilty, group = error, list[str]()
        if error.step == step.id and len(members) > 1 and not isinstance(error.cause, Cancelled):
            guilty, group = self._search_guilty(step, members, error)
        culprit = self.plan.steps[guilty.step]
        problem = problem_of(guilty.cause, culprit.title, self.store.folder)
        if problem.id == "cancelled":
            return
        self._fail(culprit, problem, group)
        for member in members:
            if member.id != culprit.id and all(
                r in self.failed for r in member.readers if r in {m.id for m in members}
            ):
                self._skip(member)

    def _search_guilty(self, step: Step, members: list[Step], error: GuiltyError) -> tuple[GuiltyError, list[str]]:
        """Find the step that makes the query fail; where that stays open, name the whole group."""
        if problem_of(error.cause, step.title).id == "store":
            return error, []
        with self.store.scratch() as scratch:
            found = find_guilty(self.plan, step, self.results, self._session, scratch)
        if found is not None:
            return found, []
        return error, [m.id for m in members]

    @contextmanager
    def _session(self) -> Iterator[Session]:
        """A session for one task; opening one takes longer than a light step, so they are used again."""
        with self._lock:
            session = self._idle.pop() if self._idle else None
        session = session or self._open_session()
        with self._lock:
            self._sessions.add(session)
        try:
            yield session
        except BaseException:
            session.close()
            raise
        else:
            with self._lock:
                self._idle.append(session)
        finally:
            with self._lock:
                self._sessions.discard(session)

    def _open_session(self) -> Session:
        """A session locked to the store, the document's folder and the files that nodes name."""
        named = [self.plan.folder / p for s in self.plan.steps.values() for p in (s.made_from or {}).get("files", {})]
        session = open_session(
            self.plan.engine.split()[0],
            read=[self.store.folder, self.plan.folder, *named],
            write=[self.store.folder, self.plan.folder],
            spill=self.store.folder / "tmp",
        )
        session.folder = self.plan.folder
        return session

    # -- telling -----------------------------------------------------------------------------------------------------

    def _reporter(self, node: str) -> NodeReporter:
        with self._lock:
            if node not in self._reporters:
                self._reporters[node] = NodeReporter(node, self._say, self.stop)
            return self._reporters[node]

    def _start(self, step: Step, others: list[str]) -> None:
        self._reporter(step.id)
        self._say(NodeStarted(node=step.id, with_nodes=others))

    def _finish(
        self, step: Step, *, result: StoredResult | None = None, cached: bool = False, reason: str = ""
    ) -> None:
        result = result or step.result
        if cached and result is not None:
            self.store.touch(result.recipe)
        self._say_once(
            step.id,
            NodeFinished(
                node=step.id,
                cached=cached,
                reason=reason,
                seconds=result.seconds if result else 0.0,
                outputs=summaries(result),
                messages=result.messages if result else [],
            ),
        )

    def _fail(self, step: Step, problem: Problem, group: list[str] | None = None) -> None:
        with self._lock:
            self.failed.setdefault(step.id, problem)
        if problem.id == "skipped":
            self._say_once(step.id, NodeSkipped(node=step.id, reason=problem.what))
        else:
            self._say_once(step.id, NodeFailed(node=step.id, problem=problem, group=group or []))

    def _skip(self, step: Step) -> None:
        sources = [self.plan.steps[s].title for s in step.sources if s in self.failed]
        waits = f'It waits for "{sources[0]}".' if sources else "A step of its query failed."
        self._fail(step, Problem(id="skipped", what=waits))

    def _cancel_waiting(self, waiting: list[Step]) -> None:
        for step in waiting:
            for member in self.plan.fused(step):
                self._say_once(member.id, NodeCancelled(node=member.id))
        waiting.clear()

    def _over(self, step: Step) -> bool:
        return step.id in self._told or step.id in self.results

    def _say_once(self, node: str, event: NodeFinished | NodeFailed | NodeSkipped | NodeCancelled) -> None:
        with self._lock:
            if node in self._told:
                return
            self._told.add(node)
        self._say(event)

    def _say(self, event: object) -> None:
        self._emit(event.model_copy(update={"at": self._clock()}))  # type: ignore[attr-defined]
