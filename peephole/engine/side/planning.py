"""Plans a document anew after each edit and looks ahead, in a fraction of the time in which a person sees a difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peephole.core.errors import DocumentError
from peephole.core.schema import Schema
from peephole.core.settings import Dataset
from peephole.data import at_hand
from peephole.engine.catalog import catalog
from peephole.engine.ingredients import marked
from peephole.engine.look import Look, look_ahead
from peephole.engine.plan import Plan, make_plan
from peephole.engine.resources import memory_share, thread_share
from peephole.engine.side.facts import Facts, facts_of, find_results
from peephole.engine.steps import Step
from peephole.engine.store import Store
from peephole.tables.engines import engine_version
from peephole.tables.schema import ExactSchema, schema_of
from peephole.tables.session import Session, open_session, use_session
from peephole.workflow.document import Document

ENGINE = "duckdb"
_LANES = 4  # how many sessions work side by side


@dataclass(frozen=True)
class Planned:
    """A document with its plan.  may_read: whether its sources may be opened."""

    document: Document
    plan: Plan
    may_read: bool


class Desk:
    """A lane's session, opened anew where the plan names other files."""

    def __init__(self, store: Store, spill: Path) -> None:
        self._store = store
        self._spill = spill
        self._session: Session | None = None
        self._files: frozenset[Path] = frozenset()

    @property
    def session(self) -> Session | None:
        """The session, if one is open."""
        return self._session

    def open_for(self, plan: Plan) -> Session:
        """A session that may read what the plan reads."""
        named = {plan.folder / path for s in plan.steps.values() for path in (s.made_from or {}).get("files", {})}
        files = frozenset({plan.folder, *named})
        if self._session is None or not files <= self._files:
            if self._session is not None:
                self._session.close()
            self._files = files | self._files
            self._session = open_session(
                ENGINE,
                read=[self._store.folder, *sorted(self._files)],
                write=[self._store.folder],
                threads=thread_share(_LANES // 2),
                memory_limit=memory_share(_LANES),
                spill=self._spill,
            )
        self._session.folder = plan.folder
        return self._session


def readable(step: Step) -> bool:
    """Whether looking at a source needs no connection: a data set that is not here yet is fetched by a run only."""
    if step.spec is None:
        return False
    return all(at_hand(name) for name in marked(step.spec, step.settings, Dataset))


class Planner:
    """Plans one document; keeps what it found out in words."""

    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk
        self._words: dict[tuple[tuple[str, str], ...], Schema] = {}
        self._counted: dict[str, int] = {}
        self._told: dict[str, int] = {}  # of these, what the last plan has told

    def counted(self, content: str, rows: int) -> bool:
        """Somebody has looked at a table that is not stored, and it has so many rows. Whether that is still to be told."""
        self._counted[content] = rows
        return self._told.get(content) != rows

    def plan(self, document: Document, *, folder: Path, name: str, read: bool) -> tuple[Planned | None, Facts]:
        """The plan (None for a loop) and everything that can be told.  read: whether sources may be opened."""
        specs = catalog().specs
        try:
            plan = make_plan(
                document,
                specs,
                folder=folder,
                store=self._store,
                engine=engine_version(ENGINE),
                before=self._store.seen(name),
                name=name,
            )
        except DocumentError:  # a loop; the check tells it
            return None, facts_of(document, specs, None, Look(), {})
        find_results(plan, self._store)
        session = self._desk.open_for(plan)
        look = look_ahead(plan, session, self._store, may_read=readable if read else lambda _: False)
        with use_session(session):
            words = self._all_words(look, session)
        self._told = dict(self._counted)
        return Planned(document, plan, read), facts_of(document, specs, plan, look, words, self._told)

    def _all_words(self, look: Look, session: Session) -> dict[str, Schema]:
        return {
            f"{node}.{port}": self._in_words(exact, session)
            for node, ports in look.schemas.items()
            for port, exact in ports.items()
        }

    def _in_words(self, exact: ExactSchema, session: Session) -> Schema:
        key = tuple(exact.items())
        if key not in self._words:
            self._words[key] = schema_of(session.empty(exact))
        return self._words[key]


def facts_as_data(facts: Facts) -> Mapping[str, Any]:
    """Facts as plain data."""
    nodes = {
        node: {**said, "problem": said["problem"].model_dump() if said["problem"] else None}
        for node, said in facts.nodes.items()
    }
    return {
        "findings": [finding.model_dump() for finding in facts.findings],
        "nodes": nodes,
        "ports": facts.ports,
        "recipes": facts.recipes,
    }
