"""Starts a service and keeps it running."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from peephole.core.errors import RunError
from peephole.engine.store import Store
from peephole.service.app import Limits, make_app
from peephole.service.program import prepare
from peephole.workflow.files import load


def serve(
    file: Path,
    *,
    host: str,
    port: int,
    token: str | None,
    most_rows: int,
    store: Path | None,
    ready: Callable[[str], None],
) -> None:
    """Make the workflow ready, listen, and answer until Ctrl-C.  ready: is told the address once requests are taken.

    Raises RunError where the workflow cannot be served, or the address is taken.
    """
    listening = _listen(host, port)  # before the work, so that a taken port is told at once
    with contextlib.closing(listening):
        program = prepare(load(file), file, store=Store(store))
        app = make_app(program, token=token, limits=Limits(rows=most_rows))
        # waiting requests are not cut off at the end; the access log is what /metrics is for
        config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=10)
        name, chosen = listening.getsockname()[:2]
        shown = f"[{name}]" if ":" in name else name
        ready(f"http://{shown}:{chosen}")
        try:
            with contextlib.suppress(KeyboardInterrupt):  # the usual way to end it
                uvicorn.Server(config).run(sockets=[listening])
        finally:
            program.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        opened = socket.socket(family, kind, protocol)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(128)
    except OSError as error:
        raise RunError(
            f"{host}:{port} cannot be listened on: {error.strerror or error}.", remedy="Choose another --port."
        ) from error
    return opened
