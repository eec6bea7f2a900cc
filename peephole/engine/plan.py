"""Plans a run: what would be made, from what, and what is there already. Nothing is run or read but the store's records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import takewhile
from pathlib import Path

from peephole.core.errors import RunError, listing, nearest
from peephole.core.node import NodeSpec
from peephole.engine.ingredients import Ingredients
from peephole.engine.keeping import MOST_FUSED, mark_kept
from peephole.engine.laying import count_readers, lay_out
from peephole.engine.outside import Fetch, narrowings
from peephole.engine.planned import Plan
from peephole.engine.preparing import Known, prepare
from peephole.engine.repeating import COLLECTORS, RUNS_PORT
from peephole.engine.steps import Link, Step
from peephole.engine.store import Store
from peephole.workflow.document import Document
from peephole.workflow.repeat import Row

__all__ = ["MOST_FUSED", "Plan", "make_plan"]


def make_plan(
    document: Document,
    specs: Mapping[str, NodeSpec],
    *,
    folder: Path,
    store: Store | None,
    engine: str,
    targets: Iterable[str] | None = None,
    before: Mapping[str, Ingredients] | None = None,
    name: str = "",
    fetch: Fetch | None = None,
    settled: Collection[str] | None = (),
    like: Plan | None = None,
) -> Plan:
    """Plan a run of `document` up to `targets` (everything where none are named).

    folder: where relative paths start.  engine: table engine with its version.  before: ingredients of the last run.
    name: of the document, under which the store remembers it.  fetch: of a run; without one, nothing is fetched anew.
    settled: steps that have run just now: what stands in for a failure counts as their result (None: of all).
    like: a plan made before: about as many rounds are looked for at first as that has.
    Raises RunError for an unknown target and DocumentError-like problems in the graph (a cycle).
    """
    named = None if targets is None else list(targets)
    decided: dict[str, list[Row]] = {}
    rounds: dict[str, int] = {}
    ahead = {path: count + 1 for path, count in (like.rounds if like else {}).items()}
    while True:
        plan = Plan({}, folder, engine, [], before or {}, name, rounds=rounds)
        lay_out(plan, document, specs, decided, ahead)
        plan.targets = _targets(plan, named)
        mark_kept(plan)
        twins = _prepare_all(plan, Known(store, settled), fetch)
        _find_results(plan, store, settled, [twins.get(name, name) for name in plan.undecided])
        told = {name: runs for name in plan.undecided if (runs := _runs(plan.steps[twins.get(name, name)])) is not None}
        decided |= told
        ahead, exact = _rounds_ahead(plan, told)
        if exact:
            _find_results(plan, store, settled, plan.steps)
            return plan


def _rounds_ahead(plan: Plan, told: Mapping[str, list[Row]]) -> tuple[dict[str, int], bool]:
    """How many rounds to suppose next, by loop, after those that are told; and whether the plan is right as it is.

    It is where all that was supposed has been told so, and nothing beyond. Where everything was, far more is supposed: so a
    loop with many rounds behind it is planned a few times, not once a round.
    """
    chains: dict[str, list[str]] = {}
    for name, path in plan.undecided.items():
        chains.setdefault(path, []).append(name)
    ahead: dict[str, int] = {}
    exact = True
    for path, chain in chains.items():
        follow = sum(1 for _ in takewhile(told.get, chain))
        plan.rounds[path] = plan.rounds.get(path, 0) + follow
        if follow == len(chain):
            ahead[path] = 4 * follow + 4
        exact = exact and follow == len(chain) - 1 and chain[-1] not in told
    plan.undecided = {name: path for name, path in plan.undecided.items() if name not in told}
    return ahead, exact


def _find_results(plan: Plan, store: Store | None, settled: Collection[str] | None, names: Iterable[str]) -> None:
    """See what the store holds of these steps."""
    if store is None:
        return
    for step in map(plan.steps.__getitem__, names):
        step.settled = settled is None or step.id in settled
        if step.kept and step.recipe and step.problem is None:
            step.result = step.usable(store.result(step.recipe))


def _prepare_all(plan: Plan, known: Known, fetch: Fetch | None) -> dict[str, str]:
    """Prepare each step in order, and do but once what several runs of a loop would do alike.

    Gives the steps that are left out, each with the one that stands for it.
    """
    twins: dict[str, str] = {}
    first: dict[tuple[str, str], str] = {}
    wires = {name: step.links for name, step in plan.steps.items()}
    for name, step in list(plan.steps.items()):
        if twins:
            step.links, step.wired, step.fed = (_led(links, twins) for links in (step.links, step.wired, step.fed))
        step.narrowed = narrowings(plan.steps, step, plan.targets)
        prepare(step, plan, known, fetch)
        twin = first.setdefault((step.path, step.recipe), name) if step.recipe and step.label else name
        if twin != name:
            twins[name] = twin
    for name, twin in twins.items():
        plan.steps[twin].end |= plan.steps[name].end
    plan.without(twins)
    if twins or any(step.links is not wires[name] for name, step in plan.steps.items()):
        plan.targets = list(dict.fromkeys(twins.get(name, name) for name in plan.targets))
        count_readers(plan)
        mark_kept(plan)
    return twins


def _led(links: list[Link], twins: Mapping[str, str]) -> list[Link]:
    """The same wires, those from a step that is left out led from its twin."""
    return [Link(link.port, twins.get(link.source, link.source), link.output) for link in links]


def _targets(plan: Plan, targets: list[str] | None) -> list[str]:
    if targets is None:
        return [s.id for s in plan.steps.values() if s.end or s.pinned]
    found: list[str] = []
    for name in targets:
        if name not in plan.at and not any(path == name for path in plan.undecided.values()):
            remedy = f"{nearest(name, plan.at)} Nodes: {listing(plan.at)}.".strip()
            raise RunError(f'There is no node "{name}".', remedy=remedy)
        steps = plan.at.get(name, [])
        together = [s for s in steps if s.kind in COLLECTORS]
        found += [s.id for s in together or steps]
    return found


def _runs(step: Step) -> list[Row] | None:
    """The runs of a loop, once they are known."""
    output = None if step.missing or step.result is None else step.result.outputs.get(RUNS_PORT)
    return None if output is None else list(output.facts["value"])
