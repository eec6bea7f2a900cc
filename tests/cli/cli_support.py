"""What the tests of the command line share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

NODES = "peephole_testnodes/"


@dataclass(frozen=True)
class Said:
    """What a command left."""

    returncode: int
    stdout: str
    stderr: str


Peephole = Callable[..., Said]
