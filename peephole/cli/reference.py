"""The reference page of the command line, made from the commands themselves: `python -m peephole.cli.reference > docs/cli.md`."""

from __future__ import annotations

import argparse

from peephole.cli.codes import Code
from peephole.cli.main import build_parser

_INTRODUCTION = """\
# The command line

<!-- Made by `python -m peephole.cli.reference > docs/cli.md`; a test says when it is out of date. -->

    peephole new flights.peep.json --template flight-delays
    peephole check flights.peep.json
    peephole run flights.peep.json --report report.html
    peephole run flights.peep.json --set tree.max_depth=4     # only what depends on it runs again

While a workflow runs, each node has a line: its state, its settings and why it runs, what came out, how long it took.
What runs shows a bar, a rate and the remaining time. Written to a file or a pipe, a line is added when a node starts and when
it ends; with `--json` each event is one line of JSON. Colours are left out where `NO_COLOR` is set.

Ctrl-C asks the run to stop, and within a second it has; what was done is kept. A second Ctrl-C leaves at once.

Ctrl-\\ (the signal QUIT) ends what trains after the epoch under way (of long epochs at once, as it was after the last whole one)
and keeps what is learnt: the network as it is by then is the result, marked as stopped by hand, and the run goes on with what
follows. The next run goes on training from there; with the node's `epochs` set to the number that it has had, it stays as it is.

A failure says what happened and the remedy; `--trace` adds the technical details.
"""


def reference() -> str:
    """The page."""
    parts = [_INTRODUCTION]
    for name, command in commands_of(build_parser()).items():
        parts.append(_command(name, command))
    codes = "\n".join(f"| {c.value} | {c.meaning} |" for c in Code)
    parts.append(f"## Exit codes\n\n| code | meaning |\n|---|---|\n{codes}\n")
    return "\n".join(parts)


def commands_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parser of each command."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _command(name: str, parser: argparse.ArgumentParser) -> str:
    rows = [_row(a) for a in parser._actions if a.dest != "help"]
    description = parser.description or ""
    return f"## peephole {name}\n\n{description}\n\n| argument | meaning |\n|---|---|\n" + "\n".join(rows) + "\n"


def _row(action: argparse.Action) -> str:
    metavar = str(action.metavar or ("" if action.nargs == 0 else (action.dest.upper())))
    if action.option_strings:
        written = f"{action.option_strings[-1]} {metavar}".strip()
    else:
        written = metavar if not action.choices else ", ".join(map(str, action.choices))
        written = f"[{written}]" if action.nargs == "?" else written
    meaning = (action.help or "").replace("|", "\\|")
    return f"| `{written}` | {meaning} |"


if __name__ == "__main__":
    print(reference(), end="")
