"""Lays a document out as steps: components opened, loops spelled out, each wire in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from peephole.core.errors import PeepholeError, nearest
from peephole.core.node import NodeSpec
from peephole.engine.events import Problem
from peephole.engine.planned import Plan
from peephole.engine.problems import problem_of
from peephole.engine.repeating import BUILT_IN, COLLECTORS, collector
from peephole.engine.steps import Link, Step
from peephole.workflow.document import Document, NodeBlock
from peephole.workflow.order import flatten, order
from peephole.workflow.repeat import Row
from peephole.workflow.unroll import run_of, shown_nodes, unroll


def lay_out(
    plan: Plan,
    document: Document,
    specs: Mapping[str, NodeSpec],
    decided: Mapping[str, Sequence[Row]],
    ahead: Mapping[str, int],
) -> None:
    """Make the plan's steps and the links between them.  decided, ahead: how often loops run, see `unroll`."""
    unrolled = unroll(document, decided, ahead)
    flat = flatten(unrolled.document)
    plan.nodes = list(shown_nodes(document))
    plan.undecided = dict(unrolled.undecided)
    read = {wire.source for wire in flat.wires}
    for name in order(flat):
        step = _step(name, flat.nodes[name], specs)
        step.label = unrolled.labels.get(run_of(name), "")
        step.end = name not in read
        for wire in flat.incoming[name]:
            link = Link(wire.setting or wire.input, wire.source, wire.output)
            (step.fed if wire.setting is not None else step.wired).append(link)
        plan.steps[name] = step
        try:
            if step.kind in COLLECTORS:
                step.spec = collector(step, plan.steps, step.kind)
            step.links = step.wired if step.fed else used_links(step, step.settings)
        except PeepholeError as error:
            step.links = list(step.wired)
            step.problem = step.problem or problem_of(error, step.title)
    count_readers(plan)


def count_readers(plan: Plan) -> None:
    """Tell each step who reads it."""
    for step in plan.steps.values():
        step.readers = {}
    for step in plan.steps.values():
        for link in (*step.links, *step.fed):
            readers = plan.steps[link.source].readers
            readers[step.id] = readers.get(step.id, 0) + 1


def used_links(step: Step, settings: Mapping[str, object]) -> list[Link]:
    """The wires that a step uses: a switch leaves some aside, as its settings tell. Raises SettingError for wrong ones."""
    spec = step.spec
    if spec is None or spec.chooses is None or step.problem is not None:
        return list(step.wired)
    ports = [link.port for link in step.wired]
    used = spec.chooses(spec.validate(settings), {port: ports.count(port) for port in ports})
    places = [ports[:i].count(port) for i, port in enumerate(ports)]
    return [
        link
        for link, place in zip(step.wired, places, strict=True)
        if link.port not in used or place in used[link.port]
    ]


def _step(step_id: str, block: NodeBlock, specs: Mapping[str, NodeSpec]) -> Step:
    spec = BUILT_IN.get(block.type) or specs.get(block.type)
    title = block.title or (spec.title if spec else block.type)
    settings = dict(block.settings)
    problem = None
    if block.type in COLLECTORS:
        return Step(step_id, title, None, settings, block.type, pinned=block.pinned)
    if spec is None:
        hint = nearest(block.type, specs)
        remedy = f"{hint} Otherwise install" if hint else "Install"
        problem = _not_runnable(f'The node "{title}" is not installed.', f"{remedy} the package that it comes from;")
    elif block.version > spec.version:
        problem = _not_runnable(f'The node "{title}" was made by a newer version.', "Update its package;")
        spec = None
    elif block.version < spec.version:
        try:
            settings = spec.migrate(settings, block.version)
        except Exception as error:  # a migration may stumble over whatever stands in a document
            problem = Problem(
                id="migration",
                what=f"{title}: its settings were made by version {block.version} and cannot be brought up to date "
                f"({type(error).__name__}: {error}).",
                remedy="Set them anew.",
            )
    return Step(step_id, title, spec, settings, block.type, pinned=block.pinned, problem=problem)


def _not_runnable(what: str, remedy: str) -> Problem:
    return Problem(id="unknown-node", what=what, remedy=f"{remedy} the document keeps it as it is.")
