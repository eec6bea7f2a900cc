"""Files behind addresses of the web: fetched whole, up to a size, and kept in the user's cache for the next time."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from peephole.core.errors import SettingError, SourceError
from peephole.core.progress import advance
from peephole.tables.places import data_folder

_CHUNK = 1 << 18
_SECONDS = 30
_MEGABYTE = 1_000_000


def cached(url: str) -> Path | None:
    """The file as it was fetched last, if it was."""
    facts = _facts(_folder(url))
    path = _folder(url) / str(facts.get("name", ""))
    return path if facts and path.is_file() else None


def download(url: str, most: int) -> Path:
    """Fetch the file, unless the server says that it is still the one fetched last.  most: megabytes.

    Raises SettingError for what is no address of the web, SourceError where it cannot be fetched or is too large.
    """
    shown = checked(url)
    folder = _folder(url)
    folder.mkdir(parents=True, exist_ok=True)
    known = cached(url)
    request = urllib.request.Request(url, headers={"User-Agent": "peephole"})  # noqa: S310 - checked: http or https
    for name, header in (("etag", "If-None-Match"), ("modified", "If-Modified-Since")) if known else ():
        if value := _facts(folder).get(name):
            request.add_header(header, str(value))
    try:
        with _opener().open(request, timeout=_SECONDS) as answer:
            return _keep(answer, url, folder, most, shown)
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 304 and known is not None:
                return known
            raise SourceError(
                f"{shown} cannot be fetched: the server answers {error.code} {error.reason}.",
                remedy="See whether the address is right, and open to everybody.",
            ) from error
    except (urllib.error.URLError, HTTPException, OSError) as error:
        raise SourceError(
            f"{shown} cannot be fetched: {getattr(error, 'reason', error)}.",
            remedy='Is there a connection? With refresh "by hand", the rows fetched last are used until you fetch anew.',
        ) from error


def checked(url: str) -> str:
    """The address as messages show it, without what follows a question mark.

    Raises SettingError for another kind of address, or one with a password in it.
    """
    try:
        parts = urlsplit(url)
        bad = parts.scheme not in ("http", "https") or not parts.hostname
        secret = parts.password is not None
    except ValueError:
        bad, secret = True, False
    if secret:
        raise SettingError(
            "The address holds a password, which would be saved with the document.",
            remedy="Take it out: only what is open can be fetched.",
            setting="url",
        )
    if bad:
        raise SettingError(
            "This is no address of the web.", remedy="Write it as: https://example.org/table.csv.", setting="url"
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def _keep(answer: Any, url: str, folder: Path, most: int, shown: str) -> Path:
    size = int(answer.headers.get("Content-Length") or 0)
    _check_size(size, most, shown)
    name = _name(url, answer.headers)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".part-", delete=False) as part:
        kept = Path(part.name)
        try:
            done = 0
            while chunk := answer.read(_CHUNK):
                part.write(chunk)
                done += len(chunk)
                _check_size(done, most, shown)
                advance(done, size or None, f"Fetching {name}")
            part.close()
            if size and done < size:
                raise SourceError(
                    f"{shown} broke off after {done:,} of {size:,} bytes.", remedy="Run again; nothing of it is kept."
                )
            os.replace(kept, folder / name)
        finally:
            kept.unlink(missing_ok=True)
    facts = {"name": name, "etag": answer.headers.get("ETag"), "modified": answer.headers.get("Last-Modified")}
    told = folder / f".part-{os.urandom(8).hex()}"  # others look for the facts, or fetch the same, at this moment
    told.write_text(json.dumps(facts), encoding="utf-8")
    os.replace(told, folder / "facts.json")
    return folder / name


def _check_size(size: int, most: int, shown: str) -> None:
    if size > most * _MEGABYTE:
        raise SourceError(f"{shown} is larger than {most} MB.", remedy="Raise `largest`.", setting="largest")


_ENDINGS = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/plain": ".txt",
    "text/html": ".html",
    "application/json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/vnd.apache.parquet": ".parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}


def _name(url: str, headers: Any) -> str:
    """A name for the file, with an ending that tells what it is."""
    written = PurePosixPath(unquote(urlsplit(url).path)).name
    name = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in written).lstrip(".")[-80:]
    kind = _ENDINGS.get(str(headers.get_content_type()), "")
    if kind == ".html" or "." not in name:
        return f"{name or 'file'}{kind or '.txt'}"
    return name


def _folder(url: str) -> Path:
    return data_folder() / "web" / hashlib.sha256(url.encode()).hexdigest()[:32]


def _facts(folder: Path) -> dict[str, Any]:
    try:
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _opener() -> urllib.request.OpenerDirector:
    """Knows http and https only, also where a server sends us elsewhere."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.UnknownHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener
