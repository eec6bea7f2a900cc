"""The web application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from peephole import __version__
from peephole.studio import problems
from peephole.studio.config import Config
from peephole.studio.desk import Desk
from peephole.studio.guard import Guard
from peephole.studio.routes import documents, page, ports, start


def make_app(config: Config) -> FastAPI:
    """The application, with the door around it. Its desk is at `app.state.desk`."""
    desk = Desk(config)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        tidying = asyncio.create_task(desk.put_away_idle())
        yield
        tidying.cancel()
        await asyncio.gather(tidying, return_exceptions=True)
        await desk.close()

    # No pages of documentation: they load scripts from elsewhere.
    app = FastAPI(title="Peephole", version=__version__, docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    app.state.desk = desk
    for router in (start.router(desk), documents.router(desk), ports.router(desk), page.router(config.static)):
        app.include_router(router)
    app.add_middleware(Guard, config=config)
    problems.install(app)
    return app
