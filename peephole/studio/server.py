"""Serves the studio on loopback until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from peephole.core.errors import PeepholeError
from peephole.engine.store import default_folder
from peephole.studio.app import App, make_app
from peephole.studio.config import Config, state_folder

FIRST_PORT = 8321
HOST = "127.0.0.1"


class PortTakenError(PeepholeError):
    """Another program listens on the port."""

    id = "port"


def serve(
    file: Path | None,
    *,
    port: int | None = None,
    folders: Sequence[Path] = (),
    store: Path | None = None,
    ready: Callable[[str, str], None],
) -> None:
    """Serve until interrupted.

    file: a workflow to open.  port: which to listen on; the first free one from 8321 if not given.
    folders: further folders that may be used.  ready: is told the address, once a browser can come, and one that
    lets in only once, to be given to the browser.
    Raises PortTakenError, and DocumentError for a file that is no workflow.
    """
    with contextlib.closing(listen(port)) as listening:
        here = [Path.cwd(), *([file.resolve().parent] if file else ()), *folders]
        config = Config(
            port=listening.getsockname()[1],
            folders=tuple(dict.fromkeys(folder.resolve() for folder in here)),
            state=state_folder(),
            store=(store or default_folder()).absolute(),
        )
        asyncio.run(_serve(config, file, listening, ready))


async def _serve(
    config: Config, file: Path | None, listening: socket.socket, ready: Callable[[str, str], None]
) -> None:
    app = make_app(config)
    page = f"&next=/d/{await app.desk.open_file(file.resolve())}" if file is not None else ""
    server = web_server(app, config)
    watching = asyncio.create_task(
        _watch(
            server,
            lambda: ready(config.address + page, config.address_with(app.web.ticket()) + page),
            app.desk.send_pages_away,
        )
    )
    await server.serve(sockets=[listening])
    watching.cancel()


def web_server(app: App, config: Config) -> uvicorn.Server:
    """The server of an application."""
    return uvicorn.Server(
        uvicorn.Config(
            app.web,
            log_level="warning",
            access_log=False,  # it would hold the token
            server_header=False,
            ws_max_size=config.largest_message,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=2,
        )
    )


async def _watch(server: uvicorn.Server, ready: Callable[[], None], ending: Callable[[], None]) -> None:
    while not server.started:
        await asyncio.sleep(0.02)
    ready()
    while not server.should_exit:
        await asyncio.sleep(0.1)
    ending()


def listen(port: int | None) -> socket.socket:
    """A socket on loopback; asked for no port in particular, the first free one."""
    wanted = [port] if port is not None else [*range(FIRST_PORT, FIRST_PORT + 50), 0]
    for one in wanted:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # only then is Nagle off
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, one))
        except OSError:
            listening.close()
            continue
        listening.listen(128)
        return listening
    raise PortTakenError(f"The port {port} is taken.", remedy="Choose another with --port, or leave it out.")
