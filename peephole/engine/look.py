"""Looks ahead: what columns each table will have, and which settings do not fit them, before anything runs.

Relational nodes are called on empty tables of the right columns; of the others the schema is known after a run. What was
found out is remembered by recipe, so that opening a document reads no source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from peephole.core.errors import Cancelled
from peephole.engine.events import Problem
from peephole.engine.frames import call, check_inputs
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
    """schemas: by node and output port, those that are known.  problems: by node."""

    schemas: dict[str, Schemas] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)


def look_ahead(plan: Plan, session: Session, store: Store | None = None, *, read_sources: bool = True) -> Look:
    """The schemas of all tables that can be known now, and what is wrong with the settings.

    read_sources: whether files may be opened to see their columns; otherwise only what is remembered is used.
    """
    look = Look()
    with use_session(session):
        for step in plan.involved():
            if step.problem is not None:
                look.problems[step.id] = step.problem
            else:
                _look_at(step, plan, look, session, store, read_sources)
    return look


def _look_at(step: Step, plan: Plan, look: Look, session: Session, store: Store | None, read_sources: bool) -> None:
    spec = step.spec
    if spec is None or any(s in look.problems for s in step.sources):
        return
    known = _remembered(step, store)
    if known is not None:
        look.schemas[step.id] = known
        return
    try:
        inputs = {link: _empty(look.schemas, link, session) for link in step.links}
        if (
            spec.runs == "engine"
            and not spec.data_dependent
            and _complete(step, inputs)
            and (step.links or read_sources)
        ):
            outputs = call(step, inputs.__getitem__, {})
            look.schemas[step.id] = {port: exact_schema(frame) for port, frame in outputs.items()}
            if store is not None and not changed_files(step.made_from, plan.folder):
                store.remember_schema(step.recipe, look.schemas[step.id])
        elif not step.fed:
            check_inputs(step, inputs)
    except Cancelled:
        raise
    except BaseException as error:  # whatever a node's code raises (panics, sys.exit) is told as that node's problem
        look.problems[step.id] = problem_of(error, step.title)


def _remembered(step: Step, store: Store | None) -> Schemas | None:
    if step.result is not None:
        return {port: o.facts["types"] for port, o in step.result.outputs.items() if "types" in o.facts}
    return store.schema(step.recipe) if store is not None else None


def _complete(step: Step, inputs: Mapping[Link, Any]) -> bool:
    return not step.fed and all(frame is not None for frame in inputs.values())


def _empty(schemas: Mapping[str, Schemas], link: Link, session: Session) -> Any:
    schema = schemas.get(link.source, {}).get(link.output)
    return None if schema is None else session.empty(schema)
