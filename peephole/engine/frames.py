"""Calls the nodes of one stored segment: loads what it reads from the store, builds the query step upon step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from peephole.core.colours import chosen_colours
from peephole.core.errors import DataError, listing
from peephole.core.node import NodeSpec, arguments
from peephole.core.progress import Reporter, reporting_to
from peephole.core.sources import Asked, asking
from peephole.engine.plan import Plan
from peephole.engine.steps import Link, Step
from peephole.engine.store import StoredResult
from peephole.ports.table import TABLE_FILE
from peephole.tables.schema import schema_of
from peephole.tables.session import Session

Outputs = dict[str, Any]
Results = dict[str, StoredResult]
ReporterFor = Callable[[str], Reporter]


class GuiltyError(Exception):
    """Wraps a failure with the step that caused it."""

    def __init__(self, step: str, cause: BaseException) -> None:
        super().__init__(step)
        self.step = step
        self.cause = cause


@contextmanager
def blamed_on(step: Step) -> Iterator[None]:
    """Any failure in this block is this step's."""
    try:
        yield
    except GuiltyError:
        raise
    except BaseException as error:  # a library may panic, a node may call sys.exit: that ends the node only
        raise GuiltyError(step.id, error) from error


def build(plan: Plan, step: Step, results: Results, session: Session, reporter: ReporterFor) -> Outputs:
    """The outputs of a kept step: frames that are not computed yet, or what a node outside the engine gave.

    results: of the kept steps above.  Raises GuiltyError that names the failing step.
    """
    built: dict[str, Outputs] = {}
    for member in plan.fused(step):
        with blamed_on(member), reporting_to(reporter(member.id)):
            built[member.id] = call(member, lambda link: _value(plan, link, built, results, session), results)
    return built[step.id]


def call(
    step: Step,
    value_of: Callable[[Link], Any],
    results: Results,
    function: Callable[..., Any] | None = None,
    *,
    only_columns: bool = False,
) -> Outputs:
    """Call one step's function (or another one like it) with its inputs and settings, both checked.

    only_columns: of a source, no rows are asked for.
    """
    spec = step.spec
    assert spec is not None  # a step without a node never gets here  # noqa: S101
    settings = spec.validate(step.settings | {f.port: _variable(f, results) for f in step.fed})
    used = set(step.links)
    values = [(link.port, value_of(link) if link in used else None) for link in step.wired]
    inputs = {port.name: [value for at, value in values if at == port.name] for port in spec.inputs}
    tables = {p.name: next(iter(inputs[p.name]), None) for p in spec.inputs if p.type.name == "Table"}
    spec.check_columns(settings, {name: schema_of(frame) for name, frame in tables.items() if frame is not None})
    fetch = str((step.made_from or {}).get("fetched", ""))
    with chosen_colours(step.colours), asking(Asked(only_columns, fetch, () if only_columns else step.narrowed)):
        return named_outputs(spec, (function or spec.function)(*positional(spec, inputs), **arguments(settings)))


def check_inputs(step: Step, inputs: Mapping[Link, Any]) -> None:
    """Check the columns that the settings name against those tables among the inputs whose columns are known."""
    spec = step.spec
    if spec is None:
        return
    ports = {p.name for p in spec.inputs if p.type.name == "Table"}
    tables = {link.port: frame for link, frame in inputs.items() if frame is not None and link.port in ports}
    spec.check_columns(spec.validate(step.settings), {name: schema_of(frame) for name, frame in tables.items()})


def positional(spec: NodeSpec, inputs: dict[str, list[Any]]) -> list[Any]:
    """Input values in the order of the function's parameters; an unconnected optional port gives None."""
    values: list[Any] = []
    for port in spec.inputs:
        if port.many:
            values.extend(inputs[port.name])
        else:
            values.append(inputs[port.name][0] if inputs[port.name] else None)
    return values


def named_outputs(spec: NodeSpec, result: Any) -> Outputs:
    """A function's result by output port."""
    if not spec.outputs:
        return {}
    if len(spec.outputs) == 1:
        return {spec.outputs[0].name: result}
    if not isinstance(result, tuple) or len(result) != len(spec.outputs):
        raise DataError(
            f"{spec.title}: {type(result).__name__} came out where {listing(p.name for p in spec.outputs)} are promised.",
            remedy="The node's function must return its NamedTuple.",
        )
    return {port.name: value for port, value in zip(spec.outputs, result, strict=True)}


def _value(plan: Plan, link: Link, built: dict[str, Outputs], results: Results, session: Session) -> Any:
    if link.source in built:
        return built[link.source][link.output]
    output = results[link.source].outputs[link.output]
    if output.type == "Table":
        return session.scan_parquet(output.folder / TABLE_FILE)
    spec = plan.steps[link.source].spec
    port = spec.output(link.output) if spec else None
    if port is None:
        raise KeyError(link.output)
    return port.type.load_codec().load(output.folder)


def _variable(link: Link, results: Results) -> Any:
    from peephole.ports.variable import VariableCodec

    return VariableCodec().load(results[link.source].outputs[link.output].folder).value


class Timer:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def __call__(self) -> float:
        """Seconds so far."""
        return time.monotonic() - self._start
