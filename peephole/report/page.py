"""The report as one HTML file: nothing is fetched, everything is escaped, and without scripts it is complete too."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from peephole import __version__
from peephole.report import icons
from peephole.report.charts import arranged
from peephole.report.drawing import draw, style
from peephole.report.marks import state_icon
from peephole.report.model import Chart, NodeReport, Output, Part, ReportModel, Score, TableHead, Text
from peephole.report.prose import prose
from peephole.report.sketch import STATE_NAMES
from peephole.report.tables import score_text, shown
from peephole.report.words import duration, plural

ASSETS = Path(__file__).parent / "assets"
Scored = tuple[NodeReport, tuple[Score, ...]]
HEADLINES = {
    "done": "Everything is done",
    "failed": "Some of it failed",
    "cancelled": "Cancelled",
    "interrupted": "Interrupted",
}


def render(report: ReportModel, *, live: bool = True) -> str:
    """The page.  live: carry the chart library inside, where it is installed, so that charts answer to the mouse."""
    library = chart_library() if live and _charts(report) else ""
    styles = [style() + _asset("report.css")]
    scripts = [library, _asset("report.js")] if library else []
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            drawing=Markup(draw(report.sketch, inside=True, links="#node-", title=f"Workflow: {report.title}")),  # noqa: S704
            styles=[Markup(s) for s in styles],  # noqa: S704 - our own files
            scripts=[Markup(s) for s in scripts],  # noqa: S704
            policy=_policy(styles, scripts),
            headline=HEADLINES.get(report.status, report.status),
            version=report.version or __version__,
            state_names=STATE_NAMES,
            work=sum(n.seconds for n in report.nodes),
            slowest=max((n.seconds for n in report.nodes), default=0.0),
            **_sections(report),
        )
    )


@cache
def chart_library() -> str:
    """The chart library's source, or nothing where it was not built in."""
    path = ASSETS / "echarts.min.js"
    return path.read_text("utf-8").replace("</script", "<\\/script") if path.exists() else ""


def _sections(report: ReportModel) -> dict[str, Any]:
    """What each part of the page shows: pairs of a node and one of its outputs."""
    outputs = [(n, o) for n in report.nodes for o in n.outputs if o.parts]
    charts = [(n, p) for n, o in outputs if o.type == "Figure" for p in o.parts if isinstance(p, Chart)]
    return {
        "failures": [n for n in report.nodes if n.failure],
        "messages": [n for n in report.nodes if n.messages],
        "scores": compared([(n, p) for n, o in outputs for p in o.parts if isinstance(p, tuple)]),
        "charts": list(zip(charts, arranged([c for _, c in charts]), strict=True)),
        "tables": [
            (n, _table_title(n, o, p), p) for n, o in outputs if o.type != "Report" and o.final for p in _heads(o)
        ],
        "pages": [(n, o) for n, o in outputs if o.type == "Report"],
    }


def compared(scores: Sequence[Scored]) -> list[list[Scored]]:
    """Scores of the same names together: they stand in one table, one node a row."""
    groups: dict[tuple[str, ...], list[Scored]] = {}
    for node, found in scores:
        groups.setdefault(tuple(s.name for s in found), []).append((node, found))
    return list(groups.values())


def _table_title(node: NodeReport, output: Output, head: TableHead) -> str:
    """The node's title, and which of its tables this is where it has several."""
    several = sum(o.type == "Table" for o in node.outputs) > 1
    return head.title or (f"{node.title}: {output.port.replace('_', ' ')}" if several else node.title)


def _heads(output: Output) -> list[TableHead]:
    return [p for p in output.parts if isinstance(p, TableHead)]


def _charts(report: ReportModel) -> bool:
    return any(isinstance(p, Chart) and p.option for n in report.nodes for o in n.outputs for p in o.parts)


def _policy(styles: list[str], scripts: list[str]) -> str:
    """Nothing may be loaded, and only our own scripts and styles run.

    Chart tooltips set style attributes: those are allowed, they can load nothing.
    """
    return "; ".join(
        [
            "default-src 'none'",
            "img-src data:",
            f"style-src {_hashes(styles)}",
            f"style-src-elem {_hashes(styles)}",
            "style-src-attr 'unsafe-inline'",
            f"script-src {_hashes(scripts) or chr(39) + 'none' + chr(39)}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _hashes(sources: list[str]) -> str:
    digests = (base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in sources)
    return " ".join(f"'sha256-{d}'" for d in digests)


@cache
def _asset(name: str) -> str:
    return (ASSETS / name).read_text("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "duration": duration,
        "plural": plural,
        "score": score_text,
        "sentence": lambda text: text[:1].upper() + text[1:],
        "shown": shown,
        "prose": prose,
        "state_icon": lambda state: Markup(state_icon(state)),  # noqa: S704
        "icon": _icon,
        "picture": _picture,
        "json": _json,
        "moment": _moment,
    }
    environment.tests |= {
        "chart": lambda p: isinstance(p, Chart),
        "table": lambda p: isinstance(p, TableHead),
        "text": lambda p: isinstance(p, Text),
        "scores": lambda p: isinstance(p, tuple) and all(isinstance(s, Score) for s in p),
    }
    return environment


def _moment(when: datetime) -> str:
    return f"{when.day} {when:%B %Y, %H:%M}"


def _icon(node: NodeReport) -> Markup:
    return Markup('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>').format(
        icons.drawing(node.icon, node.family)
    )


def _picture(svg: str) -> str:
    """A static picture as a data address: as an image its styles and ids cannot meet those of the page or of others."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _json(value: Any) -> Markup:
    """JSON for a data block: nothing in it can end the block or open a comment."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=str)
    return Markup(re.sub(r"[<>&\u2028\u2029]", lambda m: f"\\u{ord(m[0]):04x}", text))  # noqa: S704


__all__ = ["Part", "chart_library", "render"]
