"""Finds the nodes: every module of every package that names itself under the entry point group `peephole.nodes`.

A node that is asked for by its type is looked up in the sources and only its module is imported; whoever wants to see all nodes
has all modules imported. With a hundred nodes this is the difference between an instant and a second.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from peephole.core.errors import DeclarationError, PeepholeError, nearest
from peephole.core.node import Node, NodeSpec

GROUP = "peephole.nodes"
_DECLARED = re.compile(r"^def (\w+)\(", re.MULTILINE)


class Catalog:
    """All nodes by type. Several threads may ask: one of them finds, the others wait, so that none sees half of it."""

    def __init__(self, entries: Iterable[EntryPoint] = ()) -> None:
        self._entries = list(entries)
        self._found: dict[str, Node] = {}
        self._broken: list[str] = []
        self._complete = not self._entries
        self._finding = threading.RLock()

    @property
    def nodes(self) -> dict[str, Node]:
        """Every node."""
        self._find_all()
        return self._found

    @property
    def broken(self) -> list[str]:
        """Packages whose nodes could not be loaded, each with the reason."""
        self._find_all()
        return self._broken

    @property
    def specs(self) -> Mapping[str, NodeSpec]:
        """Every node's spec by type."""
        return _Specs(self)

    def get(self, node_type: str) -> Node | None:
        """The node of that type, if it is installed."""
        if node_type not in self._found:
            with self._finding:
                if not self._complete:
                    self._find(node_type)
        return self._found.get(node_type)

    def require(self, node_type: str) -> Node:
        """The node of that type; raises PeepholeError with the nearest name."""
        found = self.get(node_type)
        if found is None:
            raise PeepholeError(
                f'There is no node "{node_type}".',
                remedy=f"{nearest(node_type, self.nodes)} `peephole nodes` lists them all.".strip(),
            )
        return found

    def add(self, modules: Iterable[ModuleType]) -> None:
        """Add every node declared in these modules; raises DeclarationError where two have one type."""
        for module in modules:
            for value in vars(module).values():
                if isinstance(value, Node) and value.__module__ == module.__name__:
                    other = self._found.setdefault(value.spec.type, value)
                    if other is not value:
                        raise DeclarationError(
                            f'Two nodes have the type "{value.spec.type}": '
                            f"in {other.__module__} and {value.__module__}.",
                            remedy="Rename one of the functions.",
                        )

    def _find(self, node_type: str) -> None:
        """Import the module that seems to declare the node, or the package that it is named for; else all of them."""
        package, _, name = node_type.rpartition("/")
        if not package and name in self._sources:
            self.add([importlib.import_module(self._sources[name])])
        for entry in list(self._entries):
            if package and entry.value.partition(".")[0] == package:
                self._load(entry)
        if node_type not in self._found:
            self._find_all()

    def _find_all(self) -> None:
        """A foreign package that fails to load is reported, and stops nobody."""
        with self._finding:
            self._complete = True
            while self._entries:
                self._load(self._entries[0])

    def _load(self, entry: EntryPoint) -> None:
        self._entries.remove(entry)
        try:
            self.add(_modules(entry.load()))
        except (Exception, SystemExit) as error:
            if entry.value.partition(".")[0] == "peephole":
                raise
            self._broken.append(f"The nodes of {entry.value} cannot be loaded: {type(error).__name__}: {error}")

    @cached_property
    def _sources(self) -> dict[str, str]:
        """Our own modules by the functions they define, read off their text."""
        found: dict[str, str] = {}
        package = find_spec("peephole.nodes")
        for folder in (package.submodule_search_locations or ()) if package else ():
            for path in Path(folder).rglob("[!_]*.py"):
                text = path.read_text(encoding="utf-8")
                if "@node(" in text:
                    module = ".".join(("peephole.nodes", *path.relative_to(folder).with_suffix("").parts))
                    found |= dict.fromkeys(_DECLARED.findall(text), module)
        return found


class _Specs(Mapping[str, NodeSpec]):
    """The specs of a catalog by type; all nodes are imported only where all are asked for."""

    def __init__(self, nodes: Catalog) -> None:
        self._nodes = nodes

    def __getitem__(self, node_type: str) -> NodeSpec:
        found = self._nodes.get(node_type)
        if found is None:
            raise KeyError(node_type)
        return found.spec

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes.nodes)

    def __len__(self) -> int:
        return len(self._nodes.nodes)


@cache
def catalog() -> Catalog:
    """The nodes of every installed package."""
    return Catalog(entry_points(group=GROUP))


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    yield package
    for info in pkgutil.walk_packages(getattr(package, "__path__", []), f"{package.__name__}."):
        if not info.name.rpartition(".")[2].startswith("_"):
            yield importlib.import_module(info.name)
