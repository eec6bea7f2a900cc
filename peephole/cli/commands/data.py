"""`peephole data`: the named data sets, and fetching one."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.progress import Progress

    from peephole.core.progress import Level

HELP = "list the named data sets, or fetch one"
ORDER = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "action", choices=["list", "get"], help="list: what there is; get: fetch one and tell where it lies"
    )
    parser.add_argument("name", nargs="?", help="the data set to get")


def execute(args: argparse.Namespace) -> int:
    """List or fetch; gives the exit code."""
    from peephole.cli.codes import Code
    from peephole.cli.errors import UsageError

    if args.action == "list":
        _list()
    elif args.name is None:
        raise UsageError("Which data set?", remedy="`peephole data list` tells their names.")
    else:
        print(_fetch(args.name))
    return Code.OK


def _list() -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from peephole.data import list_data_sets

    grid = Table.grid(padding=(0, 2), pad_edge=False)
    grid.add_column(style="cyan", no_wrap=True)
    grid.add_column(overflow="fold")
    for found in list_data_sets():
        grid.add_row(found.name, Text.assemble(found.description, (f"  {found.licence}", "dim")))
    Console(highlight=False).print(grid)


def _fetch(name: str) -> str:
    """Where the data set lies, fetched first if need be; the bar goes to standard error, so that the path can be piped."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from peephole.core.progress import reporting_to
    from peephole.data import find, get

    find(name)  # a misspelt name is told before anything is drawn
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar, reporting_to(_Bar(bar)):
        return str(get(name))


class _Bar:
    """Draws what the fetching tells."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task: Any = None

    def progress(self, done: float, total: float | None, title: str, unit: str = "") -> None:  # noqa: ARG002
        """Move the bar."""
        if self._task is None:
            self._task = self._bar.add_task(title, total=total)
        self._bar.update(self._task, completed=done, total=total, description=title)

    def metric(self, values: dict[str, float], per: str) -> None:
        """Fetching has no curves."""

    def earlier(self, curves: Mapping[str, Sequence[float | None]], per: str) -> None:
        """Fetching has no curves."""

    def message(self, level: Level, text: str) -> None:  # noqa: ARG002 - what a reporter takes
        """Say it above the bar."""
        self._bar.console.print(text)

    def cancelled(self) -> bool:
        """Ctrl-C ends the command itself."""
        return False
