"""What lies at a port: figures of a table, a drawing, a model, a page, a network."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from peephole.engine.events import Problem
from peephole.studio.wire.base import Answer, Json


class Histogram(Answer):
    """counts[i]: of the values from edges[i] up to edges[i + 1].  Dates are given as milliseconds since 1970."""

    edges: list[float]
    counts: list[int]


class TopValue(Answer):
    """A value and how often it occurs.  value: None for missing."""

    value: Json
    count: int


class ColumnStatistics(Answer):
    """One column.  count: of values that are there.  distinct: estimated beyond some thousands.  min, max: as text for dates."""

    name: str
    type: str
    count: int
    missing: int
    distinct: int | None = None
    min: Json = None
    max: Json = None
    mean: float | None = None
    std: float | None = None
    quantiles: list[float] | None = None
    histogram: Histogram | None = None
    top: list[TopValue] | None = None


class Statistics(Answer):
    """rows: of the table.  sampled: of how many rows the figures are made, None where of all."""

    rows: int
    sampled: int | None
    columns: list[ColumnStatistics]


class FigureFacts(Answer):
    """A drawing.  option: for ECharts; its data are at figure-data as Arrow.  selection: setting that takes a selection."""

    title: str
    option: dict[str, Json]
    rows: int


class Importance(Answer):
    """A feature and its weight in a model."""

    feature: str
    value: float


class TreeNode(Answer):
    """A node of a decision tree.

    question: as a person reads it (`hour ≤ 12.5`, `carrier is AA or UA`), "" at a leaf.  feature, threshold: the same as
    scikit-learn has it.  left: where it is true; None at a leaf, and where the levels below are left out.
    rows: that came here.  value: the prediction.  shares: of each class, in the order of `classes`.  impurity: of the rows.
    """

    question: str
    feature: str | None
    threshold: float | None
    rows: float
    impurity: float
    value: Json
    shares: list[float] | None
    left: TreeNode | None
    right: TreeNode | None


class Tree(Answer):
    """A decision tree.  depth: of the whole; what lies deeper than `shown` levels is left out.  leaves: of the whole."""

    root: TreeNode
    depth: int
    shown: int
    leaves: int


class Coefficient(Answer):
    """A weight of a linear model.  target: the class it speaks for, None for one number."""

    feature: str
    target: str | None
    value: float


class ModelFacts(Answer):
    """What a model is, and where it can be read, what it has learnt.

    features: [name, type].  facts: a few more as text by name.  estimator: what it is in scikit-learn.
    """

    title: str
    task: str
    target: str | None
    features: list[tuple[str, str]]
    classes: list[str]
    estimator: str
    facts: dict[str, str]
    importance: list[Importance] | None = None
    tree: Tree | None = None
    coefficients: list[Coefficient] | None = None


class ReportText(Answer):
    """A part of a page: Markdown."""

    kind: Literal["text"] = "text"
    text: str


class ReportFigure(Answer):
    """A part of a page: a drawing with its data, column by column."""

    kind: Literal["figure"] = "figure"
    title: str
    option: dict[str, Json]
    data: dict[str, list[Json]]


class ReportTable(Answer):
    """A part of a page: a small table.  rows: of the whole."""

    kind: Literal["table"] = "table"
    columns: list[tuple[str, str]]
    cells: list[list[Json]]
    rows: int


ReportPart = Annotated[ReportText | ReportFigure | ReportTable, Field(discriminator="kind")]


class ReportPage(Answer):
    """A page."""

    title: str
    parts: list[ReportPart]


class NetworkFacts(Answer):
    """A network as plain data (layers, wires, shapes, parameter counts) and what came of its training."""

    title: str
    network: dict[str, Any]
    facts: dict[str, Json]
    history: dict[str, list[float | None]]


class DownloadTold(Answer):
    """A line about a file that is being written: how far it is, or under which name it can be fetched, or what is wrong.

    done: share of the rows, 0 to 1.  ready: the last part of its address.
    """

    done: float | None = None
    ready: str | None = None
    problem: Problem | None = None
