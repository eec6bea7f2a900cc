"""Makes one kept step: builds its segment, runs it, stores every output, and finds the guilty step where it fails."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from peephole.core.checkpoint import keeping_in
from peephole.core.errors import Cancelled, DataError, PeepholeError, SourceError
from peephole.core.node import NodeSpec
from peephole.core.progress import Reporter, reporting_to
from peephole.engine.events import Problem
from peephole.engine.files import file_identity, size_of
from peephole.engine.frames import GuiltyError, Results, Timer, blamed_on, build
from peephole.engine.ingredients import changed_files, marked_paths, recipe_key
from peephole.engine.plan import Plan
from peephole.engine.problems import problem_of
from peephole.engine.sessions import Sessions
from peephole.engine.steps import Step
from peephole.engine.store import Store, StoredOutput, StoredResult
from peephole.engine.teller import Teller
from peephole.ports.table import TABLE_FILE
from peephole.tables.session import Session

FEW_ROWS = 50_000
FEW_BYTES = 2**18  # of files


@dataclass(frozen=True)
class Task:
    """A kept step to be made.  results: of the kept steps above it."""

    plan: Plan
    step: Step
    results: Results
    store: Store
    sessions: Sessions
    teller: Teller

    @property
    def members(self) -> list[Step]:
        """The steps of its query, itself last."""
        return self.plan.fused(self.step)


@dataclass(frozen=True)
class Outcome:
    """What became of a task: a result, or the step that went wrong (where that stays open, its group), or neither: stopped.

    reused: nothing ran, since what it reads is the same as before.
    """

    result: StoredResult | None = None
    reused: bool = False
    guilty: str = ""
    problem: Problem | None = None
    group: list[str] = field(default_factory=list)


def carry_out(task: Task) -> Outcome:
    """Make the step, in whatever thread this is called. Whatever happens is told in the outcome."""
    try:
        known = task.step.usable(task.store.result(content_recipe(task.plan, task.step, task.results)))
        if known is not None and task.step.id not in task.plan.anew:
            known = replace(known, provisional=_provisional(task))
            task.store.remember(task.step.recipe, known)
            return Outcome(known, reused=True)
        task.teller.start([m.id for m in task.members])
        return Outcome(_make(task))
    except Cancelled:
        return Outcome()
    except GuiltyError as error:
        return _failure(task, error)
    except Exception as error:  # not the node's doing: the store, the session
        return _told(task, GuiltyError(task.step.id, error))


def content_recipe(plan: Plan, step: Step, results: Results) -> str:
    """The recipe with the contents of stored inputs in place of their recipes: equal where only their making changed."""
    contents: dict[str, str] = {}
    for member in plan.fused(step):
        inputs: dict[str, list[str]] = {}
        for link in (*member.links, *member.fed):
            source = plan.steps[link.source]
            key = results[source.id].outputs[link.output].key if source.kept else contents[source.id]
            inputs.setdefault(link.port, []).append(f"{key}:{link.output}")
        contents[member.id] = recipe_key({**(member.made_from or {}), "inputs": inputs, "by": "content"})
    return contents[step.id]


def _make(task: Task) -> StoredResult:
    """Run the step, store its outputs, and remember them by recipe and by the content of what they were made from."""
    step, store, told = task.step, task.store, task.teller.reporter(task.step.id)
    timer = Timer()
    if step.id in task.plan.anew:
        store.drop_checkpoint(step.work)
    if step.rescued:
        told.message("warning", f"{step.rescued} What is connected beside it is used.")
    with task.sessions.session() as session, keeping_in(store.checkpoint(step.work), told.enough) as work:
        outputs = build(task.plan, step, task.results, session, task.teller.reporter)
        with blamed_on(step), reporting_to(told):
            spec = _spec(step)
            few = _few(task)
            stored = {p.name: _keep(store, session, spec, p.name, outputs[p.name], told, few) for p in spec.outputs}
    _check_files(task)
    effects = _effects(spec, step, task.plan.folder)
    result = StoredResult(step.recipe, stored, list(told.messages), timer(), effects)
    provisional = _provisional(task)
    if not work.cut_short:
        store.remember(content_recipe(task.plan, step, task.results), result)
    if provisional or not spec.lasts:  # what is provisional may read something else next time, under the same name
        store.drop_checkpoint(step.work)
    result = replace(result, provisional=provisional or work.cut_short)
    store.remember(step.recipe, result)
    return result


def _provisional(task: Task) -> bool:
    """Whether it stands on something that stands in for a failure: the next run tries that again."""
    return bool(task.step.rescued) or any(result.provisional for result in task.results.values())


def _failure(task: Task, error: GuiltyError) -> Outcome:
    """Put a failure on the step that causes it."""
    if isinstance(error.cause, Cancelled) or task.teller.reporter(error.step).cancelled():
        return Outcome()
    if error.step != task.step.id or len(task.members) == 1:
        return _told(task, error)
    told = _told(task, error)
    if told.problem is not None and told.problem.id in ("store", "memory"):  # no single step's fault
        return replace(told, group=[m.id for m in task.members])
    try:
        return _told(task, _find_guilty(task, error))
    except Cancelled:
        return Outcome()


def _find_guilty(task: Task, error: GuiltyError) -> GuiltyError:
    """Run parts of a query that failed, halving what is left, until one step is left whose sources all succeed."""
    suspects, known = task.members, error
    with task.store.scratch() as scratch:
        while len(suspects) > 1:
            probe = suspects[(len(suspects) - 1) // 2]
            above = set(map(id, task.plan.fused(probe)))
            found = _try_part(task, probe, scratch)
            if found is not None and found.step != probe.id:
                return found
            if found is not None:
                known = found
            suspects = [s for s in suspects if (id(s) in above) == (found is not None)]
    return known


def _try_part(task: Task, part: Step, scratch: Path) -> GuiltyError | None:
    try:
        with task.sessions.session() as session, blamed_on(part):
            outputs = build(task.plan, part, task.results, session, lambda _: _Silent(task.teller.reporter(part.id)))
            for value in outputs.values():
                session.write_parquet(value, scratch / TABLE_FILE)
    except GuiltyError as error:
        if isinstance(error.cause, Cancelled):
            raise error.cause from None
        return error
    return None


def _told(task: Task, error: GuiltyError) -> Outcome:
    problem = problem_of(error.cause, task.plan.steps[error.step].title, task.store.folder)
    return Outcome(guilty=error.step, problem=problem)


class _Silent:
    """Listens for the wish to stop only: for running a part again."""

    def __init__(self, told: Reporter) -> None:
        self.cancelled = told.cancelled

    def progress(self, *_: object) -> None:
        """Nobody sees it."""

    def metric(self, *_: object) -> None:
        """Nobody sees it."""

    def earlier(self, *_: object) -> None:
        """Nobody sees it."""

    def message(self, *_: object) -> None:
        """Nobody sees it."""


def _few(task: Task) -> bool:
    """Whether it reads little, and so probably gives little."""
    files = {m.id: [task.plan.folder / path for path in (m.made_from or {}).get("files", {})] for m in task.members}
    if any(not m.links and not files[m.id] for m in task.members):
        return False  # rows of unknown number come from elsewhere
    rows = sum(output.facts.get("rows", 0) for result in task.results.values() for output in result.outputs.values())
    return rows <= FEW_ROWS and sum(size_of(path) for paths in files.values() for path in paths) <= FEW_BYTES


def _keep(
    store: Store, session: Session, spec: NodeSpec, name: str, value: Any, told: Reporter, few: bool
) -> StoredOutput:
    port = spec.output(name)
    if port is None:
        raise KeyError(name)
    if value is None:
        raise DataError(f"{spec.title}: nothing came out of {name}.", remedy="The node's function must return it.")
    with store.scratch() as folder:
        if port.type.name == "Table" and hasattr(value, "collect_schema"):
            title = name if len(spec.outputs) > 1 else ""
            session.write_parquet(value, folder / TABLE_FILE, lambda share: _advance(told, share, title), few=few)
        else:
            port.type.load_codec().save(value, folder)
        return store.keep(folder, port.type)


def _advance(told: Reporter, share: float, title: str) -> None:
    """Pass progress on from whichever thread watches the query; what this raises stops the query."""
    if told.cancelled():
        raise Cancelled
    told.progress(share, 1.0, title)


def _check_files(task: Task) -> None:
    """A file that changed after the plan was made gave who knows what: nothing of that may be remembered."""
    for member in task.members:
        with blamed_on(member):
            for path in changed_files(member.made_from, task.plan.folder):
                raise SourceError(f"{path} changed while it was being read.", remedy="Run again.")


def _effects(spec: NodeSpec, step: Step, folder: Path) -> dict[str, str]:
    """Files the step has written outside the store, so that a later run sees when they are gone or changed."""
    if not spec.effect:
        return {}
    paths = [folder / p for p in marked_paths(spec, step.settings, "write")]
    return {str(p): file_identity(p) for p in paths}


def _spec(step: Step) -> NodeSpec:
    if step.spec is None:
        raise PeepholeError(f'The node "{step.title}" is not installed.')
    return step.spec
