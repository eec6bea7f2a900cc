"""`peephole studio` as a person starts and ends it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from engine_flows import alive, until

FLOW = {"format": "peephole-workflow", "version": 1, "nodes": {"n": {"type": "peephole_testnodes/numbers"}}}


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own, and the address that it prints."""
    command = [sys.executable, "-m", "peephole.cli.main", "studio", "--no-browser", *arguments]
    environment = os.environ | {"PEEPHOLE_STUDIO": str(folder / "state"), "PEEPHOLE_STORE": str(folder / "store")}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        yield process, found[0] if found else ""
    finally:
        process.kill()
        process.communicate()


def children_of(process: subprocess.Popen[str]) -> list[int]:
    """Its side processes and workers."""
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert found
    return [int(pid) for pid in found]


def test_it_prints_an_address_that_lets_a_browser_in_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    (tmp_path / "flow.peep.json").write_text(json.dumps(FLOW))
    with started(tmp_path, "flow.peep.json", "--port", "0") as (process, address):
        with httpx.Client(follow_redirects=False, timeout=60) as browser:
            answer = browser.get(address)
            assert re.fullmatch("/d/[a-z0-9]{12}", answer.headers["location"])
            one = answer.headers["location"].removeprefix("/d/")
            host = address.partition("/?")[0]
            snapshot = browser.get(f"{host}/api/documents/{one}").json()
            assert snapshot["path"] == str(tmp_path / "flow.peep.json")
            assert browser.get(f"{host}/api/documents/{one}/rows/n/table").headers["X-Rows"] == "10"
        children = children_of(process)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
        assert (process.returncode, error) == (0, "")
        assert until(lambda: not any(alive(pid) for pid in children))


def test_it_ends_without_a_word_while_a_page_waits_for_rows(tmp_path: Path) -> None:
    (tmp_path / "flow.peep.json").write_text(json.dumps(FLOW))
    with started(tmp_path, "flow.peep.json", "--port", "0") as (process, address):
        with httpx.Client(timeout=60) as browser:
            one = browser.get(address).headers["location"].removeprefix("/d/")
            rows = f"{address.partition('/?')[0]}/api/documents/{one}/rows/n/table"
            assert browser.get(rows).status_code == 200
            children = children_of(process)
            for pid in children:  # the side process: it will not answer in time
                os.kill(pid, signal.SIGSTOP)
            with ThreadPoolExecutor(3) as pages:
                waiting = [pages.submit(browser.get, rows, params={"offset": k}) for k in range(3)]
                with pytest.raises(TimeoutError):
                    waiting[0].result(timeout=1)
                process.send_signal(signal.SIGINT)
                assert [one.result(timeout=30).status_code for one in waiting] == [503] * 3
        _, error = process.communicate(timeout=60)
        assert (process.returncode, error) == (0, "")
        assert until(lambda: not any(alive(pid) for pid in children))


def test_nothing_goes_on_when_it_is_killed(tmp_path: Path) -> None:
    (tmp_path / "flow.peep.json").write_text(json.dumps(FLOW))
    with started(tmp_path, "flow.peep.json", "--port", "0") as (process, address):
        with httpx.Client(timeout=60) as browser:
            one = browser.get(address).headers["location"].removeprefix("/d/")
            browser.get(f"{address.partition('/?')[0]}/api/documents/{one}/rows/n/table")
        children = children_of(process)
        process.kill()
        assert until(lambda: not any(alive(pid) for pid in children))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing.peep.json"], "There is no file"),
        (["--port", "99999"], "99999 is no port."),
        (["--folder", "nowhere"], "There is no folder nowhere."),
    ],
)
def test_what_cannot_be_is_told(tmp_path: Path, arguments: list[str], said: str) -> None:
    with started(tmp_path, *arguments) as (process, address):
        _, error = process.communicate(timeout=60)
        assert address == ""
        assert process.returncode == 2
        assert said in error


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with started(tmp_path, "--port", str(port)) as (process, _):
            _, error = process.communicate(timeout=60)
            assert f"The port {port} is taken." in error
            assert process.returncode == 1
