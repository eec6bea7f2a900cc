"""`peephole run`: run a workflow, show it, write the report."""

from __future__ import annotations

import argparse
import gc
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

    from peephole.engine.events import Event
    from peephole.engine.run import RunResult
    from peephole.workflow.document import Document

HELP = "run a workflow: only what has changed since the last run"
ORDER = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, help="the workflow (*.peep.json)")
    parser.add_argument(
        "--set", dest="settings", action="append", default=[], metavar="NODE.SETTING=VALUE",
        help="change a setting for this run; the value is JSON or plain text; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--to",
        dest="targets",
        action="append",
        metavar="NODE",
        help="run only what this node needs; may be given several times",
    )
    parser.add_argument(
        "--on", dest="engine", default="duckdb", metavar="ENGINE", help="the engine for tables (default: duckdb)"
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="write a report: one HTML file with everything in it"
    )
    parser.add_argument("--json", action="store_true", help="one event a line, for machines")
    parser.add_argument(
        "--store",
        type=Path,
        metavar="FOLDER",
        help="where results are kept (default: PEEPHOLE_STORE, or the user's cache)",
    )
    parser.add_argument(
        "--refetch",
        action="store_true",
        help="fetch anew from databases and addresses that are set to be fetched by hand",
    )
    parser.add_argument("--fresh", action="store_true", help="use no earlier results: everything is computed anew")


def execute(args: argparse.Namespace) -> int:
    """Run it; gives the exit code."""
    from peephole.engine.launch import launched

    with launched() as process:  # it gets ready while the document is read and planned
        return _run(args, process)


def _run(args: argparse.Namespace, process: subprocess.Popen[bytes] | None) -> int:
    with _uncollected():
        from peephole.cli.assignments import with_settings
        from peephole.cli.codes import Code
        from peephole.cli.display.show import display
        from peephole.cli.display.watch import Label
        from peephole.cli.stopping import keepable, stoppable
        from peephole.cli.targets import checked_targets
        from peephole.engine.catalog import catalog
        from peephole.engine.run import run
        from peephole.engine.store import Store
        from peephole.report.labels import flat_labels
        from peephole.workflow.files import load

        specs = catalog().specs
        document = with_settings(load(args.file), args.settings, specs)
        targets = checked_targets(document, args.targets)
        _check_report(args.report)
        labels = {i: Label(*said) for i, said in flat_labels(document, specs).items()}
    title = document.title or args.file.name.removesuffix(".peep.json")
    shown = display(labels, title=title, as_json=args.json, trace=args.trace)
    with _store_folder(args) as folder:
        store = Store(folder)
        with shown, stoppable(shown.note) as cancel, keepable(shown.note) as enough:
            result = run(
                document,
                path=args.file,
                store=store,
                targets=targets,
                engine=args.engine,
                on_event=_anew(shown) if args.fresh else shown,
                cancel=cancel,
                enough=enough,
                refetch=args.refetch,
                launched=process,
            )
        if args.report:
            _write_report(args, document, result)
            shown.note(f"The report is in {args.report}.")
    return {"done": Code.OK, "cancelled": Code.CANCELLED}.get(result.status, Code.FAILED)


def _anew(shown: Callable[[Event], None]) -> Callable[[Event], None]:
    """Tells of a run with an empty store: what may well have run before runs because that is asked for."""
    from peephole.engine.events import NodeQueued
    from peephole.engine.ingredients import NEW

    def tell(event: Event) -> None:
        if isinstance(event, NodeQueued):
            event = event.model_copy(update={"reason": event.reason.replace(NEW, "asked anew")})
        shown(event)

    return tell


@contextmanager
def _uncollected() -> Iterator[None]:
    """While so much is imported, no garbage is looked for: there is none, and looking takes a tenth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def _store_folder(args: argparse.Namespace) -> Iterator[Path | None]:
    """The store's folder; for a fresh run an empty one that is taken away afterwards."""
    if not args.fresh:
        yield args.store
        return
    with tempfile.TemporaryDirectory(prefix="peephole-", dir=args.store, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _check_report(path: Path | None) -> None:
    """Before a long run, not after it: can the report be written?"""
    from peephole.cli.errors import UsageError

    if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
        raise UsageError(f"The report cannot be written to {path}.", remedy="Name a file in a folder that exists.")


def _write_report(args: argparse.Namespace, document: Document, result: RunResult) -> None:
    from peephole.report.collect import collect
    from peephole.report.page import render

    args.report.write_text(
        render(collect(document, result, source=args.file.name, engine=args.engine)), encoding="utf-8"
    )
