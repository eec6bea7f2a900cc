"""What stands in the way of running a component many times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from peephole.core.errors import listing
from peephole.workflow.document import NodeBlock, exposed
from peephole.workflow.faces import COLLECTED, VARIABLE
from peephole.workflow.findings import Finding
from peephole.workflow.levels import Level
from peephole.workflow.repeat import Repeat, Rounds, best_of, names_of, needed_settings, parted_input


def repeat_findings(level: Level, node: str, block: NodeBlock, repeat: Repeat) -> Iterator[Finding]:
    """Everything that is wrong with the way a node is repeated."""

    def finding(kind: str, what: str, remedy: str, setting: str | None = None) -> Finding:
        return Finding(
            id=kind,
            severity="error",
            node=level.prefix + node,
            what=f"{title}: {what}.",
            remedy=remedy,
            setting=setting,
        )

    title = block.title or "Component"
    face = level.faces.of(block)
    if block.inside is None or face is None:
        yield finding("repeat-node", "only components can be repeated", "Make a component of the node.")
        return
    shown = exposed(block.inside)
    for name in needed_settings(repeat):
        if name not in shown.settings:
            known = f"Settings: {listing(shown.settings)}."
            remedy = f"Let the component show a setting of a node inside under that name. {known}"
            yield finding("repeat-setting", f'it is repeated over "{name}", and has no such setting', remedy)
    fed = level.fed.get(node, set())
    for name in names_of(repeat):
        if name in shown.settings and (name in block.settings or name in fed):
            remedy = "Take its value or its wire away."
            yield finding("repeat-given", f'each run sets "{name}", and it is set here too', remedy, name)
    parted = parted_input(repeat)
    if parted is not None and parted not in shown.inputs:
        remedy = f"Choose another input, or connect one inside. Inputs: {listing(shown.inputs)}."
        yield finding("repeat-input", f'it takes "{parted}" part by part, and has no such input', remedy)
    elif parted is not None and face.inputs[parted].type not in ("Table", None):
        yield finding("repeat-input", f'"{parted}" is no table', "Choose an input that is a table.")
    gives = {name: level.faces.given(block.inside, wires[0]) for name, wires in shown.outputs.items()}
    if isinstance(repeat, Rounds):
        takes = {name: port.type for name, port in face.inputs.items()}
        found = [_round_problem(repeat, takes, gives), _variable_problem(repeat.until, gives, "until")]
        yield from (finding("repeat-rounds", *problem) for problem in found if problem)
        return
    best, _ = best_of(repeat)
    problem = _variable_problem(best, gives, "best")
    if problem:
        yield finding("repeat-best", *problem)
    for name, kind in gives.items():
        if kind is not None and kind not in COLLECTED and best is None:
            remedy = "Say which run is the best (by an output that is a variable, as a score), or use it inside."
            yield finding(
                "repeat-output", f'"{name}" gives a {kind} in each run, and they cannot be put together', remedy
            )


def _round_problem(
    repeat: Rounds, takes: Mapping[str, str | None], gives: Mapping[str, str | None]
) -> tuple[str, str] | None:
    """What and remedy, where what comes out of a round cannot go into the next one."""
    if repeat.input not in takes:
        return f'it has no input "{repeat.input}" to go round by', f"Choose another one. Inputs: {listing(takes)}."
    if repeat.output not in gives:
        return f'it has no output "{repeat.output}" to go round by', f"Choose another one. Outputs: {listing(gives)}."
    wanted, given = takes[repeat.input], gives[repeat.output]
    if None not in (wanted, given) and wanted != given:
        return (
            f'each round gives a {given} at "{repeat.output}", and takes a {wanted} at "{repeat.input}"',
            "Choose ports of one kind: what comes out of one round goes into the next.",
        )
    return None


def _variable_problem(name: str | None, gives: Mapping[str, str | None], what: str) -> tuple[str, str] | None:
    """What and remedy, where an output that decides is not there or has not one value."""
    if name is None:
        return None
    if name not in gives:
        return (
            f'"{what}" names the output "{name}", and there is none',
            f"Choose another one. Outputs: {listing(gives)}.",
        )
    if gives[name] not in (VARIABLE, None):
        remedy = "Make a variable of it inside, with Table value or Variable formula."
        return f'"{what}" names the output "{name}", which is a {gives[name]} and no variable', remedy
    return None
