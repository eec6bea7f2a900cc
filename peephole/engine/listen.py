"""Turns what a node says while it works into events: not too many, and each curve and message as it should be shown."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from peephole.core.progress import Level
from peephole.engine.events import (
    Event,
    NodeCancelled,
    NodeCurves,
    NodeFailed,
    NodeFinished,
    NodeMessage,
    NodeMetric,
    NodeProgress,
    NodeSkipped,
    PortSummary,
)
from peephole.engine.store import StoredResult

Emit = Callable[[Event], None]
Ended = NodeFinished | NodeFailed | NodeSkipped | NodeCancelled

# A person sees no difference beyond this many a second.
PROGRESS_EVERY = 0.1
MOST_POINTS = 500  # of a curve
RATE_OVER = 10.0  # seconds over which a rate is taken


def stride(points: int) -> int:
    """Of so many points of a curve, every how many stay: a power of two, so that more of them can be given up later."""
    return 1 << max(0, math.ceil(points / MOST_POINTS) - 1).bit_length()


class NodeReporter:
    """Listens to one node (core.progress.Reporter).

    stop: set when the person asks to stop.  label: the run of a loop that it is in, in words.
    """

    def __init__(self, node: str, emit: Emit, stop: threading.Event, label: str = "") -> None:
        self.node = node
        self.label = label
        self.messages: list[str] = []
        self._emit = emit
        self._stop = stop
        self._enough = threading.Event()
        self._title = ""
        self._lately: deque[tuple[float, float]] = deque()  # when, and what was done by then
        self._last = 0.0

    def progress(self, done: float, total: float | None, title: str, unit: str = "") -> None:
        """Emit a progress event, at most ten a second, with rate and remaining time."""
        if not math.isfinite(done):
            return
        total = total if total is not None and math.isfinite(total) else None
        title = f"{title} ({self.label})".strip() if self.label else title
        now = time.monotonic()
        if title != self._title or done == 0:
            self._title = title
            self._lately.clear()
        elif now - self._last < PROGRESS_EVERY and done != total:
            return
        self._last = now
        rate = self._rate(now, done)
        remaining = (total - done) / rate if rate and total is not None else None
        self._emit(
            NodeProgress(node=self.node, title=title, done=done, total=total, unit=unit, rate=rate, remaining=remaining)
        )

    def _rate(self, now: float, done: float) -> float | None:
        """A second, over the last seconds: what was slow at first says nothing of the rest. Of long steps over the last one."""
        self._lately.append((now, done))
        while len(self._lately) > 2 and self._lately[0][0] < now - RATE_OVER:
            self._lately.popleft()
        began, before = self._lately[0]
        return (done - before) / (now - began) if now > began and done > before else None

    def metric(self, values: dict[str, float], per: str) -> None:
        """Emit a point of each curve; a value that is no number (a loss that ran away) leaves a gap."""
        points = {self._curve(name): value if math.isfinite(value) else None for name, value in values.items()}
        self._emit(NodeMetric(node=self.node, values=points, per=per))

    def earlier(self, curves: Mapping[str, Sequence[float | None]], per: str) -> None:
        """Emit the points that there were, no more of them than can be seen."""
        points = max(map(len, curves.values()), default=0)
        kept = {
            self._curve(name): [v if v is not None and math.isfinite(v) else None for v in values[:: stride(points)]]
            for name, values in curves.items()
        }
        self._emit(NodeCurves(node=self.node, curves=kept, points=points, per=per))

    def _curve(self, name: str) -> str:
        return f"{name} ({self.label})" if self.label else name

    def message(self, level: Level, text: str) -> None:
        """Emit a message, and keep it for the result."""
        text = text.encode(errors="replace").decode()  # the name of a file may hold what no encoding knows
        if text not in self.messages:
            self.messages.append(text)
            told = f"{self.label}: {text}" if self.label else text
            self._emit(NodeMessage(node=self.node, level=level, text=told))

    def cancelled(self) -> bool:
        """Whether to stop."""
        return self._stop.is_set()

    def enough(self) -> bool:
        """Whether to end at the next good point, with what there is by then."""
        return self._enough.is_set()

    def have_enough(self) -> None:
        """The person wants just that."""
        self._enough.set()


def summaries(result: StoredResult | None) -> list[PortSummary]:
    """What lies at each output port of a result."""
    if result is None:
        return []
    return [PortSummary(port=p, type=o.type, facts=o.facts) for p, o in result.outputs.items()]
