"""The steps that a loop needs besides the copies of its inside: parts of a table, one part, what puts the runs together."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

import narwhals as nw
from pydantic import BaseModel, ConfigDict

from peephole.core.declare import Port
from peephole.core.errors import DataError, SettingError, listing
from peephole.core.node import NodeSpec
from peephole.core.progress import message
from peephole.core.schema import ROW
from peephole.core.types import Report, Table, Variable, port_types
from peephole.engine.steps import Step
from peephole.tables.order import order_columns
from peephole.tables.stacking import common_types, stacked
from peephole.workflow.faces import COLLECTED
from peephole.workflow.repeat import CHUNK, MOST_RUNS
from peephole.workflow.unroll import AGAIN, COLLECT, PARTS, PICK, WAIT

PART = "__part__"
PARTS_PORT, RUNS_PORT = "table", "runs"


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _PartsGiven(_Given):
    columns: list[str] = []
    rows: int = 0


class _PickGiven(_Given):
    number: int


class _AgainGiven(_Given):
    number: int


class _CollectGiven(_Given):
    runs: list[dict[str, Any]]
    names: list[str]
    columns: list[str]
    outputs: list[str]
    best: str = ""
    lowest: bool = False
    last: bool = False


class Parts(NamedTuple):
    """The rows, each with the number of its part, and what each part is."""

    table: Table
    runs: Variable


def parts(table: Table, *, columns: list[str], rows: int) -> Parts:
    """Number the parts of a table: its groups, or so many rows each."""
    if columns:
        return _groups(table, columns)
    order = order_columns(table)
    numbered = table.with_row_index(PART, order_by=order).with_columns(
        (nw.col(PART).cast(nw.Int64) // rows + 1).alias(PART)
    )
    counted = table.select(nw.len()).collect("pyarrow").to_native().column(0)[0].as_py()
    runs = [{CHUNK: i} for i in range(1, -(-counted // rows) + 1)]
    return Parts(_by_part(numbered), _checked(runs))


def _groups(table: Table, columns: list[str]) -> Parts:
    """Groups in the order of their keys, missing values last; these make groups of their own."""
    last = [f"__last_{i}__" for i in range(len(columns))]
    flags = [nw.col(column).is_null().cast(nw.Int64).alias(flag) for column, flag in zip(columns, last, strict=True)]
    order = [name for pair in zip(last, columns, strict=True) for name in pair]
    indexed = table.select(*columns).unique().with_columns(*flags).with_row_index(PART, order_by=order)
    keys = indexed.select((nw.col(PART).cast(nw.Int64) + 1).alias(PART), *columns)
    found = keys.sort(PART).head(MOST_RUNS + 1).drop(PART).collect("pyarrow").to_native().to_pylist()
    runs = _checked([{name: _plain(value) for name, value in row.items()} for row in found])
    # Joined by the keys' text: a missing value equals nothing, not even another one.
    told = [e for i, column in enumerate(columns) for e in _comparable(column, i)]
    hidden = [f"__{kind}_{i}__" for i in range(len(columns)) for kind in ("key", "none")]
    joined = table.with_columns(*told).join(keys.select(PART, *told), on=hidden, how="left").drop(*hidden)
    return Parts(_by_part(joined), runs)


def _comparable(column: str, place: int) -> list[nw.Expr]:
    value = nw.col(column)
    text = value.cast(nw.String).fill_null("")
    return [text.alias(f"__key_{place}__"), value.is_null().alias(f"__none_{place}__")]


def _by_part(table: Table) -> Table:
    """Sorted by part, so that one part is read without the others."""
    names = table.collect_schema().names()
    return table.sort(PART, *([ROW] if ROW in names else []))


def _checked(runs: list[dict[str, Any]]) -> Variable:
    if not runs:
        raise DataError("There are no rows, so there is nothing to repeat.", remedy="See what comes in.")
    if len(runs) > MOST_RUNS:
        raise DataError(
            f"The loop would run more than {MOST_RUNS} times.",
            remedy="Take larger chunks, columns with fewer values, or Group by.",
        )
    return Variable(runs)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def pick(table: Table, *, number: int) -> Table:
    """The rows of one part."""
    return table.filter(nw.col(PART) == number).drop(PART)


def again(until: Variable, *, number: int) -> Variable:
    """The rounds that follow: one more, or none where `until` is true."""
    if not isinstance(until.value, bool):
        raise DataError(
            f"What ends the rounds must be true or false, and is {until.value!r} after round {number}.",
            remedy="Compare it inside the loop, with Variable formula.",
        )
    return Variable([] if until.value else [{"round": number + 1}])


def _spec(kind: str, settings: type[BaseModel], function: Callable[..., Any], **more: Any) -> NodeSpec:
    given: dict[str, Any] = {
        "title": kind,
        "family": "control",
        "icon": "repeat",
        "version": 1,
        "doc": "",
        "summary": "",
        "setting_docs": {},
        "runs": "engine",
        "data_dependent": False,
        "light": False,
        "effect": False,
        "needs": (),
        "pack": "",
        "migrations": {},
    }
    return NodeSpec(type=kind, settings=settings, function=function, **(given | more))


def _port(name: str, kind: str = "Table", *, many: bool = False, optional: bool = False) -> Port:
    return Port(name, port_types()[kind], name, optional=optional, many=many)


BUILT_IN = {
    PARTS: _spec(
        PARTS,
        _PartsGiven,
        parts,
        runs="outside",
        inputs=(_port("table"),),
        outputs=(_port(PARTS_PORT), _port(RUNS_PORT, "Variable")),
    ),
    AGAIN: _spec(
        AGAIN,
        _AgainGiven,
        again,
        runs="outside",
        inputs=(_port("until", "Variable"),),
        outputs=(_port(RUNS_PORT, "Variable"),),
    ),
    PICK: _spec(PICK, _PickGiven, pick, light=True, inputs=(_port("table"),), outputs=(_port("table"),)),
}
COLLECTORS = (COLLECT, WAIT)


def collector(step: Step, steps: Mapping[str, Step], kind: str) -> NodeSpec:
    """The declaration of what puts runs together; its ports are those that the runs give.

    Raises SettingError where these are of a kind that cannot be put together.
    """
    names = list(step.settings["outputs"])
    kinds = {link.port: _given(steps, link.source, link.output) for link in step.wired}
    last, best = bool(step.settings.get("last")), str(step.settings.get("best", ""))
    wrong = next((n for n in names if kinds.get(n, "Table") not in COLLECTED), None)
    if wrong is not None and not (last or best):
        raise SettingError(
            f"{step.title}: each run gives a {kinds[wrong]}, and only {listing(COLLECTED)} can be put together.",
            remedy=f"Say which run is the best, or use the {kinds[wrong]} inside the loop.",
        )
    inputs = tuple(_port(name, kinds.get(name, "Table"), many=True, optional=True) for name in names)
    whole = {name: kind if last else COLLECTED.get(kind, kind) for name, kind in kinds.items()}
    outputs = tuple(_port(name, whole.get(name, "Table")) for name in names)
    relational = all(port.type.name == "Table" for port in (*inputs, *outputs))
    runs: Literal["engine", "outside"] = "engine" if relational else "outside"
    parted = (_port(":parts", "Variable" if last else "Table", optional=True),)

    def collect(*values: Any, runs: list[dict[str, Any]], columns: list[str], lowest: bool, **_: Any) -> Any:
        every = {name: list(values[i * len(runs) : (i + 1) * len(runs)]) for i, name in enumerate(names)}
        if last:
            made = [found[0] for found in every.values()]
            return made[0] if len(made) == 1 else tuple(made)
        keys = _keys(values[-1], columns, len(runs)) if columns else None
        chosen = _best(every[best], runs, best, lowest) if best else 0
        made = [
            _together(kinds.get(name, "Table"), name, step.title, found, runs, keys)
            if kinds.get(name, "Table") in COLLECTED
            else found[chosen]
            for name, found in every.items()
        ]
        return made[0] if len(made) == 1 else tuple(made)

    return _spec(kind, _CollectGiven, collect, runs=runs, inputs=(*inputs, *parted), outputs=outputs)


def _best(found: list[Variable], runs: list[dict[str, Any]], name: str, lowest: bool) -> int:
    """The place of the run that is best, the first of several. Raises DataError where no run tells a number."""
    scores: list[Any] = [v.value for v in found]
    strange = next((i for i, v in enumerate(scores) if v is not None and not isinstance(v, int | float)), None)
    if strange is not None:
        raise DataError(
            f'The best run goes by "{name}", which is no number: {scores[strange]!r} in the run {_words(runs[strange])}.',
            remedy="Name an output that is a number in each run.",
        )
    known = [i for i, v in enumerate(scores) if v is not None and not math.isnan(v)]
    if not known:
        raise DataError(
            f'The best run goes by "{name}", which has no value in any run.', remedy="See what each run gives."
        )
    place = (min if lowest else max)(known, key=lambda i: scores[i])
    message(f"The best run: {_words(runs[place])} ({name} = {scores[place]}).")
    return place


def _given(steps: Mapping[str, Step], source: str, output: str) -> str:
    spec = steps[source].spec
    port = spec.output(output) if spec else None
    return port.type.name if port else "Table"


def _keys(table: Table, columns: list[str], count: int) -> list[Table]:
    """For each part one row of its keys, of their own types."""
    one = table.select(PART, *columns).unique()
    return [one.filter(nw.col(PART) == n).select(*columns) for n in range(1, count + 1)]


def _together(
    kind: str, name: str, title: str, found: list[Any], runs: list[dict[str, Any]], keys: list[Table] | None
) -> Any:
    if kind == "Figure":
        told = [part for run, figure in zip(runs, found, strict=True) for part in (f"### {_words(run)}", figure)]
        return Report(title, told)
    if kind == "Variable":
        import pyarrow as pa

        from peephole.tables.session import current_session

        given = {n: pa.array([_cell(run[n]) for run in _alike(runs)]) for n in runs[0] if n != name}
        values = [_cell(variable.value) for variable in found]
        order = pa.array(range(len(runs)), pa.int64())
        return current_session().from_arrow(pa.table({**given, name: pa.array(_alike_list(values)), ROW: order}))
    if keys is None:
        frames = [_with_values(frame, run) for frame, run in zip(found, _alike(runs), strict=True)]
    else:
        frames = [_with_keys(frame, key) for frame, key in zip(found, keys, strict=True)]
    types = common_types(frames, title)
    whole = stacked(frames, types)
    return whole.select(*types, *([ROW] if ROW in whole.collect_schema().names() else []))


def _words(run: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in run.items())


def _with_keys(frame: Table, keys: Table) -> Table:
    names = keys.collect_schema().names()
    rest = [n for n in frame.collect_schema().names() if n not in names]
    return keys.join(frame.select(*rest), how="cross") if rest else keys


def _with_values(frame: Table, run: Mapping[str, Any]) -> Table:
    rest = [n for n in frame.collect_schema().names() if n not in run]
    return frame.select(*(_literal(value).alias(name) for name, value in run.items()), *rest)


def _literal(value: Any) -> nw.Expr:
    made = nw.lit(_cell(value))
    return made.cast(nw.String) if value is None else made


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _alike(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The runs with each name's values of one type: numbers, or else text."""
    columns = {name: _alike_list([_cell(run[name]) for run in runs]) for name in runs[0]}
    return [{name: values[i] for name, values in columns.items()} for i in range(len(runs))]


def _alike_list(values: list[Any]) -> list[Any]:
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) <= 1:
        return values
    if kinds == {int, float}:
        return [None if value is None else float(value) for value in values]
    return [None if value is None else value if isinstance(value, str) else json.dumps(value) for value in values]
