"""A made-up report with every kind of part, and workflows to draw. The figures are invented."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

from peephole.core.types import port_types
from peephole.report.model import (
    Chart,
    Column,
    Failure,
    NodeReport,
    Output,
    ReportModel,
    Score,
    TableHead,
    Text,
)
from peephole.report.sketch import Box, Dot, Sketch, State, Wire

_TYPES = port_types()


def dots(text: str) -> tuple[Dot, ...]:
    """`left:Table right:Table` as ports."""
    return tuple(Dot(name, _TYPES[kind]) for name, _, kind in (part.partition(":") for part in text.split()))


def wires(text: str) -> tuple[Wire, ...]:
    """One `a.table > b.left` a line."""
    ends = (line.replace(">", " ").split() for line in text.strip().splitlines())
    return tuple(Wire(*a.split("."), *b.split(".")) for a, b in ends)


# id | title | icon | inputs | outputs | settings | what came out | seconds | state
_NODES = """
flights | Flights | read |  | table:Table | flights.csv | 336,776 × 19 | 0.61 | cached
weather | Weather | read |  | table:Table | weather.csv | 26,115 × 15 | 0.12 | cached
join | Join with weather | join | left:Table right:Table | table:Table | left on origin, time_hour | 336,776 × 31 | 0.43 | done
clean | Missing values | missing | table:Table | table:Table | drop rows without dep_delay, arr_delay | 327,346 × 31 | 0.22 | done
late | Late? | formula | table:Table | table:Table | late = arr_delay > 15 | 327,346 × 32 | 0.11 | done
bin | Part of the day | bin | table:Table | table:Table | hour → night, morning, afternoon, evening | 327,346 × 33 | 0.09 | done
group | Group by carrier | group | table:Table | table:Table | carrier → mean arr_delay, count | 16 × 3 | 0.1 | done
pivot | Month by origin | pivot | table:Table | table:Table | month × origin → mean arr_delay | 12 × 4 | 0.18 | done
bars | Delay by carrier | bar | table:Table | figure:Figure | carrier, mean arr_delay | 1 figure | 0.14 | done
heat | Delay by month and airport | heatmap | table:Table | figure:Figure | month × origin | 1 figure | 0.13 | done
part | Partition | partition | table:Table | train:Table test:Table | 70 % by late, seed 1 | 229,142 + 98,204 | 0.34 | done
tree | Decision tree | tree | table:Table | model:Model | late from 9 columns, depth 6 | 57 leaves | 2.12 | done
boost | Gradient boosting | boost | table:Table | model:Model | late from 9 columns, 200 rounds | 200 trees | 14.2 | done
pt | Predict (tree) | predict | model:Model table:Table | table:Table | prediction, probability | 98,204 × 35 | 0.41 | done
pb | Predict (boosting) | predict | model:Model table:Table | table:Table | prediction, probability | 98,204 × 35 | 0.92 | done
st | Score the tree | score | table:Table | scores:Table figure:Figure | late against prediction | 5 scores | 0.21 | done
sb | Score boosting | score | table:Table | scores:Table figure:Figure | late against prediction | 5 scores | 0.22 | done
imp | Importance | importance | model:Model table:Table | table:Table | permuted 5 times, seed 1 | 9 × 3 | 6.03 | done
"""
_ROWS = [[cell.strip() for cell in line.split("|")] for line in _NODES.strip().splitlines()]
_WIRES = wires("""
flights.table > join.left
weather.table > join.right
join.table > clean.table
clean.table > late.table
late.table > bin.table
bin.table > group.table
bin.table > pivot.table
group.table > bars.table
pivot.table > heat.table
bin.table > part.table
part.train > tree.table
part.train > boost.table
tree.model > pt.model
boost.model > pb.model
part.test > pt.table
part.test > pb.table
pt.table > st.table
pb.table > sb.table
boost.model > imp.model
part.test > imp.table
""")


def sketch(states: dict[str, State] | None = None) -> Sketch:
    """The flagship's shape: eighteen boxes."""
    changed = states or {}
    boxes = [
        Box(i, title, title, icon, "", summary, facts, f"{float(s):.1f} s", changed.get(i, state), dots(a), dots(b))  # type: ignore[arg-type]
        for i, title, icon, a, b, summary, facts, s, state in _ROWS
    ]
    return Sketch(tuple(boxes), _WIRES)


CARRIERS = ["UA", "B6", "EV", "DL", "AA", "MQ", "US", "9E", "WN", "VX", "FL", "AS", "F9", "YV", "HA", "OO"]
DELAYS = [3.56, 9.46, 15.8, 1.64, 0.36, 10.77, 2.13, 7.38, 9.65, 1.76, 20.12, -9.93, 21.92, 15.56, -6.92, 11.93]


def bar_option() -> dict[str, Any]:
    """A complete option, data inside."""
    rows = sorted(zip(CARRIERS, DELAYS, strict=True), key=lambda r: -r[1])
    return {
        "dataset": {"source": [["carrier", "mean delay"], *map(list, rows)]},
        "grid": {"left": 8, "right": 16, "top": 28, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category"},
        "yAxis": {"type": "value", "name": "minutes"},
        "series": [{"type": "bar", "encode": {"x": "carrier", "y": "mean delay"}, "itemStyle": {"borderRadius": 3}}],
    }


def heat_option() -> dict[str, Any]:
    """A heat map of three airports by month."""
    cells = [[m, o, round(7 + 6 * math.sin(m / 2 + o), 1)] for m in range(12) for o in range(3)]
    return {
        "grid": {"left": 8, "right": 16, "top": 12, "bottom": 64, "containLabel": True},
        "tooltip": {},
        "xAxis": {"type": "category", "data": [str(m + 1) for m in range(12)], "name": "month"},
        "yAxis": {"type": "category", "data": ["EWR", "JFK", "LGA"]},
        "visualMap": {"min": 0, "max": 14, "orient": "horizontal", "left": "center", "bottom": 6},
        "series": [{"type": "heatmap", "data": cells}],
    }


def curve_option() -> dict[str, Any]:
    """Two ROC curves."""
    names = ["Decision tree", "Gradient boosting"]
    points = [[[x / 50, (x / 50) ** p] for x in range(51)] for p in (0.42, 0.3)]
    return {
        "grid": {"left": 8, "right": 24, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0},
        "xAxis": {"type": "value", "name": "false positives", "nameLocation": "middle", "nameGap": 28},
        "yAxis": {"type": "value", "name": "true positives"},
        "series": [
            {"type": "line", "name": n, "showSymbol": False, "data": p} for n, p in zip(names, points, strict=True)
        ],
    }


STILL = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 300"><style>*{fill:#2b62d9}</style>'
    + "".join(f'<rect x="{20 + 38 * i}" y="{270 - 9 * (i + 3)}" width="26" height="{9 * (i + 3)}"/>' for i in range(16))
    + "</svg>"
)

GROUPED = TableHead(
    (Column("carrier", "text"), Column("mean_arr_delay", "number"), Column("count", "integer")),
    tuple((c, d, 60_000 // (i + 1)) for i, (c, d) in enumerate(zip(CARRIERS, DELAYS, strict=True)))[:10],
    16,
)
FLIGHTS = TableHead(
    tuple(
        Column(n, t)
        for n, t in [
            ("year", "integer"), ("month", "integer"), ("day", "integer"), ("dep_time", "integer"), ("dep_delay", "number"),
            ("arr_delay", "number"), ("carrier", "text"), ("flight", "integer"), ("tailnum", "text"), ("origin", "text"),
            ("dest", "text"), ("air_time", "number"), ("distance", "number"), ("time_hour", "datetime"), ("late", "boolean"),
        ]
    ),
    tuple(
        (2013, 1, 1, 517 + 7 * i, 2.0 - i, None if i == 3 else 11.0 + 4 * i, CARRIERS[i], 1545 + 61 * i,
         f"N{14228 + 977 * i}", "EWR", "IAH", 227.0, 1400.0, datetime(2013, 1, 1, 5), i % 3 == 0)
        for i in range(10)
    ),
    98_204,
)  # fmt: skip
IMPORTANCE = TableHead(
    (Column("column", "text"), Column("importance", "number"), Column("spread", "number")),
    tuple(
        (c, 0.0812 / (i + 1), 0.0012 * (i + 1))
        for i, c in enumerate(["hour", "carrier", "precip", "origin", "month", "visib"])
    ),
    6,
)
PAGE = """\
Delays grow **through the day**: see [the views](#views).

- morning: few
- evening: many
"""
SETTINGS = (("keys", "carrier"), ("compute", "mean of arr_delay\ncount"), ("missing", "drop"))


def scores(*values: float) -> tuple[Score, ...]:
    """Five scores."""
    return tuple(Score(n, v) for n, v in zip(("accuracy", "F1", "precision", "recall", "AUC"), values, strict=True))


def _output(node: str, port: str, kind: str, facts: str) -> Output:
    final = not any(w.source == node and w.source_port == port for w in _WIRES)
    parts: dict[tuple[str, str], Any] = {
        ("bars", "figure"): Chart("Delay by carrier", bar_option(), STILL),
        ("heat", "figure"): Chart("Delay by month and airport", heat_option(), STILL),
        ("st", "figure"): Chart("ROC curve", curve_option(), STILL, "A sample of 10,000 of 98,204 points is drawn."),
        ("sb", "figure"): Chart("ROC curve of gradient boosting", curve_option(), STILL),
        ("st", "scores"): scores(0.8112, 0.4213, 0.6411, 0.3137, 0.7391),
        ("sb", "scores"): scores(0.8474, 0.5528, 0.7412, 0.4408, 0.8357),
        ("imp", "table"): IMPORTANCE,
        ("group", "table"): GROUPED,
        ("pt", "table"): FLIGHTS,
        ("join", "table"): FLIGHTS,
    }  # fmt: skip
    part = parts.get((node, port))
    return Output(port, kind, facts, (part,) if part is not None else (), final or node in ("group", "pt"))


def report(**changes: Any) -> ReportModel:
    """The whole report; keywords replace its fields."""
    nodes = [
        NodeReport(
            i, title, title, icon, "", "", summary, SETTINGS if i == "group" else (), state,
            {"cached": "nothing changed"}.get(state, "the setting late changed" if i == "late" else "“Late?” before it changed"),
            float(s),
            ("9,430 rows had no delay and were dropped.",) if i == "clean" else (),
            None,
            tuple(_output(i, d.name, d.type.name, facts if n == 0 else "") for n, d in enumerate(dots(b)) if d.type),
        )
        for i, title, icon, _, b, summary, facts, s, state in _ROWS
    ]  # fmt: skip
    page = NodeReport(
        "page", "What we learnt", "Report", "report", outputs=(
            Output("report", "Report", "1 page", (Text(PAGE), GROUPED)),
        ), state="done",
    )  # fmt: skip
    whole: dict[str, Any] = {
        "title": "Flight delays in New York, 2013",
        "description": "Which flights leave New York late, and can it be told from the schedule and the weather?",
        "sketch": sketch(),
        "nodes": (*nodes, page),
        "status": "done",
        "when": datetime(2026, 11, 23, 14, 3),
        "seconds": 26.4,
        "source": "flight-delays.peep.json",
        "engine": "DuckDB 2.0.0",
    }
    return ReportModel(**(whole | changes))


def failed() -> ReportModel:
    """A run in which boosting's prediction failed and its score did not run."""
    good = report()
    failure = Failure(
        'Predict: there is no column "precip".',
        'Did you mean "precip_mm"? Columns: origin, month, precip_mm, visib.',
        "features",
        "Traceback (most recent call last):\n  ...\nColumnError: precip",
    )
    states: dict[str, State] = {"pb": "failed", "sb": "skipped", "imp": "cancelled", "boost": "interrupted"}
    nodes = tuple(
        NodeReport(n.id, n.title, summary=n.summary, state=states[n.id], failure=failure if n.id == "pb" else None)
        if n.id in states
        else n
        for n in good.nodes
    )  # fmt: skip
    return report(nodes=nodes, status="failed", sketch=sketch(states))
