"""The documents that are open, and the ways to open one."""

from __future__ import annotations

import asyncio
import logging
import secrets
import shutil
import stat
import time
from collections.abc import Callable
from pathlib import Path

from peephole.core.errors import DocumentError
from peephole.engine.catalog import catalog
from peephole.studio.config import Config
from peephole.studio.document import OpenDocument
from peephole.studio.folders import Folders
from peephole.studio.memory import OURS, Known, Memory
from peephole.studio.problems import NotThereError
from peephole.studio.templates import copy_template, template, templates, workflow_of
from peephole.studio.trust import dangers, fingerprint
from peephole.studio.wire.start import RecentFile
from peephole.workflow.applying import apply
from peephole.workflow.document import Document
from peephole.workflow.edit import Entitle
from peephole.workflow.files import SUFFIX, load, save

_log = logging.getLogger("peephole.studio.desk")
IDLE = 600.0  # seconds after which a document that nobody looks at is put away
LOOK_EVERY = 60.0
MOST_RECENT = 20


class Desk:
    """Open documents by id.  ending: the studio is being stopped, nobody shall wait for an answer any more."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.memory = Memory(config.state)
        self.ending = asyncio.Event()
        self.folders = Folders([*config.folders, *templates().values(), self.memory.folder])
        self._open: dict[str, OpenDocument] = {}
        self._lock = asyncio.Lock()

    async def get(self, one: str) -> OpenDocument:
        """The document of that id, opened if need be; raises NotThereError where there is none."""
        async with self._lock:
            found = self._open.get(one)
            if found is None:
                known = self._known(one).model_copy(update={"opened": time.time()})
                self.memory.keep(known)
                found = await self._opened(known)
            found.last_used = time.monotonic()
            return found

    async def open_file(self, path: Path) -> str:
        """Open a file; gives its id. Raises DocumentError for what is no workflow."""
        title = (await asyncio.to_thread(load, path)).title
        known = self.memory.at(path) or self.memory.new(path, "", None)
        self.memory.keep(known.model_copy(update={"opened": time.time(), "title": title}))
        return known.id

    async def open_template(self, name: str) -> str:
        """A copy of a template that nothing was changed in, else a new one; gives its id."""
        whole = await asyncio.to_thread(_workflow, name)
        for known in self.memory.all():
            if known.template == name and await self._untouched(known, whole):
                self.memory.keep(known.model_copy(update={"opened": time.time()}))
                return known.id
        title = self._free_title(whole.title or name)
        return await self._fresh(lambda path: copy_template(name, path, title), name)

    async def open_new(self) -> str:
        """An empty document; gives its id."""
        return await self._fresh(lambda path: save(Document(), path))

    def recent(self) -> list[RecentFile]:
        """Documents that were open before and are still there, the last one first."""
        found = []
        for known in self.memory.all():
            path = self.memory.file_of(known)
            changed = _changed_at(path)
            if changed is not None and (known.path is None or self.folders.holds(path)):
                title = self.title(known.id) or path.name.removesuffix(SUFFIX)
                used = max(known.opened, changed)
                found.append(RecentFile(path=known.path, id=known.id, title=title, used=used))
        return sorted(found, key=lambda one: -one.used)[:MOST_RECENT]

    def title(self, one: str) -> str:
        """What the document of that id is called; empty where it has no title."""
        shown, known = self._open.get(one), self.memory.get(one)
        if shown is not None:  # its file, and what is remembered of it, may be a moment behind
            return shown.document.title
        return known.title if known is not None else ""

    async def rename(self, one: str, title: str) -> None:
        """Give a workflow another title; its file keeps its name. One that is not open stays so, and nothing of it is looked at.

        Raises NotThereError where there is none, DocumentError where it cannot be saved.
        """
        async with self._lock:
            document = self._open.get(one)
            if document is None:
                known = self._known(one)
                await asyncio.to_thread(_entitle, self.memory.file_of(known), title)
                self.memory.keep(known.model_copy(update={"title": title}))
                return
        document.edit(Entitle(title=title), client=f"start {secrets.token_hex(6)}", base=document.revision)
        await document.save()

    async def discard(self, one: str) -> None:
        """Take a document without a name away for good; one with a file is only forgotten."""
        async with self._lock:
            document = self._open.pop(one, None)
            if document is not None:
                await document.close()
            known = self.memory.get(one)
            self.memory.forget(one)
            if known is not None and known.path is None:
                await asyncio.to_thread(shutil.rmtree, self.memory.home(one).parent, ignore_errors=True)

    async def put_away_idle(self) -> None:
        """Do so every now and then, for ever."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.put_away()

    async def put_away(self) -> None:
        """Close what nobody has looked at for long."""
        for one in list(self._open):
            async with self._lock:  # whoever comes meanwhile finds it open, or opens it anew
                document = self._open.get(one)
                if document and not document.busy and time.monotonic() - document.last_used > IDLE:
                    await self._put_away(one)

    def send_pages_away(self) -> None:
        """The studio is being stopped: close the connections of all pages, let no request wait any longer."""
        self.ending.set()
        for document in self._open.values():
            document.feed.close()

    async def close(self) -> None:
        """Save and close everything."""
        for one in list(self._open):
            await self._put_away(one)

    async def _put_away(self, one: str) -> None:
        document = self._open[one]
        try:
            await document.close()
        except DocumentError as error:
            _log.error("%s", error)
        else:
            del self._open[one]

    async def _opened(self, known: Known) -> OpenDocument:
        path = self.memory.file_of(known)
        document = await asyncio.to_thread(load, path)
        ours = known.trusted == OURS
        danger = "" if ours else await asyncio.to_thread(self._danger, document, path.parent.resolve())
        opened = OpenDocument(known, document, danger, self.memory, self.folders, self.config.store)
        self._open[known.id] = opened
        return opened

    def _known(self, one: str) -> Known:
        known = self.memory.get(one)
        if known is None:
            raise NotThereError("There is no such workflow.", remedy="Choose one on the start page.")
        return known

    def _danger(self, document: Document, folder: Path) -> str:
        return fingerprint(dangers(document, catalog().specs, folder, self.folders))

    async def _untouched(self, known: Known, template: Document) -> bool:
        """Whether a document is still what it was copied from, but for its title and what was computed."""
        is_open = self._open.get(known.id)
        try:
            now = is_open.document if is_open else await asyncio.to_thread(load, self.memory.file_of(known))
        except DocumentError:
            return False
        return known.path is None and now.model_copy(update={"title": template.title}) == template

    def _free_title(self, wanted: str) -> str:
        """The title, or with a number where another document has it already."""
        taken = {one.title for one in self.recent()} | {one.title for one in self._open.values()}
        number, title = 2, wanted
        while title in taken:
            title = f"{wanted} {number}"
            number += 1
        return title

    async def _fresh(self, make: Callable[[Path], None], template: str = "") -> str:
        known = self.memory.new(None, "", OURS)
        path = self.memory.home(known.id)
        path.parent.mkdir(parents=True, mode=0o700)
        await asyncio.to_thread(make, path)
        made = await asyncio.to_thread(load, path)
        self.memory.keep(known.model_copy(update={"title": made.title, "template": template}))
        return known.id


def _changed_at(path: Path) -> float | None:
    """When a file was changed; None where there is none, or it has just been taken away."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime if stat.S_ISREG(found.st_mode) else None


def _entitle(path: Path, title: str) -> None:
    """Give the workflow in a file another title."""
    save(apply(load(path), Entitle(title=title))[0], path)


def _workflow(name: str) -> Document:
    """The workflow of a template."""
    return load(workflow_of(template(name)))
