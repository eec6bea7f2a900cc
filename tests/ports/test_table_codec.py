from __future__ import annotations

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from peephole.core.errors import SettingError, StoreError
from peephole.core.types import Variable
from peephole.nodes.rows.filter_rows import filter_rows
from peephole.nodes.rows.sort import sort
from peephole.ports.table import TableCodec
from peephole.ports.variable import VariableCodec
from peephole.tables.session import current_session, open_session, use_session

DATA = {"x": [3, 1, 2], "s": ["c", None, "b"]}
KINDS = {
    "pandas": pd.DataFrame(DATA, index=[7, 8, 9]),
    "polars": pl.DataFrame(DATA),
    "polars lazy": pl.LazyFrame(DATA),
    "arrow": pa.table(DATA),
    "narwhals": nw.from_native(pl.DataFrame(DATA)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_kind_is_given_back_in_order(kind):
    given = KINDS[kind]
    found = filter_rows(given, where="x > 1")
    assert type(found) is type(given)
    eager = nw.from_native(found, pass_through=True)
    rows = (eager.collect() if isinstance(eager, nw.LazyFrame) else eager).to_arrow().to_pylist()
    assert rows == [{"x": 3, "s": "c"}, {"x": 2, "s": "b"}]


@pytest.mark.parametrize("kind", KINDS)
def test_the_input_is_never_changed(kind):
    given = KINDS[kind]
    before = repr(given)
    sort(given, by=[{"column": "x"}])
    assert repr(given) == before


def test_a_duckdb_relation_stays_one():
    relation = duckdb.connect().sql("SELECT range AS x FROM range(5)")
    assert filter_rows(relation, where="x > 2").fetchall() == [(3,), (4,)]


def test_nan_is_missing():
    assert filter_rows(pd.DataFrame({"x": [1.0, float("nan")]}), where="x IS NULL").shape == (1, 1)
    assert filter_rows(pl.DataFrame({"x": [1.0, float("nan")]}), where="x IS NULL").shape == (1, 1)


def test_what_is_no_table():
    with pytest.raises(SettingError, match="int was given"):
        filter_rows(5, where="x > 1")


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_saved_and_loaded(engine, tmp_path):
    codec = TableCodec()
    with use_session(open_session(engine, read=[tmp_path], write=[tmp_path])) as session:
        codec.save(session.from_arrow(pa.table({"__row__": [0, 1], "x": [1.5, None]})), tmp_path)
        assert session.first_rows(codec.load(tmp_path), 5).to_pylist() == [{"x": 1.5}, {"x": None}]
        key = codec.content_key(tmp_path)
    assert codec.summary(tmp_path) == {
        "rows": 2,
        "columns": 1,
        "schema": {"x": "number"},
        "types": {"__row__": "BIGINT", "x": "DOUBLE"},
    }
    assert codec.content_key(tmp_path) == key


def test_both_engines_give_one_content_key(tmp_path):
    table = pa.table({"x": [1, 2], "s": ["a", None]})
    keys = set()
    for engine in ("duckdb", "polars"):
        with use_session(open_session(engine, read=[tmp_path], write=[tmp_path])) as session:
            TableCodec().save(session.from_arrow(table), tmp_path)
            keys.add(TableCodec().content_key(tmp_path))
    assert len(keys) == 1


@pytest.mark.parametrize("value", [True, 3, 2.5, "grün", ["a", 1], None])
def test_variables(value, tmp_path):
    codec = VariableCodec()
    codec.save(Variable(value), tmp_path)
    assert codec.load(tmp_path) == Variable(value)
    assert codec.summary(tmp_path) == {"value": value}


def test_a_damaged_variable(tmp_path):
    (tmp_path / "variable.json").write_text("{")
    with pytest.raises(StoreError, match="cannot be read"):
        VariableCodec().load(tmp_path)


def test_the_plain_session_lasts():
    assert current_session() is current_session()
