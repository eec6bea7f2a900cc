"""Runs a workflow: plans, and where anything is to be made, has a worker process make it."""

from __future__ import annotations

import hashlib
import subprocess
import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

from peephole.engine.catalog import Catalog, catalog
from peephole.engine.events import (
    Event,
    NodeCancelled,
    NodeFailed,
    NodeFinished,
    NodeInterrupted,
    NodeQueued,
    NodeSkipped,
    NodeStarted,
    Problem,
    RunFinished,
    RunStarted,
    Status,
)
from peephole.engine.outside import Fetch
from peephole.engine.plan import Plan, make_plan
from peephole.engine.process import WorkerProcess
from peephole.engine.store import Store, StoredOutput
from peephole.engine.teller import Teller
from peephole.engine.whole import about, announce, finished
from peephole.tables.engines import engine_version
from peephole.workflow.document import Document

# How long a cancelled run may go on before its worker is ended: asking takes effect in far less, and a person waits a second.
GRACE = 0.8

OnEvent = Callable[[Event], None]


@dataclass
class NodeResult:
    """What became of a node.  outputs: what is stored of it (nothing for a step within a query)."""

    state: str
    outputs: dict[str, StoredOutput] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cached: bool = False
    reason: str = ""
    problem: Problem | None = None


@dataclass(frozen=True)
class Wishes:
    """What the person may want of a run under way.

    cancel: to stop.  enough: paths of nodes that are to end at their next good point ("": all that can).
    """

    cancel: threading.Event
    enough: SimpleQueue[str]


@dataclass
class RunResult:
    """How a run ended, and what became of each of its nodes."""

    status: Status
    seconds: float
    nodes: dict[str, NodeResult]

    @property
    def problems(self) -> dict[str, Problem]:
        """The failures by node."""
        return {name: n.problem for name, n in self.nodes.items() if n.problem is not None}


def run(
    document: Document,
    *,
    path: Path | None = None,
    store: Store | None = None,
    targets: Iterable[str] | None = None,
    engine: str = "duckdb",
    on_event: OnEvent | None = None,
    cancel: threading.Event | None = None,
    enough: SimpleQueue[str] | None = None,
    nodes: Catalog | None = None,
    worker: WorkerProcess | None = None,
    launched: subprocess.Popen[bytes] | None = None,
    again: bool = False,
    refetch: bool = False,
) -> RunResult:
    """Run a document up to `targets` (everything where none are named).

    path: the document's file: relative paths start from its folder, and what has changed since its last run is told.
    refetch: fetch anew also from sources that are set to be fetched by hand.
    on_event: is told everything that happens, from this thread.  cancel: set it to stop, within a second.
    enough: put the path of a node there ("": of any), and its work ends at the next good point, with what there is by then.
    worker: one that lives on afterwards, unless it dies or has to be ended; without one, a worker is started for this run.
    launched: the process of that one, where it was started before there was anything to run (see `launch`).
    again: make the targets anew, even where their results are there.
    Raises RunError or EditError where nothing can be run at all; a node's failure is told in the result.
    """
    folder = (path.parent if path else Path.cwd()).resolve()
    name = document_name(path)
    store = store or Store()
    wanted = list(targets) if targets is not None else None
    full_engine = engine_version(engine)
    fetch = Fetch(refetch, (wanted or []) if again else [])

    def planned(settled: Collection[str] | None) -> Plan:
        return make_plan(
            document,
            (nodes or catalog()).specs,
            folder=folder,
            store=store,
            engine=full_engine,
            targets=wanted,
            before=store.seen(name),
            fetch=fetch,
            settled=settled,
        )

    plan = planned(())
    if again:
        plan.make_anew()
    record = _Record(on_event)
    if not plan.to_run():
        _all_done(plan, record)
        return record.result(plan)
    job: dict[str, object] = {
        "document": document.model_dump(mode="json"),
        "folder": str(folder),
        "store": str(store.folder),
        "engine": full_engine,
        "targets": wanted,
        "name": name,
        "again": again,
        "fetch": vars(fetch),
    }
    wishes = Wishes(cancel or threading.Event(), enough or SimpleQueue())
    _in_worker(job, plan, record, wishes, worker or launched)
    store.tidy()
    return record.result(planned(None))


def _all_done(plan: Plan, record: _Record) -> None:
    teller = Teller(record, threading.Event())
    announce(plan, teller)
    for step in plan.involved():
        teller.finish(step.id, step.result, reason="nothing changed", cached=True)
    record(finished(plan, teller))


def _in_worker(
    job: dict[str, object],
    plan: Plan,
    record: _Record,
    wishes: Wishes,
    given: WorkerProcess | subprocess.Popen[bytes] | None,
) -> None:
    cancel = wishes.cancel
    if cancel.is_set():
        record.cut_off(plan, cancelled=True, reason="")
        return
    worker = given if isinstance(given, WorkerProcess) else WorkerProcess(given)
    asked_at: float | None = None
    try:
        worker.send("run", **job)
        for event in worker.events(wait=0.05):
            if event is not None:
                record(event)
                if isinstance(event, RunFinished):
                    return
            while not wishes.enough.empty():
                worker.send("enough", node=wishes.enough.get())
            if cancel.is_set() and asked_at is None:
                asked_at = time.monotonic()
                worker.send("cancel")
            if asked_at is not None and time.monotonic() - asked_at > GRACE:
                worker.kill()
                record.cut_off(plan, cancelled=True, reason="")
                return
        record.cut_off(plan, cancelled=cancel.is_set(), reason=worker.death())
    finally:
        if worker is not given:
            worker.close()


def document_name(path: Path | None) -> str:
    """The name under which the store remembers a document.  path: its file."""
    return hashlib.sha256(str(path.resolve() if path else "").encode()).hexdigest()[:16]


class _Record:
    """Passes events on and keeps what became of each node."""

    def __init__(self, on_event: OnEvent | None) -> None:
        self._on_event = on_event
        self._start = time.monotonic()
        self._nodes: dict[str, NodeResult] = {}
        self._finished: RunFinished | None = None

    def clock(self) -> float:
        return time.monotonic() - self._start

    def __call__(self, event: Event) -> None:
        self._note(event)
        if self._on_event is not None:
            self._on_event(event)

    def _note(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._nodes |= {n: NodeResult("waiting") for n in event.nodes}
            case NodeQueued():
                self._of(event.node).reason = event.reason
            case NodeStarted():
                self._of(event.node).state = "running"
            case NodeFinished():
                node = self._of(event.node)
                node.state, node.seconds, node.cached = "done", event.seconds, event.cached
                node.reason = event.reason if event.cached or not node.reason else node.reason
                node.messages = event.messages
            case NodeFailed():
                node = self._of(event.node)
                node.state, node.problem = "failed", event.problem
            case NodeSkipped():
                node = self._of(event.node)
                node.state, node.reason = "skipped", event.reason
            case NodeCancelled():
                self._of(event.node).state = "cancelled"
            case NodeInterrupted():
                node = self._of(event.node)
                node.state, node.reason = "interrupted", event.reason
            case RunFinished():
                self._finished = event

    def _of(self, name: str) -> NodeResult:
        return self._nodes.setdefault(name, NodeResult("waiting"))

    def cut_off(self, plan: Plan, *, cancelled: bool, reason: str) -> None:
        """The worker is gone before it said that the run is over: say so for every node that ran or waited."""
        if not self._nodes:
            nodes, to_run = about(plan)
            self(RunStarted(nodes=nodes, to_run=to_run, at=self.clock()))
        for name, node in list(self._nodes.items()):
            if node.state not in ("running", "waiting"):
                continue
            if cancelled:
                self(NodeCancelled(node=name, at=self.clock()))
            elif node.state == "running":
                self(NodeInterrupted(node=name, reason=reason, at=self.clock()))
            else:
                self(NodeSkipped(node=name, reason="The run was interrupted before its turn.", at=self.clock()))
        if not cancelled and all(n.state != "interrupted" for n in self._nodes.values()):
            problem = Problem(
                id="worker", what=reason, remedy="Run it again; if it happens again, start with fewer nodes."
            )
            self(NodeFailed(node="", problem=problem, at=self.clock()))
        status: Status = "cancelled" if cancelled else "interrupted"
        self(RunFinished(status=status, seconds=self.clock(), at=self.clock()))

    def result(self, plan: Plan) -> RunResult:
        """Everything known after the run, with what the store holds now."""
        for name, node in self._nodes.items():
            made = [step.result for step in plan.at.get(name, ()) if step.result is not None]
            if made and node.state == "done":
                node.outputs = made[-1].outputs
        ended = self._finished or RunFinished(status="interrupted", seconds=self.clock())
        return RunResult(ended.status, ended.seconds, self._nodes)
