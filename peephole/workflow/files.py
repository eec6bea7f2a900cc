"""Workflow files (`*.peep.json`): loaded whole or not at all, saved atomically. The only place here that touches a disk."""

from __future__ import annotations

import itertools
import os
import re
import stat
import threading
from contextlib import suppress
from pathlib import Path

from peephole.core.errors import DocumentError
from peephole.workflow.document import Document
from peephole.workflow.text import MAX_BYTES, dumps, loads

SUFFIX = ".peep.json"
UNNAMED = "unnamed"
ID = r"^[a-z0-9]{12}$"  # of a workflow in the studio
_count = itertools.count()


def workflow_path(name: str | Path) -> Path:
    """The path with the ending of workflow files: `flights` gives `flights.peep.json`."""
    path = Path(name)
    return path if path.name.endswith(SUFFIX) else path.with_name(path.name.removesuffix(".json") + SUFFIX)


def unnamed_file(state: Path, one: str) -> Path:
    """The file of a workflow that has no name yet, in a hidden folder of its own.  state: the studio's.  one: its id."""
    return state / UNNAMED / one / f"workflow{SUFFIX}"


def holds_unnamed(folder: Path) -> bool:
    """Whether this is the folder of a workflow that has no name yet."""
    return folder.parent.name == UNNAMED and re.fullmatch(ID, folder.name) is not None


def load(path: str | Path) -> Document:
    """Read a workflow file. Nothing is run. Raises DocumentError that says what is wrong with it, and the remedy."""
    path = Path(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DocumentError(f"{path} is not a file.", remedy=f"Choose a {SUFFIX} file.")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise DocumentError(f"There is no file {path}.", remedy=_others(path)) from None
    except (OSError, ValueError) as error:
        raise DocumentError(
            f"{path} cannot be read: {_reason(error)}.", remedy="Check the path and your right to read it."
        ) from None
    if len(content) > MAX_BYTES:
        raise DocumentError(
            f"{path} has more than {MAX_BYTES // 2**20} MB, and no workflow has.", remedy="Choose another file."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{path} is not UTF-8 text: byte {error.start} does not fit.", remedy="Save it as UTF-8, or choose another."
        ) from None
    return loads(text, str(path))


def save(document: Document, path: str | Path) -> None:
    """Write a workflow file: all of it or nothing, with the permissions it had; a link stays a link.

    Raises DocumentError where it cannot be written; what was there before is then still there.
    """
    content = dumps(document).encode()
    if len(content) > MAX_BYTES:
        raise DocumentError(
            f"The workflow would have {len(content) / 2**20:.0f} MB, and may have {MAX_BYTES // 2**20} MB.",
            remedy="Put large values of settings into files of their own.",
        )
    try:
        target = Path(os.path.realpath(path))
        mode = _writable_mode(target)
        replace_file(target, content, mode)
    except (OSError, ValueError) as error:
        raise DocumentError(
            f"{path} cannot be saved: {_reason(error)}. What was saved before is unchanged.",
            remedy="Make room or check your right to write there, or save under another name.",
        ) from error


def _writable_mode(target: Path) -> int | None:
    """The permissions of the file that will be replaced, if there is one."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        raise OSError("it is not a file")
    if not os.access(target, os.W_OK):
        raise PermissionError("it is write-protected")
    return stat.S_IMODE(mode)


def replace_file(target: Path, content: bytes, mode: int | None = None) -> None:
    """Write beside the target, make sure it has reached the disk, and only then put it in place.  mode: its permissions."""
    beside = target.with_name(f".{target.name[:100]}.{os.getpid()}.{threading.get_ident()}.{next(_count)}.tmp")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)  # less the umask, as for any new file
    try:
        with open(handle, "wb") as file:
            if mode is not None:
                os.chmod(beside, mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system can."""
    if os.name != "posix":
        return
    with suppress(OSError):  # the file itself is in place; some file systems cannot do more
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _others(path: Path) -> str:
    try:
        found = sorted(p.name for p in path.parent.glob(f"*{SUFFIX}"))[:5]
    except OSError:
        found = []
    return f"In that folder: {', '.join(found)}." if found else "Check the path."


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
