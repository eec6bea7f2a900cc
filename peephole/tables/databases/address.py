"""What a person writes to name a database: a file, or postgresql://user@server/name, never with a password in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from peephole.core.errors import SettingError, SourceError, listing, nearest

Kind = Literal["duckdb", "sqlite", "postgresql"]
_SERVERS = ("postgresql", "postgres")
_ENDINGS: dict[str, Kind] = {
    ".duckdb": "duckdb",
    ".ddb": "duckdb",
    ".db": "sqlite",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".gpkg": "sqlite",
}
# Settings of a connection that the address must not change.
_OURS = ("password", "options", "passfile", "sslpassword", "application_name")


@dataclass(frozen=True)
class Address:
    """kind: which program keeps it.  shown: how messages name it.  path: of a file.  url: of a server, no password in it."""

    kind: Kind
    shown: str
    path: Path | None = None
    url: str = ""

    @property
    def server(self) -> str:
        """Host and port of a server; "" for a file."""
        return "" if self.path is not None else self.shown.partition("/")[0]

    def with_password(self, password: str | None, options: str) -> str:
        """The full address of a server, for the driver only.  options: settings of the connection."""
        parts = urlsplit(self.url)
        user = quote(parts.username or "", safe="%")
        secret = f":{quote(password, safe='')}" if password is not None else ""
        place = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        server = f"{user}{secret}@{place}" if user or secret else place
        port = f":{parts.port}" if parts.port else ""
        asked = {"connect_timeout": "10"} | dict(parse_qsl(parts.query))
        query = urlencode(asked | {"options": options, "application_name": "peephole"}, quote_via=quote)
        return f"postgresql://{server}{port}{parts.path}?{query}"


def parse(text: str, folder: Path, *, new: bool = False) -> Address:
    """The address that a setting names.  folder: what relative paths start from.  new: the file need not be there.

    Raises SettingError for what is no address, or holds a password; SourceError for a file that is not there.
    """
    scheme = re.match(r"\s*([A-Za-z][\w+.-]+)://", text)
    if scheme is None:
        return _file(text, folder, new)
    if scheme.group(1).lower() not in _SERVERS:
        raise SettingError(
            f"Databases of the kind {scheme.group(1)} cannot be reached.",
            remedy="Give a DuckDB or SQLite file, or postgresql://user@server/name.",
            setting="database",
        )
    return _server(text.strip())


def _server(text: str) -> Address:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise SettingError(  # the text is not shown: it may hold a password
            "The address of the database cannot be read.",
            remedy="Write it as: postgresql://user@server:5432/name.",
            setting="database",
        ) from None
    asked = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    if parts.password is not None or "password" in asked or "sslpassword" in asked:
        raise SettingError(
            "The address of the database holds a password, which would be saved with the document.",
            remedy="Take it out, and name in `password` an environment variable or an entry of your password file.",
            setting="database",
        )
    taken = [name for name in asked if name in _OURS]
    if taken:
        raise SettingError(
            f"The address of the database may not set {listing(taken)}.", remedy="Take it out.", setting="database"
        )
    shown = f"{parts.hostname or 'localhost'}{f':{port}' if port else ''}{parts.path}"
    return Address("postgresql", shown, url=f"postgresql://{text.partition('://')[2]}")


def _file(text: str, folder: Path, new: bool) -> Address:
    path = (folder / Path(text).expanduser()).resolve()
    if path.is_file():
        return Address(_kind_of_file(path), str(path), path)
    if new and path.parent.is_dir() and not path.exists():
        kind = _ENDINGS.get(path.suffix.lower())
        if kind is None:
            raise SettingError(
                f"It is not clear what kind of database {path.name} should be.",
                remedy=f"Let its name end with one of {listing(_ENDINGS)}.",
                setting="database",
            )
        return Address(kind, str(path), path)
    there = (
        sorted(p.name for p in path.parent.iterdir() if p.suffix.lower() in _ENDINGS) if path.parent.is_dir() else []
    )
    raise SourceError(
        f"There is no database {path}.",
        remedy=f"{nearest(path.name, there)} Databases there: {listing(there)}.".strip(),
    )


def _kind_of_file(path: Path) -> Kind:
    """By what the file begins with, whatever its name."""
    with path.open("rb") as file:
        start = file.read(16)
    if start.startswith(b"SQLite format 3\x00"):
        return "sqlite"
    if start[8:12] == b"DUCK":
        return "duckdb"
    if not start and path.suffix.lower() in _ENDINGS:
        return _ENDINGS[path.suffix.lower()]
    raise SourceError(f"{path} is neither a DuckDB nor a SQLite database.", remedy="Choose another file.")
