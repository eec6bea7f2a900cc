"""`peephole serve`: a workflow as an HTTP service."""

from __future__ import annotations

import argparse
import ipaddress
import os
import secrets
from pathlib import Path

HELP = "serve a workflow with a Service input and output over HTTP"
ORDER = 15
TOKEN = "PEEPHOLE_SERVICE_TOKEN"  # noqa: S105 - the name of an environment variable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("file", type=Path, help="the workflow (*.peep.json)")
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (default: this machine only)"
    )
    parser.add_argument(
        "--port", type=int, default=8080, metavar="N", help="the port (default: 8080; 0 takes a free one)"
    )
    parser.add_argument(
        "--no-token",
        action="store_true",
        help=f"let everybody on this machine ask (else the token is {TOKEN}, or a new one that is printed)",
    )
    parser.add_argument(
        "--most-rows", type=int, default=10_000, metavar="N", help="rows of one request (default: 10000)"
    )
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

    token = _token(args)
    try:
        from peephole.service.server import serve
    except ImportError as error:
        raise MissingLibraryError(
            f"A service needs {error.name}, which is not installed.",
            remedy="Install it: pip install 'peephole[service]'.",
        ) from error

    def ready(address: str) -> None:
        print(f"Serving {args.file.name} at {address}/run; {address}/docs explains it.", flush=True)
        if token is not None and TOKEN not in os.environ:
            print(f"Token: {token}", flush=True)
        print("Ctrl-C ends it.", flush=True)

    serve(
        args.file, host=args.host, port=args.port, token=token, most_rows=args.most_rows, store=args.store, ready=ready
    )
    return Code.OK


def _token(args: argparse.Namespace) -> str | None:
    from peephole.cli.errors import UsageError

    if not 0 <= args.port <= 65535:
        raise UsageError(f"{args.port} is no port.", remedy="Ports go from 0 to 65535; 0 takes any free one.")
    if args.most_rows < 1:
        raise UsageError(f"{args.most_rows} rows are too few.", remedy="Take 1 or more.")
    if not args.no_token:
        return os.environ.get(TOKEN) or secrets.token_urlsafe(24)
    if not _only_here(args.host):
        raise UsageError(
            f"Without a token, everybody who reaches {args.host} could ask.", remedy="Leave out --no-token, or --host."
        )
    return None


def _only_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
