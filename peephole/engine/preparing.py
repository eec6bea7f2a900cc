"""Prepares the steps of a plan in order: settings complete, recipe named, or what keeps a step from running."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from peephole.core.colours import Colouring, Colours
from peephole.core.errors import PeepholeError, SettingError
from peephole.core.node import NodeSpec
from peephole.engine.events import Problem
from peephole.engine.ingredients import ingredients, plain, recipe_key
from peephole.engine.laying import used_links
from peephole.engine.outside import Fetch, from_outside
from peephole.engine.planned import Plan
from peephole.engine.problems import problem_of
from peephole.engine.steps import Link, Step
from peephole.engine.store import Store, StoredResult
from peephole.engine.wiring import wiring_problem
from peephole.workflow.document import SETTINGS
from peephole.workflow.unroll import WAIT


@dataclass(frozen=True)
class Known:
    """Results that may decide what else runs."""

    store: Store | None
    settled: Collection[str] | None

    def result(self, step: Step) -> StoredResult | None:
        """What the store holds of a step, if that will stay."""
        found = self.store.result(step.recipe) if self.store is not None and step.recipe else None
        settled = self.settled is None or step.id in self.settled
        return None if found is None or (found.provisional and not settled) else found


def prepare(step: Step, plan: Plan, known: Known, fetch: Fetch | None) -> None:
    """Check the settings and name the recipe, or say why the step cannot run."""
    _choose(step, plan, known)
    broken = [link for link in (*step.links, *step.fed) if plan.steps[link.source].problem is not None]
    if step.spec is not None and step.spec.rescues:
        lost = [link for link in broken if link.port == step.spec.rescues]
        step.links = [link for link in step.links if link not in lost]
        step.rescued = f'"{plan.steps[lost[0].source].title}" cannot run.' if lost else ""
        broken = [link for link in broken if link.port != step.spec.rescues]
    if broken or step.kind == WAIT or step.id in plan.undecided.values():
        waits = plan.steps[broken[0].source].title if broken else step.title
        step.problem = step.problem or Problem(id="skipped", what=f'It waits for "{waits}".', remedy="Mend that first.")
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


def _choose(step: Step, plan: Plan, known: Known) -> None:
    """Leave aside the wires that a switch does not use, where wires feed its settings: their values must be there."""
    if step.spec is None or step.spec.chooses is None or not step.fed or step.problem is not None:
        return
    values: dict[str, Any] = {}
    for fed in step.fed:
        source = plan.steps[fed.source]
        result = known.result(source)
        if result is None or fed.output not in result.outputs:
            plan.undecided[source.id] = step.id
            return
        values[fed.port] = result.outputs[fed.output].facts.get("value")
    try:
        step.links = used_links(step, {**step.settings, **values})
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
