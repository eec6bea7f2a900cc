"""`peephole check`: what would keep a workflow from running, without running it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peephole.core.node import NodeSpec
    from peephole.workflow.document import Document
    from peephole.workflow.findings import Finding

HELP = "say what would keep a workflow from running; nothing is run"
ORDER = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, help="the workflow (*.peep.json)")
    parser.add_argument("--json", action="store_true", help="the findings as JSON")


def execute(args: argparse.Namespace) -> int:
    """Check it; gives the exit code."""
    from peephole.cli.codes import Code
    from peephole.engine.catalog import catalog
    from peephole.workflow.check import check
    from peephole.workflow.files import load

    document, specs = load(args.file), catalog().specs
    found = check(document, specs)
    if not _faults(found):
        errors = _columns(document, args.file, specs)
        stopped = {e.node for e in errors}
        found = [*(f for f in found if f.node not in stopped), *errors]  # an error says all that a warning does
    if args.json:
        print(json.dumps([f.model_dump(mode="json") for f in found], indent=1, ensure_ascii=False))
    else:
        _tell(args.file, found)
    return Code.FAULTS if _faults(found) else Code.OK


def _faults(found: list[Finding]) -> int:
    return sum(f.severity == "error" for f in found)


def _columns(document: Document, path: Path, specs: Mapping[str, NodeSpec]) -> list[Finding]:
    """Settings that do not fit the columns, as far as these are known before a run (sources are opened for their columns)."""
    from peephole.engine.look import look_ahead
    from peephole.engine.plan import make_plan
    from peephole.tables.engines import engine_version
    from peephole.tables.session import open_session
    from peephole.workflow.findings import Finding
    from peephole.workflow.unroll import path_of

    folder = path.resolve().parent
    plan = make_plan(document, specs, folder=folder, store=None, engine=engine_version("duckdb"))
    named = [folder / p for s in plan.steps.values() for p in (s.made_from or {}).get("files", {})]
    session = open_session("duckdb", read=[folder, *named])
    session.folder = folder
    try:
        look = look_ahead(plan, session)
    finally:
        session.close()
    return [
        Finding(id=p.id, severity="error", node=path_of(node), what=p.what, remedy=p.remedy, setting=p.setting)
        for node, p in look.problems.items()
        if p.id != "skipped"
    ] + look.findings()


def _tell(path: Path, found: list[Finding]) -> None:
    from rich.console import Console
    from rich.text import Text

    from peephole.report.words import plural

    console = Console(highlight=False)
    for finding in found:
        style = "red" if finding.severity == "error" else "yellow"
        where = Text(finding.node or path.name, "bold")
        console.print(where, Text(f"({finding.severity})", style), soft_wrap=True)
        console.print(Text(f"  {finding.what}"), soft_wrap=True)
        if finding.remedy:
            console.print(Text(f"  {finding.remedy}", "dim"), soft_wrap=True)
    faults = _faults(found)
    rest = len(found) - faults
    if not found:
        console.print(Text(f"{path.name}: nothing to complain about.", "green"))
    else:
        told = [plural(n, word) for n, word in ((faults, "error"), (rest, "warning")) if n]
        console.print(Text(f"{path.name}: {', '.join(told)}.", "red" if faults else "yellow"))
