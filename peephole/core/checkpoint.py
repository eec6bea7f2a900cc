"""Where long work may keep how far it has got, so that it goes on from there after a cut. The engine gives the folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_folder: ContextVar[Path | None] = ContextVar("peephole_checkpoint", default=None)


@contextmanager
def keeping_in(folder: Path) -> Iterator[None]:
    """Within this block, work may be kept in `folder`; it need not exist yet."""
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)


def checkpoint_folder() -> Path | None:
    """The folder for this node's unfinished work, the same whenever the same result is made; None outside a run."""
    return _folder.get()
