"""Whether the wires into a step fit its ports, so that what does not fit is told before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from peephole.core.errors import listing, nearest
from peephole.core.node import NodeSpec
from peephole.engine.events import Problem
from peephole.engine.steps import Link, Step

FEEDS_SETTINGS = "Variable"


def wiring_problem(step: Step, spec: NodeSpec, steps: Mapping[str, Step]) -> Problem | None:
    """The first thing that is wrong with the wires into a step."""
    return next(_problems(step, spec, steps), None)


def _problems(step: Step, spec: NodeSpec, steps: Mapping[str, Step]) -> Iterator[Problem]:
    ports = {port.name: port for port in spec.inputs}
    for link in step.wired:
        if link.port not in ports:
            yield _problem(f'{step.title} has no input "{link.port}".', _names("Inputs", link.port, ports))
        else:
            yield from _misfit(step, link, ports[link.port].type.name, steps[link.source])
    for link in step.fed:
        yield from _misfit(step, link, FEEDS_SETTINGS, steps[link.source])
    wires = [link.port for link in step.wired]
    for port in spec.inputs:
        if port.name not in wires and not port.optional:
            yield _problem(
                f'{step.title}: nothing is connected to "{port.name}".',
                f"Connect a {port.type.name}: {port.doc}",
                kind="input-missing",
            )
        if not port.many and wires.count(port.name) > 1:
            yield _problem(f'{step.title}: "{port.name}" takes one wire, and several lead to it.', "Remove the others.")


def _misfit(step: Step, link: Link, wanted: str, source: Step) -> Iterator[Problem]:
    """A wire whose source gives no such thing, or a thing of another type."""
    if source.spec is None:
        return
    output = source.spec.output(link.output)
    if output is None:
        names = [port.name for port in source.spec.outputs]
        yield _problem(f'{source.title} has no output "{link.output}".', _names("Outputs", link.output, names))
    elif output.type.name != wanted:
        yield _problem(
            f'{source.title} gives a {output.type.name}, and "{link.port}" of {step.title} takes a {wanted}.',
            "Connect a port of the same type.",
        )


def _problem(what: str, remedy: str, kind: str = "wire") -> Problem:
    return Problem(id=kind, what=what, remedy=remedy)


def _names(kind: str, name: str, known: Iterable[str]) -> str:
    return f"{nearest(name, known)} {kind}: {listing(known)}.".strip()
