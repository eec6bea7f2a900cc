"""Columns read a few at a time are those of the same rows, in whatever order the rows come."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import StandardScaler

from peephole.core.errors import DataError
from peephole.core.schema import ROW
from peephole.nodes.mining import _reading
from peephole.nodes.mining._dense import encoder, fit_encoder
from peephole.nodes.mining._features import varies
from peephole.nodes.mining._medians import Medians
from peephole.nodes.mining._reading import Reading, every_column, reading, reading_all
from peephole.tables.session import current_session

COUNT = 40


@pytest.fixture
def rows() -> pa.Table:
    random = np.random.default_rng(3)
    numbers = {f"c{i}": random.normal(size=COUNT) for i in range(6)}
    return pa.table({**numbers, "word": [f"w{i % 3}" for i in range(COUNT)], ROW: random.permutation(COUNT)})


class Shuffled:
    """A table whose rows come in another order each time they are asked for."""

    def __init__(self, rows: pa.Table, asked: list[list[str]], *, also: int = 0) -> None:
        self.rows, self.asked, self.also = rows, asked, also
        self.implementation = nw.Implementation.DUCKDB

    def select(self, *names: str) -> Any:
        self.asked.append(list(names))
        order = np.random.default_rng(len(self.asked)).permutation(self.rows.num_rows)
        shuffled = self.rows.select(list(names)).take(order)
        if self.also and len(self.asked) > 2:
            shuffled = shuffled.slice(self.also)
        return current_session().from_arrow(shuffled)

    def collect_schema(self) -> Any:
        return current_session().from_arrow(self.rows).collect_schema()


def test_columns_of_shuffled_rows_belong_together(rows: pa.Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_reading, "VALUES", 2 * COUNT)
    asked: list[list[str]] = []
    found = reading(Shuffled(rows, asked), ["word", "c0", "c1", "c2", "c5"])
    columns = {name: found.column(name).to_pylist() for name in ("word", "c0", "c1", "c2", "c5")}
    # In whatever order, each row's cells stand side by side.
    wanted = rows.select(["word", "c0", "c1", "c2", "c5"]).to_pydict()
    assert sorted(zip(*columns.values(), strict=True)) == sorted(zip(*wanted.values(), strict=True))
    assert [names[:-1] for names in asked[2:]] == [["word", "c0"], ["c1", "c2"], ["c5"]]


def test_rows_that_are_left_out_are_left_out_of_every_column(rows: pa.Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_reading, "VALUES", COUNT)
    plain = current_session().from_arrow(rows)
    found = reading_all(plain, ["c0", "word"])
    there = pa.array([i % 4 == 0 for i in range(COUNT)])
    some = found.filter(there)
    wanted = rows.filter(there)
    assert some.num_rows == wanted.num_rows == 10
    assert some.column("word").to_pylist() == wanted.column("word").to_pylist()
    assert some.column("c0").to_pylist() == wanted.column("c0").to_pylist()
    assert every_column(some).to_pydict() == wanted.to_pydict()


def test_rows_are_left_out_by_the_order_in_which_their_values_came(rows: pa.Table) -> None:
    found = reading(Shuffled(rows, []), ["c0", "word"])
    some = found.filter(pc.greater(found.column("c0"), 0))
    wanted = rows.filter(pc.greater(rows.column("c0"), 0))
    assert 0 < some.num_rows == wanted.num_rows < COUNT
    got = zip(some.column("c0").to_pylist(), some.column("word").to_pylist(), strict=True)
    assert sorted(got) == sorted(zip(wanted.column("c0").to_pylist(), wanted.column("word").to_pylist(), strict=True))


def test_rows_that_change_meanwhile_are_refused(rows: pa.Table) -> None:
    found = reading(Shuffled(rows, [], also=1), ["c0"])
    with pytest.raises(DataError, match="changed while they were read"):
        found.column("c0")


def test_without_row_numbers_the_rows_are_read_once(rows: pa.Table) -> None:
    bare = current_session().from_arrow(rows.drop_columns([ROW]))
    assert not isinstance(reading(bare, ["c0", "c1"]), Reading)
    assert every_column(reading_all(bare, ["c0"])).column_names == [*rows.column_names[:-1]]


def test_rows_that_share_their_numbers_are_read_once(rows: pa.Table) -> None:
    twice = current_session().from_arrow(pa.concat_tables([rows, rows]))
    assert not isinstance(reading(twice, ["c0"]), Reading)
    assert every_column(reading_all(twice, ["c0"])).num_rows == 2 * COUNT


def test_columns_beside_are_those_of_their_rows(rows: pa.Table) -> None:
    found = reading(Shuffled(rows, []), ["c0", "c1"])
    assert isinstance(found, Reading)
    values = {c: found.column(c).to_pylist() for c in ("c0", "c1")}
    beside = Reading(current_session().from_arrow(rows), ["c0"])
    more = beside.beside({"copy": pa.array(rows.column("c0"))}).collect("pyarrow").to_native()
    assert more.column("copy").to_pylist() == more.column("c0").to_pylist()
    assert sorted(zip(values["c0"], values["c1"], strict=True)) == sorted(
        zip(more.column("c0").to_pylist(), more.column("c1").to_pylist(), strict=True)
    )


def test_a_fitted_encoder_leaves_what_it_is_given_as_it_is() -> None:
    random = np.random.default_rng(5)
    matrix = np.asfortranarray(random.normal(3, 2, size=(50, 4)))
    wanted = StandardScaler().fit_transform(matrix)
    encode = encoder(0, indicate=False)
    np.testing.assert_allclose(fit_encoder(encode, matrix.copy(order="F")), wanted, rtol=0, atol=1e-12)
    other = matrix.copy(order="F")
    np.testing.assert_allclose(encode.transform(other), wanted, rtol=0, atol=1e-12)
    assert (other == matrix).all()


def test_medians_are_those_of_scikit_learn() -> None:
    matrix = np.asfortranarray(np.random.default_rng(2).normal(size=(101, 4)))
    matrix[::3, 1] = matrix[:-1, 2] = matrix[:, 3] = np.nan
    before = matrix.copy()
    wanted = SimpleImputer(strategy="median", keep_empty_features=True).fit(matrix)
    np.testing.assert_array_equal(Medians().fit(matrix).medians_, wanted.statistics_)
    np.testing.assert_array_equal(matrix, before)
    np.testing.assert_array_equal(Medians().fit_transform(matrix), wanted.transform(matrix))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([1.0, 2.0], "yes"),
        ([1.0, None], "yes"),
        ([1.0, float("nan")], "yes"),
        ([1.0, 1.0], "constant"),
        ([float("inf"), float("inf")], "constant"),
        ([float("nan"), None], "empty"),
        ([None, None], "empty"),
        ([True, False], "yes"),
        (["a", "a"], "constant"),
    ],
)
def test_whether_a_column_tells_rows_apart(values: list[Any], said: str) -> None:
    assert varies(pa.chunked_array([pa.array(values)])) == said
