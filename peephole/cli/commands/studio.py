"""`peephole studio`: the workbench in the browser."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path

HELP = "open the workbench in the browser"
ORDER = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, nargs="?", help="a workflow to open (*.peep.json)")
    parser.add_argument("--port", type=int, metavar="N", help="listen on this port (default: the first free from 8321)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument(
        "--folder", dest="folders", action="append", type=Path, default=[], metavar="FOLDER",
        help="a further folder whose files may be used, besides this one and the workflow's; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--store",
        type=Path,
        metavar="FOLDER",
        help="where results are kept (default: PEEPHOLE_STORE, or the user's cache)",
    )


def execute(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C; gives the exit code."""
    from peephole.cli.codes import Code
    from peephole.core.errors import MissingLibraryError

    try:
        from peephole.studio.server import serve
    except ImportError as error:
        raise MissingLibraryError(
            f"The studio needs {error.name}, which is not installed.",
            remedy="Install it: pip install 'peephole[studio]'.",
        ) from error
    _check(args)

    def ready(address: str, once: str) -> None:
        print(f"The studio is at {address}\nCtrl-C ends it; everything is saved as you go.", flush=True)
        if not args.no_browser:
            import webbrowser

            webbrowser.open(once)

    with contextlib.suppress(KeyboardInterrupt):  # the usual way to end it
        serve(args.file, port=args.port, folders=args.folders, store=args.store, ready=ready)
    return Code.OK


def _check(args: argparse.Namespace) -> None:
    from peephole.cli.errors import UsageError

    if args.port is not None and not 0 <= args.port <= 65535:
        raise UsageError(f"{args.port} is no port.", remedy="Ports go from 0 to 65535; 0 takes any free one.")
    for folder in args.folders:
        if not folder.is_dir():
            raise UsageError(f"There is no folder {folder}.", remedy="Make it first, or name another.")
