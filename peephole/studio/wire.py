"""Everything that travels between server and browser over HTTP, as models. From these `ui/src/api/generated.ts` is made.

Of what is answered every field is present; of what is asked, fields with a default may be left out. Tables travel as Arrow.
The messages of the websocket are in `messages.py`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from peephole.engine.events import Problem
from peephole.workflow.document import Document
from peephole.workflow.findings import Finding

Json = JsonValue
State = Literal[
    "incomplete", "ready", "waiting", "running", "done", "stale", "failed", "cancelled", "interrupted", "placeholder"
]
RunPhase = Literal["idle", "running", "cancelling"]


class Answer(BaseModel):
    """What the server says."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True, defer_build=True)


class Request(BaseModel):
    """What the browser asks; anything unknown in it is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Body(Request):
    """What is posted; built at once, for FastAPI does not expect otherwise."""

    model_config = ConfigDict(defer_build=False)


class Failure(Answer):
    """The body of every answer with a status of 400 or more."""

    problem: Problem


# -- the start page ---------------------------------------------------------------------------------------------------


class TemplateCard(Answer):
    """A ready workflow.  description: its first line."""

    name: str
    title: str
    description: str


class RecentFile(Answer):
    """A workflow that was open before.  changed: seconds since 1970.  id: of a workflow that has no name yet."""

    path: str | None
    id: str | None
    title: str
    changed: float


class Start(Answer):
    """folders: the folders that files may be read from and written to."""

    version: str
    templates: list[TemplateCard]
    recent: list[RecentFile]
    folders: list[str]


class NewDocument(Body):
    """Open a copy of a template, or a file, or (neither) something empty."""

    template: Annotated[str, Field(max_length=200)] | None = None
    path: Annotated[str, Field(max_length=4096)] | None = None


class Opened(Answer):
    """The document's id: its page is /d/{id}."""

    id: str


class SaveAs(Body):
    """path: where to; a relative one starts at the first of the folders.  replace: whatever is there already."""

    path: Annotated[str, Field(min_length=1, max_length=4096)]
    replace: bool = False


class Saved(Answer):
    """Where the document is saved now."""

    path: str


class Uploaded(Answer):
    """Where the uploaded file lies, as a setting names it."""

    path: str


class FileEntry(Answer):
    """A file.  size: in bytes.  changed: seconds since 1970."""

    name: str
    path: str
    size: int
    changed: float


class FolderEntry(Answer):
    """A folder."""

    name: str
    path: str


class FolderListing(Answer):
    """What is in a folder.  parent: None where that may not be read.  cut: there is more than is listed."""

    folder: str
    parent: str | None
    folders: list[FolderEntry]
    files: list[FileEntry]
    cut: bool = False


class DataSetEntry(Answer):
    """A named data set.  source: where it comes from.  cached: it is on this machine already."""

    name: str
    title: str
    description: str
    licence: str
    source: str
    rows: int | None
    cached: bool


# -- the node library -------------------------------------------------------------------------------------------------


class PortKind(Answer):
    """A port type and how it looks.  on_light, on_dark: its colour for thin lines on either ground."""

    name: str
    colour: str
    on_light: str
    on_dark: str
    shape: str
    doc: str


class Family(Answer):
    """A family of nodes.  drawing: the `d` of a path to stroke on a 24 by 24 grid."""

    name: str
    title: str
    drawing: str


class InputPort(Answer):
    """An input port.  type: name of its port type.  optional: may stay unconnected.  many: takes several wires."""

    name: str
    type: str
    doc: str
    optional: bool
    many: bool


class OutputPort(Answer):
    """An output port."""

    name: str
    type: str
    doc: str


class NodeType(Answer):
    """A node of the library.

    drawing: its icon, the `d` of a path to stroke on a 24 by 24 grid.  schema: JSON Schema of the settings with
    x-columnpicker, x-formulatext, x-filepath, x-dataset, x-multiline.  runs: "engine" where it becomes part of a query.
    effect: it changes something outside.  has_code: a setting of it is run as a program.
    missing: libraries it needs that are not installed.  also: names it has in other programs, for searching.
    """

    type: str
    title: str
    family: str
    icon: str
    drawing: str
    version: int
    summary: str
    doc: str
    inputs: list[InputPort]
    outputs: list[OutputPort]
    settings_schema: dict[str, Json] = Field(serialization_alias="schema")
    defaults: dict[str, Json]
    setting_docs: dict[str, str]
    runs: Literal["engine", "outside"]
    data_dependent: bool
    effect: bool
    has_code: bool
    missing: list[str]
    also: list[str]


class Catalog(Answer):
    """The node library.  broken: packages whose nodes could not be loaded."""

    port_types: list[PortKind]
    families: list[Family]
    nodes: list[NodeType]
    broken: list[str]


# -- a document and what is known of it -------------------------------------------------------------------------------


class Message(Answer):
    """Something to know about a node's result."""

    level: Literal["info", "warning"]
    text: str


class Progress(Answer):
    """How far a running node is.  rate: a second.  remaining: seconds."""

    title: str
    done: float
    total: float | None
    rate: float | None
    remaining: float | None


class NodeState(Answer):
    """How a node stands.

    reason: why it is so (waits for what, why it ran, what has changed).  cached: nothing ran, the result was there.
    summary: its settings in one line.  group: where the guilty node of a query stays open, all nodes of it.
    curves: live metrics, thinned to 500 points each of `points` in all.
    """

    state: State
    reason: str = ""
    seconds: float | None = None
    cached: bool = False
    summary: str = ""
    problem: Problem | None = None
    group: list[str] = []
    messages: list[Message] = []
    progress: Progress | None = None
    curves: dict[str, list[float | None]] = {}
    points: int = 0


class PortFacts(Answer):
    """What is known of an output port.

    type: name of its port type.  schema: [name, type] of each column a person sees, None where not known yet.
    rows: where known.  stored: the value lies in the store.  facts: a few more (task of a model, value of a variable ...).
    """

    type: str
    columns: list[tuple[str, str]] | None = Field(default=None, serialization_alias="schema")
    rows: int | None = None
    stored: bool = False
    facts: dict[str, Json] = {}


class RunState(Answer):
    """state: of the run.  targets: what was asked for, None for everything.  started_at: seconds since 1970."""

    state: RunPhase
    targets: list[str] | None = None
    started_at: float | None = None


class Snapshot(Answer):
    """A document as it is now.

    revision: counts edits.  seq: number of the last message of the websocket that is contained in this.
    path: its file, None while it has no name.  saved: all edits are in its file.  needs_trust: it came from elsewhere and
    holds nodes that run code, write files or read outside the folders; it runs after `trust`.
    ports: by "node.port".  nodes: by path.
    """

    id: str
    revision: int
    seq: int
    document: Document
    path: str | None
    title: str
    saved: bool
    trusted: bool
    needs_trust: bool
    can_undo: bool
    can_redo: bool
    findings: list[Finding]
    ports: dict[str, PortFacts]
    nodes: dict[str, NodeState]
    run: RunState


# -- what lies at a port ----------------------------------------------------------------------------------------------


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
