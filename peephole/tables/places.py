"""Folders of this user, and files that appear whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def cache_folder() -> Path:
    """Where what can be fetched again is kept: PEEPHOLE_CACHE, or the system's usual place."""
    chosen = os.environ.get("PEEPHOLE_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "peephole"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "peephole" / "Cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "peephole"


def data_folder() -> Path:
    """Where named data sets are kept. Every session may read it."""
    return cache_folder() / "data"


@contextmanager
def appearing_whole(path: Path) -> Iterator[Path]:
    """A name to write under; after the block the file takes its place, unless the block failed."""
    part = path.with_name(path.name + ".part")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
