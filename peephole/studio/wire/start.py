"""The start page: templates, files, named data sets; opening and saving."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from peephole.studio.wire.base import Answer, Body


class TemplateCard(Answer):
    """A ready workflow.  description: its first line."""

    name: str
    title: str
    description: str


class RecentFile(Answer):
    """A workflow that was open before.  path: None while it has no file.  used: when last, in seconds since 1970."""

    path: str | None
    id: str
    title: str
    used: float


class Start(Answer):
    """folders: the folders that files may be read from and written to."""

    version: str
    templates: list[TemplateCard]
    recent: list[RecentFile]
    folders: list[str]


class NewDocument(Body):
    """Open a copy of a template, or a file, or (neither) something empty."""

    template: Annotated[str, Field(max_length=200)] | None = None
    path: Annotated[str, Field(max_length=4096)] | None = None


class Opened(Answer):
    """The document's id: its page is /d/{id}.  title: what it is called."""

    id: str
    title: str


class SaveAs(Body):
    """path: where to; a relative one starts at the first of the folders.  replace: whatever is there already."""

    path: Annotated[str, Field(min_length=1, max_length=4096)]
    replace: bool = False


class Rename(Body):
    """title: what the workflow shall be called."""

    title: Annotated[str, Field(min_length=1, max_length=200)]


class Saved(Answer):
    """Where the document is saved now."""

    path: str


class Uploaded(Answer):
    """Where the uploaded file lies, as a setting names it."""

    path: str


class FileEntry(Answer):
    """A file.  size: in bytes.  changed: seconds since 1970."""

    name: str
    path: str
    size: int
    changed: float


class FolderEntry(Answer):
    """A folder."""

    name: str
    path: str


class FolderListing(Answer):
    """What is in a folder.  parent: None where that may not be read.  cut: there is more than is listed."""

    folder: str
    parent: str | None
    folders: list[FolderEntry]
    files: list[FileEntry]
    cut: bool = False


class DataSetEntry(Answer):
    """A named data set.  source: where it comes from.  cached: it is on this machine already."""

    name: str
    title: str
    description: str
    licence: str
    source: str
    rows: int | None
    cached: bool
