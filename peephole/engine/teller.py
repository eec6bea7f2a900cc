"""Tells what becomes of the nodes of a run: in order, and one end for each node that a person sees.

A node within a loop is several steps, one for each run; it begins with the first of them and ends with the last.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from peephole.engine.events import (
    Event,
    NodeCancelled,
    NodeFailed,
    NodeFinished,
    NodeMessage,
    NodeProgress,
    NodeQueued,
    NodeSkipped,
    NodeStarted,
    Problem,
    RunStarted,
)
from peephole.engine.listen import Emit, NodeReporter, summaries
from peephole.engine.plan import Plan
from peephole.engine.steps import Step
from peephole.engine.store import StoredResult
from peephole.workflow.unroll import path_of

Ended = NodeFinished | NodeFailed | NodeSkipped | NodeCancelled


@dataclass
class _Node:
    """A node that a person sees.  steps: those it is made of, as far as they are known.  over: how each of them ended."""

    steps: dict[str, None] = field(default_factory=dict)
    over: dict[str, Ended] = field(default_factory=dict)
    queued: bool = False
    started: bool = False
    held: bool = False
    warned: bool = False


class Teller:
    """ended: how each node ended that is over.  failed: the steps that went wrong."""

    def __init__(self, emit: Emit, stop: threading.Event) -> None:
        self.ended: dict[str, Ended] = {}
        self.failed: set[str] = set()
        self.stop = stop
        self._emit = emit
        self._start = time.monotonic()
        self._lock = threading.RLock()
        self._nodes: dict[str, _Node] = {}
        self._steps: dict[str, Step] = {}
        self._reporters: dict[str, NodeReporter] = {}
        self._announced: list[str] = []

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

    def expect(self, plan: Plan, held: Collection[str]) -> None:
        """Learn what steps each node is made of.  held: nodes that may get more steps, once it is known which."""
        with self._lock:
            self._steps |= plan.steps
            for node in self._nodes.values():
                node.steps, node.held = {}, False
            for step in plan.involved():
                self._node(step.path).steps[step.id] = None
            for path in held:
                self._node(path).held = True

    def begin(self, nodes: Iterable[str], to_run: Iterable[str]) -> None:
        """Say once that the run begins."""
        with self._lock:
            if not self._announced:
                self._announced = list(dict.fromkeys(nodes))
                self.say(RunStarted(nodes=self._announced, to_run=list(dict.fromkeys(to_run))))

    def close(self, left_aside: Collection[str]) -> None:
        """Say of every node that was announced and never came to its turn why that is so.

        left_aside: nodes that only what was not chosen needs.
        """
        for node in self._announced:
            if node in left_aside:
                self.say(NodeSkipped(node=node, reason="A switch has chosen another way."))
            elif self.stop.is_set():
                self.say(NodeCancelled(node=node))
            else:
                self.say(NodeSkipped(node=node, reason="What it waits for did not run."))

    def reporter(self, step: str) -> NodeReporter:
        """Who listens to that step."""
        with self._lock:
            if step not in self._reporters:
                known = self._steps.get(step)
                label = known.label if known is not None else ""
                self._reporters[step] = NodeReporter(path_of(step), self.say, self.stop, label)
            return self._reporters[step]

    def queue(self, step: str, reason: str) -> None:
        """It will run."""
        with self._lock:
            node = self._node(path_of(step))
            if not node.queued:
                node.queued = True
                there = f"{len(node.over)} of {len(node.steps)} runs are there; the others: " if node.over else ""
                self.say(NodeQueued(node=path_of(step), reason=there + reason))

    def warn(self, step: str, texts: Iterable[str]) -> None:
        """What will most likely go wrong with it, before anything runs; of the runs of a loop once."""
        with self._lock:
            node = self._node(path_of(step))
            for text in texts if not node.warned else ():
                self.say(NodeMessage(node=path_of(step), level="warning", text=text))
            node.warned = True

    def start(self, steps: list[str]) -> None:
        """These steps begin, as one query; a node of which another step has begun has been told."""
        with self._lock:
            paths = list(dict.fromkeys(path_of(step) for step in steps))
            new = [path for path in paths if not self._node(path).started]
            for path in new:
                self._node(path).started = True
            for step in steps:
                self.reporter(step)  # before it is told: who hears of it may have enough at once
        for path in new:
            self.say(NodeStarted(node=path, with_nodes=[p for p in paths if p != path]))

    def finish(self, step: str, result: StoredResult | None, *, reason: str = "", cached: bool = False) -> None:
        """It is done.  result: what is stored of it, if anything."""
        self._end(
            step,
            NodeFinished(
                node=path_of(step),
                cached=cached,
                reason=reason,
                seconds=result.seconds if result else 0.0,
                outputs=summaries(result),
                messages=result.messages if result else [],
            ),
        )

    def fail(self, step: str, problem: Problem, group: list[str]) -> None:
        """It went wrong: that is told at once, with the run of the loop in which it did."""
        self.failed.add(step)
        label = self._steps[step].label if step in self._steps else ""
        told = problem.model_copy(update={"what": f"{label}: {problem.what}"}) if label else problem
        event = NodeFailed(node=path_of(step), problem=told, group=list(dict.fromkeys(map(path_of, group))))
        with self._lock:
            self._node(event.node).over[step] = event
            self.say(event)

    def have_enough(self, node: str) -> None:
        """The person wants what works at that node (any node: "") to end at its next good point, with what there is then."""
        with self._lock:
            for path, one in self._nodes.items():
                for step in one.steps if node in ("", path) else ():
                    if step in self._reporters and step not in one.over:
                        self._reporters[step].have_enough()

    def skip(self, step: str, reason: str) -> None:
        """It cannot run."""
        self._end(step, NodeSkipped(node=path_of(step), reason=reason))

    def cancel(self, step: str) -> None:
        """The person asked to stop."""
        self._end(step, NodeCancelled(node=path_of(step)))

    def count(self, *, cached: bool) -> int:
        """How many nodes are done, by work or because their results were there."""
        return sum(isinstance(e, NodeFinished) and e.cached == cached for e in self.ended.values())

    def _node(self, path: str) -> _Node:
        return self._nodes.setdefault(path, _Node())

    def _end(self, step: str, event: Ended) -> None:
        with self._lock:
            node = self._node(event.node)
            node.over.setdefault(step, event)
            left = [name for name in node.steps if name not in node.over]
            if not left and not node.held:
                self.say(_all(event.node, [node.over[name] for name in node.steps] or [event], self._labels(node)))
            elif node.started:
                done = len(node.steps) - len(left)
                self.say(NodeProgress(node=event.node, title="Runs", done=done, total=len(node.steps)))

    def _labels(self, node: _Node) -> list[str]:
        return [self._steps[name].label for name in node.steps]


def _all(path: str, ends: list[Ended], labels: list[str]) -> Ended:
    """How a node ended, from how each of its steps did."""
    if len(ends) == 1:
        return ends[0]
    for kind in (NodeFailed, NodeCancelled, NodeSkipped):
        found = next((end for end in ends if isinstance(end, kind)), None)
        if found is not None:
            return found
    done = [end for end in ends if isinstance(end, NodeFinished)]
    fresh = [end for end in done if not end.cached]
    told = [f"{label}: {m}" if label else m for label, end in zip(labels, done, strict=True) for m in end.messages]
    return NodeFinished(
        node=path,
        cached=not fresh,
        reason=(fresh or done)[0].reason,
        seconds=sum(end.seconds for end in done),
        outputs=done[-1].outputs,
        messages=list(dict.fromkeys(told)),
    )
