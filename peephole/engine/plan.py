"""What would run: each node's recipe, which results are kept, which are there, which must be made, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from peephole.core.errors import PeepholeError, RunError, SettingError, nearest
from peephole.core.node import NodeSpec
from peephole.engine.events import Problem
from peephole.engine.ingredients import Ingredients, ingredients, plain, recipe_key, why
from peephole.engine.problems import problem_of
from peephole.engine.store import Store, StoredResult
from peephole.workflow.document import Document, NodeBlock, Wire
from peephole.workflow.order import flatten, order

# A longer query costs more to build than its parts cost to store (see docs/benchmarks.md).
MOST_FUSED = 40


@dataclass(frozen=True)
class Link:
    """One wire into a node: its input port (or the setting it feeds), the source node and that node's output port."""

    port: str
    source: str
    output: str


@dataclass
class Step:
    """One node of the flat workflow, as planned.

    kept: its result is stored; otherwise it is part of its readers' queries.  made_from: the recipe's ingredients.
    problem: why it cannot run.  result: what the store holds for its recipe.
    """

    id: str
    title: str
    spec: NodeSpec | None
    settings: dict[str, Any]
    links: list[Link] = field(default_factory=list)
    fed: list[Link] = field(default_factory=list)
    readers: list[str] = field(default_factory=list)
    pinned: bool = False
    kept: bool = False
    depth: int = 0
    recipe: str = ""
    made_from: Ingredients | None = None
    problem: Problem | None = None
    result: StoredResult | None = None

    @property
    def sources(self) -> list[str]:
        """The nodes it reads from, each once."""
        return list(dict.fromkeys(link.source for link in (*self.links, *self.fed)))


@dataclass
class Plan:
    """The steps in an order that respects every wire."""

    steps: dict[str, Step]
    folder: Path
    engine: str
    targets: list[str]
    before: Mapping[str, Ingredients] = field(default_factory=dict)

    def kept_sources(self, step: Step) -> list[Step]:
        """The nearest kept steps above a step: what its query reads from the store."""
        found: dict[str, Step] = {}
        for source in (self.steps[s] for s in step.sources):
            if source.kept:
                found[source.id] = source
            else:
                found |= {s.id: s for s in self.kept_sources(source)}
        return list(found.values())

    def fused(self, step: Step) -> list[Step]:
        """The steps whose work is done within this kept step's query, in order, the step itself last."""
        members: dict[str, Step] = {}

        def visit(current: Step) -> None:
            for source in (self.steps[s] for s in current.sources):
                if not source.kept and source.id not in members:
                    visit(source)
            members[current.id] = current

        visit(step)
        return list(members.values())

    def to_run(self) -> list[Step]:
        """The kept steps that must be made, in order: what the targets need and the store does not hold."""
        needed: set[str] = set()

        def visit(step: Step) -> None:
            if step.id in needed or step.result is not None:
                return
            needed.add(step.id)
            for source in self.kept_sources(step):
                visit(source)

        for target in self.targets:
            visit(self.steps[target])
        return [s for s in self.steps.values() if s.id in needed and s.kept]

    def involved(self) -> list[Step]:
        """Every step that the targets rest on, in order."""
        wanted: set[str] = set()
        stack = list(self.targets)
        while stack:
            step = stack.pop()
            if step not in wanted:
                wanted.add(step)
                stack.extend(self.steps[step].sources)
        return [s for s in self.steps.values() if s.id in wanted]

    def made_from(self, done: Iterable[str]) -> dict[str, Ingredients]:
        """Ingredients of the steps whose results are there now, to be remembered as what they last ran with."""
        members = {m.id: m for name in done for m in self.fused(self.steps[name])}
        return {name: m.made_from for name, m in members.items() if m.made_from is not None}

    def reason(self, step: Step) -> str:
        """Why a step runs, in the person's words."""
        if step.made_from is None:
            return "it is incomplete"
        titles = {link.port: self.steps[link.source].title for link in (*step.links, *step.fed)}
        return why(self.before.get(step.id), step.made_from, titles)


def make_plan(
    document: Document,
    specs: Mapping[str, NodeSpec],
    *,
    folder: Path,
    store: Store | None,
    engine: str,
    targets: Iterable[str] | None = None,
    before: Mapping[str, Ingredients] | None = None,
) -> Plan:
    """Plan a run of `document` up to `targets` (everything where none are named).

    folder: where relative paths start.  engine: table engine with its version.  before: ingredients of the last run.
    Raises RunError for an unknown target and DocumentError-like problems in the graph (a cycle).
    """
    flat = flatten(document)
    steps = {i: _step(i, flat.nodes[i], specs) for i in order(flat)}
    _add_wires(steps, flat.wires)
    chosen = _targets(steps, targets)
    plan = Plan(steps, folder, engine, chosen, before or {})
    for step in steps.values():
        _prepare(step, plan)
    _mark_kept(plan)
    if store is not None:
        for step in steps.values():
            if step.kept and step.recipe and step.problem is None:
                step.result = store.result(step.recipe)
    return plan


def _step(step_id: str, block: NodeBlock, specs: Mapping[str, NodeSpec]) -> Step:
    spec = specs.get(block.type)
    title = block.title or (spec.title if spec else block.type)
    settings = dict(block.settings)
    if spec is not None and block.version < spec.version:
        settings = spec.migrate(settings, block.version)
    elif spec is not None and block.version > spec.version:
        spec = None  # made by a newer version: kept as it is, not run
    return Step(step_id, title, spec, settings, pinned=block.pinned)


def _targets(steps: Mapping[str, Step], targets: Iterable[str] | None) -> list[str]:
    if targets is None:
        ends = [s.id for s in steps.values() if not s.readers or s.pinned]
        return ends
    named = list(targets)
    for name in named:
        if name not in steps:
            raise RunError(f'There is no node "{name}".', remedy=nearest(name, steps))
    return named


def _prepare(step: Step, plan: Plan) -> None:
    """Check the settings and name the recipe, or say why the step cannot run."""
    broken = [s for s in step.sources if plan.steps[s].problem is not None]
    if broken:
        step.problem = Problem(
            id="skipped", what=f'It waits for "{plan.steps[broken[0]].title}".', remedy="Mend that first."
        )
        return
    if step.spec is None:
        step.problem = Problem(
            id="unknown-node",
            what=f'The node "{step.title}" is not installed, or was made by a newer version.',
            remedy="Install or update the package it comes from; the document keeps it as it is.",
        )
        return
    try:
        step.settings = complete_settings(step.spec, step.settings, {f.port for f in step.fed})
        inputs: dict[str, list[str]] = {}
        for link in (*step.links, *(Link(f"settings.{f.port}", f.source, f.output) for f in step.fed)):
            inputs.setdefault(link.port, []).append(f"{plan.steps[link.source].recipe}:{link.output}")
        step.made_from = ingredients(step.spec, step.settings, inputs, plan.folder, plan.engine)
        step.recipe = recipe_key(step.made_from)
    except PeepholeError as error:
        step.problem = problem_of(error, step.title)


def complete_settings(spec: NodeSpec, settings: Mapping[str, Any], fed: set[str]) -> dict[str, Any]:
    """All settings as JSON data, defaults filled in; those fed by a wire are left out until their value is known."""
    given = {name: value for name, value in settings.items() if name not in fed}
    required = {name for name, info in spec.settings.model_fields.items() if info.is_required()}
    if not fed & required:
        complete = plain(spec.validate(given))
        return {name: value for name, value in complete.items() if name not in fed}
    for name in given:  # a setting that must come by wire is missing now: check the others one by one
        if name not in spec.settings.model_fields:
            spec.validate(given)
    try:
        spec.validate(given)
    except SettingError as error:
        if (error.setting or "").partition(".")[0] not in fed:
            raise
    return spec.defaults | given


def _add_wires(steps: dict[str, Step], wires: Iterable[Wire]) -> None:
    for wire in wires:
        target = steps[wire.target]
        if wire.setting is not None:
            target.fed.append(Link(wire.setting, wire.source, wire.output))
        else:
            target.links.append(Link(wire.input, wire.source, wire.output))
        if wire.target not in steps[wire.source].readers:
            steps[wire.source].readers.append(wire.target)


def _mark_kept(plan: Plan) -> None:
    """Decide which results are stored: see docs/engine.md for the reasons."""
    for step in plan.steps.values():
        step.depth = 1 + max((s.depth for s in map(plan.steps.get, step.sources) if s and not s.kept), default=0)
        step.kept = (
            not _fusible(step)
            or step.pinned
            or step.id in plan.targets
            or step.depth >= MOST_FUSED
            or any(not _reads_lazily(plan.steps[r]) for r in step.readers)
            or (_uses(plan, step) > 1 and _costly(plan, step))
        )


def _fusible(step: Step) -> bool:
    return step.spec is not None and step.spec.runs == "engine" and not step.spec.data_dependent


def _reads_lazily(step: Step) -> bool:
    """Whether the step only builds on its input's query; a setting fed by a wire needs the value itself."""
    return _fusible(step) and not step.fed


def _uses(plan: Plan, step: Step) -> int:
    """How often the step's query would be computed: once for each output of each reader."""
    return sum(max(1, len(r.spec.outputs)) if (r := plan.steps[name]).spec else 1 for name in step.readers)


def _costly(plan: Plan, step: Step) -> bool:
    return any(s.spec is not None and not s.spec.light for s in plan.fused(step))


def walk(plan: Plan, steps: Iterable[Step]) -> Iterator[str]:
    """Ids of the steps done within these kept steps' queries, each once, in the plan's order."""
    members = {m.id for step in steps for m in plan.fused(step)}
    return (i for i in plan.steps if i in members)
