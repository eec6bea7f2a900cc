"""Small workflows of test nodes, run for real, with the promises about events checked on every run."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb

from peephole.engine.catalog import catalog
from peephole.engine.events import Event, RunFinished, RunStarted
from peephole.engine.plan import Plan, make_plan
from peephole.engine.run import RunResult, run
from peephole.engine.store import Store
from peephole.engine.worker import Job, run_job
from peephole.tables.engines import engine_version
from peephole.workflow.document import Document

PACKAGE = "peephole_testnodes/"
ENDS = {"finished", "failed", "skipped", "cancelled", "interrupted"}


def flow(nodes: dict[str, Any], *wires: str) -> Document:
    """A document.  nodes: "type", or ("type", settings), by id.  wires: "a b c" chains tables, "a.out -> b.in" is one wire."""
    blocks = {}
    for name, node in nodes.items():
        kind, settings = (node, {}) if isinstance(node, str) else node
        blocks[name] = {"type": PACKAGE + kind, "settings": settings}
    whole = [
        wire
        for text in wires
        for wire in (
            [text]
            if "->" in text
            else [f"{a}.table -> {b}.table" for a, b in zip(text.split(), text.split()[1:], strict=False)]
        )
    ]
    return Document.model_validate({"nodes": blocks, "wires": whole})


def chain(length: int, kind: str = "add", **settings: Any) -> Document:
    """numbers, and so many nodes of one kind after it: n0, n1 ..."""
    nodes = {"n0": "numbers"} | {f"n{i}": (kind, settings) for i in range(1, length)}
    return flow(nodes, " ".join(nodes))


def fan(width: int, kind: str = "add", **settings: Any) -> Document:
    """numbers n0, and so many nodes that read it."""
    nodes = {"n0": "numbers"} | {f"n{i}": (kind, settings | {"amount": i}) for i in range(1, width + 1)}
    return flow(nodes, *(f"n0 n{i}" for i in range(1, width + 1)))


def plan_of(document: Document, store: Store | None = None, folder: Path | None = None, **options: Any) -> Plan:
    """The plan of a run."""
    options = {"engine": engine_version("duckdb"), **options}
    return make_plan(document, catalog().specs, folder=folder or Path.cwd(), store=store, **options)


class Log:
    """Every event of a run, with when it came.  on_event: what to do at each."""

    def __init__(self, on_event: Any = None) -> None:
        self.events: list[Event] = []
        self.times: list[float] = []
        self._on_event = on_event

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        self.times.append(time.monotonic())
        if self._on_event is not None:
            self._on_event(event)

    def of(self, node: str) -> list[str]:
        """The kinds of a node's events in order, the talk apart."""
        talk = {"progress", "metric", "message"}
        return [e.event for e in self.events if getattr(e, "node", None) == node and e.event not in talk]

    def ends(self) -> dict[str, str]:
        """How each node ended."""
        return {e.node: e.event for e in self.events if e.event in ENDS and e.node}

    def find(self, kind: str, node: str) -> Any:
        """The first such event of a node."""
        return next(e for e in self.events if e.event == kind and e.node == node)

    def check(self) -> None:
        """What every run promises."""
        first, last = self.events[0], self.events[-1]
        assert isinstance(first, RunStarted), first
        assert isinstance(last, RunFinished), last
        assert sum(isinstance(e, RunFinished) for e in self.events) == 1
        assert [e.at for e in self.events] == sorted(e.at for e in self.events)
        assert set(first.to_run) <= set(first.nodes)
        for node in first.nodes:
            kinds = [e.event for e in self.events if getattr(e, "node", None) == node]
            assert sum(k in ENDS for k in kinds) == 1, (node, kinds)
            assert kinds[-1] in ENDS, (node, kinds)
            assert kinds.count("started") <= 1, (node, kinds)
            if "started" in kinds:
                assert kinds[0] == "queued", (node, kinds)
                assert kinds[1] == "started", (node, kinds)


def go(document: Document, store: Store, **options: Any) -> tuple[RunResult, Log]:
    """Run a document in a worker, and check what every run promises."""
    log = Log(options.pop("on_event", None))
    result = run(document, store=store, on_event=log, **options)
    log.check()
    return result, log


def go_here(document: Document, store: Store, **options: Any) -> tuple[RunResult, Log]:
    """The same without a process of its own: a fraction of the time, for what has nothing to do with processes."""

    def here(job: dict[str, Any], plan: Plan, record: Any, wishes: Any, given: Any) -> None:
        record(run_job(Job(json.loads(json.dumps(job))), record))

    with mock.patch("peephole.engine.run._in_worker", here):
        return go(document, store, **options)


def cancel_when(
    event_kind: str, node: str | None = None, after: float = 0.0
) -> tuple[threading.Event, Any, list[float]]:
    """A wish to stop that comes with an event: (cancel, on_event, when it came)."""
    cancel, asked = threading.Event(), list[float]()

    def ask() -> None:
        asked.append(time.monotonic())
        cancel.set()

    def listen(event: Event) -> None:
        if event.event == event_kind and node in (None, getattr(event, "node", None)) and not asked:
            threading.Timer(after, ask).start() if after else ask()

    return cancel, listen, asked


def table_of(result: RunResult, node: str, port: str = "table") -> Path:
    """The stored file of an output."""
    return result.nodes[node].outputs[port].folder / "table.parquet"


def rows(result: RunResult, node: str, port: str = "table") -> list[tuple[Any, ...]]:
    """The stored rows of an output, sorted."""
    with duckdb.connect() as connection:
        return sorted(connection.read_parquet(str(table_of(result, node, port))).fetchall())


def keys(result: RunResult) -> dict[str, dict[str, str]]:
    """The content keys of all stored outputs."""
    return {name: {p: o.key for p, o in n.outputs.items()} for name, n in result.nodes.items()}


def alive(pid: int) -> bool:
    """Whether a process runs (a dead one not yet fetched counts as gone)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _words(process: str) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def children() -> list[int]:
    """The workers that this process has started and that run. Tests beside may have a browser or a server running."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parts = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            worker = b"peephole.engine.worker" in _words(entry)
            if worker and int(parts[1]) == os.getpid() and parts[0] != "Z":
                found.append(int(entry))
    return found


def until(condition: Any, seconds: float = 10.0) -> bool:
    """Wait for a condition; gives whether it came true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return bool(condition())
