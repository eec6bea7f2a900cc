"""Files that are kept open, and let go of once they are gone or are not the same any more."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from peephole.engine.files import file_identity

T = TypeVar("T")


class Opened(Generic[T]):
    """What opening a file gave, for the files used last; used by one thread.

    open_file: opens one.  close: what else there is to do with one that is let go of.  most: how many are kept open.
    """

    def __init__(self, open_file: Callable[[Path], T], close: Callable[[Path, T], None], most: int) -> None:
        self._open, self._close, self._most = open_file, close, most
        self._files: OrderedDict[Path, tuple[str, T]] = OrderedDict()

    def __getitem__(self, path: Path) -> T:
        if path not in self._files:
            self._files[path] = file_identity(path), self._open(path)
            if len(self._files) > self._most:
                self._drop(next(iter(self._files)))
        self._files.move_to_end(path)
        return self._files[path][1]

    def drop_what_is_gone(self) -> None:
        """Let go of files that were removed or replaced: while one is mapped, its room on the disk is not free."""
        for path, (identity, _) in list(self._files.items()):
            if file_identity(path) != identity:
                self._drop(path)

    def _drop(self, path: Path) -> None:
        self._close(path, self._files.pop(path)[1])
