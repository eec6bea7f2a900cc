"""Files as the engine sees them: which version of a file this is, how large, and a disk that refuses."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path
from stat import S_ISDIR

from peephole.core.errors import StoreError


def file_identity(path: str | os.PathLike[str]) -> str:
    """What tells one version of a file from another, without reading it; of a folder, of all that is in it.

    Size and time of change; and since a copy may keep both, the file's number and the time that only the system sets.
    "missing" where there is none.
    """
    try:
        stat = os.stat(path)
        if not S_ISDIR(stat.st_mode):
            return f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}:{stat.st_ino}"
        inside = sorted(os.scandir(path), key=lambda entry: entry.name)
    except OSError:
        return "missing"
    whole = "\n".join(f"{entry.name} {file_identity(entry)}" for entry in inside)
    return hashlib.sha256(whole.encode(errors="surrogateescape")).hexdigest()


def size_of(path: Path) -> int:
    """Bytes of a file, or of a folder with all that is in it; what is gone meanwhile counts nothing."""
    return sum(_size(p) for p in (path, *path.rglob("*")))


def disk_error(error: OSError, where: Path) -> StoreError:
    """The person's words for a disk that refuses."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StoreError(
            f"The disk that holds {where} is full.",
            remedy="Free some space, run `peephole store clear`, or choose another folder with --store.",
        )
    return StoreError(
        f"{where} cannot be written: {error.strerror or error}.", remedy="Check the folder's permissions."
    )


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
