"""What a run looks like so far: events folded into the state of each node. Knows nothing of terminals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from peephole.engine.events import (
    Event,
    NodeCancelled,
    NodeCurves,
    NodeFailed,
    NodeFinished,
    NodeInterrupted,
    NodeMessage,
    NodeMetric,
    NodeProgress,
    NodeQueued,
    NodeSkipped,
    NodeStarted,
    Problem,
    RunFinished,
    RunStarted,
)
from peephole.report.facts import all_facts
from peephole.report.sketch import State


@dataclass(frozen=True)
class Label:
    """How a node is called: its title and its settings in one line."""

    title: str
    summary: str = ""


@dataclass
class Watched:
    """One node so far.

    reason: why it runs, or why not.  how: what is to be said of its end ("computed together with ...").
    together: the neighbours computed with it.  started: seconds since the run began.
    """

    id: str
    label: Label
    state: State = "waiting"
    reason: str = ""
    how: str = ""
    facts: str = ""
    seconds: float = 0.0
    started: float = 0.0
    doing: str = ""
    done: float = 0.0
    total: float | None = None
    rate: float | None = None
    remaining: float | None = None
    metrics: dict[str, float | None] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    problem: Problem | None = None
    together: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What the person calls it."""
        return self.label.title


class Watch:
    """Takes the events of a run and keeps its state."""

    def __init__(self, labels: dict[str, Label]) -> None:
        self._labels = labels
        self.nodes: dict[str, Watched] = {}
        self.now = 0.0
        self.ended: RunFinished | None = None
        self.problem: Problem | None = None  # of the run as a whole

    def take(self, event: Event) -> Watched | None:
        """Note an event; gives the node that has come to its end by it."""
        self.now = max(self.now, event.at)
        match event:
            case RunStarted():
                for name in event.nodes:
                    self._of(name)
            case RunFinished():
                self.ended = event
            case NodeFailed(node=""):
                self.problem = event.problem
            case _:
                return self._note(self._of(event.node), event)
        return None

    def ahead(self, event: Event) -> str:
        """What is said of a node before it runs, with its title."""
        if isinstance(event, NodeMessage) and self._of(event.node).state == "waiting":
            return f"{self._of(event.node).title}: {event.text}"
        return ""

    def _note(self, node: Watched, event: Event) -> Watched | None:
        match event:
            case NodeQueued():
                node.reason = event.reason
            case NodeStarted():
                node.state, node.started, node.together = "running", event.at, event.with_nodes
            case NodeProgress():
                node.doing, node.done, node.total = event.title, event.done, event.total
                node.rate, node.remaining = event.rate, event.remaining
            case NodeMetric():
                node.metrics |= event.values
            case NodeCurves():
                node.metrics |= {name: values[-1] for name, values in event.curves.items() if values}
            case NodeMessage() if node.state != "waiting":  # what is said ahead is told at once
                node.messages.append(event.text)
            case _:
                return self._end(node, event)
        return None

    def _end(self, node: Watched, event: Event) -> Watched | None:
        match event:
            case NodeFinished():
                node.state = "cached" if event.cached else "done"
                node.seconds = event.seconds
                if event.cached or not node.reason:
                    node.reason = event.reason
                elif event.reason:
                    node.how = event.reason
                node.facts = all_facts((o.type, o.facts) for o in event.outputs)
                node.messages = event.messages or node.messages
            case NodeFailed():
                node.state, node.problem = "failed", event.problem
                node.together = [g for g in event.group if g != node.id]
            case NodeSkipped():
                node.state, node.reason = "skipped", event.reason
            case NodeCancelled():
                node.state = "cancelled"
            case NodeInterrupted():
                node.state, node.reason = "interrupted", event.reason
            case _:
                return None
        return node

    def _of(self, name: str) -> Watched:
        if name not in self.nodes:
            self.nodes[name] = Watched(name, self._labels.get(name, Label(name)))
        return self.nodes[name]

    def running(self) -> list[Watched]:
        """The nodes at work, in order; of those computed together only the last, which does the work."""
        at_work = {n.id: n for n in self.nodes.values() if n.state == "running"}
        last = list(at_work)
        inner = {
            i for i, n in at_work.items() if any(t in at_work and last.index(t) > last.index(i) for t in n.together)
        }
        return [n for i, n in at_work.items() if i not in inner]

    def waiting(self) -> int:
        """How many nodes have not begun."""
        return sum(n.state == "waiting" for n in self.nodes.values())

    def titles(self, ids: Iterable[str]) -> list[str]:
        """What the person calls these nodes."""
        return [self._labels.get(i, Label(i)).title for i in ids]


def ending(watch: Watch) -> str:
    """The last line: how the run ended and what it did."""
    from peephole.report.words import duration, plural

    if watch.ended is None:
        return "The run ended without a word."
    states = [n.state for n in watch.nodes.values()]
    parts: list[str] = []
    for state, words in _COUNTED.items():
        if number := states.count(state):
            parts.append(f"{plural(number, 'node')} {words}" if not parts else f"{number} {words}")
    how = {"done": "Done", "failed": "Failed", "cancelled": "Cancelled", "interrupted": "Interrupted"}
    return f"{how[watch.ended.status]} in {duration(watch.ended.seconds)}: {', '.join(parts) or 'nothing to do'}."


_COUNTED: dict[State, str] = {
    "done": "ran",
    "cached": "already done",
    "failed": "failed",
    "skipped": "not run",
    "cancelled": "cancelled",
    "interrupted": "interrupted",
}
