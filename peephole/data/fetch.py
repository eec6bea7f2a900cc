"""Gets a data set into the user's data folder: from a local mirror, an installed package, or its public address.

What is kept is only what has the right checksum, and it appears whole or not at all.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, cast

from peephole.core.errors import MissingLibraryError, SourceError
from peephole.core.progress import advance
from peephole.data.registry import DataSet, PackageFile, find
from peephole.tables.places import data_folder

_CHUNK = 1 << 20
_SECONDS = 30


def get(name: str) -> Path:
    """The file of a data set, fetched first where it is not there yet.

    Raises SettingError for an unknown name, SourceError where it cannot be fetched or is not what it should be,
    MissingLibraryError where the package that brings it is not installed.
    """
    data_set = find(name)
    target = data_folder() / data_set.file
    if not (target.is_file() and _hash_of_file(target) == data_set.sha256):
        _fetch(data_set, target)
    return target


def _fetch(data_set: DataSet, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".part-", delete=False) as part:
        kept = Path(part.name)
        try:
            with _source(data_set) as (source, size):
                found = _copy(source, cast(BinaryIO, part), size, data_set.title)
            part.close()
            _check(data_set, found)
            os.replace(kept, target)
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


def _check(data_set: DataSet, found: str) -> None:
    if found != data_set.sha256:
        raise SourceError(
            f'The data set "{data_set.name}" is not what it should be: its checksum is {found[:12]}..., '
            f"not {data_set.sha256[:12]}....",
            remedy="Try again later; if it stays so, its source has changed.",
        )


@contextmanager
def _source(data_set: DataSet) -> Iterator[tuple[BinaryIO, int | None]]:
    mirror = os.environ.get("PEEPHOLE_DATA_MIRROR")
    mirrored = Path(mirror) / (data_set.mirror or data_set.file) if mirror else None
    if mirrored is not None and mirrored.is_file():
        with mirrored.open("rb") as file:
            yield file, mirrored.stat().st_size
    elif data_set.package is not None:
        with _in_package(data_set.package) as opened:
            yield opened
    else:
        with _from_url(data_set) as opened:
            yield opened


@contextmanager
def _in_package(source: PackageFile) -> Iterator[tuple[BinaryIO, int | None]]:
    # find_spec does not import the package, which may load heavy libraries or print.
    spec = importlib.util.find_spec(source.name)
    if spec is None or not spec.submodule_search_locations:
        raise MissingLibraryError(
            f"The data come with the package {source.name}, which is not installed.",
            remedy=f"Install it: pip install {source.name}=={source.version}.",
        )
    path = Path(next(iter(spec.submodule_search_locations))) / source.path
    if not path.is_file():
        raise SourceError(
            f"The package {source.name} has no file {source.path}.",
            remedy=f"Install the version {source.version}: pip install {source.name}=={source.version}.",
        )
    if source.member is None:
        with path.open("rb") as file:
            yield file, path.stat().st_size
    else:
        with zipfile.ZipFile(path) as archive, archive.open(source.member) as member:
            yield cast(BinaryIO, member), archive.getinfo(source.member).file_size


@contextmanager
def _from_url(data_set: DataSet) -> Iterator[tuple[BinaryIO, int | None]]:
    url = data_set.url or ""
    if not url.startswith("https://"):
        raise SourceError(f'The data set "{data_set.name}" has no safe address.', remedy="Its entry must be mended.")
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer:  # noqa: S310 - https only, checked above
            size = answer.headers.get("Content-Length")
            yield answer, int(size) if size else None
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise SourceError(
            f'The data set "{data_set.name}" cannot be fetched from {url}: {getattr(error, "reason", error)}.',
            remedy=f"Is there a connection? Or put the file at {data_folder() / data_set.file}.",
        ) from error


def _hash_of_file(path: Path) -> str:
    status = path.stat()
    return _hash(str(path), status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _hash(path: str, _changed: int, _size: int) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
