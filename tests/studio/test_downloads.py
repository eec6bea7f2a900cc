"""A table as a file to take away: its rows as they are shown, all of them, sent once, to nobody but our page."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import httpx
import pandas as pd
import pytest
from studio_support import PATIENCE, Studio

FRAME = pd.DataFrame(
    {
        "name": [f'person "{i:04d}", =1+1' for i in range(3000)],
        "age": [(i * 37) % 90 for i in range(3000)],
        "height": [None if i % 10 == 0 else 150 + (i * 7) % 50 + 0.5 for i in range(3000)],
        "born": pd.date_range("2000-01-01", periods=3000, freq="D"),
    }
)
HOSTILE = ["=1+1", "@SUM(A1)", "plain", None]
READERS: dict[str, Callable[[Any], pd.DataFrame]] = {
    "csv": lambda file: pd.read_csv(file, parse_dates=["born"]),
    "parquet": pd.read_parquet,
    "xlsx": lambda file: pd.read_excel(file, engine="openpyxl"),
}


@pytest.fixture(scope="module")
def people(shared: Studio) -> str:
    """A file looked at without a run, what is computed of it, and a list column."""
    FRAME.to_parquet(shared.folder / "people.parquet")
    pd.DataFrame({"a": [1], "many": [[1, 2]]}).to_parquet(shared.folder / "lists.parquet")
    pd.DataFrame({"=name": HOSTILE, "n": [-1, -2, -3, -4]}).to_parquet(shared.folder / "sums.parquet")
    nodes = {
        "read": {"type": "read_parquet", "title": "All: the/people", "settings": {"path": "people.parquet"}},
        "old": {"type": "filter_rows", "settings": {"where": "age >= 45"}},
        "run": {"type": "peephole_testnodes/same"},
        "sums": {"type": "read_parquet", "settings": {"path": "sums.parquet"}},
        "lists": {"type": "read_parquet", "settings": {"path": "lists.parquet"}},
    }
    return shared.open_file(
        {"nodes": nodes, "wires": ["read.table -> old.table", "read.table -> run.table"]}, "p.peep.json"
    )


def write(studio: Studio, one: str, port: str, **query: str) -> httpx.Response:
    return studio.client.post(f"/api/documents/{one}/downloads/{port}", params=query)


def last(answer: httpx.Response) -> dict[str, Any]:
    """The last line that is told."""
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = json.loads(answer.text.splitlines()[-1])
    return told


def files(studio: Studio) -> list[Path]:
    """Those that wait to be fetched, or are being written."""
    scratch = studio.config.store / "tmp"
    return [path for path in scratch.rglob("*") if path.suffix in (".csv", ".xlsx", ".part")]


def until_gone(studio: Studio, some: set[Path]) -> None:
    """Wait until none of these files is there: one goes when it is sent, which is after the browser has it."""
    moment = threading.Event()
    for _ in range(int(PATIENCE * 10)):
        if not some & set(files(studio)):
            return
        moment.wait(0.1)
    raise AssertionError(f"still there: {some & set(files(studio))}")


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_the_rows_as_they_are_shown_and_no_others(shared: Studio, people: str, kind: str) -> None:
    where = "age > 50 AND height IS NOT NULL"
    ready = last(write(shared, people, "read/table", format=kind, sort="-age", where=where))["ready"]
    answer = shared.get(people, f"downloads/{ready}")
    assert (
        answer.headers["content-disposition"]
        == f"attachment; filename*=utf-8''{quote(f'All - the - people table.{kind}')}"
    )
    wanted = FRAME[(FRAME["age"] > 50) & FRAME["height"].notna()].sort_values("age", ascending=False, kind="stable")
    got = READERS[kind](io.BytesIO(answer.content))
    pd.testing.assert_frame_equal(got, wanted.reset_index(drop=True), check_dtype=False)


def test_a_query_on_what_is_there_is_saved_too(shared: Studio, people: str) -> None:
    answer = shared.get(people, f"downloads/{last(write(shared, people, 'old/table'))['ready']}")
    got = READERS["csv"](io.BytesIO(answer.content))
    pd.testing.assert_frame_equal(got, FRAME[FRAME["age"] >= 45].reset_index(drop=True), check_dtype=False)


@pytest.mark.parametrize(("guard", "mark"), [("true", "'"), ("false", "")])
def test_text_that_a_spreadsheet_would_compute_is_guarded_where_asked(
    shared: Studio, people: str, guard: str, mark: str
) -> None:
    ready = last(write(shared, people, "sums/table", guard=guard))["ready"]
    lines = shared.get(people, f"downloads/{ready}").text.splitlines()
    assert lines == [f"{mark}=name,n", f"{mark}=1+1,-1", f"{mark}@SUM(A1),-2", "plain,-3", ",-4"]


def test_a_file_is_sent_once_and_gone(shared: Studio, people: str) -> None:
    before = set(files(shared))  # of the tests before: some are never fetched, and some go just now
    ready = last(write(shared, people, "read/table"))["ready"]
    written = set(files(shared)) - before
    assert len(written) == 1
    assert shared.get(people, f"downloads/{ready}").status_code == 200
    assert shared.get(people, f"downloads/{ready}").status_code == 404
    until_gone(shared, written)


def test_only_our_page_gets_in(shared: Studio, people: str) -> None:
    ready = last(write(shared, people, "read/table"))["ready"]
    here = f"/api/documents/{people}/downloads"
    with shared.stranger(Origin=shared.origin) as stranger:
        stranger.cookies.set(shared.config.cookie, "x" * len(shared.config.token))
        assert stranger.get(f"{here}/{ready}").status_code == 401
        assert stranger.post(f"{here}/read/table").status_code == 401
    elsewhere = {"Origin": "http://evil.example"}
    assert shared.client.post(f"{here}/read/table", headers=elsewhere).status_code == 403
    assert shared.client.get(f"{here}/{ready}", headers={"Host": "evil.example"}).status_code == 403
    assert shared.get("nobody", f"downloads/{ready}").status_code == 404
    assert shared.get(people, f"downloads/{ready}").status_code == 200


@pytest.mark.parametrize(
    ("port", "query", "status"),
    [
        ("nobody/table", {}, 404),
        ("read/tabel", {}, 404),
        ("run/table", {}, 409),
        ("read/table", {"where": "ag > 3"}, 400),
        ("read/table", {"sort": "agee"}, 400),
        ("read/table", {"format": "../../x"}, 422),
        ("lists/table", {"format": "csv"}, 400),
        ("lists/table", {"format": "xlsx"}, 400),
    ],
)
def test_what_cannot_be_saved_is_told(
    shared: Studio, people: str, port: str, query: dict[str, str], status: int
) -> None:
    answer = write(shared, people, port, **query)
    assert answer.status_code == status, answer.text
    assert answer.json()["problem"]["what"]


@pytest.mark.parametrize("name", ["people.parquet", "..%2fpeople.parquet", "%2e%2e", "%00"])
def test_names_lead_to_no_other_file(shared: Studio, people: str, name: str) -> None:
    answer = shared.get(people, f"downloads/{name}")
    assert answer.status_code in (404, 405)
    assert answer.headers["content-type"].startswith("application/json")


@pytest.fixture
def long(studio: Studio) -> str:
    """A document over more rows than a sheet holds."""
    with duckdb.connect() as connection:
        query = "SELECT i AS n, (i * 7919) % 3000000 AS mixed, 'text ' || i AS words FROM range(3000000) t(i)"
        connection.execute(f"COPY ({query}) TO '{studio.folder / 'long.parquet'}' (FORMAT parquet)")
    one = studio.open_file({"nodes": {"read": {"type": "read_parquet", "settings": {"path": "long.parquet"}}}})
    with studio.page(one) as page:
        assert page.run() == "done"
    return one


def test_a_long_table_tells_how_far_it_is_and_can_be_stopped(studio: Studio, long: str) -> None:
    refused = write(studio, long, "read/table", format="xlsx")
    assert "1,048,575 rows, and there are 3,000,000" in json.loads(refused.text.splitlines()[-1])["problem"]["what"]

    address = f"/api/documents/{long}/downloads/read/table"
    sheet = {"format": "xlsx", "sort": "mixed", "where": "n < 1000000"}  # takes seconds on any machine
    with studio.client.stream("POST", address, params=sheet) as answer:
        told = json.loads(next(answer.iter_lines()))  # and the browser hangs up
    assert 0 <= told["done"] < 1
    ready = last(write(studio, long, "read/table", sort="mixed", where="n >= 2000000"))["ready"]
    assert [path.suffix for path in files(studio)] == [".csv"]  # the sheet, whose turn was before, is not there
    with studio.client.stream("GET", f"/api/documents/{long}/downloads/{ready}") as answer:
        rows = sum(chunk.count(b"\n") for chunk in answer.iter_bytes())
    assert rows == 1_000_001
