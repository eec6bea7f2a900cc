"""Port types: what may travel along a wire. Registered here by name; the code that saves and loads is named by import string.

`Table`, `Model`, `Figure` ... are what a node's signature is annotated with. Table is a Narwhals lazy frame; the others are
light classes, so that a signature can be read without importing any data library.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from peephole.core.errors import DeclarationError

if TYPE_CHECKING:
    import narwhals as nw

    Table = nw.LazyFrame[Any]
else:

    class Table:
        """Rows and columns: a Narwhals lazy frame."""


@dataclass(frozen=True)
class Model:
    """What a learner found out: a fitted scikit-learn estimator and what it needs to know of its columns.

    estimator: the whole pipeline, preparation included.  task: what it predicts.  target: the column learnt.
    features: the columns it needs, with the type each had.  classes: the labels, in order, for a classifier.
    """

    estimator: Any
    task: Literal["classification", "regression", "clustering", "transformation", "outliers"]
    target: str | None
    features: dict[str, str]
    classes: list[Any] = field(default_factory=list)
    title: str = ""
    notes: dict[str, Any] = field(default_factory=dict)


class Network:
    """A neural network: drawn (a graph of layers) or trained (with weights and preparation); see peephole.neural."""

    def facts(self) -> dict[str, Any]:
        """What to show beside a wire, known before anything runs: shape, parameters, layers ..."""
        raise NotImplementedError


@dataclass(frozen=True)
class Figure:
    """A drawing: an ECharts description as plain data and the Arrow table it draws (dataset 0).

    option: ECharts option; series refer to the data by column name through `encode`.  data: a pyarrow.Table.
    """

    option: dict[str, Any]
    data: Any
    title: str = ""


@dataclass(frozen=True)
class Variable:
    """One value that can feed a setting through a wire."""

    value: bool | int | float | str | list[Any] | None


@dataclass(frozen=True)
class Report:
    """A page: a title and its parts in order (text as Markdown, figures, small tables as pyarrow.Table)."""

    title: str
    parts: list[Any]


class Codec(Protocol):
    """How values of one port type are kept on disk and passed to plain calls. Never pickle."""

    def save(self, value: Any, folder: Path) -> None:
        """Write the value into an empty folder."""

    def load(self, folder: Path) -> Any:
        """Read it back."""

    def content_key(self, folder: Path) -> str:
        """A hash that is equal where two saved values mean the same (not of bytes that differ from run to run)."""

    def summary(self, folder: Path) -> dict[str, Any]:
        """A few plain facts to show beside the port (rows and columns of a table, kind of model ...)."""

    def adapt(self, value: Any) -> tuple[Any, Callable[[Any], Any]]:
        """For a plain call: what the node's function takes, and the way to give the same kind back."""


@dataclass(frozen=True)
class PortType:
    """One kind of thing on a wire.  colour, shape: how its ports and wires look (readable without colour).

    codec: import string of a Codec class.
    """

    name: str
    colour: str
    shape: Literal["circle", "square", "triangle", "diamond", "hexagon", "star", "pentagon"]
    codec: str
    doc: str

    def load_codec(self) -> Codec:
        """The codec's one instance; its libraries are imported only now."""
        return _codec(self.codec)


@cache
def _codec(path: str) -> Codec:
    module, _, name = path.partition(":")
    codec: Codec = getattr(importlib.import_module(module), name)()
    return codec


_registry: dict[Any, PortType] = {}


def register_port_type(python: Any, port_type: PortType) -> None:
    """Let nodes use `python` as an annotation for ports of this type. Raises DeclarationError for a name taken twice."""
    taken = _registry.get(python) or next((p for p in _registry.values() if p.name == port_type.name), None)
    if taken is not None and taken != port_type:
        raise DeclarationError(f'The port type "{port_type.name}" is registered twice.', remedy="Choose another name.")
    _registry[python] = port_type


def port_type_of(annotation: Any) -> PortType | None:
    """The port type registered for an annotation, if there is one."""
    try:
        return _registry.get(annotation)
    except TypeError:  # unhashable annotations are never port types
        return None


def port_types() -> dict[str, PortType]:
    """Every port type by name."""
    return {p.name: p for p in _registry.values()}


# Okabe-Ito colours: told apart with any colour vision; the shape tells them apart without colour.
for _python, _type in [
    (Table, PortType("Table", "#0072B2", "square", "peephole.ports.table:TableCodec", "Rows and columns.")),
    (Model, PortType("Model", "#009E73", "hexagon", "peephole.ports.model:ModelCodec", "A fitted model.")),
    (Network, PortType("Network", "#56B4E9", "pentagon", "peephole.ports.network:NetworkCodec", "A neural network.")),
    (Figure, PortType("Figure", "#E69F00", "triangle", "peephole.ports.figure:FigureCodec", "A drawing.")),
    (Variable, PortType("Variable", "#CC79A7", "circle", "peephole.ports.variable:VariableCodec", "One value.")),
    (Report, PortType("Report", "#D55E00", "diamond", "peephole.ports.report:ReportCodec", "A page.")),
]:
    register_port_type(_python, _type)
