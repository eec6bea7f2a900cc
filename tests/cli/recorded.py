"""Runs as the engine tells them, recorded by hand."""

from __future__ import annotations

from peephole.cli.display.watch import Label
from peephole.engine.events import (
    Event,
    NodeCancelled,
    NodeFailed,
    NodeFinished,
    NodeInterrupted,
    NodeMessage,
    NodeMetric,
    NodeProgress,
    NodeQueued,
    NodeSkipped,
    NodeStarted,
    PortSummary,
    Problem,
    RunFinished,
    RunStarted,
)

LABELS = {
    "flights": Label("Flights", "flights.csv"),
    "join": Label("Join with weather", "left on origin, time_hour"),
    "boost": Label("Gradient boosting", "late from 9 columns, 200 rounds"),
    "score": Label("Score", "late against prediction"),
}
NODES = list(LABELS)


def table(rows: int, columns: int) -> list[PortSummary]:
    return [PortSummary(port="table", type="Table", facts={"rows": rows, "columns": columns})]


GOOD: list[Event] = [
    RunStarted(nodes=NODES, to_run=NODES[1:]),
    NodeFinished(at=0.01, node="flights", cached=True, reason="nothing changed", outputs=table(336776, 19)),
    NodeQueued(at=0.01, node="join", reason="keys changed: origin → time_hour"),
    NodeQueued(at=0.01, node="boost", reason="its input changed: Join with weather"),
    NodeQueued(at=0.01, node="score", reason="its input changed: Gradient boosting"),
    NodeStarted(at=0.02, node="join"),
    NodeProgress(at=0.1, node="join", title="Writing the table", done=0.5, total=1, rate=5, remaining=0.1),
    NodeFinished(at=0.4, node="join", seconds=0.38, outputs=table(336776, 31)),
    NodeStarted(at=0.5, node="boost"),
    NodeProgress(at=1.0, node="boost", title="Training", done=62, total=200, rate=31.4, remaining=4.4),
    NodeMetric(at=1.0, node="boost", values={"loss": 0.3141592, "broken": None}),
    NodeMessage(at=1.1, node="boost", level="warning", text="The column tailnum has 4,043 values and was left out."),
    NodeFinished(
        at=6.5,
        node="boost",
        seconds=6.0,
        outputs=[PortSummary(port="model", type="Model", facts={"task": "classification", "trees": 200})],
        messages=["The column tailnum has 4,043 values and was left out."],
    ),
    NodeStarted(at=6.5, node="score"),
    NodeFinished(at=6.7, node="score", seconds=0.2, outputs=table(1, 5)),
    RunFinished(at=6.7, status="done", seconds=6.7, ran=3, cached=1),
]
PROBLEM = Problem(
    id="column",
    what='Join: there is no column "orgin".',
    remedy='Did you mean "origin"?',
    trace="Traceback ...\n  here",
)
BAD: list[Event] = [
    RunStarted(nodes=NODES, to_run=NODES),
    NodeQueued(node="flights", reason="it has no result yet"),
    NodeStarted(at=0.1, node="flights", with_nodes=["join"]),
    NodeStarted(at=0.1, node="join", with_nodes=["flights"]),
    NodeFinished(at=0.3, node="flights", reason='computed together with "Join with weather"'),
    NodeFailed(at=0.3, node="join", problem=PROBLEM, group=["flights", "join"]),
    NodeSkipped(at=0.3, node="boost", reason='It waits for "Join with weather".'),
    NodeCancelled(at=0.4, node="score"),
    RunFinished(at=0.4, status="failed", seconds=0.4, ran=1),
]
ENDED: list[Event] = [
    RunStarted(nodes=["boost"], to_run=["boost"]),
    NodeStarted(at=0.1, node="boost"),
    NodeInterrupted(at=2.0, node="boost", reason="The worker process was ended from outside."),
    RunFinished(at=2.0, status="interrupted", seconds=2.0),
]
