"""A real PostgreSQL server for the tests: a cluster of its own in a temporary folder, on loopback, ended afterwards."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

USER, PASSWORD_NAME = "ada", "PEEPHOLE_TEST_PASSWORD"


def server_programs() -> Path | None:
    """The folder with initdb and pg_ctl, the newest there is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@dataclass(frozen=True)
class Server:
    """url: without the password.  password: of the user.  port: on loopback."""

    port: int
    password: str

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/postgres"

    def run(self, *statements: str) -> list[Any]:
        """Carry out statements, each on its own; gives the rows of the last."""
        import adbc_driver_postgresql.dbapi as driver

        with driver.connect(self.url.replace("@", f":{self.password}@"), autocommit=True) as connection:
            rows: list[Any] = []
            for statement in statements:
                with connection.cursor() as cursor:
                    cursor.execute(statement)
                    rows = cursor.fetchall() if cursor.description else []
            return rows


@contextmanager
def running_server() -> Iterator[Server]:
    """A server that runs within this block; the test is skipped where PostgreSQL is not installed."""
    programs = server_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (`make test` installs it: apt-get install postgresql)")
    pytest.importorskip("adbc_driver_postgresql")
    folder = Path(tempfile.mkdtemp(prefix="peephole-pg-"))
    password = secrets.token_urlsafe(12)
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = {"user": "postgres", "group": "postgres", "extra_groups": []}
    (folder / "pw").write_text(password)

    def call(program: str, *arguments: str) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "cwd": folder}
        subprocess.run(
            [str(programs / program), "-D", str(folder / "data"), *arguments], check=True, **quiet, **as_user
        )

    try:
        call("initdb", "-U", USER, f"--pwfile={folder / 'pw'}", "-A", "scram-sha-256", "-E", "UTF8", "--no-sync")
        server = Server(_free_port(), password)  # as late as can be: others on this machine look for ports too
        listen = f"-p {server.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        call("pg_ctl", "-w", "-t", "60", "-o", listen, "-l", str(folder / "log"), "start")
        try:
            yield server
        finally:
            call("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
