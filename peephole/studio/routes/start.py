"""The start page's needs: templates, recent documents, the node library, files to choose from."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from peephole import __version__
from peephole.engine.catalog import catalog
from peephole.report.thumbnail import draw_thumbnail
from peephole.studio.desk import Desk
from peephole.studio.library import data_sets, library
from peephole.studio.templates import template, templates, workflow_of
from peephole.studio.wire.library import Catalog
from peephole.studio.wire.start import DataSetEntry, FolderListing, NewDocument, Opened, Start, TemplateCard
from peephole.workflow.document import Document
from peephole.workflow.files import load


def router(desk: Desk) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/api")

    @routes.get("/start")
    def start() -> Start:
        return Start(
            version=__version__,
            templates=[_card(name) for name in sorted(templates(), key=_place)],
            recent=desk.recent(),
            folders=[str(folder) for folder in desk.config.folders],
        )

    @routes.get("/templates/{name}/picture.svg")
    def picture(name: str, theme: Literal["light", "dark"] = "light") -> Response:
        return Response(_picture(name, theme), media_type="image/svg+xml")

    @routes.get("/catalog")
    def nodes() -> Response:
        return Response(_library(), media_type="application/json")

    @routes.get("/data-sets")
    def sets() -> list[DataSetEntry]:
        return data_sets()

    @routes.get("/files")
    def files(folder: str = "", patterns: Annotated[list[str] | None, Query(max_length=50)] = None) -> FolderListing:
        wanted = [p.strip() for text in patterns or () for p in text.split(",") if p.strip()]
        return desk.folders.list(folder, wanted)

    @routes.post("/documents")
    async def open_one(wanted: NewDocument) -> Opened:
        if wanted.path is not None:
            one = await desk.open_file(desk.folders.path(wanted.path))
        elif wanted.template is not None:
            one = await desk.open_template(wanted.template)
        else:
            one = await desk.open_new()
        return Opened(id=one, title=desk.title(one))

    return routes


def _card(name: str) -> TemplateCard:
    document = _workflow(name)
    lines = document.description.strip().splitlines()
    return TemplateCard(name=name, title=document.title or name, description=lines[0] if lines else "")


def _place(name: str) -> float:
    """Where a template stands in the gallery: its document says so (`"gallery": 1` is the first)."""
    place = (_workflow(name).model_extra or {}).get("gallery")
    return place if isinstance(place, int | float) else float("inf")


@cache
def _workflow(name: str) -> Document:
    return load(workflow_of(template(name)))


@cache
def _picture(name: str, theme: Literal["light", "dark"]) -> str:
    return draw_thumbnail(_workflow(name), catalog().specs, theme)


@cache
def _library() -> str:
    told: Catalog = library()
    return told.model_dump_json(by_alias=True)
