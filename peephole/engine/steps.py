"""One node of the flat workflow as planned, and the wires into it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from peephole.core.colours import Colours
from peephole.core.node import NodeSpec
from peephole.core.sources import Narrowing
from peephole.engine.events import Problem
from peephole.engine.ingredients import Ingredients, recipe_key
from peephole.engine.store import StoredResult
from peephole.workflow.document import SETTINGS
from peephole.workflow.unroll import path_of


@dataclass(frozen=True)
class Link:
    """One wire into a node: its input port (or the setting it feeds), the source node and that node's output port."""

    port: str
    source: str
    output: str


@dataclass
class Step:
    """One node of the flat workflow, as planned.

    links: the wires it uses; wired: all there are, in order, those among them that it leaves aside (a switch) included.
    label: the run of a loop that it belongs to, in words.
    readers: how many wires each reader takes from it.  made_from: the recipe's ingredients.
    kept: its result is stored; otherwise it is part of its readers' queries.  reads: the nearest kept steps above it.
    end: no wire leads on from it.  settled: it has run, and will not be tried again.
    rescued: what it does without because that failed, in words.
    size: how many steps its query is made of.  light: all of these are.
    colours: chosen for columns of its tables by itself and what it reads.
    narrowed: what the nodes after it need of what it reads from outside.
    problem: why it cannot run.  result: what the store holds for its recipe.
    """

    id: str
    title: str
    spec: NodeSpec | None
    settings: dict[str, Any]
    kind: str = ""
    label: str = ""
    links: list[Link] = field(default_factory=list)
    wired: list[Link] = field(default_factory=list)
    fed: list[Link] = field(default_factory=list)
    readers: dict[str, int] = field(default_factory=dict)
    reads: dict[str, None] = field(default_factory=dict)
    pinned: bool = False
    kept: bool = False
    settled: bool = False
    rescued: str = ""
    size: int = 1
    light: bool = False
    recipe: str = ""
    end: bool = False
    made_from: Ingredients | None = None
    narrowed: tuple[Narrowing, ...] = ()
    colours: Colours = field(default_factory=dict)
    problem: Problem | None = None
    result: StoredResult | None = None

    @cached_property
    def path(self) -> str:
        """The node that a person sees: the same for all runs of a loop."""
        return path_of(self.id)

    @property
    def columns_of(self) -> str:
        """The recipe under which its columns are remembered: for a source, whatever is fetched of it and when."""
        if self.spec is None or not self.spec.source or self.made_from is None:
            return self.recipe
        return recipe_key({k: v for k, v in self.made_from.items() if k not in ("fetched", "narrowed")})

    @property
    def work(self) -> str:
        """The name of its unfinished work: its recipe, but for how long it is to work where that is a setting."""
        lasts = self.spec.lasts if self.spec is not None else ""
        if not lasts or self.made_from is None:
            return self.recipe
        settings = {name: value for name, value in self.made_from["settings"].items() if name != lasts}
        inputs = {port: read for port, read in self.made_from["inputs"].items() if port != f"{SETTINGS}{lasts}"}
        return recipe_key({**self.made_from, "settings": settings, "inputs": inputs})

    @property
    def sources(self) -> list[str]:
        """The nodes it reads from, each once."""
        return list(dict.fromkeys(link.source for link in (*self.links, *self.fed)))

    @property
    def missing(self) -> bool:
        """Whether its result has to be made."""
        return self.result is None or (self.result.provisional and not self.settled)

    def usable(self, result: StoredResult | None) -> StoredResult | None:
        """The result if it has each output that the node promises."""
        outputs = self.spec.outputs if self.spec else ()
        whole = result is not None and result.outputs.keys() == {port.name for port in outputs}
        return result if whole else None
