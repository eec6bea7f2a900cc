"""Nodes that read from outside (databases, addresses): when they fetch anew, and how little they need to fetch."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from peephole.core.errors import PeepholeError
from peephole.core.settings import Refresh
from peephole.core.sources import Narrowing
from peephole.engine.ingredients import Ingredients, marked
from peephole.engine.steps import Step


@dataclass(frozen=True)
class Fetch:
    """A run's wish to fetch.  token: tells this run from others.

    all, these: whether all that is otherwise fetched by hand only is fetched too, or these steps of it.
    """

    all: bool = False
    these: Collection[str] = ()
    token: str = field(default_factory=lambda: uuid.uuid4().hex)

    def wants(self, step: Step) -> bool:
        """Whether the step is fetched anew although that is left to the person's hand."""
        return self.all or step.id in self.these


def from_outside(step: Step, before: str | None, fetch: Fetch | None) -> Ingredients:
    """What belongs to a source's recipe beside its settings: which fetching it comes from, and what is fetched.

    before: the token of the run in which it was last fetched.
    """
    by_hand = step.spec is not None and "each run" not in marked(step.spec, step.settings, Refresh)
    stays = fetch is None or (by_hand and before is not None and not fetch.wants(step))
    token = before if stays else fetch and fetch.token
    return {"fetched": token or "", "narrowed": [narrowing.to_json() for narrowing in step.narrowed]}


def narrowings(steps: Mapping[str, Step], source: Step, targets: Collection[str]) -> tuple[Narrowing, ...]:
    """What the nodes that directly follow a source need of it: rows of filters, down to the first that chooses columns.

    Nothing where the person asked to see the source itself.
    """
    if source.spec is None or not source.spec.source or source.pinned or source.id in targets:
        return ()
    found: list[Narrowing] = []
    step = source
    while (reader := _only_reader(steps, step)) is not None and (need := _need(reader)) is not None:
        found.append(need)
        if need.columns or need.dropped or reader.kept:  # what is kept has all its columns
            break
        step = reader
    return tuple(found)


def _only_reader(steps: Mapping[str, Step], step: Step) -> Step | None:
    wires = list(step.readers.items())
    return steps[wires[0][0]] if len(wires) == 1 and wires[0][1] == 1 else None


def _need(step: Step) -> Narrowing | None:
    spec = step.spec
    if spec is None or spec.narrows is None or step.fed or step.problem is not None or len(step.links) != 1:
        return None
    try:
        return spec.narrows(spec.validate(step.settings))
    except PeepholeError:  # told as that node's own problem
        return None
