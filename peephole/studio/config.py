"""What the studio is told at its start."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

MEBI = 2**20


@dataclass(frozen=True)
class Config:
    """port: on loopback.  folders: files may be read from and written to these and what lies below, nothing else.

    state: where unnamed workflows, recent ones and trust are kept.  store: of results.  static: the built page.
    token: whoever shows it may come in.  largest_body, largest_upload, largest_message: in bytes.
    """

    port: int
    folders: tuple[Path, ...]
    state: Path
    store: Path
    static: Path = Path(__file__).parent / "static"
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    largest_body: int = 8 * MEBI
    largest_upload: int = 2048 * MEBI
    largest_message: int = 8 * MEBI

    @property
    def cookie(self) -> str:
        """The cookie's name: of its own for each port, since browsers keep one jar for all ports of a host."""
        return f"peephole-{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which a browser on this machine reaches us; any other is somebody's trick with DNS."""
        return frozenset(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]"))

    @property
    def address(self) -> str:
        """The address that lets a browser in."""
        return self.address_with(self.token)

    def address_with(self, token: str) -> str:
        """The address with another token."""
        return f"http://127.0.0.1:{self.port}/?token={token}"


def state_folder() -> Path:
    """Where the studio keeps what is not in a file yet: PEEPHOLE_STUDIO, or the user's data folder."""
    if given := os.environ.get("PEEPHOLE_STUDIO"):
        return Path(given).expanduser().absolute()
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "peephole" / "studio"
