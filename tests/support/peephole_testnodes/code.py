"""A node whose setting is a program."""

from __future__ import annotations

from peephole.core.node import node
from peephole.core.types import Table


@node(family="test", code=True)
def code(table: Table, *, program: str = "") -> Table:
    """Stands for a node that runs what is written in its setting.

    table: any rows.
    program: what it would run.
    """
    return table
