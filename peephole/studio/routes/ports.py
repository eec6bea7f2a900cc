"""What lies at a port: rows and statistics of tables, figures, models, pages, networks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from peephole.studio.desk import Desk
from peephole.studio.problems import EndingError, GoneError
from peephole.studio.side import Answer
from peephole.studio.wire.values import FigureFacts, ModelFacts, NetworkFacts, ReportPage, Statistics

ARROW = "application/vnd.apache.arrow.stream"

T = TypeVar("T")


def router(desk: Desk) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/api/documents/{one}")

    async def ask(request: Request, one: str, kind: str, **what: Any) -> Answer:
        document = await desk.get(one)
        return await while_wanted(request, document.ask(kind, **what), desk.ending)

    @routes.get("/rows/{node:path}/{port}")
    async def rows(
        request: Request,
        one: str,
        node: str,
        port: str,
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=0, le=10_000)] = 200,
        sort: Annotated[str, Query(max_length=1000)] = "",
        where: Annotated[str, Query(max_length=20_000)] = "",
    ) -> Response:
        found = await ask(
            request, one, "rows", node=node, port=port, offset=offset, limit=limit, sort=sort, where=where
        )
        headers = {"X-Rows": str(found.facts["rows"]), "X-Content-Key": found.facts["key"]}
        if not found.facts["whole"]:  # pages beyond these rows are still to be found
            headers["X-Head"] = "true"
        return Response(found.body, media_type=ARROW, headers=headers)

    @routes.get("/statistics/{node:path}/{port}")
    async def statistics(
        request: Request,
        one: str,
        node: str,
        port: str,
        column: Annotated[list[str] | None, Query(max_length=2000)] = None,
        columns: str = "",
        where: Annotated[str, Query(max_length=20_000)] = "",
    ) -> Statistics:
        names = [*(column or ()), *(name for name in columns.split(",") if name)]
        found = await ask(request, one, "statistics", node=node, port=port, columns=names, where=where)
        return Statistics.model_validate(found.facts)

    @routes.get("/figure-data/{node:path}/{port}")
    async def figure_data(request: Request, one: str, node: str, port: str) -> Response:
        found = await ask(request, one, "data", node=node, port=port)
        sampled = found.facts["sampled"]
        return Response(found.body, media_type=ARROW, headers={"X-Sampled": str(sampled)} if sampled else {})

    def value(name: str, kind: str, facts: type[BaseModel]) -> None:
        async def described(request: Request, one: str, node: str, port: str) -> BaseModel:
            found = await ask(request, one, "value", type=kind, node=node, port=port)
            return facts.model_validate(found.facts)

        routes.add_api_route(f"/{name}/{{node:path}}/{{port}}", described, response_model=facts)

    value("figure", "Figure", FigureFacts)
    value("model", "Model", ModelFacts)
    value("report", "Report", ReportPage)
    value("network", "Network", NetworkFacts)
    return routes


async def while_wanted(request: Request, work: Awaitable[T], ending: asyncio.Event) -> T:
    """What comes of the work; it is stopped at once when the browser no longer waits for it, or the studio ends."""
    task = asyncio.ensure_future(work)
    gone, end = asyncio.ensure_future(_gone(request)), asyncio.ensure_future(ending.wait())
    try:
        await asyncio.wait([task, gone, end], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        if end.done():
            raise EndingError("The studio is being stopped.", remedy="Start it again.")
        raise GoneError("Nobody waits for this answer any more.")
    finally:
        for one in (task, gone, end):
            one.cancel()


async def _gone(request: Request) -> None:
    """Until the browser hangs up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
