"""How each node stands: what the plan says, and on top of it what is happening or has happened in a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from peephole.engine import events as e
from peephole.engine.listen import MOST_POINTS, stride
from peephole.studio.wire.state import Message, NodeState, Progress, State

# Of the nodes within a component, the state that matters most to whoever sees the component.
_WEIGHTIEST: tuple[State, ...] = (
    "running", "failed", "interrupted", "incomplete", "placeholder", "cancelled", "waiting", "stale", "ready", "done",
)  # fmt: skip
assert set(_WEIGHTIEST) == set(get_args(State))  # noqa: S101 - a state that is new has to find its place


@dataclass
class Live:
    """A node in a run.  recipe: what it was made from; its fate counts as long as that is what it would be made from."""

    recipe: str
    state: NodeState
    over: bool = False
    every: int = 1
    curves: dict[str, list[float | None]] = field(default_factory=dict)
    points: int = 0

    def change(self, **fields: Any) -> None:
        """Change its state."""
        self.state = self.state.model_copy(update=fields)

    def add_point(self, values: Mapping[str, float | None], per: str) -> None:
        """A point of each curve; of long curves every second point is given up, as often as need be."""
        if self.points % self.every == 0:
            for name, value in values.items():
                self.curves.setdefault(name, []).append(value)
            if max(map(len, self.curves.values()), default=0) > MOST_POINTS:
                self.every *= 2
                self.curves = {name: points[::2] for name, points in self.curves.items()}
        self.points += 1
        self.change(curves=self.curves, points=self.points, per=per)

    def begin_with(self, curves: Mapping[str, list[float | None]], points: int, per: str) -> None:
        """What the curves had before, thinned: of so many points."""
        self.curves = {name: list(values) for name, values in curves.items()}
        self.points, self.every = points, stride(points)
        self.change(curves=self.curves, points=self.points, per=per)


class LiveStates:
    """The nodes of the runs so far."""

    def __init__(self) -> None:
        self._nodes: dict[str, Live] = {}

    def note(self, event: e.Event, recipes: Mapping[str, str]) -> None:
        """Take in an event.  recipes: of the nodes as they were when the run began."""
        if isinstance(event, e.RunStarted):
            for node in event.nodes:
                self._nodes[node] = _waiting(recipes.get(node, ""), self._nodes.get(node))
        elif isinstance(event, e.RunFinished):
            return
        elif event.node:
            _note(
                self._nodes.setdefault(event.node, Live(recipes.get(event.node, ""), NodeState(state="waiting"))), event
            )

    def settle(self) -> None:
        """The run is over, and the plan knows of it: from now on it says how nodes stand."""
        for live in self._nodes.values():
            live.over = True

    def merged(self, planned: Mapping[str, NodeState], recipes: Mapping[str, str]) -> dict[str, NodeState]:
        """The state of every node.  planned: what the plan says.  recipes: of the nodes as they are now."""
        return {node: self._merged(node, state, recipes.get(node, "")) for node, state in planned.items()}

    def _merged(self, node: str, planned: NodeState, recipe: str) -> NodeState:
        live = self._nodes.get(node)
        if live is None:
            return planned
        told = live.state.model_copy(update={"summary": planned.summary})
        if not live.over:
            return told
        if not live.recipe or live.recipe != recipe or planned.state in ("incomplete", "placeholder"):
            return planned
        if told.state in ("failed", "cancelled", "interrupted", "waiting"):
            return planned if planned.state == "done" else told
        curves = {"curves": live.curves, "points": live.points, "per": told.per}
        return planned.model_copy(update={**curves, "cached": told.cached})


def _waiting(recipe: str, before: Live | None) -> Live:
    """A node at the start of a run. What it learnt before stays to be seen: it may be taken from the store."""
    live = Live(recipe, NodeState(state="waiting"))
    if before is not None and recipe and before.recipe == recipe:
        live.begin_with(before.curves, before.points, before.state.per)
    return live


def _note(live: Live, event: e.Event) -> None:
    match event:
        case e.NodeQueued():
            live.change(reason=event.reason)
        case e.NodeStarted():
            live.begin_with({}, 0, "step")
            live.change(state="running")
        case e.NodeProgress():
            live.change(
                progress=Progress(
                    title=event.title,
                    done=event.done,
                    total=event.total,
                    unit=event.unit,
                    rate=event.rate,
                    remaining=event.remaining,
                )
            )
        case e.NodeMetric():
            live.add_point(event.values, event.per)
        case e.NodeCurves():
            live.begin_with(event.curves, event.points, event.per)
        case e.NodeMessage():
            live.change(messages=[*live.state.messages, Message(level=event.level, text=event.text)])
        case e.NodeFinished():
            live.change(state="done", seconds=event.seconds, cached=event.cached, progress=None)
        case e.NodeFailed():
            live.change(state="failed", problem=event.problem, group=event.group, progress=None)
        case e.NodeSkipped():
            live.change(state="waiting", reason=event.reason, progress=None)
        case e.NodeCancelled():
            live.change(state="cancelled", reason="", progress=None)  # why it ran is no longer so
        case e.NodeInterrupted():
            live.change(state="interrupted", reason=event.reason, progress=None)


def with_components(nodes: dict[str, NodeState]) -> dict[str, NodeState]:
    """The same, with a state for each component: that of the inner node that matters most."""
    inner: dict[str, list[NodeState]] = {}
    for path, state in nodes.items():
        parts = path.split("/")
        for depth in range(1, len(parts)):
            inner.setdefault("/".join(parts[:depth]), []).append(state)
    return nodes | {path: _together(states) for path, states in inner.items()}


def _together(states: Iterable[NodeState]) -> NodeState:
    found = list(states)
    state = next(s for s in _WEIGHTIEST if any(one.state == s for one in found))
    first = next(one for one in found if one.state == state)
    seconds = [one.seconds for one in found if one.seconds is not None]
    return NodeState(
        state=state,
        reason=first.reason,
        problem=first.problem,
        progress=first.progress,
        seconds=sum(seconds) if seconds else None,
        summary=f"{len(found)} node{'' if len(found) == 1 else 's'} inside",
    )
