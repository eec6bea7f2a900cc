"""Where files named in settings lie: relative to the document's folder."""

from __future__ import annotations

from pathlib import Path

from peephole.core.errors import SourceError, listing, nearest
from peephole.tables.session import current_session


def resolve(path: str) -> Path:
    """The path, where it is relative from the document's folder on."""
    return (current_session().folder / Path(path).expanduser()).resolve()


def existing_file(path: str) -> Path:
    """The file to read.  Raises SourceError, with the nearest name in its folder, where there is none."""
    found = resolve(path)
    if found.is_file():
        return found
    if found.is_dir():
        raise SourceError(f"{found} is a folder.", remedy="Choose a file in it.")
    _check_named(path)
    if not found.parent.is_dir():
        raise SourceError(f"There is no file {found}.", remedy=f"There is no folder {found.parent} either.")
    names = sorted(p.name for p in found.parent.iterdir() if p.is_file() and not p.name.startswith("."))
    hint = nearest(found.name, names)
    raise SourceError(f"There is no file {found}.", remedy=f"{hint} Files there: {listing(names)}.".strip())


def _check_named(path: str) -> None:
    """Raises SourceError for a relative path in a workflow that lies, without a name, where nobody looks."""
    from peephole.workflow.files import holds_unnamed

    if not Path(path).expanduser().is_absolute() and holds_unnamed(current_session().folder):
        raise SourceError(
            f'"{path}" is not found: this workflow has no file yet, from whose folder the path would start.',
            remedy="Save the workflow first (Save as ...), or choose the file with the folder button.",
        )


def existing_folder(path: str) -> Path:
    """The folder to read.  Raises SourceError, with the nearest name beside it, where there is none."""
    found = resolve(path)
    if found.is_dir():
        return found
    if found.is_file():
        raise SourceError(f"{found} is a file, not a folder.", remedy=f"Choose its folder, {found.parent}.")
    _check_named(path)
    names = sorted(p.name for p in found.parent.iterdir() if p.is_dir()) if found.parent.is_dir() else []
    raise SourceError(
        f"There is no folder {found}.", remedy=f"{nearest(found.name, names)} Folders there: {listing(names)}.".strip()
    )


def writable_file(path: str) -> Path:
    """The file to write; its folder is made.  Raises SourceError where that is not possible."""
    found = resolve(path)
    if found.is_dir():
        raise SourceError(f"{found} is a folder.", remedy="Give the name of a file in it.")
    try:
        found.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(f"{found.parent} cannot be made: {error}.", remedy="Choose another folder.") from error
    return found
