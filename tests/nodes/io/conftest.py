"""What the tests of readers share: a session on each engine, a database of each kind, and somebody who listens."""

from __future__ import annotations

from typing import Any

import pytest
from database_places import place_of
from postgres_server import PASSWORD_NAME, running_server

from peephole.core.node import arguments
from peephole.core.progress import reporting_to
from peephole.nodes.io.read import read_csv
from peephole.tables.session import open_session, use_session


class Told:
    """Keeps what a node says."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def progress(self, done: float, total: float | None, title: str, unit: str = "") -> None:
        pass

    def metric(self, values: dict[str, float], per: str) -> None:
        pass

    def earlier(self, *_: object) -> None:
        """Nobody listens."""

    def message(self, level: str, text: str) -> None:
        self.messages.append(text)

    def cancelled(self) -> bool:
        return False


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def listening(told: Told) -> Any:
    with reporting_to(told):
        yield told


@pytest.fixture(params=["duckdb", "polars"])
def session(request, tmp_path):
    session = open_session(request.param, read=[tmp_path], threads=1)
    session.folder = tmp_path
    with use_session(session):
        yield session
    session.close()


@pytest.fixture(scope="package")
def server():
    with running_server() as server:
        yield server


@pytest.fixture
def shop(server, monkeypatch):
    """The server with an empty schema."""
    monkeypatch.setenv(PASSWORD_NAME, server.password)
    server.run("DROP SCHEMA IF EXISTS public CASCADE", "CREATE SCHEMA public")
    return server


@pytest.fixture(params=["duckdb", "sqlite", "postgresql"])
def place(request, tmp_path):
    return place_of(request.param, tmp_path, request)


@pytest.fixture
def rows(session):
    def rows(node, *frames, **given):
        frame = node.spec.function(*frames, **arguments(node.spec.validate(given)))
        return session.first_rows(frame, 1_000_000).to_pylist()

    return rows


@pytest.fixture
def read(session, tmp_path):
    """Reads a text as a file, and gives its rows."""

    def read(text, **settings):
        data = text.encode() if isinstance(text, str) else text
        (tmp_path / "t.csv").write_bytes(data)
        return session.first_rows(read_csv.spec.function(**_checked(settings)), 1000).to_pylist()

    return read


def _checked(settings):
    return arguments(read_csv.spec.validate({"path": "t.csv", **settings}))
