"""Tables as files to take away: written by the side process as they are shown, sent once, and gone.

The page asks for a file and is told how far it is; hanging up stops the work. Then it fetches the file under the name it was
given, which leads to nothing else on this machine.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from peephole.core.errors import PeepholeError
from peephole.engine.catalog import catalog
from peephole.report.labels import title_of
from peephole.studio.desk import Desk
from peephole.studio.document import OpenDocument
from peephole.studio.problems import EndingError, NotThereError, problem_from
from peephole.studio.routes.ports import while_wanted
from peephole.studio.wire.values import DownloadTold
from peephole.workflow.document import Document, NodeBlock

MOST_WAITING = 8  # files that are written and not fetched
_BEAT = 0.3  # seconds
_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class _File(NamedTuple):
    path: Path
    name: str


class _SentOnce(FileResponse):
    """A file that goes when it is sent, or the browser has hung up."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            Path(self.path).unlink(missing_ok=True)


def router(desk: Desk) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/api/documents/{one}")
    waiting: dict[tuple[str, str], _File] = {}

    def keep(one: str, file: _File) -> str:
        ticket = secrets.token_urlsafe(16)
        waiting[one, ticket] = file
        while len(waiting) > MOST_WAITING:
            waiting.pop(next(iter(waiting))).path.unlink(missing_ok=True)
        return ticket

    @routes.post("/downloads/{node:path}/{port}")
    async def write(
        request: Request,
        one: str,
        node: str,
        port: str,
        kind: Annotated[Literal["csv", "parquet", "xlsx"], Query(alias="format")] = "csv",
        sort: Annotated[str, Query(max_length=1000)] = "",
        where: Annotated[str, Query(max_length=20_000)] = "",
        guard: Annotated[bool, Query(description="put ' before what a spreadsheet would take for a formula")] = False,
    ) -> Response:
        document = await desk.get(one)

        async def lines() -> AsyncIterator[DownloadTold]:
            asked = {"node": node, "port": port, "format": kind, "sort": sort, "where": where, "guard": guard}
            async for told in _written(document, desk, **asked):
                if isinstance(told, Path):
                    name = file_name(f"{_title(document.document, node)} {port}", kind)
                    yield DownloadTold(ready=keep(one, _File(told, name)))
                else:
                    yield DownloadTold(done=told)

        told = lines()
        first = await while_wanted(request, anext(told), desk.ending)  # a refusal right away keeps its status
        return StreamingResponse(_as_text(first, told), media_type="application/x-ndjson")

    @routes.get("/downloads/{ticket}")
    async def fetch(one: str, ticket: str) -> Response:
        file = waiting.pop((one, ticket), None)
        if file is None or not file.path.is_file():
            raise NotThereError("This file has been fetched already.", remedy="Download the table again.")
        media_type = _KINDS[file.path.suffix.removeprefix(".")]
        return _SentOnce(file.path, filename=file.name, media_type=media_type, headers={"Cache-Control": "no-store"})

    return routes


async def _written(document: OpenDocument, desk: Desk, **asked: Any) -> AsyncIterator[float | Path]:
    """The share done, now and then, and at last the file. Leaving off stops the work."""
    shares: list[float] = []
    work = asyncio.ensure_future(document.ask("save", on_progress=shares.append, **asked))
    try:
        while not work.done():
            await asyncio.wait([work], timeout=_BEAT)
            if desk.ending.is_set():
                raise EndingError("The studio is being stopped.", remedy="Start it again.")
            if shares and not work.done():
                yield shares[-1]
                del shares[:-1]
        yield Path(work.result().facts["path"])
    finally:
        work.cancel()


async def _as_text(first: DownloadTold, rest: AsyncIterator[DownloadTold]) -> AsyncIterator[str]:
    """A line of JSON for each; what goes wrong on the way is one too, since the answer's status is told by then."""
    yield first.model_dump_json() + "\n"
    try:
        async for told in rest:
            yield told.model_dump_json() + "\n"
    except PeepholeError as error:
        yield DownloadTold(problem=problem_from(error)).model_dump_json() + "\n"


def _title(document: Document, node: str) -> str:
    """What a node, or a component, is called on the canvas."""
    inside: Document | None = document
    block: NodeBlock | None = None
    for part in node.split("/"):
        block = inside.nodes.get(part) if inside is not None else None
        if block is None:  # removed meanwhile
            return node
        inside = block.inside
    return title_of(block, catalog().specs.get(block.type)) if block is not None else node


def file_name(title: str, ending: str) -> str:
    """The name of a file for a title: what file systems or shells take amiss is left out."""
    kept = re.sub(r"[^\w .,=()%+-]", "", re.sub(r"[/\\:|]+", " - ", title))
    kept = re.sub(r"\s+", " ", kept).strip(" .")[:120].strip(" .")
    return f"{kept or 'table'}.{ending}"
