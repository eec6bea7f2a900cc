"""Orders of stored tables kept as the places of their rows, and rows taken from a copy by their places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from peephole.core.errors import Cancelled
from peephole.core.progress import Level, reporting_to
from peephole.engine.side import loose
from peephole.engine.side import views as subject
from peephole.engine.side.pages import Pages
from peephole.engine.side.views import View, Views, Wish
from peephole.tables.session import open_session, use_session

NUMBERS = [5, None, 1, 4, 1, 3, None, 9, 2, 8, 7]
NAMES = [f"näme {i % 4}" if i != 3 else None for i in range(11)]


class Stopped:
    """Whoever asked has hung up."""

    def progress(self, done: float, total: float | None, title: str, unit: str = "") -> None:
        """Nobody listens."""

    def metric(self, values: dict[str, float], per: str) -> None:
        """Nobody listens."""

    def earlier(self, *_: object) -> None:
        """Nobody listens."""

    def message(self, level: Level, text: str) -> None:
        """Nobody listens."""

    def cancelled(self) -> bool:
        return True


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
    with reporting_to(Stopped()), pytest.raises(Cancelled):
        loose.write_copy(path, tmp_path / "copy.arrow")
    assert [one.name for one in tmp_path.iterdir()] == ["a.parquet"]


def test_a_table_too_large_to_copy_is_written_in_the_order(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loose, "MOST_BYTES", 1)
    found = view(session, tmp_path, stored(tmp_path, at=list(range(11))), Wish("n"))
    assert found.copy is None
    assert places(found)[:3] == [2, 4, 8]


def test_what_is_looked_at_keeps_its_copy_however_little_room_there_is(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, views = stored(tmp_path, at=list(range(11))), Views(tmp_path / "views")
    (tmp_path / "views").mkdir()
    view(session, tmp_path, path, Wish("n"), views)
    monkeypatch.setattr(subject, "MOST_BYTES", 1)
    second = view(session, tmp_path, path, Wish("name"), views)
    assert len(places(second)) == 11
    assert views.known("key", Wish("name")) is second
    assert views.known("key", Wish("n")) is None
    assert len(list((tmp_path / "views").iterdir())) == 2  # its places, and the copy


def test_a_copy_goes_with_the_last_order_that_needs_it(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, views = stored(tmp_path, at=list(range(11))), Views(tmp_path / "views")
    (tmp_path / "views").mkdir()
    loosely = view(session, tmp_path, path, Wish("n"), views)
    filtered = views.make("key", Wish(where="n > 3"), None, lambda: session.scan_parquet(path), session)
    monkeypatch.setattr(subject, "MOST_BYTES", filtered.path.stat().st_size)
    views.make("key", Wish(where="n > 3"), None, lambda: session.scan_parquet(path), session)
    assert views.known("key", Wish("n")) is None
    assert loosely.copy is not None
    assert not loosely.copy.exists()
    assert [one.name for one in (tmp_path / "views").iterdir()] == [filtered.path.name]
    again = view(session, tmp_path, path, Wish("n"), views)
    assert places(again)[:3] == [2, 4, 8]


def test_the_same_rows_stored_in_another_order_are_copied_anew(session: Any, tmp_path: Path) -> None:
    """The key of a content leaves the order of its rows aside; places do not."""
    views, pages = Views(tmp_path / "views"), Pages()
    (tmp_path / "views").mkdir()
    view(session, tmp_path, stored(tmp_path, at=list(range(11))), Wish("n"), views)
    path = tmp_path / "a.parquet"
    rows = pq.read_table(path)
    path.unlink()
    pq.write_table(rows.take(pa.array(range(10, -1, -1))), path, row_group_size=4)
    for wish in (Wish("n"), Wish("-n"), Wish("name")):
        page = pages.page(view(session, tmp_path, path, wish, views), 0, 100)
        assert page is not None
        column = page.column(wish.sort.removeprefix("-")).to_pylist()
        there = [value for value in column if value is not None]
        assert there == sorted(there, reverse=wish.sort.startswith("-"))


def test_a_table_that_grows_too_large_while_it_is_copied_is_written_in_the_order(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text that comes again and again is small in the file, and not in the copy."""
    many = 20_000
    rows = pa.table({"n": range(many), "text": ["x" * 200] * many, "__row__": range(many)})
    pq.write_table(rows, path := tmp_path / "a.parquet", row_group_size=5000)
    assert path.stat().st_size < 500_000
    monkeypatch.setattr(loose, "MOST_BYTES", 1_000_000)
    views = Views(tmp_path / "views")
    (tmp_path / "views").mkdir()
    found = view(session, tmp_path, path, Wish("-n"), views)
    assert found.copy is None
    page = Pages().page(found, 0, 2)
    assert page is not None
    assert page.column("n").to_pylist() == [many - 1, many - 2]
    assert [one.name for one in (tmp_path / "views").iterdir()] == [found.path.name]
    monkeypatch.setattr(loose, "write_copy", lambda *_: pytest.fail("tried again"))
    assert view(session, tmp_path, path, Wish("n"), views).copy is None


def test_an_order_that_is_given_up_leaves_nothing(session: Any, tmp_path: Path) -> None:
    path, views = stored(tmp_path, at=list(range(11))), Views(tmp_path / "views")
    (tmp_path / "views").mkdir()
    with reporting_to(Stopped()), pytest.raises(Cancelled):
        view(session, tmp_path, path, Wish("n"), views)
    assert not list((tmp_path / "views").iterdir())


def mapped(folder: Path) -> list[str]:
    """The files of a folder that this process has mapped; those that are gone end in "(deleted)"."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    return [line[line.index(str(folder)) :] for line in lines if f" {folder}/" in line]


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux tells which files are mapped")
def test_files_that_are_gone_are_let_go_of(session: Any, tmp_path: Path) -> None:
    path, pages = stored(tmp_path, at=list(range(11))), Pages()
    found = view(session, tmp_path, path, Wish("n"))
    written = Views(tmp_path).make("other", Wish("-n"), None, lambda: session.scan_parquet(path), session)
    assert found.copy is not None
    for one in (found, written):
        assert pages.page(one, 0, 5) is not None
    assert mapped(tmp_path)
    for gone in (found.path, found.copy, written.path):
        gone.unlink()
    assert pages.page(View("whole", path), 0, 5) is not None
    assert not [name for name in mapped(tmp_path) if name.endswith("(deleted)")]
