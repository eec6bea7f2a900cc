"""A run as a whole: which nodes it is about, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable

from peephole.engine.events import NodeCancelled, NodeFinished, RunFinished, Status
from peephole.engine.plan import Plan
from peephole.engine.teller import Teller
from peephole.workflow.unroll import path_of


def announce(plan: Plan, teller: Teller) -> None:
    """Say which nodes a run is about, and learn what steps these are made of."""
    teller.expect(plan, unknown_nodes(plan))
    teller.begin(*about(plan))


def about(plan: Plan) -> tuple[list[str], list[str]]:
    """The nodes that a run is about, in order, and those of them that are not done yet.

    Those are included that only the run's own results will tell, and those that a switch leaves aside.
    """
    waiting = unknown_nodes(plan)
    members = (m.path for step in plan.to_run() for m in plan.fused(step))
    inner = {path: [p for p in waiting if p.startswith(f"{path}/")] for path in _open(plan)}
    nodes = (p for path in nodes_of(plan) for p in (*inner.get(path, ()), path))
    return unique([*nodes, *waiting, *left_aside(plan)]), unique([*members, *waiting])


def nodes_of(plan: Plan) -> list[str]:
    """The nodes that the targets rest on, each once, in order; a loop comes after what is in it."""
    return unique(step.path for step in reversed(plan.involved()))[::-1]


def unknown_nodes(plan: Plan) -> list[str]:
    """Nodes that may run once it is decided: within loops, and loops and switches themselves."""
    open_ = _open(plan)
    return [p for p in plan.nodes if any(p == one or p.startswith(f"{one}/") for one in open_)] if open_ else []


def _open(plan: Plan) -> list[str]:
    """The loops and switches that wait for a result to decide them; one within another loop once, as a person sees it."""
    return unique(path_of(step) for step in plan.undecided.values())


def left_aside(plan: Plan) -> list[str]:
    """Nodes that only a way needs which a switch has not chosen."""
    chosen = {step.id for step in plan.involved()}
    stack = [link.source for name in chosen for link in plan.steps[name].wired]
    found: dict[str, None] = {}
    while stack:
        step = plan.steps[stack.pop()]
        if step.id not in chosen and step.path not in found:
            found[step.path] = None
            stack.extend(link.source for link in (*step.wired, *step.fed))
    return list(found)


def finished(plan: Plan, teller: Teller) -> RunFinished:
    """Say the last word about every node; gives the last event, for the caller to emit."""
    teller.close(left_aside(plan))
    targets = unique(plan.steps[name].path for name in plan.targets)
    status: Status = "done"
    if any(isinstance(end, NodeCancelled) for end in teller.ended.values()):
        status = "cancelled"
    elif not all(isinstance(teller.ended.get(path), NodeFinished) for path in targets):
        status = "failed"
    seconds = teller.seconds()
    ran, cached = teller.count(cached=False), teller.count(cached=True)
    return RunFinished(status=status, seconds=seconds, at=seconds, ran=ran, cached=cached)


def unique(names: Iterable[str]) -> list[str]:
    """Each name once, in order."""
    return list(dict.fromkeys(names))
