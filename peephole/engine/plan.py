"""What would run: each node's recipe, which results are kept, which are there, which must be made, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from peephole.core.colours import Colouring, Colours
from peephole.core.errors import PeepholeError, RunError, SettingError, listing, nearest
from peephole.core.node import NodeSpec
from peephole.engine.events import Problem
from peephole.engine.ingredients import Ingredients, ingredients, plain, recipe_key, why
from peephole.engine.outside import Fetch, from_outside, narrowings
from peephole.engine.problems import problem_of
from peephole.engine.steps import Link, Step
from peephole.engine.store import Store
from peephole.engine.wiring import wiring_problem
from peephole.workflow.document import SETTINGS, Document, NodeBlock, Wire
from peephole.workflow.order import flatten, order

# A longer query costs more to build than its parts cost to store (see docs/benchmarks.md).
MOST_FUSED = 40


@dataclass
class Plan:
    """The steps in an order that respects every wire.  anew: steps made again although their results are there."""

    steps: dict[str, Step]
    folder: Path
    engine: str
    targets: list[str]
    before: Mapping[str, Ingredients] = field(default_factory=dict)
    name: str = ""
    anew: set[str] = field(default_factory=set)
    _fused: dict[str, list[Step]] = field(default_factory=dict, repr=False)

    @cached_property
    def place(self) -> dict[str, int]:
        """Each step's place in the order."""
        return {name: i for i, name in enumerate(self.steps)}

    def kept_sources(self, step: Step) -> list[Step]:
        """The nearest kept steps above a step: what its query reads from the store."""
        return [self.steps[name] for name in step.reads]

    def fused(self, step: Step) -> list[Step]:
        """The steps whose work is done within this kept step's query, in order, the step itself last."""
        if step.id not in self._fused:
            found, stack = {step.id}, [step]
            while stack:
                for name in stack.pop().sources:
                    if name not in found and not self.steps[name].kept:
                        found.add(name)
                        stack.append(self.steps[name])
            self._fused[step.id] = [self.steps[name] for name in sorted(found, key=self.place.__getitem__)]
        return self._fused[step.id]

    def to_run(self) -> list[Step]:
        """The kept steps that must be made, in order: what the targets need and the store does not hold."""
        needed: set[str] = set()
        stack = list(self.targets)
        while stack:
            step = self.steps[stack.pop()]
            if step.id not in needed and step.result is None:
                needed.add(step.id)
                stack.extend(step.reads)
        return [s for s in self.steps.values() if s.id in needed]

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

    def make_anew(self) -> None:
        """Take the results of the targets as not there."""
        self.anew = set(self.targets)
        for name in self.targets:
            self.steps[name].result = None

    def made_from(self, done: Iterable[str]) -> dict[str, Ingredients]:
        """Ingredients of the steps whose results are there now, to be remembered as what they last ran with."""
        members = {m.id: m for name in done for m in self.fused(self.steps[name])}
        return {name: m.made_from for name, m in members.items() if m.made_from is not None}

    def reason(self, step: Step) -> str:
        """Why a step runs, in the person's words."""
        if step.made_from is None:
            return "it is incomplete"
        titles = {link.port: self.steps[link.source].title for link in step.links}
        titles |= {f"{SETTINGS}{link.port}": self.steps[link.source].title for link in step.fed}
        return why(self.before.get(step.id), step.made_from, titles, kept=step.kept)


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
) -> Plan:
    """Plan a run of `document` up to `targets` (everything where none are named).

    folder: where relative paths start.  engine: table engine with its version.  before: ingredients of the last run.
    name: of the document, under which the store remembers it.  fetch: of a run; without one, nothing is fetched anew.
    Raises RunError for an unknown target and DocumentError-like problems in the graph (a cycle).
    """
    flat = flatten(document)
    steps = {i: _step(i, flat.nodes[i], specs) for i in order(flat)}
    _add_wires(steps, flat.wires)
    chosen = _targets(steps, targets)
    plan = Plan(steps, folder, engine, chosen, before or {}, name)
    _mark_kept(plan)
    for step in steps.values():
        step.narrowed = narrowings(plan.steps, step, plan.targets)
        _prepare(step, plan, fetch)
    if store is not None:
        for step in steps.values():
            if step.kept and step.recipe and step.problem is None:
                step.result = step.usable(store.result(step.recipe))
    return plan


def _step(step_id: str, block: NodeBlock, specs: Mapping[str, NodeSpec]) -> Step:
    spec = specs.get(block.type)
    title = block.title or (spec.title if spec else block.type)
    settings = dict(block.settings)
    problem = None
    if spec is None:
        problem = _not_runnable(f'The node "{title}" is not installed.', "Install the package that it comes from;")
    elif block.version > spec.version:
        problem = _not_runnable(f'The node "{title}" was made by a newer version.', "Update its package;")
        spec = None
    elif block.version < spec.version:
        try:
            settings = spec.migrate(settings, block.version)
        except Exception as error:  # a migration may stumble over whatever stands in a document
            problem = Problem(
                id="migration",
                what=f"{title}: its settings were made by version {block.version} and cannot be brought up to date "
                f"({type(error).__name__}: {error}).",
                remedy="Set them anew.",
            )
    return Step(step_id, title, spec, settings, pinned=block.pinned, problem=problem)


def _not_runnable(what: str, remedy: str) -> Problem:
    return Problem(id="unknown-node", what=what, remedy=f"{remedy} the document keeps it as it is.")


def _targets(steps: Mapping[str, Step], targets: Iterable[str] | None) -> list[str]:
    if targets is None:
        ends = [s.id for s in steps.values() if not s.readers or s.pinned]
        return ends
    named = list(targets)
    for name in named:
        if name not in steps:
            remedy = f"{nearest(name, steps)} Nodes: {listing(steps)}.".strip()
            raise RunError(f'There is no node "{name}".', remedy=remedy)
    return named


def _prepare(step: Step, plan: Plan, fetch: Fetch | None) -> None:
    """Check the settings and name the recipe, or say why the step cannot run."""
    broken = [s for s in step.sources if plan.steps[s].problem is not None]
    if broken:
        step.problem = Problem(
            id="skipped", what=f'It waits for "{plan.steps[broken[0]].title}".', remedy="Mend that first."
        )
        return
    step.problem = step.problem or (wiring_problem(step, step.spec, plan.steps) if step.spec else None)
    if step.spec is None or step.problem is not None:
        return
    try:
        step.settings = complete_settings(step.spec, step.settings, {f.port for f in step.fed})
        inputs: dict[str, list[str]] = {}
        for link in (*step.links, *(Link(f"{SETTINGS}{f.port}", f.source, f.output) for f in step.fed)):
            inputs.setdefault(link.port, []).append(f"{plan.steps[link.source].recipe}:{link.output}")
        step.colours = _colours(step, step.spec, plan)
        step.made_from = ingredients(step.spec, step.settings, inputs, plan.folder, plan.engine, step.colours)
        if step.spec.source:
            step.made_from |= from_outside(step, (plan.before.get(step.id) or {}).get("fetched"), fetch)
        step.recipe = recipe_key(step.made_from)
    except PeepholeError as error:
        step.problem = problem_of(error, step.title)


def _colours(step: Step, spec: NodeSpec, plan: Plan) -> Colours:
    """What was chosen for the tables it reads, those of later inputs over those of earlier ones, and what it chooses."""
    chosen: dict[str, Colouring] = {}
    for link in step.links:
        port = spec.input(link.port)
        if port is not None and port.type.name == "Table":
            chosen.update(plan.steps[link.source].colours)
    if spec.paints is None:
        return chosen
    if step.fed:
        raise SettingError(
            f"{spec.title}: colours are chosen by hand, not by a wire.",
            remedy="Disconnect the wire.",
            setting=step.fed[0].port,
        )
    chosen.update(spec.paints(spec.validate(step.settings)))
    return chosen


def complete_settings(spec: NodeSpec, settings: Mapping[str, Any], fed: set[str]) -> dict[str, Any]:
    """All settings as JSON data, defaults filled in; those fed by a wire are left out until their value is known."""
    if not fed:
        return plain(spec.validate(settings))
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
        readers = steps[wire.source].readers
        readers[wire.target] = readers.get(wire.target, 0) + 1


def _mark_kept(plan: Plan) -> None:
    """Decide which results are stored: ARCHITECTURE.md says why."""
    targets = set(plan.targets)
    for step in plan.steps.values():
        sources = [plan.steps[link.source] for link in (*step.links, *step.fed)]
        inlined = [s for s in sources if not s.kept]
        step.size = 1 + sum(s.size for s in inlined)
        step.light = step.spec is not None and step.spec.light and all(s.light for s in inlined)
        step.reads = dict.fromkeys(name for s in sources for name in ([s.id] if s.kept else s.reads))
        step.kept = (
            not _fusible(step)
            or step.pinned
            or step.id in targets
            or step.size >= MOST_FUSED
            or any(not _reads_lazily(plan.steps[r]) for r in step.readers)
            or (not step.light and _uses(plan, step) > 1)
        )


def _fusible(step: Step) -> bool:
    spec = step.spec
    return spec is not None and spec.runs == "engine" and not spec.data_dependent and not spec.source


def _reads_lazily(step: Step) -> bool:
    """Whether the step only builds on its input's query; a setting fed by a wire needs the value itself."""
    return _fusible(step) and not step.fed


def _uses(plan: Plan, step: Step) -> int:
    """How often the step's query would be computed: once for each wire to, and each output of, a reader."""
    return sum(wires * _outputs(plan.steps[name]) for name, wires in step.readers.items())


def _outputs(step: Step) -> int:
    return max(1, len(step.spec.outputs)) if step.spec else 1
