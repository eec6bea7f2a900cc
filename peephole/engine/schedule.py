"""Runs the steps of a plan that must be made: each when what it reads is there, side by side, in document order."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from heapq import heappop, heappush

from peephole.core.errors import Cancelled
from peephole.engine.events import Problem
from peephole.engine.frames import Results
from peephole.engine.look import Look, look_ahead
from peephole.engine.plan import Plan
from peephole.engine.resources import cores
from peephole.engine.sessions import Sessions
from peephole.engine.steps import Step
from peephole.engine.store import Store
from peephole.engine.task import Outcome, Task, carry_out
from peephole.engine.teller import Teller


@dataclass(frozen=True)
class Part:
    """What a step did in a query: what to say of it, and whether its result was there already."""

    reason: str
    cached: bool = False


class Schedule:
    """One run of a plan in this process. Tasks work in threads of a pool; all that is decided is decided in one thread.

    targets: steps to run up to, where not all of the plan's.  workers: how many tasks run side by side.
    results: of every kept step that is there.
    """

    def __init__(
        self, plan: Plan, store: Store, teller: Teller, *, targets: list[str] | None = None, workers: int | None = None
    ) -> None:
        self.plan = plan
        self.stop = teller.stop
        self.results: Results = {s.id: s.result for s in plan.steps.values() if s.result is not None and not s.missing}
        self._store = store
        self._whole = targets is None
        self._steps = plan.to_run(targets)
        self._workers = min(workers or max(2, cores()), _widest(self._steps))
        self._teller = teller
        self._sessions = Sessions(plan, store, self.stop, self._workers)
        self._failed: set[str] = set()
        self._parts: dict[str, Part] = {}  # of the steps that did theirs in a query that is over
        self._ready: list[tuple[int, str]] = []  # by place in the document
        self._needs: dict[str, set[str]] = {}  # waiting steps, each with the kept steps that it waits for
        self._readers: dict[str, list[str]] = {}  # kept step -> the kept steps to make that read it
        self._users: dict[str, dict[str, None]] = {}  # step -> the kept steps, not over yet, in whose query it is

    def run(self) -> None:
        """Make everything that is to be made, telling what becomes of it."""
        running: dict[Future[Outcome], Step] = {}
        self._begin()
        with ThreadPoolExecutor(self._workers) as pool:
            while self._ready or running:
                while self._ready and len(running) < self._workers and not self.stop.is_set():
                    step = self.plan.steps[heappop(self._ready)[1]]
                    if self._needs.pop(step.id, None) is not None:  # else a failure has blocked it meanwhile
                        running[pool.submit(carry_out, self._task(step))] = step
                if not running:
                    break
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    self._settle(running.pop(future), future.result())
        self._sessions.close()
        for name in list(self._needs):
            self._over(self.plan.steps[name], Outcome())

    def cancel(self) -> None:
        """Ask everything that runs to stop."""
        self.stop.set()
        self._sessions.interrupt()

    # -- before and after --------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        for step in self._steps:
            self._needs[step.id] = {s.id for s in self.plan.kept_sources(step) if s.id not in self.results}
            for source in self._needs[step.id]:
                self._readers.setdefault(source, []).append(step.id)
            for member in self.plan.fused(step):
                self._users.setdefault(member.id, {})[step.id] = None
        involved = self.plan.involved()
        members = [s.id for s in involved if s.id in self._users]
        for step in involved if self._whole else ():
            if step.id not in self._users:
                self._finish(step, Part("nothing changed", cached=True))
        for name in self._teller.failed & set(self.plan.steps):
            self._block(name)
        look = self._look_ahead()
        problems = look.problems
        for name in members:
            if name not in problems:
                self._teller.queue(name, self.plan.reason(self.plan.steps[name]))
        for name in filter(look.warnings.get, members):
            self._teller.warn(name, look.warnings[name])
        for name, problem in problems.items():
            if name in self._users and problem.id != "skipped":
                self._fail(name, problem, [])
        for step in self._steps:
            self._make_ready(step.id)

    def _look_ahead(self) -> Look:
        """Find settings that do not fit before anything long runs."""
        if not self._steps:
            return Look()
        try:
            with self._sessions.session() as session:
                look = look_ahead(self.plan, session, self._store)
        except Cancelled:
            return Look()
        return Look() if self.stop.is_set() else look

    # -- one task ----------------------------------------------------------------------------------------------------

    def _task(self, step: Step) -> Task:
        results = {s.id: self.results[s.id] for s in self.plan.kept_sources(step) if s.id in self.results}
        return Task(self.plan, step, results, self._store, self._sessions, self._teller)

    def _make_ready(self, name: str) -> None:
        if name in self._needs and not self._needs[name]:
            heappush(self._ready, (self.plan.place[name], name))

    def _settle(self, step: Step, outcome: Outcome) -> None:
        """Take in what became of a task: start or block what waits for it."""
        if outcome.result is not None:
            self.results[step.id] = outcome.result
            for reader in self._readers.get(step.id, ()):
                if reader in self._needs:
                    self._needs[reader].discard(step.id)
                    self._make_ready(reader)
        elif outcome.problem is not None:
            self._fail(outcome.guilty, outcome.problem, outcome.group)
        self._over(step, outcome)
        if outcome.problem is not None:
            self._block(step.id)

    def _fail(self, name: str, problem: Problem, group: list[str]) -> None:
        self._teller.fail(name, problem, group)
        self._block(name)

    def _block(self, name: str) -> None:
        """Skip every waiting task whose query holds or reads what failed, and so on; once, for a try has let go of its wire."""
        if name in self._failed:
            return
        self._failed.add(name)
        stack = [name]
        while stack:
            failed = stack.pop()
            for blocked in [*self._users.get(failed, ()), *self._readers.get(failed, ())]:
                if blocked in self._needs and self._rescue(self.plan.steps[blocked], failed, name):
                    self._needs[blocked].discard(failed)
                    self._make_ready(blocked)
                elif self._needs.pop(blocked, None) is not None:
                    self._over(self.plan.steps[blocked], None)
                    if blocked not in self._failed:
                        self._failed.add(blocked)
                        stack.append(blocked)

    def _rescue(self, step: Step, source: str, failed: str) -> bool:
        """Whether a step can do without what has failed; it then has no wire from there any more."""
        port = step.spec.rescues if step.spec is not None else ""
        rest = [link for link in step.links if link.port != port or link.source != source]
        if not port or len(rest) == len(step.links):
            return False
        sources = [self.plan.steps[link.source] for link in rest]
        reads = dict.fromkeys(name for s in sources for name in ([s.id] if s.kept else s.reads))
        if source in reads:
            return False
        step.links, step.reads = rest, reads
        step.rescued = f'"{self.plan.steps[failed].title}" failed.'
        return True

    # -- one end for each node ---------------------------------------------------------------------------------------

    def _over(self, step: Step, outcome: Outcome | None) -> None:
        """A kept step has come to its end (outcome None: blocked), and so has what is in no other query still to come."""
        for member in self.plan.fused(step):
            users = self._users[member.id]
            users.pop(step.id, None)
            if outcome is not None:
                self._note_part(member, step, outcome)
            if not users:
                self._end(member, step, cancelled=outcome == Outcome())

    def _note_part(self, member: Step, step: Step, outcome: Outcome) -> None:
        """Note whether a member of a query did its part: all did where it succeeded, else those above what failed."""
        if outcome.reused:
            self._parts.setdefault(member.id, Part("what it reads is the same as before", cached=True))
        elif outcome.result is not None:
            self._parts[member.id] = Part("" if member is step else f'computed together with "{step.title}"')
        elif outcome.problem is not None and not outcome.group and self._intact(member):
            self._parts[member.id] = Part(f'"{self.plan.steps[outcome.guilty].title}" failed after it')

    def _end(self, member: Step, step: Step, *, cancelled: bool) -> None:
        part, cause = self._parts.get(member.id), self._cause(member)
        if part is not None:
            self._finish(member, part)
        elif cause is not None:
            self._teller.skip(member.id, f'It waits for "{cause}".')
        elif cancelled:
            self._teller.cancel(member.id)
        else:
            self._teller.skip(member.id, f'Only "{step.title}" needs it, and that cannot run.')

    def _finish(self, step: Step, part: Part) -> None:
        result = self.results.get(step.id)
        if part.cached and result is not None:
            self._store.touch(result.recipe)
        self._teller.finish(step.id, result, reason=part.reason, cached=part.cached)

    def _intact(self, step: Step) -> bool:
        return step.id not in self._failed and self._cause(step) is None

    def _cause(self, step: Step) -> str | None:
        """The title of what failed among all that a step rests on within its query and that this reads."""
        above = [m.id for m in reversed(self.plan.fused(step)[:-1])]
        return next((self.plan.steps[name].title for name in (*above, *step.reads) if name in self._failed), None)


def _widest(steps: list[Step]) -> int:
    """How many of these steps could run at once: the most that stand on one level."""
    level: dict[str, int] = {}
    count: dict[int, int] = {}
    for step in steps:
        level[step.id] = 1 + max((level.get(name, 0) for name in step.reads), default=0)
        count[level[step.id]] = count.get(level[step.id], 0) + 1
    return max(count.values(), default=1)
