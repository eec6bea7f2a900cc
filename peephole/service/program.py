"""A workflow made ready to answer: what no request changes is run once, models are loaded once."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import pyarrow as pa

from peephole.core.errors import DataError, RunError, listing
from peephole.core.schema import ROW
from peephole.engine.catalog import catalog
from peephole.engine.frames import Results
from peephole.engine.plan import Plan, make_plan
from peephole.engine.resources import cores
from peephole.engine.run import OnEvent, run
from peephole.engine.steps import Link, Step
from peephole.engine.store import Store, StoredResult
from peephole.ports.table import TABLE_FILE
from peephole.service.query import ComputeError, LaidOut, RequestSession
from peephole.service.rows import InputRows
from peephole.tables.duck import DuckSession
from peephole.tables.engines import engine_version
from peephole.tables.schema import ExactSchema
from peephole.tables.session import use_session
from peephole.workflow.document import Document

INPUT, OUTPUT = "service_input", "service_output"
_SAMPLE = 3  # rows that the page shows


@dataclass
class Program:
    """inputs: by name, what rows a request may bring.  outputs: by name, the node that gives the rows of the answer."""

    title: str
    description: str
    inputs: dict[str, InputRows]
    outputs: dict[str, Step]
    _plan: Plan
    _marked: dict[str, str]
    _steps: list[Step]
    _results: Results
    _loaded: Mapping[Link, Any]
    _tables: Mapping[Link, Path]
    _kept: Path
    _idle: SimpleQueue[LaidOut] = field(default_factory=SimpleQueue)
    _slots: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(cores()))

    def answer(self, given: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
        """The rows of each output for the rows of each input. Raises ComputeError where a node fails on them."""
        with self._laid_out() as steps:
            return steps.answer(given)

    def warm_up(self) -> None:
        """Lay out the queries in every session, so that the first requests need not wait for that."""
        nothing = {name: rows.sample.slice(0, 0) for name, rows in self.inputs.items()}
        with suppress(ComputeError), ExitStack() as held:  # a node may want rows; then a request lays out
            for steps in [held.enter_context(self._laid_out()) for _ in range(cores())]:
                with use_session(steps.session):
                    steps.answer(nothing)

    def close(self) -> None:
        """Let go of sessions."""
        with suppress(Empty):  # the last one may be taken by a request that is still on its way
            while True:
                self._idle.get_nowait().session.close()
        shutil.rmtree(self._kept, ignore_errors=True)

    def _fixed(self, link: Link, session: DuckSession) -> Any:
        key = Link("", link.source, link.output)
        return session.scan_parquet(self._tables[key]) if key in self._tables else self._loaded[key]

    @contextmanager
    def _laid_out(self) -> Iterator[LaidOut]:
        """The steps in a session that no other request uses at the time; as many at once as there are cores."""
        with self._slots:
            try:
                steps = self._idle.get_nowait()
            except Empty:
                folders = sorted({path.parent for path in self._tables.values()})
                session = RequestSession(read=folders, threads=1)
                session.folder = self._plan.folder
                steps = LaidOut(session, self._steps, self._marked, self.outputs, self._results, self._fixed)
            try:
                with use_session(steps.session):
                    yield steps
            except BaseException:  # it may be left half way through a query
                steps.session.close()
                raise
            self._idle.put(steps)


def prepare(
    document: Document,
    path: Path,
    *,
    store: Store | None = None,
    on_event: OnEvent | None = None,
) -> Program:
    """Run what no request changes, and load it.  path: of the document.

    Raises RunError where nothing is marked, something before the marked inputs fails, or a step cannot be served.
    """
    store = store or Store()
    folder = path.parent.resolve()
    plan = make_plan(document, catalog().specs, folder=folder, store=None, engine=engine_version("duckdb"))
    inputs, outputs = _marked(plan, INPUT), _marked(plan, OUTPUT)
    steps = _hanging_on(plan, inputs, outputs)
    inside = {step.id for step in steps}
    outer = dict.fromkeys(name for step in steps for name in step.sources if name not in inside)
    outer |= dict.fromkeys(plan.steps[link.source].id for name in inputs.values() for link in plan.steps[name].links)
    done = run(document, path=path, store=store, targets=list(outer), on_event=on_event)
    if done.status != "done":
        first = next(iter(done.problems.values()), None)
        raise RunError(
            f"The workflow cannot be served: {first or done.status}", remedy="Run it first, and mend what fails."
        )
    results = {
        name: StoredResult(plan.steps[name].recipe, node.outputs, node.messages, node.seconds, {})
        for name, node in done.nodes.items()
        if name in outer
    }
    kept = store.new_scratch()
    results = {name: _copied(result, kept) for name, result in results.items()}
    loaded, tables = _load(plan, results, [step for step in steps if step.id not in inputs.values()])
    program = Program(
        title=document.title or path.name.removesuffix(".peep.json"),
        description=document.description,
        inputs={name: _input_rows(name, plan.steps[i], results) for name, i in inputs.items()},
        outputs={name: plan.steps[i] for name, i in outputs.items()},
        _plan=plan,
        _marked={i: name for name, i in inputs.items()},
        _steps=steps,
        _results=results,
        _loaded=loaded,
        _tables=tables,
        _kept=kept,
    )
    program.warm_up()
    return program


def _copied(result: StoredResult, folder: Path) -> StoredResult:
    """The same in a place of its own: a service may run for months, and the store drops what no run has used for long."""
    outputs = {
        port: replace(output, folder=Path(shutil.copytree(output.folder, folder / output.key, dirs_exist_ok=True)))
        for port, output in result.outputs.items()
    }
    return replace(result, outputs=outputs)


def _marked(plan: Plan, node_type: str) -> dict[str, str]:
    """The marked nodes by their names.  Raises RunError where there is none, or two have one name."""
    found: dict[str, str] = {}
    for step in plan.steps.values():
        if step.spec is None or step.spec.type != node_type:
            continue
        if step.problem is not None:
            raise RunError(f"{step.title}: {step.problem.what}", remedy=step.problem.remedy)
        name = str(step.settings["name"])
        if name in found:
            raise RunError(f'Two nodes are called "{name}".', remedy="Give each Service input and output its own name.")
        found[name] = step.id
    if not found:
        word = "come in" if node_type == INPUT else "leave"
        title = "Service input" if node_type == INPUT else "Service output"
        raise RunError(f"The workflow does not say where rows {word}.", remedy=f"Put a {title} there.")
    return found


def _hanging_on(plan: Plan, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> list[Step]:
    """The steps that a request runs, in order: those between the inputs and the outputs."""
    needed: set[str] = set()
    stack = list(outputs.values())
    while stack:
        name = stack.pop()
        if name not in needed:
            needed.add(name)
            stack.extend(plan.steps[name].sources)
    hanging = set(inputs.values())
    for name, step in plan.steps.items():
        if any(source in hanging for source in step.sources):
            hanging.add(name)
    lost = [name for name, step in inputs.items() if step not in needed]
    if lost:
        raise RunError(f"No output hangs on the input {listing(lost)}.", remedy="Connect it, or take it away.")
    fixed = [name for name, step in outputs.items() if step not in hanging]
    if fixed:
        raise RunError(f"The output {listing(fixed)} hangs on no input.", remedy="Connect it, or take it away.")
    steps = [step for name, step in plan.steps.items() if name in hanging & needed]
    for step in steps:
        _check(step, hanging)
    return steps


def _check(step: Step, hanging: set[str]) -> None:
    if step.problem is not None:
        raise RunError(f"{step.title}: {step.problem.what}", remedy=step.problem.remedy)
    if step.spec is None or step.spec.effect or step.spec.source:
        raise RunError(
            f"{step.title} cannot be run for each request, for it reaches outside the workflow.",
            remedy="Take it out from between the Service input and the Service output.",
        )
    if any(link.source in hanging for link in step.fed):
        raise RunError(
            f"{step.title}: a setting that hangs on the rows of a request cannot be served.",
            remedy="Feed it from before the Service input.",
        )


def _load(plan: Plan, results: Results, steps: list[Step]) -> tuple[dict[Link, Any], dict[Link, Path]]:
    """Models and the like by their place; of tables, where they lie."""
    loaded: dict[Link, Any] = {}
    tables: dict[Link, Path] = {}
    for link in (link for step in steps for link in step.links if link.source in results):
        output = results[link.source].outputs[link.output]
        key = Link("", link.source, link.output)
        spec = plan.steps[link.source].spec
        port = spec.output(link.output) if spec else None
        if output.type == "Table":
            tables[key] = output.folder / TABLE_FILE
        elif port is not None and key not in loaded:
            loaded[key] = port.type.load_codec().load(output.folder)
    return loaded, tables


def _input_rows(name: str, step: Step, results: Results) -> InputRows:
    link = step.links[0]
    output = results[link.source].outputs[link.output]
    types: ExactSchema = {n: kind for n, kind in output.facts["types"].items() if n != ROW}
    session = DuckSession(read=[output.folder], threads=1)
    try:
        arrow = session.first_rows(session.empty(types), 1).schema
        sample = session.first_rows(session.scan_parquet(output.folder / TABLE_FILE), _SAMPLE)
    finally:
        session.close()
    optional = list(step.settings.get("optional") or [])
    unknown = [column for column in optional if column not in types]
    if unknown:
        raise DataError(f"{step.title}: there is no column {listing(unknown)}.", remedy="Choose others in `optional`.")
    return InputRows(name, arrow, dict(output.facts["schema"]), frozenset(optional), sample.cast(arrow))
