"""Autosave: every edit is in the file a moment later, and the person sees that it is. Files others changed are left alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from peephole.core.errors import DocumentError
from peephole.engine.files import file_identity
from peephole.studio.messages import ProblemTold, SavedNow, Told
from peephole.studio.problems import problem_from
from peephole.workflow.document import Document
from peephole.workflow.files import SUFFIX, save

PAUSE = 0.2  # seconds between two savings
RETRY = 5.0  # seconds after one that failed


class Saved(Protocol):
    """What is saved."""

    @property
    def revision(self) -> int:
        """Counts edits."""

    @property
    def document(self) -> Document:
        """As it is now."""


class Saver:
    """Saves one document whenever it was edited.

    path: its file.  moved: is told where the document goes on where somebody else has changed its file.
    """

    def __init__(
        self,
        what: Saved,
        path: Path,
        publish: Callable[[Told], None],
        told: Callable[[], SavedNow],
        moved: Callable[[Path], None],
    ) -> None:
        self.path = path
        self._what = what
        self._publish = publish
        self._told = told
        self._moved = moved
        self._edited = asyncio.Event()
        self._lock = asyncio.Lock()
        self._saved = what.revision
        self._identity = file_identity(path)
        self._task = asyncio.create_task(self._work())

    @property
    def saved(self) -> bool:
        """Whether all edits are in the file."""
        return self._saved == self._what.revision

    def edited(self) -> None:
        """There is something to save."""
        self._edited.set()

    async def to(self, path: Path) -> None:
        """Save to another file, and from now on there. Raises DocumentError, and nothing has changed."""
        await asyncio.shield(self._to(path))

    async def now(self) -> None:
        """Save what is not saved yet. Raises DocumentError where that cannot be."""
        await asyncio.shield(self._now())

    async def close(self) -> None:
        """Save and stop. Raises DocumentError where that cannot be; then it goes on."""
        while not self.saved:
            await self.now()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    # A saving goes on to its end even where whoever waits for it leaves off (a page hangs up, the studio ends): written and
    # not noted, it would look like the doing of another program, or take the place of what is saved after it.

    async def _to(self, path: Path) -> None:
        async with self._lock:
            await self._save(path)
            self.path = path

    async def _now(self) -> None:
        async with self._lock:
            if not self.saved:
                await self._save(self._free_path())

    async def _work(self) -> None:
        while True:
            await self._edited.wait()
            self._edited.clear()
            try:
                await self.now()
            except DocumentError as error:
                self._publish(ProblemTold(problem=problem_from(error)))
                self._edited.set()
                await asyncio.sleep(RETRY)
            await asyncio.sleep(PAUSE)

    def _free_path(self) -> Path:
        """The document's file; another name where somebody else has changed or removed that in the meantime."""
        if self._identity in ("missing", file_identity(self.path)):
            return self.path
        base = self.path.name.removesuffix(SUFFIX)
        number = 2
        while (free := self.path.with_name(f"{base}-{number}{SUFFIX}")).exists():
            number += 1
        error = DocumentError(
            f"{self.path.name} was changed by another program.",
            remedy=f"It is left as it is, and your work goes on in {free.name}.",
        )
        self._publish(ProblemTold(problem=problem_from(error)))
        self.path = free
        self._moved(free)
        return free

    async def _save(self, path: Path) -> None:
        revision, document = self._what.revision, self._what.document
        await asyncio.to_thread(save, document, path)
        self._saved, self._identity = revision, file_identity(path)
        self._publish(self._told())


def saved_now(path: Path | None, title: str, *, saved: bool) -> SavedNow:
    """The message."""
    return SavedNow(path=str(path) if path else None, title=title, saved=saved, at=time.time())
