"""Makes a report out of a run: reads the stored results, as much of them as a page shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from peephole.core.errors import PeepholeError
from peephole.core.node import NodeSpec
from peephole.core.schema import visible
from peephole.core.types import Figure
from peephole.engine.catalog import catalog
from peephole.engine.ingredients import NEW
from peephole.engine.store import StoredOutput
from peephole.report.charts import fitted
from peephole.report.facts import facts_text
from peephole.report.from_document import sketch_of, state_of
from peephole.report.labels import settings_of, summary_of, title_of
from peephole.report.model import Chart, Column, Failure, NodeReport, Output, Part, ReportModel, Score, TableHead, Text
from peephole.report.stills import still
from peephole.workflow.document import Document, NodeBlock
from peephole.workflow.order import FlatGraph, flatten
from peephole.workflow.unroll import shown_nodes

if TYPE_CHECKING:
    import pyarrow as pa

    from peephole.engine.run import NodeResult, RunResult

ROWS = 12  # of a table that ends a path
PEEK = 5  # of a table on the way
CHOSEN = "selected"  # the port of a view that holds the rows chosen in its drawing
MOST_POINTS = 20_000  # of a live chart; beyond it a sample is drawn
MOST_SCORES = 12
MOST_ROWS = 1000  # of a table on a page that a node has made


def collect(document: Document, result: RunResult, *, source: str = "", engine: str = "") -> ReportModel:
    """The report of a run.  source: name of the workflow's file."""
    specs = catalog().specs
    flat = FlatGraph(shown_nodes(document), flatten(document).wires)
    readers = {(w.source, w.output) for w in flat.wires}
    nodes = tuple(_node(name, flat, specs, result.nodes[name], readers) for name in flat.nodes if name in result.nodes)
    return ReportModel(
        title=document.title or source.removesuffix(".peep.json") or "Workflow",
        description=document.description,
        sketch=sketch_of(document, specs, result.nodes),
        nodes=nodes,
        status=result.status,
        when=datetime.now().astimezone(),
        seconds=result.seconds,
        source=source,
        engine=_engine_name(engine),
    )


def _engine_name(engine: str) -> str:
    if not engine:
        return ""
    from peephole.tables.engines import engine_version

    name, _, version = engine_version(engine).partition(" ")
    return " ".join(t for t in ({"duckdb": "DuckDB"}.get(name, name.capitalize()), version) if t)


def _node(
    name: str, flat: FlatGraph, specs: Mapping[str, NodeSpec], became: NodeResult, readers: set[tuple[str, str]]
) -> NodeReport:
    block: NodeBlock = flat.nodes[name]
    spec = specs.get(block.type)
    final = {port: (name, port) not in readers for port in became.outputs}
    return NodeReport(
        id=name,
        title=title_of(block, spec),
        kind=spec.title if spec else block.type,
        icon=spec.icon if spec else "",
        family=spec.family if spec else "",
        note=block.note,
        summary=summary_of(block, spec),
        settings=tuple(settings_of(block, spec)),
        state=state_of(became),
        reason=_reason(became),
        seconds=became.seconds,
        messages=tuple(became.messages),
        failure=_failure(became),
        outputs=tuple(_output(port, o, final[port], block.pinned) for port, o in became.outputs.items()),
    )


def _reason(became: NodeResult) -> str:
    """Why it ran, or did not; nothing of a node that is done for the first time, as its tick says so."""
    return "" if became.state == "done" and became.reason == NEW else became.reason


def _failure(became: NodeResult) -> Failure | None:
    problem = became.problem
    if problem is None or problem.id == "skipped":
        return None
    return Failure(problem.what, problem.remedy, problem.setting, problem.trace)


def _output(port: str, stored: StoredOutput, final: bool, pinned: bool) -> Output:
    # Rows chosen in a drawing: nobody has chosen any yet.
    nothing_chosen = port == CHOSEN and stored.facts.get("rows") == 0
    shown = (final and not nothing_chosen) or pinned
    try:
        parts = tuple(_PARTS.get(stored.type, _no_parts)(stored, shown))
    except (PeepholeError, OSError) as error:  # dropped from the store in the meantime: the rest is still worth reading
        parts = (Text(f"This result could not be read: {error}"),)
    return Output(port, stored.type, facts_text(stored.type, stored.facts), parts, shown)


def _table(stored: StoredOutput, shown: bool) -> Iterator[Part]:
    from peephole.core.types import port_types
    from peephole.tables.session import duck_session

    frame = port_types()["Table"].load_codec().load(stored.folder)
    head = duck_session().first_rows(frame, ROWS if shown else PEEK)
    part = table_head(head, stored.facts.get("rows"), stored.facts.get("schema", {}))
    scores = scores_of(part)
    yield scores if shown and scores else part


def table_head(head: pa.Table, total: int | None, types: Mapping[str, str] | None = None, title: str = "") -> TableHead:
    """The rows of an Arrow table.  total: how many there are in all.  types: of the columns, in words."""
    from peephole.tables.schema import schema_of

    if types is None:
        import narwhals as nw

        types = schema_of(nw.from_native(head).lazy())
    names = visible(head.column_names)
    rows = zip(*(head.column(n).to_pylist() for n in names), strict=True)
    columns = tuple(Column(n, types.get(n, "")) for n in names)
    return TableHead(columns, tuple(rows), head.num_rows if total is None else total, title)


def scores_of(head: TableHead) -> tuple[Score, ...]:
    """The scores in a table that is a short list of names and numbers, or one row of numbers; nothing for any other."""
    kinds = [c.type for c in head.columns]
    complete = head.total == len(head.rows)
    if kinds == ["text", "number"] and complete and 0 < len(head.rows) <= MOST_SCORES:
        return tuple(Score(str(n), v) for n, v in head.rows)
    if len(kinds) >= 2 and set(kinds) == {"number"} and head.total == 1:
        return tuple(Score(c.name, v) for c, v in zip(head.columns, head.rows[0], strict=True))
    return ()


def _figure(stored: StoredOutput, shown: bool) -> Iterator[Part]:  # noqa: ARG001 - every figure is shown
    from peephole.core.types import port_types

    yield chart(port_types()["Figure"].load_codec().load(stored.folder), stored.folder)


def chart(figure: Figure, folder: Path | None = None) -> Chart:
    """A figure with its data inside, and its still picture.  folder: where it is stored."""
    from peephole.figures.complete import complete

    rows = figure.data.num_rows
    step = -(-rows // MOST_POINTS)
    data = figure.data if step <= 1 else figure.data.take(list(range(0, rows, step)))
    note = "" if step <= 1 else f"{data.num_rows:,} of {rows:,} points are drawn."
    thin = Figure(figure.option, data, figure.title)
    return Chart(figure.title, fitted(complete(thin, title=False)), still(thin, folder), note)


def _report(stored: StoredOutput, shown: bool) -> Iterator[Part]:  # noqa: ARG001 - every page is shown
    from peephole.core.types import port_types

    report = port_types()["Report"].load_codec().load(stored.folder)
    title = report.title
    for part in report.parts:
        if isinstance(part, str):
            yield Text(part)
        elif isinstance(part, Figure):
            yield chart(part)
        else:
            yield table_head(part.slice(0, MOST_ROWS), part.num_rows, title=title)
            title = ""


def _no_parts(stored: StoredOutput, shown: bool) -> Iterator[Part]:  # noqa: ARG001 - its facts say enough
    return iter(())


_PARTS: dict[str, Callable[[StoredOutput, bool], Iterator[Part]]] = {
    "Table": _table,
    "Figure": _figure,
    "Report": _report,
}
