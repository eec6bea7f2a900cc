"""`peephole`: finds the commands, reads the command line, runs one command, and gives its exit code."""

from __future__ import annotations

import argparse
import atexit
import importlib
import os
import pkgutil
import select
import sys
import threading
from collections.abc import Sequence
from typing import NoReturn, Protocol, cast

from peephole import __version__
from peephole.cli import commands
from peephole.cli.codes import Code
from peephole.cli.errors import code_of, say
from peephole.core.errors import nearest


class Command(Protocol):
    """A command: a module in `peephole.cli.commands`. It imports heavy things only in `execute`."""

    HELP: str
    ORDER: int

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's arguments."""

    def execute(self, args: argparse.Namespace) -> int:
        """Do it; gives the exit code."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in a sentence, with the nearest command, instead of a whole page of usage."""

    def error(self, message: str) -> NoReturn:
        """Tell it and leave with the code for wrong usage."""
        said = message[:1].upper() + message[1:]
        print(said if said.endswith((".", "?")) else f"{said}.", file=sys.stderr)
        print(f"`{self.prog} --help` tells what it takes.", file=sys.stderr)
        self.exit(Code.USAGE)

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is not None and value not in action.choices:
            known = [str(c) for c in action.choices]
            hint = nearest(str(value), known) or f"There are: {', '.join(known)}."
            raise argparse.ArgumentError(None, f'there is no "{value}". {hint}')


def found_commands() -> dict[str, Command]:
    """Every command by name, in the order in which help shows them."""
    found = {
        info.name: cast(Command, importlib.import_module(f"{commands.__name__}.{info.name}"))
        for info in pkgutil.iter_modules(commands.__path__)
        if not info.name.startswith("_")
    }
    return dict(sorted(found.items(), key=lambda item: item[1].ORDER))


def build_parser() -> Parser:
    """The whole command line."""
    parser = Parser(
        prog="peephole",
        description="Run and inspect workflows. `peephole COMMAND --help` explains a command.",
        epilog="exit codes:\n" + "\n".join(f"  {c.value:<9} {c.meaning}" for c in Code),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"peephole {__version__}")
    subparsers = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    for name, command in found_commands().items():
        sub = subparsers.add_parser(
            name, help=command.HELP, description=f"{command.HELP[:1].upper()}{command.HELP[1:]}."
        )
        command.add_arguments(sub)
        sub.add_argument("--trace", action="store_true", help="show the technical details of a failure")
        sub.set_defaults(execute=command.execute)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    given = sys.argv[1:] if argv is None else argv
    if given[:1] != ["run"] or not {"-h", "--help"}.isdisjoint(given):
        return _obey(given)
    from peephole.engine.launch import launched

    with launched():  # before anything else, so that the worker gets ready meanwhile
        return _obey(given)


def _obey(argv: Sequence[str]) -> int:
    args = build_parser().parse_args(argv)
    try:
        return int(args.execute(args))
    except KeyboardInterrupt as stop:
        return code_of(stop)
    except Exception as error:  # the last place where a failure can be put into words
        if isinstance(error, BrokenPipeError) and _nobody_reads():
            return Code.OK
        say(error, trace=args.trace)
        return code_of(error)


def _nobody_reads() -> bool:
    """Whether the reader of our output has gone (`peephole nodes | head`): then there is nothing more to say."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    gone = any(event & select.POLLERR for _, event in poll.poll(0))
    if gone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return gone


def command() -> NoReturn:
    """The command as a process of its own, which ends at once: taking all modules apart takes longer than a small run."""
    # Looking for pydantic's plugins means reading what every installed package says of itself.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    code = main()
    if threading.active_count() > 1:
        sys.exit(code)
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # said as Python says it
        sys.exit(code)
    os._exit(code)


if __name__ == "__main__":
    command()
