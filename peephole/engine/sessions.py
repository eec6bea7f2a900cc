"""The sessions of one run: opened where needed, used again, locked to what the workflow may touch, stopped together."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

from peephole.core.errors import Cancelled
from peephole.engine.plan import Plan
from peephole.engine.resources import memory_share, thread_share
from peephole.engine.store import Store
from peephole.tables.session import Session, open_session, use_session


class Sessions:
    """side_by_side: how many tasks may run at once; they share memory and cores.

    Opening one takes longer than a light step, so a task takes over what an earlier one has left, unless that failed.
    """

    def __init__(self, plan: Plan, store: Store, stop: threading.Event, side_by_side: int) -> None:
        self._plan = plan
        self._store = store
        self._stop = stop
        self._side_by_side = side_by_side
        self._lock = threading.Lock()
        self._idle: list[Session] = []
        self._busy: set[Session] = set()
        self._spills: dict[Session, Path] = {}

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        """A session for one task, in use within this block. Raises Cancelled where the run is being stopped."""
        session = self._take()
        try:
            with use_session(session):
                yield session
        except BaseException:
            self._leave(session)
            self._close(session)
            raise
        else:
            self._leave(session)
            with self._lock:
                self._idle.append(session)

    def interrupt(self) -> None:
        """Stop every query that runs. Set the run's stop first, so that none begins afterwards."""
        with self._lock:
            for session in self._busy:
                session.interrupt()

    def close(self) -> None:
        """Let go of everything that no task uses."""
        while self._idle:
            self._close(self._idle.pop())

    def _take(self) -> Session:
        with self._lock:
            session = self._idle.pop() if self._idle else None
        session = session or self._open()
        with self._lock:
            self._busy.add(session)
        if self._stop.is_set():
            self._leave(session)
            self._close(session)
            raise Cancelled
        return session

    def _leave(self, session: Session) -> None:
        with self._lock:
            self._busy.discard(session)

    def _open(self) -> Session:
        plan, store = self._plan, self._store
        named = [plan.folder / path for s in plan.steps.values() for path in (s.made_from or {}).get("files", {})]
        spill = store.new_scratch()  # of its own: the engine names its files alike in every session
        session = open_session(
            plan.engine.split()[0],
            read=[store.folder, plan.folder, *named],
            write=[store.folder, plan.folder],
            threads=thread_share(self._side_by_side),
            memory_limit=memory_share(self._side_by_side),
            spill=spill,
        )
        session.folder, session.steady = plan.folder, True
        self._spills[session] = spill
        return session

    def _close(self, session: Session) -> None:
        session.close()
        shutil.rmtree(self._spills.pop(session), ignore_errors=True)
