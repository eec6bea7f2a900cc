"""How a component is run many times: a loop that stands in one line of the document.

    "repeat": {"over": "values", "values": {"depth": [2, 4, 8], "rate": [0.1, 0.3]}}   # every combination
    "repeat": {"over": "groups", "columns": ["carrier"]}                               # each part of a table by itself
    "repeat": {"over": "rounds", "times": 20, "until": "done"}                         # what comes out goes in again

Each run gets some values: they set the component's settings of these names, and stand as columns in what is put together.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import product
from math import prod
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from peephole.workflow.values import Value

MOST_RUNS = 10_000
MOST_ROUNDS = 1000
ITERATION = "iteration"
CHUNK = "chunk"

Name = Annotated[str, Field(min_length=1)]
Row = dict[str, Value]


class _Repeat(BaseModel):
    """Keys that this version does not know are kept and written back."""

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)
    __pydantic_extra__: dict[str, Value] = Field(init=False)


class _SideBySide(_Repeat):
    """Runs that do not need each other.

    best: an output that is a variable: of outputs that cannot be put together (models) those of the run are given in which
    it is highest.  lowest: in which it is lowest.
    """

    best: Name | None = None
    lowest: bool = False


class Count(_SideBySide):
    """So many times; `name` is 1, 2, 3 ..."""

    over: Literal["count"] = "count"
    times: Annotated[int, Field(ge=1, le=MOST_RUNS)]
    name: Name = ITERATION


class Values(_SideBySide):
    """For each combination of the settings' values (a grid); the last setting changes quickest."""

    over: Literal["values"] = "values"
    values: Annotated[dict[Name, Annotated[tuple[Value, ...], Field(min_length=1)]], Field(min_length=1)]

    @model_validator(mode="after")
    def _not_too_many(self) -> Values:
        if prod(len(one) for one in self.values.values()) > MOST_RUNS:
            raise ValueError(f"there are more than {MOST_RUNS} combinations")
        return self


class EachColumn(_SideBySide):
    """For each of some columns, whose name is given to a setting."""

    over: Literal["columns"] = "columns"
    columns: Annotated[tuple[Name, ...], Field(min_length=1, max_length=MOST_RUNS)]
    setting: Name = "column"


class Groups(_SideBySide):
    """For each combination of values in some columns of an input: the rows that have it."""

    over: Literal["groups"] = "groups"
    columns: Annotated[tuple[Name, ...], Field(min_length=1)]
    input: Name = "table"


class Chunks(_SideBySide):
    """For so many rows of an input after the other, in the order of reading."""

    over: Literal["chunks"] = "chunks"
    rows: Annotated[int, Field(ge=1)]
    input: Name = "table"


class Rounds(_Repeat):
    """One run after the other: what comes out of one goes into the next. What the last one gives comes out.

    input, output: the ports by which it goes round.  until: an output that is a variable; a round in which it is true is
    the last one.  times: at most so many; `name` is 1, 2, 3 ...
    """

    over: Literal["rounds"] = "rounds"
    times: Annotated[int, Field(ge=1, le=MOST_ROUNDS)]
    until: Name | None = None
    input: Name = "table"
    output: Name = "table"
    name: Name = ITERATION


Repeat = Annotated[Count | Values | EachColumn | Groups | Chunks | Rounds, Field(discriminator="over")]


def runs_of(repeat: Repeat) -> list[Row] | None:
    """The values of each run in order, of rounds at most; None where only the rows can tell."""
    match repeat:
        case Count() | Rounds():
            return [{repeat.name: n} for n in range(1, repeat.times + 1)]
        case Values():
            return [dict(zip(repeat.values, one, strict=True)) for one in product(*repeat.values.values())]
        case EachColumn():
            return [{repeat.setting: column} for column in repeat.columns]
        case Groups() | Chunks():
            return None


def names_of(repeat: Repeat) -> tuple[str, ...]:
    """What each run is given values of."""
    match repeat:
        case Count() | Rounds():
            return (repeat.name,)
        case Values():
            return tuple(repeat.values)
        case EachColumn():
            return (repeat.setting,)
        case Groups():
            return repeat.columns
        case Chunks():
            return (CHUNK,)


def needed_settings(repeat: Repeat) -> Collection[str]:
    """The names that the component must have settings of: without these a loop would do the same again and again."""
    return names_of(repeat) if isinstance(repeat, Values | EachColumn) else ()


def parted_input(repeat: Repeat) -> str | None:
    """The input port whose table is taken part by part, if one is."""
    return repeat.input if isinstance(repeat, Groups | Chunks) else None


def best_of(repeat: Repeat) -> tuple[str | None, bool]:
    """The output that tells which run is the best, where the loop names one, and whether the lowest is."""
    return (None, False) if isinstance(repeat, Rounds) else (repeat.best, repeat.lowest)


def words_of(repeat: Repeat) -> str:
    """The loop in words: `each carrier`."""
    match repeat:
        case Count():
            return f"{repeat.times} times"
        case Values():
            return "every combination of " + ", ".join(f"{len(v)} × {name}" for name, v in repeat.values.items())
        case EachColumn():
            return "each of " + ", ".join(repeat.columns)
        case Groups():
            return "each " + ", ".join(repeat.columns)
        case Chunks():
            return f"{repeat.rows} rows at a time"
        case Rounds():
            most = f"{repeat.times} round{'' if repeat.times == 1 else 's'}"
            return f"at most {most}, until {repeat.until}" if repeat.until else most


def label_of(row: Row) -> str:
    """A run in words: `depth = 4, rate = 0.1`."""
    return ", ".join(f"{name} = {_short(value)}" for name, value in row.items())


def _short(value: Value) -> str:
    text = "missing" if value is None else str(value)
    return text if len(text) <= 40 else text[:37] + "..."


def plain_repeat(repeat: Repeat) -> Row:
    """As it stands in a document: `over` first, what is as usual left out."""
    said = repeat.model_dump(mode="json", exclude_defaults=True)
    return {"over": repeat.over, **said}
