"""Passwords come from an environment variable or a file of the user's own, never from a document, and are never shown."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import quote

from peephole.core.errors import SettingError, SourceError

# No other variable is looked at: a workflow from elsewhere could send any secret of the environment to a server of its own.
PREFIX = "PEEPHOLE_"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def password_file() -> Path:
    """Where the user's passwords lie: PEEPHOLE_PASSWORDS, or passwords.toml in the user's settings."""
    chosen = os.environ.get("PEEPHOLE_PASSWORDS")
    if chosen:
        return Path(chosen).expanduser()
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "peephole" / "passwords.toml"
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", home)) / "peephole" / "passwords.toml"
    return Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "peephole" / "passwords.toml"


def find_password(name: str, server: str = "") -> str | None:
    """The password of that name: an environment variable PEEPHOLE_..., or an entry of the user's file; None for no name.

    server: the host (and port) that it would be sent to; an entry may name the one that it is for.
    Raises SettingError where there is none of that name or it is for another server, SourceError where others may read
    the file.
    """
    if not name:
        return None
    if _NAME.fullmatch(name) is None:
        raise SettingError(  # what was written is not shown: it may be the password itself
            "`password` holds something that is no name.",
            remedy="Write the name of an entry in your password file or of an environment variable, not the password.",
            setting="password",
        )
    if name.startswith(PREFIX) and name in os.environ:
        return os.environ[name]
    path = password_file()
    found = _entries(path).get(name)
    if isinstance(found, dict):
        if found.get("server") not in (server, server.partition(":")[0]):
            raise SettingError(
                f"This password is kept for another server than {server}.",
                remedy=f"Name another one, or change its `server` in {path}.",
                setting="password",
            )
        found = found.get("password")
    if not isinstance(found, str):
        raise SettingError(
            "There is no password under the name that `password` gives.",  # which may be the password itself
            remedy=f'Put a line name = "..." into {path}, or set an environment variable whose name begins with {PREFIX}.',
            setting="password",
        )
    return found


def _entries(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise SourceError(f"Others may read your password file {path}.", remedy=f"Say: chmod 600 {path}")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):  # the error may quote the line
        raise SourceError(
            f"Your password file {path} cannot be read.", remedy='Write one line each, as: shop = "...".'
        ) from None


def scrubbed(text: str, password: str | None) -> str:
    """The text without the password, however it is written in it."""
    for secret in {password, quote(password, safe=""), quote(password)} if password else ():
        text = text.replace(secret, "***")
    return text
