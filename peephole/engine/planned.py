"""A plan: the steps of a run with their recipes, which results are kept, which are there, which must be made, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from peephole.engine.ingredients import Ingredients, why
from peephole.engine.steps import Step
from peephole.workflow.document import SETTINGS


@dataclass
class Plan:
    """The steps in an order that respects every wire.

    undecided: steps whose results tell what else is to run, each with the path of the loop or switch that waits for it.
    nodes: the paths of all nodes, as the person sees them, repeated components included.
    anew: steps made again although their results are there.
    rounds: how many rounds are known to follow the first, by the path of the loop.
    """

    steps: dict[str, Step]
    folder: Path
    engine: str
    targets: list[str]
    before: Mapping[str, Ingredients] = field(default_factory=dict)
    name: str = ""
    anew: set[str] = field(default_factory=set)
    undecided: dict[str, str] = field(default_factory=dict)
    nodes: list[str] = field(default_factory=list)
    rounds: dict[str, int] = field(default_factory=dict)
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

    @cached_property
    def at(self) -> dict[str, list[Step]]:
        """The steps of each node that a person sees, in order; the last one of a loop puts its runs together."""
        found: dict[str, list[Step]] = {}
        for step in self.steps.values():
            found.setdefault(step.path, []).append(step)
        return found

    def without(self, names: Iterable[str]) -> None:
        """Leave steps out."""
        for name in names:
            del self.steps[name]
        for cached in ("at", "place"):
            self.__dict__.pop(cached, None)
        self._fused.clear()

    def shown(self, path: str) -> Step | None:
        """The step that stands for a node: of the runs of a loop the last one whose result is there."""
        steps = self.at.get(path, [])
        return next((s for s in reversed(steps) if s.result is not None), steps[-1] if steps else None)

    def pending(self) -> list[str]:
        """The undecided steps that can run now."""
        wanted = {step.id for step in self.involved()}
        return [n for n in self.undecided if n in wanted and (s := self.steps[n]).problem is None and s.missing]

    def to_run(self, targets: Iterable[str] | None = None) -> list[Step]:
        """The kept steps that must be made, in order: what the targets need and the store does not hold."""
        needed: set[str] = set()
        stack = list(self.targets if targets is None else targets)
        while stack:
            step = self.steps[stack.pop()]
            if step.id not in needed and step.missing:
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
