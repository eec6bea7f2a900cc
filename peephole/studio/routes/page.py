"""The page itself: built by `ui/`, the same for every address that is no other route's."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, HTMLResponse

from peephole.studio.problems import NotThereError

_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Peephole</title>
<h1>The studio's page is not built yet</h1>
<p>Install Node 20 or newer, say <code>make ui</code>, and reload this page.</p></html>"""


def router(static: Path) -> APIRouter:
    """The routes.  static: the folder with the built page."""
    routes = APIRouter()

    @routes.get("/assets/{name:path}")
    def asset(name: str) -> Response:
        return _file(static / "assets", name, _FOR_EVER)

    @routes.get("/")
    @routes.get("/d/{one}")
    @routes.get("/d/{one}/unfold/{node:path}")
    def page() -> Response:
        index = static / "index.html"
        if not index.is_file():
            return HTMLResponse(_NOT_BUILT, status_code=503)
        return FileResponse(index, headers={"Cache-Control": "no-cache"})

    @routes.get("/{name}")
    def other(name: str) -> Response:
        return _file(static, name, {"Cache-Control": "no-cache"})

    return routes


def _file(folder: Path, name: str, headers: dict[str, str]) -> Response:
    path = (folder / name.replace("\0", "")).resolve()
    if "\0" in name or not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise NotThereError("There is no such page.", remedy="Go to the start page.")
    return FileResponse(path, headers=headers)
