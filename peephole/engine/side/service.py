"""What the side process can answer, and in which lane: plans, pages of rows, statistics, and the other things at ports."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from peephole.engine.side import values
from peephole.engine.side.arrow import stream
from peephole.engine.side.facts import inner_port
from peephole.engine.side.frames import NotThereError, Source, frame_of, source_at, step_of, stored_at
from peephole.engine.side.pages import Pages
from peephole.engine.side.planning import Desk, Planned, Planner, facts_as_data
from peephole.engine.side.saving import save_rows
from peephole.engine.side.statistics import statistics
from peephole.engine.side.traces import Traces
from peephole.engine.side.views import HEAD, Head, View, Views, Wish, filtered, in_order
from peephole.engine.side.warming import Warmer
from peephole.engine.store import Store, StoredOutput
from peephole.tables.duck_errors import explained
from peephole.tables.session import use_session
from peephole.workflow.document import Document

MOST_ROWS = 10_000  # of a page


@dataclass(frozen=True)
class Answer:
    """facts: plain data.  body: bytes, as an Arrow stream."""

    facts: Any = None
    body: bytes = b""


@dataclass
class Service:
    """Answers requests about one document.  folder: of the store."""

    folder: Path
    store: Store = field(init=False)
    planned: Planned | None = None

    def __post_init__(self) -> None:
        self.store = Store(self.folder)
        self._scratch = self.store.new_scratch()
        self._views = Views(self._scratch)
        self._pages = {lane: Pages() for lane in ("rows", "views")}  # each lane is a thread
        self._desks: dict[str, Desk] = {}
        self._traces: Traces | None = None
        self._warmer = Warmer(self.store)
        self._planner = Planner(self.store, self._desk("plan"))
        self._answers: dict[str, Callable[[str, dict[str, Any]], Answer]] = {
            "plan": self._plan,
            "rows": self._rows,
            "statistics": self._statistics,
            "value": self._value,
            "data": self._data,
            "trace": self._trace,
            "save": self._save,
        }

    def close(self) -> None:
        """Take away what was written for looking only."""
        self._views.close()

    def interrupt(self, lane: str) -> None:
        """Stop the query that runs in a lane."""
        session = self._desk(lane).session
        if session is not None:
            with suppress(duckdb.ConnectionException):  # its lane has just closed it, to open another
                session.interrupt()

    def lane(self, asked: dict[str, Any]) -> str:
        """Where a request is carried out. Pages that are there do not wait for those that must be made."""
        kind = str(asked["ask"])
        if kind != "rows":
            return kind
        try:
            return "rows" if self._known(asked) else "views"
        except Exception:  # whatever is wrong is told by the lane; here it would end the process
            return "rows"

    def answer(self, lane: str, asked: dict[str, Any]) -> Answer:
        """Carry out a request."""
        return self._answers[asked["ask"]](lane, asked)

    def _desk(self, lane: str) -> Desk:
        # In one go: the lane's thread and whoever stops what it does must not make one each.
        return self._desks.setdefault(lane, Desk(self.store, self._scratch))

    # -- the answers -----------------------------------------------------------------------------------------------------

    def _plan(self, _: str, asked: dict[str, Any]) -> Answer:
        self.planned, facts = self._planner.plan(
            Document.model_validate(asked["document"]),
            folder=Path(asked["folder"]),
            name=asked["name"],
            read=asked["read"],
        )
        if self.planned is not None:
            self._warmer.warm_for(self.planned.plan)
        return Answer(facts_as_data(facts))

    def _rows(self, lane: str, asked: dict[str, Any]) -> Answer:
        planned = self._plan_now()
        source, wish, offset, limit = _source(planned, asked), _wish(asked), int(asked["offset"]), _limit(asked)
        if self._views.known(source.key, wish) is None:
            head = self._head(lane, planned, source, wish, offset + limit)
            if head is not None:
                facts = {"rows": head.rows, "key": head.key, "whole": head.holds(head.rows)}
                news = self._counted(source, wish, head.rows)
                return Answer({**facts, "news": news}, stream(head.table.slice(offset, limit)))
        view, pages = self._view(lane, planned, source, wish), self._pages[lane]
        page = pages.page(view, offset, limit)
        if page is None:  # the stored table does not lie in order after all
            view = self._made_view(lane, planned, replace(source, path=None), wish)
            page = pages.page(view, offset, limit)
        if page is None:
            raise NotThereError("The rows cannot be put in order.", remedy="Run the node again.")
        facts = {"rows": pages.rows(view), "key": view.key, "whole": True}
        return Answer({**facts, "news": self._counted(source, wish, pages.rows(view))}, stream(page))

    def _counted(self, source: Source, wish: Wish, rows: int) -> bool:
        """Looking has counted the rows of a table: whether its node can now say more than before."""
        return source.path is None and not wish.where.strip() and self._planner.counted(source.key, rows)

    def _statistics(self, lane: str, asked: dict[str, Any]) -> Answer:
        planned = self._plan_now()
        source = _source(planned, asked)
        wish = Wish(where=asked.get("where", ""))
        session = self._desk(lane).open_for(planned.plan)
        path = source.path or self._view(lane, planned, source, wish).path
        with use_session(session), explained():
            frame = session.scan_parquet(path, number_rows=True)
            if source.path is not None:
                frame = filtered(frame, wish)
            rows = session.row_count(frame)
            return Answer(statistics(frame, rows, session, asked.get("columns") or ()))

    def _value(self, _: str, asked: dict[str, Any]) -> Answer:
        stored = self._stored(asked, asked["type"])
        return Answer(values.described(stored))

    def _data(self, _: str, asked: dict[str, Any]) -> Answer:
        table, sampled = values.figure_data(self._stored(asked, "Figure"))
        return Answer({"sampled": sampled}, stream(table))

    def _trace(self, lane: str, asked: dict[str, Any]) -> Answer:
        planned = self._plan_now()
        if self._traces is None:
            self._traces = Traces(self._desk(lane), self.store)
        node, _ = inner_port(planned.document, asked["node"], "network")
        return Answer(self._traces.answer(planned, {**asked, "node": node}))

    def _save(self, lane: str, asked: dict[str, Any]) -> Answer:
        """All rows as they are shown, as a file that whoever asked takes away."""
        planned, wish = self._plan_now(), _wish(asked)
        source = _source(planned, asked)
        path = self._scratch / f"{uuid4().hex}.{asked['format']}"
        session = self._desk(lane).open_for(planned.plan)
        with use_session(session):
            shown = in_order(filtered(frame_of(planned, source, session), wish), wish)
            save_rows(shown, path, session, guard=asked["guard"])
        return Answer({"path": str(path)})

    # -- finding what is asked for ---------------------------------------------------------------------------------------

    def _plan_now(self) -> Planned:
        """The plan that a request goes by, from its beginning to its end: the next edit puts another in its place."""
        if self.planned is None:
            raise NotThereError("The workflow cannot run as it is.", remedy="Mend the loop first.")
        return self.planned

    def _known(self, asked: dict[str, Any]) -> bool:
        """Whether a page can be given at once."""
        key, wish = _source(self._plan_now(), asked).key, _wish(asked)
        end = int(asked["offset"]) + _limit(asked)
        return self._views.known(key, wish) is not None or self._views.known_head(key, wish, end) is not None

    def _head(self, lane: str, planned: Planned, source: Source, wish: Wish, end: int) -> Head | None:
        """The head of a view that is still to be made, where that is enough."""
        known = self._views.known_head(source.key, wish, end)
        in_place = source.path is not None and wish == Wish()
        if known is not None or end > HEAD or in_place:
            return known
        session = self._desk(lane).open_for(planned.plan)
        with use_session(session):
            return self._views.make_head(source.key, wish, source.rows, frame_of(planned, source, session), session)

    def _view(self, lane: str, planned: Planned, source: Source, wish: Wish) -> View:
        return self._views.known(source.key, wish) or self._made_view(lane, planned, source, wish)

    def _made_view(self, lane: str, planned: Planned, source: Source, wish: Wish) -> View:
        session = self._desk(lane).open_for(planned.plan)
        with use_session(session):
            return self._views.make(source.key, wish, source.path, lambda: frame_of(planned, source, session), session)

    def _stored(self, asked: dict[str, Any], kind: str) -> StoredOutput:
        planned = self._plan_now()
        node, port = inner_port(planned.document, asked["node"], asked["port"])
        step = step_of(planned.plan, node, port)
        stored = stored_at(step, port)
        if stored is None:
            raise NotThereError(f'"{step.title}" has not run yet.', remedy="Run to here to see its result.")
        if stored.type != kind:
            raise NotThereError(f'"{port}" of {step.title} is a {stored.type}.', remedy="Look at it in another way.")
        return stored


def _source(planned: Planned, asked: dict[str, Any]) -> Source:
    node, port = inner_port(planned.document, asked["node"], asked["port"])
    kind = step_of(planned.plan, node, port)
    output = kind.spec.output(port) if kind.spec else None
    if output is not None and output.type.name != "Table":
        raise NotThereError(f'"{port}" of {kind.title} is no table.', remedy="Look at it in another way.")
    return source_at(planned, node, port)


def _limit(asked: dict[str, Any]) -> int:
    return min(int(asked["limit"]), MOST_ROWS)


def _wish(asked: dict[str, Any]) -> Wish:
    return Wish(asked.get("sort", ""), asked.get("where", ""))
