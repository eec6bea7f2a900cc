"""Turns what nodes say and what becomes of them into events: not too many, in order, and one end for each node."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from peephole.core.progress import Level
from peephole.engine.events import (
    Event,
    NodeCancelled,
    NodeFailed,
    NodeFinished,
    NodeMessage,
    NodeMetric,
    NodeProgress,
    NodeSkipped,
    NodeStarted,
    PortSummary,
    Problem,
)
from peephole.engine.store import StoredResult

Emit = Callable[[Event], None]
Ended = NodeFinished | NodeFailed | NodeSkipped | NodeCancelled

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
        if not math.isfinite(done):
            return
        total = total if total is not None and math.isfinite(total) else None
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
        """Emit a point of each curve; a value that is no number (a loss that ran away) leaves a gap."""
        points = {name: value if math.isfinite(value) else None for name, value in values.items()}
        self._emit(NodeMetric(node=self.node, values=points))

    def message(self, level: Level, text: str) -> None:
        """Emit a message, and keep it for the result."""
        text = text.encode(errors="replace").decode()  # the name of a file may hold what no encoding knows
        if text not in self.messages:
            self.messages.append(text)
            self._emit(NodeMessage(node=self.node, level=level, text=text))

    def cancelled(self) -> bool:
        """Whether to stop."""
        return self._stop.is_set()


class Teller:
    """Tells what becomes of the nodes of one run. Each ends once, and says nothing afterwards.

    ended: how each node ended that is over.
    """

    def __init__(self, emit: Emit, stop: threading.Event) -> None:
        self.ended: dict[str, Ended] = {}
        self._emit = emit
        self._stop = stop
        self._start = time.monotonic()
        self._lock = threading.Lock()
        self._started: set[str] = set()
        self._reporters: dict[str, NodeReporter] = {}

    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self._start

    def say(self, event: Event) -> None:
        """Emit an event with its time; several threads do. What a node says after its end is dropped."""
        with self._lock:
            if getattr(event, "node", None) in self.ended:
                return
            if isinstance(event, Ended):
                self.ended[event.node] = event
            self._emit(event.model_copy(update={"at": self.seconds()}))

    def reporter(self, node: str) -> NodeReporter:
        """Who listens to that node."""
        with self._lock:
            return self._reporters.setdefault(node, NodeReporter(node, self.say, self._stop))

    def start(self, nodes: list[str]) -> None:
        """These nodes begin, as one query; one that an earlier query has begun has been told."""
        with self._lock:
            new = [node for node in nodes if node not in self._started]
            self._started.update(new)
        for node in new:
            self.say(NodeStarted(node=node, with_nodes=[n for n in nodes if n != node]))

    def finish(self, node: str, result: StoredResult | None, *, reason: str = "", cached: bool = False) -> None:
        """It is done.  result: what is stored of it, if anything."""
        self.say(
            NodeFinished(
                node=node,
                cached=cached,
                reason=reason,
                seconds=result.seconds if result else 0.0,
                outputs=summaries(result),
                messages=result.messages if result else [],
            )
        )

    def fail(self, node: str, problem: Problem, group: list[str]) -> None:
        """It went wrong."""
        self.say(NodeFailed(node=node, problem=problem, group=group))

    def skip(self, node: str, reason: str) -> None:
        """It cannot run."""
        self.say(NodeSkipped(node=node, reason=reason))

    def cancel(self, node: str) -> None:
        """The person asked to stop."""
        self.say(NodeCancelled(node=node))

    def count(self, *, cached: bool) -> int:
        """How many nodes are done, by work or because their results were there."""
        return sum(isinstance(e, NodeFinished) and e.cached == cached for e in self.ended.values())


def summaries(result: StoredResult | None) -> list[PortSummary]:
    """What lies at each output port of a result."""
    if result is None:
        return []
    return [PortSummary(port=p, type=o.type, facts=o.facts) for p, o in result.outputs.items()]
