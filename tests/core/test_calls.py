"""A node is still the function it was: any kind of frame in, the same kind out, no workflow needed."""

from __future__ import annotations

from typing import NamedTuple

import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from peephole.core.errors import Cancelled, ColumnError, SettingError
from peephole.core.node import node
from peephole.core.progress import advance, check_cancelled, message, metric, progress, reporting_to
from peephole.core.settings import Column
from peephole.core.types import Table, Variable


@node(family="test", version=1)
def shift(table: Table, *, column: Column = "n", amount: int = 1) -> Table:
    """Add a number to a column.

    table: any rows.
    column: where to add.
    amount: what to add.
    """
    return table.with_columns(nw.col(column) + amount)


class Parts(NamedTuple):
    """Rows and their number."""

    low: Table
    high: Table
    count: Variable


@node(family="test")
def cut(table: Table, *, at: int) -> Parts:
    """Cut a table in two.

    table: any rows.
    at: where.
    low: below.
    high: the rest.
    count: how many rows.
    """
    rows = table.select(nw.len()).collect().item()
    return Parts(table.filter(nw.col("n") < at), table.filter(nw.col("n") >= at), Variable(rows))


@node(family="test")
def join(left: Table, right: Table | None = None, *, on: Column = "n") -> Table:
    """Keep what is in both.

    left: any rows.
    right: any rows.
    on: the column.
    """
    return left if right is None else left.join(right.select(on), on=on, how="semi")


@node(family="test")
def stack(first: Table, *more: Table) -> Table:
    """All rows of all tables.

    first: any rows.
    more: others with the same columns.
    """
    return nw.concat([first, *more])


@node(family="test")
def twice(value: Variable, *, times: int = 2) -> Variable:
    """Multiply.

    value: a number.
    times: by what.
    """
    return Variable(value.value * times)


ROWS = {"n": [3, 1, 2], "t": ["c", "a", "b"]}
KINDS = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "polars lazy": pl.LazyFrame,
    "arrow": pa.table,
    "narwhals": lambda rows: nw.from_native(pl.DataFrame(rows)),
    "narwhals lazy": lambda rows: nw.from_native(pl.LazyFrame(rows)),
}


def plain(frame):
    """A frame's rows, whatever it is."""
    found = nw.from_native(frame)
    return (found.collect() if isinstance(found, nw.LazyFrame) else found).to_dict(as_series=False)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_kind_comes_back_in_the_same_order(kind):
    given = KINDS[kind](ROWS)
    result = shift(given, amount=10)
    assert type(result) is type(given)
    assert plain(result) == {"n": [13, 11, 12], "t": ["c", "a", "b"]}
    assert plain(given) == ROWS
    low, high, count = parts = cut(given, at=3)
    assert type(parts) is Parts
    assert type(low) is type(high) is type(given)
    assert (plain(low)["n"], plain(high)["n"], count.value) == ([1, 2], [3], 3)


def test_ports_may_be_given_by_keyword():
    left, right = pl.DataFrame({"n": [1, 2, 3]}), pl.DataFrame({"n": [3, 2, 9]})
    for result in (
        join(left, right),
        join(left, right=right),
        join(left=left, right=right),
        join(right=right, left=left),
    ):
        assert result["n"].to_list() == [2, 3]
    assert join(left)["n"].to_list() == join(left=left)["n"].to_list() == join(left, None)["n"].to_list() == [1, 2, 3]
    assert sorted(stack(left, right, left)["n"]) == [1, 1, 2, 2, 2, 3, 3, 3, 9]
    assert stack(left)["n"].to_list() == [1, 2, 3]


@node(family="test")
def three(a: Table, b: Table | None = None, c: Table | None = None, *more: Table) -> Variable:
    """Say which were given.

    a: any rows.
    b: any rows.
    c: any rows.
    more: any rows.
    """
    return Variable("".join("." if t is None else t.collect_schema().names()[0] for t in (a, b, c, *more)))


def test_a_port_left_out_does_not_move_the_others():
    a, b, c, d = (pl.DataFrame({name: [1]}) for name in "abcd")
    calls = [
        three(a),
        three(a, None, c),
        three(a, c=c),
        three(c=c, a=a, b=b),
        three(a, None, None, d),
        three(a, b, c, d, a),
    ]
    assert [call.value for call in calls] == ["a..", "a.c", "a.c", "abc", "a..d", "abcda"]


def test_plain_values_may_stand_for_variables():
    assert twice(4) == 8
    assert twice(Variable(4), times=3) == Variable(12)
    assert twice.__wrapped__(Variable(4), times=2) == Variable(8)


TABLE = pl.DataFrame(ROWS)

WRONG = {  # the call: (the error, what it says)
    "too few": (join, SettingError, "Join: nothing is given for left."),
    "too many": (
        lambda: join(TABLE, TABLE, TABLE),
        SettingError,
        "Join: takes 2 inputs, and got 3.",
    ),
    "nothing where something must be": (lambda: join(None, TABLE), SettingError, "nothing is given for left"),
    "given twice": (lambda: join(TABLE, left=TABLE), SettingError, 'Join: "left" is given twice.'),
    "many by keyword": (lambda: stack(TABLE, more=TABLE), SettingError, 'Stack: "more" takes any number of values'),
    "no such setting": (lambda: shift(TABLE, amuont=2), SettingError, 'no setting "amuont". Did you mean "amount"?'),
    "setting by position": (lambda: shift(TABLE, 3), SettingError, "Settings are given by keyword."),
    "wrong value": (lambda: shift(TABLE, amount="x"), SettingError, "amount cannot be 'x'"),
    "wrong column": (lambda: shift(TABLE, column="N"), ColumnError, 'no column "N". Did you mean "n"? Columns: n, t.'),
    "no table": (lambda: shift([1, 2]), SettingError, "A table is needed, and list was given."),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_call(case):
    call, error, says = WRONG[case]
    with pytest.raises(error) as caught:
        call()
    assert says in str(caught.value)


# -- progress, metrics and messages -----------------------------------------------------------------------------------------


class Listener:
    """Notes everything; asks to stop after so many words."""

    def __init__(self, patience: int = 99) -> None:
        self.heard = []
        self.patience = patience

    def progress(self, done, total, title, unit=""):
        self.heard.append((title, done, total))

    def metric(self, values, per):
        self.heard.append(values)

    def earlier(self, curves, per):
        self.heard.append((per, curves))

    def message(self, level, text):
        self.heard.append((level, text))

    def cancelled(self):
        return len(self.heard) >= self.patience


def work(items):
    """What a node does while it works."""
    found = []
    for item in progress(items, "Working"):
        metric(loss=item)
        check_cancelled()
        found.append(item)
    message("done", "warning")
    advance(1, 2, "Resting")
    return found


def test_without_a_run_everything_passes_through():
    assert work([1, 2]) == [1, 2]
    assert work(iter([1, 2])) == [1, 2]


def test_within_a_run_everything_is_heard():
    listener = Listener()
    with reporting_to(listener):
        assert work([5, 6]) == [5, 6]
        assert listener.heard[:2] == [("Working", 0, 2), {"loss": 5.0}]
        assert listener.heard[-3:] == [("Working", 2, 2), ("warning", "done"), ("Resting", 1, 2)]
        list(progress(iter("ab"), total=7))
        assert listener.heard[-1] == ("", 2, 7)
        list(progress(iter("ab")))
        assert listener.heard[-1] == ("", 2, None)
    before = len(listener.heard)
    work([1])
    assert len(listener.heard) == before


@pytest.mark.parametrize("patience", [0, 1, 2, 3])
def test_the_wish_to_stop_is_heard_between_two_items(patience):
    listener = Listener(patience)
    with reporting_to(listener), pytest.raises(Cancelled):
        work(range(100))
    assert patience <= len(listener.heard) <= patience + 1
