"""Tables from databases, and tables into databases."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated, Literal

from pydantic import Field

from peephole.core.node import node
from peephole.core.progress import advance, message
from peephole.core.schema import ROW, visible
from peephole.core.settings import Database, Multiline, Refreshing
from peephole.core.sources import asked
from peephole.core.types import Table, Variable
from peephole.tables.order import reading_order
from peephole.tables.session import current_session, session_of

DatabaseName = Annotated[str, Database(), Field(min_length=1)]


@node(family="io", icon="database", title="SQL table", source=True, pack="databases",
      also=("DB Reader", "DB Table Selector", "Database Reader", "SQL Table", "PostgreSQL", "SQLite", "DuckDB"))  # fmt: skip
def sql_table(
    *,
    database: DatabaseName,
    table: Annotated[str, Field(min_length=1)],
    password: str = "",
    refresh: Refreshing = "each run",  # noqa: ARG001 - for the engine
) -> Table:
    """All rows of a table or view in a database: a DuckDB or SQLite file, or a PostgreSQL server.

    Where Filter rows or Select follow directly, the database is asked for what they need only; a message shows the query.
    Times with a zone become UTC, exact decimals become numbers; what has no like here (intervals, addresses) becomes text.

    database: a file, or postgresql://user@server/name, without a password.
    table: the table's name; of another schema: schema.table.
    password: the name of an environment variable PEEPHOLE_..., or of an entry in your password file; not the password.
    refresh: whether the rows are fetched anew at each run, or only by hand.
    returns: the table's rows, in the order in which the database gives them.
    """
    return _read(database, password, table=table)


@node(family="io", icon="database-search", title="SQL query", source=True, pack="databases",
      also=("DB Query Reader", "DB Query", "Database Query", "SQL", "Query database"))  # fmt: skip
def sql_query(
    *,
    database: DatabaseName,
    query: Annotated[str, Multiline("sql"), Field(min_length=1)],
    password: str = "",
    refresh: Refreshing = "each run",  # noqa: ARG001 - for the engine
) -> Table:
    """What a database answers to a query: a DuckDB or SQLite file, or a PostgreSQL server.

    The query is one SELECT in the language of that database; what would write is refused, here and by the database.
    Where Filter rows or Select follow directly, the database is asked for what they need only; a message shows the query.

    database: a file, or postgresql://user@server/name, without a password.
    query: one SELECT.
    password: the name of an environment variable PEEPHOLE_..., or of an entry in your password file; not the password.
    refresh: whether the rows are fetched anew at each run, or only by hand.
    returns: the rows of the answer in their order.
    """
    return _read(database, password, query=query)


def _read(database: str, password: str, *, table: str = "", query: str = "") -> Table:
    from peephole.tables.databases.address import parse
    from peephole.tables.databases.passwords import find_password
    from peephole.tables.databases.reading import opened, query_source, read, table_source

    session, wanted = current_session(), asked()
    address = parse(database, session.folder)
    with opened(address, find_password(password, address.server)) as source:
        named = table_source(source, address, table) if table else query_source(source, query)
        found = read(source, address, named, wanted.narrowed, only_columns=wanted.only_columns)
        if found.sql and wanted.narrowed:
            message(f"The database is asked for what the nodes after it need:\n{found.sql}")
        return session.from_batches(found.schema, found.batches)


@node(family="io", icon="database-write", title="Write to database", effect=True, pack="databases",
      also=("DB Writer", "DB Loader", "DB Insert", "Database Writer", "SQL write"))  # fmt: skip
def write_database(
    table: Table,
    *,
    database: Annotated[str, Database(writes=True), Field(min_length=1)],
    name: Annotated[str, Field(min_length=1)],
    if_exists: Literal["fail", "replace", "append"] = "fail",
    password: str = "",
) -> Variable:
    """The rows into a table of a database: a DuckDB or SQLite file, or a PostgreSQL server; all of them or none.

    A file that is not there is made. Rows are written again only when something before this node has changed.

    table: rows to write.
    database: a file, or postgresql://user@server/name, without a password.
    name: the table's name; of another schema: schema.table.
    if_exists: what to do where there is such a table: fail, put the rows in place of those there, or add them.
    password: the name of an environment variable PEEPHOLE_..., or of an entry in your password file; not the password.
    returns: how many rows were written.
    """
    from peephole.tables.databases.address import parse
    from peephole.tables.databases.passwords import find_password
    from peephole.tables.databases.writing import Rows, write

    session = session_of(table)
    address = parse(database, current_session().folder, new=True)
    secret = find_password(password, address.server)
    names = table.collect_schema().names()
    shown = reading_order(table).select(visible(names)) if ROW in names else table
    with closing(session.batches(shown)) as reader:
        rows = Rows(reader.schema, iter(reader), lambda done: advance(done, None, f"Writing {name}"))
        return Variable(write(address, secret, name, rows, if_exists))
