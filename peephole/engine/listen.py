"""Turns what nodes say while they work into events, not too many of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from peephole.core.progress import Level
from peephole.engine.events import Event, NodeMessage, NodeMetric, NodeProgress, PortSummary
from peephole.engine.store import StoredResult

Emit = Callable[[Event], None]

# A person sees no difference beyond this many a second.
PROGRESS_EVERY = 0.1


class NodeReporter:
    """Listens to one node (core.progress.Reporter).  stop: set when the person asks to stop."""

    def __init__(self, node: str, emit: Emit, stop: threading.Event) -> None:
        self.node = node
        self.messages: list[str] = []
        self._emit = emit
        self._stop = stop
        self._title = ""
        self._began = time.monotonic()
        self._last = 0.0

    def progress(self, done: float, total: float | None, title: str) -> None:
        """Emit a progress event, at most ten a second, with rate and remaining time."""
        now = time.monotonic()
        if title != self._title or done == 0:
            self._title, self._began = title, now
        elif now - self._last < PROGRESS_EVERY and done != total:
            return
        self._last = now
        spent = now - self._began
        rate = done / spent if spent > 0 and done > 0 else None
        remaining = (total - done) / rate if rate and total is not None else None
        self._emit(NodeProgress(node=self.node, title=title, done=done, total=total, rate=rate, remaining=remaining))

    def metric(self, values: dict[str, float]) -> None:
        """Emit a point of each curve."""
        self._emit(NodeMetric(node=self.node, values=values))

    def message(self, level: Level, text: str) -> None:
        """Emit a message, and keep it for the result."""
        if text not in self.messages:
            self.messages.append(text)
            self._emit(NodeMessage(node=self.node, level=level, text=text))

    def cancelled(self) -> bool:
        """Whether to stop."""
        return self._stop.is_set()


def summaries(result: StoredResult | None) -> list[PortSummary]:
    """What lies at each output port of a result."""
    if result is None:
        return []
    return [PortSummary(port=p, type=o.type, facts=o.facts) for p, o in result.outputs.items()]
