"""`peephole store`: how much room the results take, and taking them away."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "tell how much room the stored results take, or clear them"
ORDER = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("action", choices=["size", "clear"], help="size: tell how much; clear: take all results away")
    parser.add_argument(
        "--store", type=Path, metavar="FOLDER", help="the store (default: PEEPHOLE_STORE, or the user's cache)"
    )


def execute(args: argparse.Namespace) -> int:
    """Tell or clear; gives the exit code."""
    from peephole.cli.codes import Code
    from peephole.engine.store import Store

    store = Store(args.store)
    if args.action == "size":
        print(f"{_bytes(store.size())} in {store.folder}")
    else:
        print(f"{_bytes(store.clear())} freed in {store.folder}")
    return Code.OK


def _bytes(number: int) -> str:
    size, unit = float(number), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:.0f} {unit}" if unit == "bytes" or size >= 100 else f"{size:.1f} {unit}"
