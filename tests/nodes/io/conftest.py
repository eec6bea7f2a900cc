"""What the tests of readers share: a session on each engine, and somebody who listens."""

from __future__ import annotations

from typing import Any

import pytest

from peephole.core.progress import reporting_to
from peephole.nodes.io.read import read_csv
from peephole.tables.session import open_session, use_session


class Told:
    """Keeps what a node says."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def progress(self, done: float, total: float | None, title: str) -> None:
        pass

    def metric(self, values: dict[str, float]) -> None:
        pass

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


@pytest.fixture
def read(session, tmp_path):
    """Reads a text as a file, and gives its rows."""

    def read(text, **settings):
        data = text.encode() if isinstance(text, str) else text
        (tmp_path / "t.csv").write_bytes(data)
        return session.first_rows(read_csv.spec.function(**_checked(settings)), 1000).to_pylist()

    return read


def _checked(settings):
    from peephole.core.node import arguments

    return arguments(read_csv.spec.validate({"path": "t.csv", **settings}))
