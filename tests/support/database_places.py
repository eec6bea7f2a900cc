"""A database of each kind with the same small table, for the tests of nodes that read and write them."""

from __future__ import annotations

import sqlite3

import duckdb
from postgres_server import PASSWORD_NAME

ROWS = [
    {"i": 1, "x": 1.5, "s": "a", "n b": "é 😀"},
    {"i": 2, "x": None, "s": "it's", "n b": None},
    {"i": None, "x": -2.0, "s": None, "n b": '"q"'},
]
CREATE = 'CREATE TABLE t (i {int}, x {real}, s {text}, "n b" {text})'
WORDS = {
    "duckdb": {"int": "BIGINT", "real": "DOUBLE", "text": "VARCHAR"},
    "sqlite": {"int": "INTEGER", "real": "REAL", "text": "TEXT"},
    "postgresql": {"int": "bigint", "real": "double precision", "text": "text"},
}


class Place:
    """One database of each kind.  settings: what the nodes need to reach it."""

    def __init__(self, kind, where, run):
        self.kind, self.run = kind, run
        self.settings = {"database": where} | ({"password": PASSWORD_NAME} if kind == "postgresql" else {})

    def fill(self):
        self.run(CREATE.format(**WORDS[self.kind]))
        self.run("INSERT INTO t VALUES (1, 1.5, 'a', 'é 😀'), (2, NULL, 'it''s', NULL), (NULL, -2.0, NULL, '\"q\"')")
        return self


def place_of(kind, tmp_path, request):
    if kind == "postgresql":
        shop = request.getfixturevalue("shop")
        return Place(kind, shop.url, shop.run)
    path = tmp_path / f"shop.{'db' if kind == 'sqlite' else kind}"

    def run(statement):
        connection = sqlite3.connect(path) if kind == "sqlite" else duckdb.connect(str(path))
        found = connection.execute(statement).fetchall()
        connection.commit()
        connection.close()
        return found

    return Place(kind, path.name, run)
