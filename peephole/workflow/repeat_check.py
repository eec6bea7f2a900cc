"""What stands in the way of running a component many times."""

from __future__ import annotations

from collections.abc import Iterator

from peephole.core.errors import listing
from peephole.workflow.document import NodeBlock, exposed
from peephole.workflow.faces import COLLECTED
from peephole.workflow.findings import Finding
from peephole.workflow.levels import Level
from peephole.workflow.repeat import Repeat, names_of, needed_settings, parted_input


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
    for name, wires in shown.outputs.items():
        gives = level.faces.given(block.inside, wires[0])
        if gives is not None and gives not in COLLECTED:
            remedy = f"What can be put together: {listing(COLLECTED)}. Use the {gives} inside."
            yield finding("repeat-output", f'"{name}" gives a {gives} in each run', remedy)
