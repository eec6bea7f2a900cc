"""Orders of stored tables kept as the places of their rows, and rows taken from a copy by their places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from peephole.core.errors import Cancelled
from peephole.engine.side import loose
from peephole.engine.side.pages import Pages
from peephole.engine.side.views import View, Views, Wish
from peephole.tables.session import open_session, use_session

NUMBERS = [5, None, 1, 4, 1, 3, None, 9, 2, 8, 7]
NAMES = [f"näme {i % 4}" if i != 3 else None for i in range(11)]


@pytest.fixture
def session(tmp_path: Path):
    opened = open_session(read=[tmp_path], write=[tmp_path])
    with use_session(opened):
        yield opened
    opened.close()


def stored(folder: Path, rows: list[int] | None = None, **more: Any) -> Path:
    """Eleven rows in three parts of a file.  rows: the hidden row numbers, where they do not just grow."""
    hidden = {"__row__": rows or [3 * i for i in range(11)]}
    pq.write_table(pa.table({"n": NUMBERS, "name": NAMES, **hidden, **more}), folder / "a.parquet", row_group_size=4)
    return folder / "a.parquet"


def view(session: Any, folder: Path, path: Path, wish: Wish, views: Views | None = None) -> View:
    views = views or Views(folder)
    return views.make("key", wish, path, lambda: session.scan_parquet(path), session)


def places(found: View, offset: int = 0, limit: int = 100) -> list[int]:
    """Which rows of the file a page has, told by their numbers and names."""
    page = Pages().page(found, offset, limit)
    assert page is not None
    assert "__row__" not in page.column_names
    assert "at" in page.column_names
    return page.column("at").to_pylist()


@pytest.mark.parametrize("downwards", [False, True])
@pytest.mark.parametrize("column", ["n", "name"])
def test_an_order_of_a_stored_table(session: Any, tmp_path: Path, column: str, downwards: bool) -> None:
    path = stored(tmp_path, at=list(range(11)))
    found = view(session, tmp_path, path, Wish(f"-{column}" if downwards else column))
    values: list[Any] = NUMBERS if column == "n" else NAMES
    there = [i for i in range(11) if values[i] is not None]
    wanted = sorted(there, key=lambda i: values[i], reverse=downwards)
    for value in {values[i] for i in there}:  # what is equal stays as it lies, either way
        alike = [i for i in there if values[i] == value]
        at = wanted.index(min(alike, key=wanted.index))
        wanted[at : at + len(alike)] = alike
    wanted += [i for i in range(11) if values[i] is None]
    assert found.copy is not None
    assert Pages().rows(found) == 11
    assert places(found) == wanted
    assert places(found, 3, 5) == wanted[3:8]
    assert places(found, 9, 5) == wanted[9:]
    assert places(found, 50) == []


def test_rows_that_fit_a_condition(session: Any, tmp_path: Path) -> None:
    path = stored(tmp_path, at=list(range(11)))
    found = view(session, tmp_path, path, Wish("-n", "n > 3"))
    assert places(found) == [7, 9, 10, 0, 3]
    assert Pages().rows(found) == 5
    assert places(view(session, tmp_path, path, Wish("n", "n > 90"))) == []


def test_equal_rows_come_in_reading_order_however_they_lie(session: Any, tmp_path: Path) -> None:
    path = stored(tmp_path, rows=list(range(10, -1, -1)), at=list(range(11)), same=[1] * 11)
    assert places(view(session, tmp_path, path, Wish("same"))) == list(range(10, -1, -1))


def test_orders_of_one_table_share_the_copy(session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, views = stored(tmp_path, at=list(range(11))), Views(tmp_path / "views")
    (tmp_path / "views").mkdir()
    first = view(session, tmp_path, path, Wish("n"), views)
    monkeypatch.setattr(loose, "write_copy", lambda *_: pytest.fail("copied again"))
    second = view(session, tmp_path, path, Wish("name"), views)
    assert first.copy == second.copy
    assert len(list((tmp_path / "views").iterdir())) == 3
    assert first.copy is not None
    first.copy.unlink()
    assert views.known("key", Wish("n")) is None


def test_a_copy_that_is_given_up_leaves_nothing(session: Any, tmp_path: Path) -> None:
    path = stored(tmp_path)
    with pytest.raises(Cancelled):
        loose.write_copy(path, tmp_path / "copy.arrow", lambda: True)
    assert [one.name for one in tmp_path.iterdir()] == ["a.parquet"]


def test_a_table_too_large_to_copy_is_written_in_the_order(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loose, "MOST_BYTES", 1)
    found = view(session, tmp_path, stored(tmp_path, at=list(range(11))), Wish("n"))
    assert found.copy is None
    assert places(found)[:3] == [2, 4, 8]
