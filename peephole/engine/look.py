"""Looks ahead: what columns each table will have, and which settings do not fit them, before anything runs.

Relational nodes are called on empty tables of the right columns; of the others the schema is known after a run. What was
found out is remembered by recipe, so that opening a document reads no source. Nodes that draw networks are called too, so
that shapes are known; nodes with a look-ahead of their own (`ahead`) say what does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from peephole.core.errors import Cancelled
from peephole.core.progress import Level, Reporter, listening, reporting_to
from peephole.engine.events import Problem
from peephole.engine.frames import Outputs, call, check_inputs
from peephole.engine.ingredients import changed_files
from peephole.engine.plan import Plan
from peephole.engine.problems import problem_of
from peephole.engine.same_files import same_files
from peephole.engine.steps import Link, Step
from peephole.engine.store import Store
from peephole.tables.schema import ExactSchema, exact_schema
from peephole.tables.session import Session, use_session
from peephole.workflow.findings import Finding
from peephole.workflow.unroll import path_of

Schemas = dict[str, ExactSchema]
NETWORK = "Network"


@dataclass
class Look:
    """schemas: by node and output port, those that are known.  problems: by node.  frames: empty, of the same schemas.

    facts: by node and output port, what is known of networks.  warnings: by node, what it said that is no failure yet.
    """

    schemas: dict[str, Schemas] = field(default_factory=dict)
    frames: dict[str, Outputs] = field(default_factory=dict, repr=False)
    empties: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)
    problems: dict[str, Problem] = field(default_factory=dict)
    facts: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    warnings: dict[str, list[str]] = field(default_factory=dict)

    def findings(self) -> list[Finding]:
        """The warnings; of the runs of a loop each once."""
        said = dict.fromkeys((path_of(name), text) for name, texts in self.warnings.items() for text in texts)
        return [Finding(id="ahead", severity="warning", node=node, what=text) for node, text in said]


@dataclass(frozen=True)
class _Warned:
    """Listens to a node that is called ahead: its warnings, and nothing else.  before: who listened until now, and may stop."""

    told: list[str]
    before: Reporter | None

    def progress(self, *_: object) -> None:
        """Nothing is done yet."""

    def metric(self, *_: object) -> None:
        """Nothing is measured yet."""

    def earlier(self, *_: object) -> None:
        """Nothing was measured."""

    def message(self, level: Level, text: str) -> None:
        """A warning is kept."""
        if level == "warning":
            self.told.append(text)

    def cancelled(self) -> bool:
        """As whoever listened until now says."""
        return self.before is not None and self.before.cancelled()


def look_ahead(
    plan: Plan,
    session: Session,
    store: Store | None = None,
    *,
    may_read: Callable[[Step], bool] = lambda _: True,
) -> Look:
    """The schemas of all tables that can be known now, and what is wrong with the settings.

    may_read: whether the source that a step names may be opened to see its columns; otherwise what is remembered is used.
    """
    look = Look()
    remembered = store.schemas(plan.name) if store is not None else {}
    with use_session(session):
        for step in plan.involved():
            if step.problem is not None:
                look.problems[step.id] = step.problem
                continue
            known = _known(step, remembered)
            if known is not None:
                look.schemas[step.id] = known
            if known is None or _draws(step):
                _look_at(step, plan, look, session, may_read)
    for name, warned in same_files(plan).items():
        look.warnings[name] = [*look.warnings.get(name, ()), *warned]
    if store is not None:
        found = {s.columns_of: look.schemas[s.id] for s in plan.involved() if s.id in look.schemas and _stands(s, plan)}
        if found != remembered:
            store.remember_schemas(plan.name, found)
    return look


def _look_at(step: Step, plan: Plan, look: Look, session: Session, may_read: Callable[[Step], bool]) -> None:
    spec = step.spec
    if spec is None or any(s in look.problems for s in step.sources):
        return
    try:
        inputs = {link: _empty(plan, look, link, session) for link in step.links}
        if _calls(step, may_read) and _complete(step, inputs):
            told: list[str] = []
            with reporting_to(_Warned(told, listening())):
                _note(step, look, call(step, inputs.__getitem__, {}, spec.ahead, only_columns=True))
            if told and step.missing:  # what is there already needs nothing any more
                look.warnings[step.id] = told
        elif not step.fed:
            check_inputs(step, inputs)
    except Cancelled:
        raise
    except BaseException as error:  # whatever a node's code raises (panics, sys.exit) is told as that node's problem
        look.problems[step.id] = problem_of(error, step.title)


def _calls(step: Step, may_read: Callable[[Step], bool]) -> bool:
    """Whether its function (or its own look-ahead) is called on empty tables."""
    spec = step.spec
    if spec is None or not (step.links or may_read(step)):
        return False
    return spec.ahead is not None or _draws(step) or (spec.runs == "engine" and not spec.data_dependent)


def _draws(step: Step) -> bool:
    """Whether it gives a network that is known before rows are read; that costs nothing."""
    spec = step.spec
    networks = spec is not None and any(p.type.name == NETWORK for p in spec.outputs)
    return spec is not None and networks and (spec.light or spec.ahead is not None)


def _note(step: Step, look: Look, outputs: Outputs) -> None:
    """Keep what a call gave: empty tables with their schemas, and networks with their facts."""
    known = {port: value for port, value in outputs.items() if value is not None}
    look.frames[step.id] = known
    types = {p.name: p.type.name for p in step.spec.outputs} if step.spec else {}
    if any(types[port] == "Table" for port in known):
        found = {p: exact_schema(value) for p, value in known.items() if types[p] == "Table"}
        look.schemas[step.id] = {**look.schemas.get(step.id, {}), **found}
    if any(types[port] == NETWORK for port in known):
        look.facts[step.id] = {p: value.facts() for p, value in known.items() if types[p] == NETWORK}


def _known(step: Step, remembered: Mapping[str, Schemas]) -> Schemas | None:
    if step.result is not None and not step.narrowed:
        return {port: o.facts["types"] for port, o in step.result.outputs.items() if "types" in o.facts}
    return remembered.get(step.columns_of)


def _stands(step: Step, plan: Plan) -> bool:
    """Whether the files that the step reads are still those of its recipe."""
    return not changed_files(step.made_from, plan.folder)


def _complete(step: Step, inputs: Mapping[Link, Any]) -> bool:
    return not step.fed and all(frame is not None for frame in inputs.values())


def _empty(plan: Plan, look: Look, link: Link, session: Session) -> Any:
    """An empty table as the source will give it: its own query on empty tables, or, where that is cut, a new one."""
    source = plan.steps[link.source]
    port = source.spec.output(link.output) if source.spec else None
    if port is not None and port.type.name == NETWORK:
        return look.frames.get(link.source, {}).get(link.output)
    if source.links and not source.kept and link.source in look.frames:
        return look.frames[link.source][link.output]
    schema = look.schemas.get(link.source, {}).get(link.output)
    if schema is None:
        return None
    key = (link.source, link.output)
    if key not in look.empties:
        look.empties[key] = session.empty(schema)
    return look.empties[key]
