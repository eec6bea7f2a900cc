"""Plans a run: what would be made, from what, and what is there already. Nothing is run or read but the store's records."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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
) -> Plan:
    """Plan a run of `document` up to `targets` (everything where none are named).

    folder: where relative paths start.  engine: table engine with its version.  before: ingredients of the last run.
    name: of the document, under which the store remembers it.  fetch: of a run; without one, nothing is fetched anew.
    settled: steps that have run just now: what stands in for a failure counts as their result (None: of all).
    Raises RunError for an unknown target and DocumentError-like problems in the graph (a cycle).
    """
    named = None if targets is None else list(targets)
    decided: dict[str, list[Row]] = {}
    while True:
        plan = Plan({}, folder, engine, [], before or {}, name)
        lay_out(plan, document, specs, decided)
        plan.targets = _targets(plan, named)
        mark_kept(plan)
        _prepare_all(plan, Known(store, settled), fetch)
        if store is not None:
            for step in plan.steps.values():
                step.settled = settled is None or step.id in settled
                if step.kept and step.recipe and step.problem is None:
                    step.result = step.usable(store.result(step.recipe))
        told = {name: _runs(plan.steps[name]) for name in plan.undecided if name not in decided}
        more = {name: runs for name, runs in told.items() if runs is not None}
        if not more:
            return plan
        decided |= more


def _prepare_all(plan: Plan, known: Known, fetch: Fetch | None) -> None:
    """Prepare each step in order, and do but once what several runs of a loop would do alike."""
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
