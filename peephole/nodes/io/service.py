"""Where rows come into a workflow that is served over HTTP, and where the answer leaves it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Columns
from peephole.core.types import Table

PortName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


@node(family="io", icon="service-in", title="Service input", light=True,
      also=("Container Input (Table)", "REST endpoint", "Web service", "API input", "Deploy"))  # fmt: skip
def service_input(table: Table, *, name: PortName = "rows", optional: Columns = []) -> Table:  # noqa: ARG001, B006
    """Marks where the rows of a request come in when the workflow is served: `peephole serve`.

    On the canvas the sample rows pass through, so that the workflow runs here too. A request must have their columns.

    table: sample rows, with the columns and types that a request has.
    name: what the rows are called in a request.
    optional: columns that a request may leave out; they are missing then.
    returns: the rows as they are.
    """
    return table


@node(family="io", icon="service-out", title="Service output", light=True,
      also=("Container Output (Table)", "REST endpoint", "Web service", "API output"))  # fmt: skip
def service_output(table: Table, *, name: PortName = "rows") -> Table:  # noqa: ARG001
    """Marks the rows that a request is answered with when the workflow is served: `peephole serve`.

    table: the answer's rows.
    name: what the rows are called in the answer.
    returns: the rows as they are.
    """
    return table
