"""Finds the nodes: every module of every package that names itself under the entry point group `peephole.nodes`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType

from peephole.core.errors import DeclarationError, PeepholeError, nearest
from peephole.core.node import Node, NodeSpec

GROUP = "peephole.nodes"


@dataclass(frozen=True)
class Catalog:
    """All nodes by type.  broken: packages whose nodes could not be loaded, each with the reason."""

    nodes: dict[str, Node] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    @property
    def specs(self) -> dict[str, NodeSpec]:
        """Every node's spec by type."""
        return {name: node.spec for name, node in self.nodes.items()}

    def get(self, node_type: str) -> Node | None:
        """The node of that type, if it is installed."""
        return self.nodes.get(node_type)

    def require(self, node_type: str) -> Node:
        """The node of that type; raises PeepholeError with the nearest name."""
        found = self.nodes.get(node_type)
        if found is None:
            raise PeepholeError(
                f'There is no node "{node_type}".',
                remedy=f"{nearest(node_type, self.nodes)} `peephole nodes` lists them all.".strip(),
            )
        return found


@cache
def catalog() -> Catalog:
    """The nodes of every installed package. A foreign package that fails to load is reported, and stops nobody."""
    found = Catalog()
    for entry in entry_points(group=GROUP):
        try:
            add_nodes(found, entry.load())
        except (Exception, SystemExit) as error:
            if entry.value.partition(".")[0] == "peephole":
                raise
            found.broken.append(f"The nodes of {entry.value} cannot be loaded: {type(error).__name__}: {error}")
    return found


def add_nodes(found: Catalog, package: ModuleType) -> None:
    """Add every node declared in a package; raises DeclarationError where two have one type."""
    for module in _modules(package):
        for value in vars(module).values():
            if isinstance(value, Node) and value.__module__ == module.__name__:
                other = found.nodes.setdefault(value.spec.type, value)
                if other is not value:
                    raise DeclarationError(
                        f'Two nodes have the type "{value.spec.type}": in {other.__module__} and {value.__module__}.',
                        remedy="Rename one of the functions.",
                    )


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    yield package
    for info in pkgutil.walk_packages(getattr(package, "__path__", []), f"{package.__name__}."):
        if not info.name.rpartition(".")[2].startswith("_"):
            yield importlib.import_module(info.name)
