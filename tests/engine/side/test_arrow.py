"""Rows on their way to a browser."""

from __future__ import annotations

import datetime as dt
import io

import pyarrow as pa
import pytest

from peephole.engine.side import arrow


def sent(**columns: pa.Array) -> pa.Table:
    return pa.ipc.open_stream(io.BytesIO(arrow.stream(pa.table(columns)))).read_all()


def test_plain_types_stay_as_they_are() -> None:
    table = pa.table(
        {"a": [1, None], "b": [1.5, None], "c": ["x", None], "d": [True, None], "e": [dt.date(2024, 1, 2), None]}
    )
    assert pa.ipc.open_stream(io.BytesIO(arrow.stream(table))).read_all().equals(table)


@pytest.mark.parametrize(
    ("column", "type_", "values"),
    [
        (pa.array(["a", "b", "a"]).dictionary_encode(), pa.string(), ["a", "b", "a"]),
        (pa.array(["a"], pa.large_string()), pa.string(), ["a"]),
        (pa.array(["a"], pa.string_view()), pa.string(), ["a"]),
        (pa.array([1, None]).cast(pa.decimal128(38, 3)), pa.float64(), [1.0, None]),
        (pa.array([1.5], pa.float16()), pa.float64(), [1.5]),
        (pa.array([b"ab"], pa.binary(2)), pa.binary(), [b"ab"]),
        (pa.array([dt.timedelta(days=1), None]), pa.string(), ["1 day, 0:00:00", None]),
        (pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())), pa.string(), ["[('k', 1)]"]),
    ],
)
def test_others_become_what_every_reader_knows(column: pa.Array, type_: pa.DataType, values: list[object]) -> None:
    got = sent(x=column).column("x")
    assert got.type == type_
    assert got.to_pylist() == values


def test_long_cells_are_cut_and_short_ones_beside_them_are_not() -> None:
    got = sent(x=pa.array(["ä" * 5000, "short", None]))
    assert [len(v) if v else v for v in got.column("x").to_pylist()] == [2000, 5, None]


def test_very_many_bytes_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = pa.array([b"x" * 50_000, b"y"])
    assert len(sent(x=cells).column("x")[0].as_py()) == 50_000
    monkeypatch.setattr(arrow, "PICTURES", 10_000)
    assert [len(v) for v in sent(x=cells).column("x").to_pylist()] == [2000, 1]


def test_no_rows() -> None:
    assert sent(x=pa.array([], pa.string()), y=pa.array([], pa.binary())).num_rows == 0
