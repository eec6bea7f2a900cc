"""The table at any port: from the store, or as a query on what is stored or small, without running anything long."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from peephole.core.errors import PeepholeError
from peephole.core.settings import Dataset
from peephole.data import kept
from peephole.engine.files import size_of
from peephole.engine.frames import Outputs, Results, call
from peephole.engine.ingredients import marked
from peephole.engine.plan import Plan
from peephole.engine.side.facts import NoPortError, content_of
from peephole.engine.side.planning import Planned, readable
from peephole.engine.steps import Link, Step
from peephole.engine.store import StoredOutput
from peephole.ports.table import TABLE_FILE
from peephole.tables.session import Session

SMALL = 64 * 2**20  # bytes of a file that is read for a preview
FEW = 500_000  # rows on which a node whose columns depend on its rows is tried out


class NotThereError(PeepholeError):
    """The value is not stored, and making it may take long."""

    id = "not-computed"


@dataclass(frozen=True)
class Source:
    """The table at a port.  key: names its content.  path: its file where it is stored, else it is a query.

    step, port: where it comes from.  rows: of it, None where not known.
    """

    key: str
    step: Step
    port: str
    path: Path | None = None
    rows: int | None = None


def source_at(planned: Planned, node: str, port: str) -> Source:
    """The table at a port of a node of the flat workflow; raises NotThereError where it cannot be had cheaply."""
    step = step_of(planned.plan, node, port)
    stored = stored_at(step, port)
    if stored is not None:
        rows = stored.facts["rows"]
        return Source(stored.key, step, port, stored.folder / TABLE_FILE, rows)
    _Builder(planned, None).check(step)
    return Source(content_of(step, port), step, port)


def step_of(plan: Plan, node: str, port: str) -> Step:
    """The step; raises NoPortError where there is none, or no such port."""
    step = plan.shown(node)
    if step is None:
        raise NoPortError(f'There is no node "{node}".', remedy="Reload the page.")
    if step.spec is None or step.spec.output(port) is None:
        raise NoPortError(f'"{step.title}" has no output "{port}".', remedy="Choose another port.")
    return step


def stored_at(step: Step, port: str) -> StoredOutput | None:
    """What is stored of a port."""
    return step.result.outputs.get(port) if step.result is not None else None


def frame_of(planned: Planned, source: Source, session: Session) -> Any:
    """A lazy frame of the table, on that session (which is in use)."""
    if source.path is not None:
        return session.scan_parquet(source.path)
    return _Builder(planned, session).outputs(source.step)[source.port]


@dataclass
class _Builder:
    """Builds queries back to what is stored, whatever the plan would keep on the way."""

    planned: Planned
    session: Session | None
    built: dict[str, Outputs] = field(default_factory=dict)

    def check(self, step: Step) -> None:
        """Raise NotThereError where a step, or one that it rests on, would have to be run."""
        stack, seen = [step], {step.id}
        while stack:
            one = stack.pop()
            self._check_one(one)
            for link in one.links:
                source = self.planned.plan.steps[link.source]
                if stored_at(source, link.output) is None and link.source not in seen:
                    seen.add(link.source)
                    stack.append(source)

    def _check_one(self, step: Step) -> None:
        if step.problem is not None:
            raise NotThereError(step.problem.what, remedy=step.problem.remedy)
        spec = step.spec
        plan = self.planned.plan
        if spec is None or spec.runs != "engine" or (spec.data_dependent and not self._few(step)):
            raise NotThereError(f'"{step.title}" has not run yet.', remedy="Run to here to see its result.")
        if any(plan.steps[link.source].result is None for link in step.fed):
            raise NotThereError(f'"{step.title}" waits for a variable.', remedy="Run to here to see its result.")
        if not step.links and not self._small(step):
            raise NotThereError(f'"{step.title}" has not been read yet.', remedy="Run to here to see its rows.")

    def _small(self, step: Step) -> bool:
        if not self.planned.may_read or not readable(step):
            return False
        files = [self.planned.plan.folder / path for path in (step.made_from or {}).get("files", {})]
        names = marked(step.spec, step.settings, Dataset) if step.spec else []
        fetched = [kept(name) for name in names]
        return None not in fetched and sum(size_of(path) for path in (*files, *filter(None, fetched))) <= SMALL

    def _few(self, step: Step) -> bool:
        """Whether all that a step rests on is stored and short."""
        for link in step.links:
            stored = stored_at(self.planned.plan.steps[link.source], link.output)
            if stored is None or stored.facts.get("rows", FEW + 1) > FEW:
                return False
        return True

    def outputs(self, step: Step) -> Outputs:
        """The frames that a step gives."""
        if step.id not in self.built:
            results: Results = {
                link.source: result
                for link in step.fed
                if (result := self.planned.plan.steps[link.source].result) is not None
            }
            self.built[step.id] = call(step, self._value, results)
        return self.built[step.id]

    def _value(self, link: Link) -> Any:
        source = self.planned.plan.steps[link.source]
        stored = stored_at(source, link.output)
        if stored is None:
            return self.outputs(source)[link.output]
        if self.session is None:
            raise NotThereError("No session is open.")
        return self.session.scan_parquet(stored.folder / TABLE_FILE)
