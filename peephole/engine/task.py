"""Makes one kept step: builds its segment, runs it, stores every output, and finds the guilty step where it fails."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from peephole.core.errors import Cancelled, DataError, PeepholeError
from peephole.core.node import NodeSpec
from peephole.core.progress import Level, Reporter, reporting_to
from peephole.engine.frames import GuiltyError, ReporterFor, Results, Timer, blamed_on, build
from peephole.engine.ingredients import marked_paths, recipe_key
from peephole.engine.plan import Plan, Step
from peephole.engine.store import Store, StoredOutput, StoredResult, file_identity
from peephole.ports.table import TABLE_FILE
from peephole.tables.session import Session, use_session

OpenSession = Callable[[], AbstractContextManager[Session]]


def make(
    plan: Plan, step: Step, results: Results, store: Store, session: Session, reporter: ReporterFor
) -> StoredResult:
    """Run a kept step and store its outputs.

    results: of the kept steps above.  session: this thread's own.  Raises GuiltyError, or Cancelled.
    """
    timer = Timer()
    with use_session(session):
        outputs = build(plan, step, results, session, reporter)
        told = reporter(step.id)
        with blamed_on(step), reporting_to(told):
            spec = _spec(step)
            stored = {p.name: _keep(store, session, spec, p.name, outputs[p.name], told) for p in spec.outputs}
    result = StoredResult(step.recipe, stored, seconds=timer(), effects=_effects(spec, step, plan.folder))
    return result


def remember(store: Store, plan: Plan, step: Step, results: Results, result: StoredResult) -> None:
    """Record the result under its recipe, and under the content of what it was made from."""
    store.remember(step.recipe, result)
    store.remember(content_recipe(plan, step, results), result)


def content_recipe(plan: Plan, step: Step, results: Results) -> str:
    """The recipe with the contents of stored inputs in place of their recipes: equal where only their making changed."""
    inputs: dict[str, list[str]] = {}
    for link in (*step.links, *step.fed):
        source = plan.steps[link.source]
        key = results[source.id].outputs[link.output].key if source.kept else content_recipe(plan, source, results)
        inputs.setdefault(link.port, []).append(f"{key}:{link.output}")
    return recipe_key({**(step.made_from or {}), "inputs": inputs, "by": "content"})


def find_guilty(
    plan: Plan, step: Step, results: Results, open_session: OpenSession, scratch: Path
) -> GuiltyError | None:
    """Run ever longer parts of a failed query; the first that fails names the step that causes it."""
    members = plan.fused(step)
    for member in members:
        try:
            with open_session() as session, use_session(session), blamed_on(member):
                for value in build(plan, member, results, session, lambda _: _Silent()).values():
                    session.write_parquet(value, scratch / "part.parquet")
        except GuiltyError as error:
            return error
    return None


def _advance(told: Reporter, share: float, title: str) -> None:
    """Pass progress on from whichever thread watches the query; what this raises stops the query."""
    if told.cancelled():
        raise Cancelled
    told.progress(share, 1.0, title)


class _Silent:
    """Listens to nothing: for running a part again."""

    def progress(self, done: float, total: float | None, title: str) -> None:
        """Nobody sees it."""

    def metric(self, values: dict[str, float]) -> None:
        """Nobody sees it."""

    def message(self, level: Level, text: str) -> None:
        """Nobody sees it."""

    def cancelled(self) -> bool:
        """Nobody asks."""
        return False


def _keep(store: Store, session: Session, spec: NodeSpec, name: str, value: Any, told: Reporter) -> StoredOutput:
    port = spec.output(name)
    if port is None:
        raise KeyError(name)
    if value is None:
        raise DataError(f"{spec.title}: nothing came out of {name}.", remedy="The node's function must return it.")
    with store.scratch() as folder:
        if port.type.name == "Table" and hasattr(value, "collect_schema"):
            title = name if len(spec.outputs) > 1 else ""
            session.write_parquet(value, folder / TABLE_FILE, lambda share: _advance(told, share, title))
        else:
            port.type.load_codec().save(value, folder)
        return store.keep(folder, port.type)


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
