"""One document: its snapshot, its socket, its files."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, File, Response, UploadFile, WebSocket
from fastapi.responses import PlainTextResponse

from peephole.core.errors import PeepholeError
from peephole.studio.desk import Desk
from peephole.studio.problems import NotAllowedError, NotThereError, TakenError
from peephole.studio.socket import Page
from peephole.studio.wire.start import Rename, SaveAs, Saved, Uploaded
from peephole.studio.wire.state import Snapshot
from peephole.workflow.files import workflow_path
from peephole.workflow.text import dumps

UPLOADS = "files"
_CHUNK = 2**20


def router(desk: Desk) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/api/documents/{one}")

    @routes.get("")
    async def snapshot(one: str) -> Snapshot:
        return (await desk.get(one)).snapshot()

    @routes.delete("", status_code=204)
    async def discard(one: str) -> None:
        await desk.discard(one)

    @routes.get("/export.peep.json")
    async def export(one: str) -> Response:
        document = await desk.get(one)
        text = dumps(document.document)
        return PlainTextResponse(
            text,
            media_type="application/json",
            headers={"Content-Disposition": 'attachment; filename="export.peep.json"'},
        )

    @routes.post("/rename", status_code=204)
    async def rename(one: str, wanted: Rename) -> None:
        await desk.rename(one, wanted.title)

    @routes.post("/save-as")
    async def save_as(one: str, wanted: SaveAs) -> Saved:
        document = await desk.get(one)
        path = desk.folders.path(str(workflow_path(Path(wanted.path))))
        if not path.parent.is_dir():
            raise NotThereError(f"There is no folder {path.parent}.", remedy="Make it first, or choose another.")
        if path.exists() and path != document.path and not wanted.replace:
            raise TakenError(f"There is a file {path.name} already.", remedy="Choose another name, or replace it.")
        await document.save_as(path)
        return Saved(path=str(path))

    @routes.post("/upload")
    async def upload(one: str, file: Annotated[UploadFile, File()]) -> Uploaded:
        document = await desk.get(one)
        folder = desk.folders.path(str(document.folder / UPLOADS))  # it may be a link that leads elsewhere
        return Uploaded(path=await _keep(file, folder))

    @routes.websocket("/socket")
    async def socket(websocket: WebSocket, one: str, after: int | None = None) -> None:
        try:
            document = await desk.get(one)
        except PeepholeError:  # the page asks for the workflow, and is told what is wrong with it
            await websocket.close(1008, "no workflow")
            return
        await Page(websocket, document, desk.folders).serve(after)

    return routes


async def _keep(file: UploadFile, target_folder: Path) -> str:
    """Put an uploaded file into a document's folder of uploads, over nothing that is there; gives its relative path."""
    name = _safe_name(file.filename or "")
    target_folder.mkdir(exist_ok=True)
    part = target_folder / f".{os.urandom(8).hex()}.part"
    digest = hashlib.sha256()
    try:
        with part.open("wb") as out:
            while chunk := await file.read(_CHUNK):
                digest.update(chunk)
                out.write(chunk)
        target = _free(target_folder, name, digest.hexdigest())
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return f"{UPLOADS}/{target.name}"


def _safe_name(given: str) -> str:
    """A file's own name, whatever path came with it. Raises NotAllowedError for none."""
    name = given.replace("\\", "/").rpartition("/")[2].strip()
    name = "".join(c for c in name if c.isprintable() and c not in '<>:"|?*')
    if name.startswith(".") or not name:
        raise NotAllowedError("This file has no name.", remedy="Give it one.")
    stem, dot, ending = name.partition(".")
    return f"{stem[:120]}{dot}{ending[-60:]}"


def _free(folder: Path, name: str, digest: str) -> Path:
    """The name, or with a number where another file has it already; the same file keeps its name."""
    stem, dot, ending = name.partition(".")
    number, path = 2, folder / name
    while path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        path = folder / f"{stem}-{number}{dot}{ending}"
        number += 1
    return path
