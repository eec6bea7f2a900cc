"""What a node that reads from outside (a database, an address) is asked for: when anew, only what, or only the columns.

The engine tells; the node looks it up with `asked()`. Outside a run everything is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Narrowing:
    """What a following node needs of its table.  where: a formula.  columns: those it keeps.  dropped: those it drops."""

    where: str | None = None
    columns: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As plain data, for recipes."""
        return {"where": self.where, "columns": list(self.columns), "dropped": list(self.dropped)}


@dataclass(frozen=True)
class Asked:
    """only_columns: no rows, the columns' names and types (None may be given where that would need all rows).

    fetch: the same for all that may be fetched once.  narrowed: what the nodes that directly follow need, in order.
    """

    only_columns: bool = False
    fetch: str = ""
    narrowed: tuple[Narrowing, ...] = ()


_asked: ContextVar[Asked] = ContextVar("peephole_asked", default=Asked())  # noqa: B039 - frozen


def asked() -> Asked:
    """What is asked for here."""
    return _asked.get()


@contextmanager
def asking(what: Asked) -> Iterator[None]:
    """Within this block, `asked()` gives `what`."""
    token = _asked.set(what)
    try:
        yield
    finally:
        _asked.reset(token)
