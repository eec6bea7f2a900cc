"""Tables in the order in which they are shown: in place, sorted, filtered, heads of long ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from peephole.core.errors import ColumnError, FormulaError
from peephole.engine.side import views as subject
from peephole.engine.side.pages import Pages
from peephole.engine.side.views import Views, Wish, is_in_order, seems_in_order
from peephole.tables.session import open_session, use_session


def table(numbers: list[int], **more: list[Any]) -> pa.Table:
    return pa.table({"n": numbers, "__row__": range(len(numbers)), **more})


def write(path: Path, rows: pa.Table, group: int = 4) -> Path:
    pq.write_table(rows, path, row_group_size=group)
    return path


@pytest.fixture
def session(tmp_path: Path):
    opened = open_session(read=[tmp_path], write=[tmp_path])
    with use_session(opened):
        yield opened
    opened.close()


def shown(session: Any, folder: Path, path: Path, wish: Wish = Wish(), offset: int = 0, limit: int = 100) -> list[int]:  # noqa: B008
    (folder / "views").mkdir(exist_ok=True)
    views = Views(folder / "views")
    stored = path if not wish.sort and not wish.where else None
    view = views.make("key", wish, stored, lambda: session.scan_parquet(path), session)
    page = Pages().page(view, offset, limit)
    if page is None:
        view = views.make("key", wish, None, lambda: session.scan_parquet(path), session)
        page = Pages().page(view, offset, limit)
    assert page is not None
    assert "__row__" not in page.column_names
    return page.column("n").to_pylist()


def test_a_table_that_lies_in_order_is_its_own_view(session: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", table(list(range(20))))
    assert shown(session, tmp_path, path) == list(range(20))
    assert not list((tmp_path / "views").iterdir())
    assert shown(session, tmp_path, path, offset=3, limit=7) == list(range(3, 10))  # across groups
    assert shown(session, tmp_path, path, offset=18, limit=7) == [18, 19]
    assert shown(session, tmp_path, path, offset=30) == []


@pytest.mark.parametrize("order", [[3, 2, 1, 0, 4, 5, 6, 7], [4, 5, 6, 7, 0, 1, 2, 3], [0, 2, 1, 3, 4, 5, 7, 6]])
def test_a_table_that_does_not_is_put_in_order(session: Any, tmp_path: Path, order: list[int]) -> None:
    rows = pa.table({"n": order, "__row__": order})
    assert not is_in_order(rows)
    path = write(tmp_path / "a.parquet", rows)
    assert shown(session, tmp_path, path) == list(range(8))


def test_parts_out_of_order_are_seen_without_reading_rows(tmp_path: Path) -> None:
    assert seems_in_order(write(tmp_path / "a.parquet", table(list(range(9)))))
    assert not seems_in_order(write(tmp_path / "b.parquet", pa.table({"__row__": [4, 5, 6, 7, 0, 1, 2, 3]})))
    assert seems_in_order(write(tmp_path / "c.parquet", pa.table({"n": [2, 1]})))  # no order to keep
    pq.write_table(table([1, 2]), tmp_path / "d.parquet", write_statistics=False)
    assert not seems_in_order(tmp_path / "d.parquet")  # nothing is known of it


def test_sorted_and_filtered(session: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", table([5, 1, 4, 1, 3], same=[1, 1, 1, 1, 1]))
    assert shown(session, tmp_path, path, Wish("n")) == [1, 1, 3, 4, 5]
    assert shown(session, tmp_path, path, Wish("-n")) == [5, 4, 3, 1, 1]
    assert shown(session, tmp_path, path, Wish("-same")) == [5, 1, 4, 1, 3]  # equal ones in reading order
    assert shown(session, tmp_path, path, Wish("n", "n > 1")) == [3, 4, 5]
    assert shown(session, tmp_path, path, Wish("", "n = 1")) == [1, 1]


def test_a_column_whose_name_begins_with_a_dash(session: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", table([1, 2, 3], **{"-x": [2, 3, 1]}))
    assert shown(session, tmp_path, path, Wish("-x")) == [3, 1, 2]
    assert shown(session, tmp_path, path, Wish("--x")) == [2, 1, 3]


def test_wishes_that_cannot_be(session: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", table([1]))
    with pytest.raises(ColumnError, match='no column "m"'):
        shown(session, tmp_path, path, Wish("m"))
    with pytest.raises(FormulaError):
        shown(session, tmp_path, path, Wish("", "m > 1"))


def test_the_head_of_a_long_table(session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "HEAD", 3)
    path = write(tmp_path / "a.parquet", table([5, 1, 4, 1, 3]))
    views = Views(tmp_path)
    head = views.make_head("key", Wish("-n"), 5, session.scan_parquet(path), session)
    assert (head.table.column("n").to_pylist(), head.rows) == ([5, 4, 3], 5)
    assert views.known_head("key", Wish("-n"), 3) is head
    assert views.known_head("key", Wish("-n"), 4) is None
    assert views.known_head("key", Wish("n"), 3) is None
    few = views.make_head("key", Wish("-n", "n > 3"), 5, session.scan_parquet(path), session)
    assert (few.table.column("n").to_pylist(), few.rows) == ([5, 4], 2)
    assert few.holds(100)
    some = views.make_head("key", Wish("", "n < 5"), 5, session.scan_parquet(path), session)
    assert (some.table.column("n").to_pylist(), some.rows) == ([1, 4, 1], 4)


def test_views_are_kept_for_as_long_as_there_is_room(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.parquet", table(list(range(10))))
    (tmp_path / "views").mkdir()
    views = Views(tmp_path / "views")

    def make(sort: str) -> None:
        views.make("key", Wish(sort), None, lambda: session.scan_parquet(path), session)

    make("n")
    assert views.known("key", Wish("n")) is not None
    monkeypatch.setattr(subject, "MOST_BYTES", 1)
    make("-n")
    assert views.known("key", Wish("n")) is None
    assert views.known("key", Wish("-n")) is not None
    assert len(list((tmp_path / "views").iterdir())) == 1


def test_rows_without_an_order_keep_the_one_they_were_first_shown_in(session: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", pa.table({"n": [1, 1, 1, 0], "m": [3, 1, 2, 4]}))
    views = Views(tmp_path)
    assert views.make_head("key", Wish(), None, session.scan_parquet(path), session) is None
    head = views.make_head("key", Wish("-n"), None, session.scan_parquet(path), session)
    assert head is not None
    assert head.table.to_pydict() == {"n": [1, 1, 1, 0], "m": [1, 2, 3, 4]}  # what is equal by the other columns
    view = views.make("key", Wish("-n"), None, lambda: session.scan_parquet(path), session)
    page = Pages().page(view, 0, 10)
    assert page is not None
    assert page.to_pydict() == head.table.to_pydict()
