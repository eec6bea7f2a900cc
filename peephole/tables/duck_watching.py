"""Tells how far running queries have got: one thread asks for all connections, since one a query would outlast light ones."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import duckdb

from peephole.core.errors import Cancelled

_POLL_SECONDS = 0.1


@contextmanager
def watched(connection: duckdb.DuckDBPyConnection, on_progress: Callable[[float], None] | None) -> Iterator[None]:
    """Tell `on_progress` the share done while the block runs a query; what it raises ends the query."""
    if on_progress is None:
        yield
        return
    query = _Query(connection, on_progress)
    _poller.add(query)
    try:
        yield
    except duckdb.InterruptException:
        query.end()
        raise query.raised or Cancelled() from None
    finally:
        query.end()
        _poller.remove(query)


class _Query:
    """A query that is watched.  raised: what the listener raised, which has stopped the query."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, on_progress: Callable[[float], None]) -> None:
        self.raised: Exception | None = None
        self._connection = connection
        self._on_progress = on_progress
        self._context = contextvars.copy_context()  # the listener may look for the reporter in its context
        self._from = time.monotonic() + _POLL_SECONDS  # what takes less is not worth telling
        # never less than was told before: between two queries, and after the last, DuckDB answers 0 or -1
        self._share = 0.0
        self._over = False
        self._lock = threading.Lock()  # held while it is asked, so that nothing is told or stopped after the end

    def ask(self) -> None:
        """Tell how far it has got."""
        with self._lock:
            if self._over or time.monotonic() < self._from:
                return
            self._share = max(self._share, min(self._connection.query_progress() / 100, 1.0))
            try:
                self._context.run(self._on_progress, self._share)
            except Exception as error:  # handed to the thread that waits for the query
                self.raised = error
                self._over = True
                self._connection.interrupt()

    def end(self) -> None:
        """It is over: nothing is told any more."""
        with self._lock:
            self._over = True


class _Poller:
    """Asks all watched queries again and again, in a thread that rests while there are none."""

    def __init__(self) -> None:
        self._queries: set[_Query] = set()
        self._some = threading.Condition()
        self._resting = False
        self._thread: threading.Thread | None = None

    def add(self, query: _Query) -> None:
        with self._some:
            self._queries.add(query)
            if self._thread is None or not self._thread.is_alive():  # a fork takes no threads along
                self._thread = threading.Thread(target=self._run, name="query progress", daemon=True)
                self._thread.start()
            elif self._resting:
                self._some.notify()

    def remove(self, query: _Query) -> None:
        with self._some:
            self._queries.discard(query)

    def _run(self) -> None:
        while True:
            with self._some:
                while not self._queries:
                    self._resting = True
                    self._some.wait()
                self._resting = False
            time.sleep(_POLL_SECONDS)
            self._ask_all()

    def _ask_all(self) -> None:
        """In a call of its own, so that the thread holds on to no connection while it rests."""
        with self._some:
            queries = list(self._queries)
        for query in queries:
            query.ask()


_poller = _Poller()
