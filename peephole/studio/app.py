"""The web application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from fastapi import FastAPI

from peephole import __version__
from peephole.studio import problems, traces
from peephole.studio.config import Config
from peephole.studio.desk import Desk
from peephole.studio.guard import Guard
from peephole.studio.library import library
from peephole.studio.routes import documents, downloads, page, ports, start


class App(NamedTuple):
    """web: what a server serves, the door around everything.  desk: the open documents."""

    web: Guard
    desk: Desk


def make_app(config: Config) -> App:
    """The application."""
    desk = Desk(config)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        # the library takes a moment to read: it is there by the time a page asks
        work = [asyncio.create_task(desk.put_away_idle()), asyncio.create_task(asyncio.to_thread(library))]
        yield
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        await desk.close()

    # No pages of documentation: they load scripts from elsewhere.
    app = FastAPI(title="Peephole", version=__version__, docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    for router in (
        start.router(desk),
        documents.router(desk),
        ports.router(desk),
        downloads.router(desk),
        traces.router(desk),
        page.router(config.static),
    ):
        app.include_router(router)
    problems.install(app)
    return App(Guard(app, config), desk)
