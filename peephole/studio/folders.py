"""The folders that may be touched, and no file outside them, whatever a path looks like."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Sequence
from pathlib import Path

from peephole.core.errors import listing
from peephole.studio.problems import NotAllowedError, NotThereError
from peephole.studio.wire.start import FileEntry, FolderEntry, FolderListing

MOST_ENTRIES = 2000


class Folders:
    """roots: with all that lies below them; symbolic links that lead out of them lead nowhere."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self.roots = tuple(dict.fromkeys(root.resolve() for root in roots))

    def path(self, wanted: str) -> Path:
        """The real path meant by a text; a relative one starts at the first root. Raises NotAllowedError for one outside."""
        try:
            path = (self.roots[0] / Path(wanted).expanduser()).resolve()
        except (OSError, ValueError, RuntimeError):  # a null character, a loop of links, an unknown user
            raise NotAllowedError("This is no path.", remedy="Choose a file from the list.") from None
        if not self.holds(path):
            raise NotAllowedError(
                f"{wanted[:200]} is outside the folders that the studio may use.",
                remedy=f"It may use {listing(map(str, self.roots))}; start it with --folder to add another.",
            )
        return path

    def holds(self, path: Path) -> bool:
        """Whether a path (links followed) lies in one of the folders."""
        real = path.resolve()
        return any(real == root or real.is_relative_to(root) for root in self.roots)

    def list(self, folder: str, patterns: Sequence[str]) -> FolderListing:
        """Folders and the files that fit a pattern, by name; hidden ones are left out."""
        here = self.path(folder or ".")
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name.casefold())
        except NotADirectoryError:
            raise NotThereError(f"{here} is no folder.", remedy="Choose a folder.") from None
        except FileNotFoundError:
            raise NotThereError(f"There is no folder {here}.", remedy="Choose another.") from None
        except OSError as error:
            raise NotAllowedError(f"{here} cannot be read: {error.strerror}.", remedy="Choose another.") from None
        shown = [e for e in entries if not e.name.startswith(".") and self.holds(Path(e.path))]
        folders = [FolderEntry(name=e.name, path=e.path) for e in shown if e.is_dir()]
        fitting = [e for e in shown if e.is_file() and _fits(e.name, patterns)]
        files = [file for file in map(_file, fitting) if file is not None]
        parent = here.parent if self.holds(here.parent) and here.parent != here else None
        return FolderListing(
            folder=str(here),
            parent=str(parent) if parent else None,
            folders=folders[:MOST_ENTRIES],
            files=files[:MOST_ENTRIES],
            cut=max(len(folders), len(files)) > MOST_ENTRIES,
        )


def _file(entry: os.DirEntry[str]) -> FileEntry | None:
    """None for one that has just been taken away: a part that a run writes gets its own name any moment."""
    try:
        about = entry.stat()
    except FileNotFoundError:
        return None
    return FileEntry(name=entry.name, path=entry.path, size=about.st_size, changed=about.st_mtime)


def _fits(name: str, patterns: Sequence[str]) -> bool:
    """Patterns as `*.csv` or `.csv`; none: every file."""
    asked = [p if "*" in p else f"*{p}" for p in patterns]
    return not asked or any(fnmatch.fnmatch(name.casefold(), p.casefold()) for p in asked)
