"""What the studio remembers from one start to the next: which documents were open, where they lie, which are trusted."""

from __future__ import annotations

import re
import secrets
import time
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from peephole.workflow.files import ID, UNNAMED, replace_file, unnamed_file

MOST = 200
OURS = "*"


class Known(BaseModel):
    """A document.  path: its file; None: it has no name yet and lies in a folder of its own here.

    trusted: fingerprint of the dangerous nodes that the person trusts ("": it held none); None: not trusted; OURS: it was made
    here and lies here, where nobody else changes it.
    opened: seconds since 1970.
    template: name of the template that it began as a copy of; empty for others.
    """

    id: Annotated[str, Field(pattern=ID)]
    path: str | None
    title: str
    trusted: str | None
    opened: float
    template: str = ""


_FILE = TypeAdapter(list[Known])


class Memory:
    """folder: where it is kept, with the documents that have no name yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "documents.json"
        (folder / "unnamed").mkdir(parents=True, exist_ok=True, mode=0o700)
        self._known: dict[str, Known] = {known.id: known for known in self._read()}

    def get(self, one: str) -> Known | None:
        """The document of that id."""
        return self._known.get(one)

    def at(self, path: Path) -> Known | None:
        """The document that lies there."""
        return next((k for k in self._known.values() if k.path == str(path)), None)

    def all(self) -> list[Known]:
        """Every document, the one opened last first."""
        return sorted(self._known.values(), key=lambda known: -known.opened)

    def new(self, path: Path | None, title: str, trusted: str | None) -> Known:
        """Remember a new document, under a new id."""
        known = Known(
            id=secrets.token_hex(6),
            path=str(path) if path else None,
            title=title,
            trusted=trusted,
            opened=time.time(),
        )
        self.keep(known)
        return known

    def keep(self, known: Known) -> None:
        """Remember what is known now."""
        self._known[known.id] = known
        named = [k for k in self.all() if k.path is not None]
        for old in named[MOST:]:
            del self._known[old.id]
        text = _FILE.dump_json(self.all(), indent=1)
        replace_file(self._path, text)

    def forget(self, one: str) -> None:
        """Remember it no longer."""
        known = self._known.pop(one, None)
        if known is not None:
            replace_file(self._path, _FILE.dump_json(self.all(), indent=1))

    def home(self, one: str) -> Path:
        """The file of a document that has no name yet, in a folder of its own."""
        return unnamed_file(self.folder, one)

    def file_of(self, known: Known) -> Path:
        """Where a document's file lies."""
        return Path(known.path) if known.path is not None else self.home(known.id)

    def _read(self) -> list[Known]:
        """The list; where it is lost or damaged, at least the documents that lie here."""
        try:
            found = _FILE.validate_json(self._path.read_bytes())
        except (OSError, ValidationError):
            found = []
        listed = {known.id for known in found}
        homes = [home for home in (self.folder / UNNAMED).iterdir() if re.fullmatch(ID, home.name)]
        return found + [
            Known(id=home.name, path=None, title="", trusted=None, opened=home.stat().st_mtime)
            for home in homes
            if home.name not in listed and self.home(home.name).is_file()
        ]
