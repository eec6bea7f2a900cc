"""Every table node is tested as a plain function on two engines: Arrow tables go through DuckDB, Polars stays Polars.

`make test-spark` does the same with Spark's frames, which stay unread until somebody reads them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import Any

import narwhals as nw
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from peephole.tables.session import Session, open_session

# `make test-spark` names Spark, which takes a second where the others take a hundredth.
ENGINES = os.environ.get("PEEPHOLE_TEST_ENGINES", "duckdb polars").split()
settings.register_profile(
    "tables",
    max_examples=3 if "spark" in ENGINES else 15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("tables")

SCHEMA = pa.schema({"k": pa.string(), "g": pa.int64(), "v": pa.float64(), "i": pa.int64(), "b": pa.bool_()})
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Engine:
    """Makes frames and reads them back."""

    name: str
    schema: pa.Schema = SCHEMA

    def frame(self, rows: Rows, schema: pa.Schema = SCHEMA) -> Any:
        table = pa.Table.from_pylist(rows, schema=schema)
        if self.name == "duckdb":
            return table
        if self.name == "spark":
            from peephole.tables.spark_session import spark_frame

            places = pa.array(range(table.num_rows), pa.int64())
            return spark_frame(table.append_column("__row__", places)).to_native()
        import polars as pl

        return pl.DataFrame(table)

    def unnumbered(self, rows: Rows) -> nw.LazyFrame[Any]:
        """A query whose rows no reader has numbered."""
        frame = nw.from_native(self.frame(rows))
        if isinstance(frame, nw.LazyFrame):
            return frame.drop("__row__")
        return frame.lazy("duckdb" if self.name == "duckdb" else None)

    def rows(self, frame: Any) -> Rows:
        return self.table(frame).to_pylist()

    def table(self, frame: Any) -> pa.Table:
        """What a node has given, which is of the kind it was given."""
        if self.name == "spark":
            return _spark().first_rows(nw.from_native(frame), 2**31 - 1)
        kind = "pyarrow" if self.name == "duckdb" else "polars"
        found = nw.from_native(frame, eager_only=True)
        assert found.implementation.value == kind
        return found.to_arrow()


@cache
def _spark() -> Session:
    return open_session("spark")


@pytest.fixture(params=ENGINES, scope="session")
def on(request: pytest.FixtureRequest) -> Engine:
    return Engine(request.param)


@pytest.fixture(scope="session")
def random_rows() -> st.SearchStrategy[Rows]:
    maybe = st.none
    row = st.fixed_dictionaries(
        {
            "k": maybe() | st.sampled_from(["", "a", "B", "ä", "aa"]),
            "g": maybe() | st.integers(0, 3),
            "v": maybe() | st.integers(-40, 40).map(lambda n: n / 4),
            "i": maybe() | st.integers(-(2**40), 2**40),
            "b": maybe() | st.booleans(),
        }
    )
    return st.lists(row, max_size=12)
