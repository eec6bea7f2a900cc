"""Networks that are opened: what there is to look at, and slices of it. All of it is computed in the side process."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from peephole.studio.desk import Desk
from peephole.studio.routes.ports import while_wanted

Typed = Annotated[str, Query(max_length=100_000)]
Follow = Annotated[str, Query(max_length=10_000)]


@dataclass(frozen=True)
class Which:
    """Which trace.  of: the layer; table, row, typed: the example; follow: what is followed back, "" for the loss."""

    of: str = ""
    table: int = 0
    row: int | None = None
    typed: Typed = ""
    follow: Follow = ""

    def asked(self) -> dict[str, Any]:
        """As the side process is asked."""
        given = asdict(self)
        return {"layer": given.pop("of"), **given}


_WHICH = (
    "at",
    *(field.name for field in fields(Which)),
)  # of which moment, which trace; everything else is the question


def router(desk: Desk) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/api/documents/{one}/traces/{node:path}")

    async def ask(request: Request, one: str, node: str, what: str, **more: Any) -> Response:
        document = await desk.get(one)
        answer = await while_wanted(request, document.ask("trace", node=node, what=what, **more), desk.ending)
        return JSONResponse(answer.facts)

    @routes.get("/about")
    async def about(
        request: Request,
        one: str,
        node: str,
        table: int = 0,
        of: str = "",
        first: Annotated[int | None, Query(ge=0)] = None,
    ) -> Response:
        document = await desk.get(one)
        more = {"table": table, "layer": of, "first": first}
        answer = await while_wanted(request, document.ask("trace", node=node, what="about", **more), desk.ending)
        trainer = document.snapshot().nodes.get(answer.facts["trainer"])
        return JSONResponse({**answer.facts, "running": trainer is not None and trainer.state == "running"})

    @routes.get("/values")
    async def values(
        request: Request, one: str, node: str, row: Annotated[int, Query(ge=0)], table: int = 0
    ) -> Response:
        return await ask(request, one, node, "values", table=table, row=row)

    @routes.get("/head")
    async def head(request: Request, one: str, node: str, which: Annotated[Which, Depends()]) -> Response:
        return await ask(request, one, node, "head", **which.asked())

    @routes.get("/slice")
    async def part(request: Request, one: str, node: str, which: Annotated[Which, Depends()]) -> Response:
        question = {name: value for name, value in request.query_params.items() if name not in _WHICH}
        return await ask(request, one, node, "slice", **which.asked(), question=question)

    return routes
