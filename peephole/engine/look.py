"""Looks ahead: what columns each table will have, and which settings do not fit them, before anything runs.

Relational nodes are called on empty tables of the right columns; of the others the schema is known after a run. What was
found out is remembered by recipe, so that opening a document reads no source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from peephole.core.errors import Cancelled
from peephole.engine.events import Problem
from peephole.engine.frames import Outputs, call, check_inputs
from peephole.engine.ingredients import changed_files
from peephole.engine.plan import Plan
from peephole.engine.problems import problem_of
from peephole.engine.steps import Link, Step
from peephole.engine.store import Store
from peephole.tables.schema import ExactSchema, exact_schema
from peephole.tables.session import Session, use_session

Schemas = dict[str, ExactSchema]


@dataclass
class Look:
    """schemas: by node and output port, those that are known.  problems: by node.  frames: empty, of the same schemas."""

    schemas: dict[str, Schemas] = field(default_factory=dict)
    frames: dict[str, Outputs] = field(default_factory=dict, repr=False)
    problems: dict[str, Problem] = field(default_factory=dict)


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
            elif (known := _known(step, remembered)) is not None:
                look.schemas[step.id] = known
            else:
                _look_at(step, plan, look, session, may_read)
    if store is not None:
        found = {s.recipe: look.schemas[s.id] for s in plan.involved() if s.id in look.schemas and _stands(s, plan)}
        if found != remembered:
            store.remember_schemas(plan.name, found)
    return look


def _look_at(step: Step, plan: Plan, look: Look, session: Session, may_read: Callable[[Step], bool]) -> None:
    spec = step.spec
    if spec is None or any(s in look.problems for s in step.sources):
        return
    try:
        inputs = {link: _empty(plan, look, link, session) for link in step.links}
        if (
            spec.runs == "engine"
            and not spec.data_dependent
            and _complete(step, inputs)
            and (step.links or may_read(step))
        ):
            outputs = call(step, inputs.__getitem__, {})
            look.frames[step.id] = outputs
            look.schemas[step.id] = {port: exact_schema(frame) for port, frame in outputs.items()}
        elif not step.fed:
            check_inputs(step, inputs)
    except Cancelled:
        raise
    except BaseException as error:  # whatever a node's code raises (panics, sys.exit) is told as that node's problem
        look.problems[step.id] = problem_of(error, step.title)


def _known(step: Step, remembered: Mapping[str, Schemas]) -> Schemas | None:
    if step.result is not None:
        return {port: o.facts["types"] for port, o in step.result.outputs.items() if "types" in o.facts}
    return remembered.get(step.recipe)


def _stands(step: Step, plan: Plan) -> bool:
    """Whether the files that the step reads are still those of its recipe."""
    return not changed_files(step.made_from, plan.folder)


def _complete(step: Step, inputs: Mapping[Link, Any]) -> bool:
    return not step.fed and all(frame is not None for frame in inputs.values())


def _empty(plan: Plan, look: Look, link: Link, session: Session) -> Any:
    """An empty table as the source will give it: its own query on empty tables, or, where that is cut, a new one."""
    source = plan.steps[link.source]
    if source.links and not source.kept and link.source in look.frames:
        return look.frames[link.source][link.output]
    schema = look.schemas.get(link.source, {}).get(link.output)
    return None if schema is None else session.empty(schema)
