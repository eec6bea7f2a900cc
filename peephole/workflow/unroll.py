"""Loops spelled out: a component that is repeated becomes one copy of its inside for each run, and a step that collects.

What results is an ordinary document whose ids tell where each step comes from: `tune/3/learner` is the learner of the third
run, `tune/:collect` what puts the runs together. `path_of` leads back to the node that a person sees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from peephole.workflow.document import COMPONENT, SETTINGS, Document, Exposed, NodeBlock, Wire, exposed
from peephole.workflow.repeat import (
    Chunks,
    Groups,
    Repeat,
    Rounds,
    Row,
    best_of,
    label_of,
    names_of,
    parted_input,
    runs_of,
)
from peephole.workflow.values import Value

PARTS, PICK, COLLECT, WAIT, AGAIN = "repeat.parts", "repeat.pick", "repeat.collect", "repeat.wait", "repeat.again"
_PARTS_ID, _COLLECT_ID = ":parts", ":collect"


@dataclass
class Unrolled:
    """labels: of each run, by the path of its copy.

    undecided: loops whose runs only a result can tell, by the step of it; of rounds that were supposed, one after the other.
    """

    document: Document
    labels: dict[str, str] = field(default_factory=dict)
    undecided: dict[str, str] = field(default_factory=dict)


def unroll(
    document: Document, decided: Mapping[str, Sequence[Row]], ahead: Mapping[str, int] = MappingProxyType({})
) -> Unrolled:
    """Spell out every loop.

    decided: the runs of those that go by the rows of a table, by the path of their `:parts`, and what follows a round, by
    that of its `:again`.  ahead: how many rounds are supposed to follow those of which that is decided, by the loop's path.
    """
    found = Unrolled(document)
    found.document = _unrolled(document, "", _Known(decided, ahead), found)
    return found


@dataclass(frozen=True)
class _Known:
    """What is known of how often loops run (see `unroll`)."""

    decided: Mapping[str, Sequence[Row]]
    ahead: Mapping[str, int]


def shown_nodes(document: Document, prefix: str = "") -> dict[str, NodeBlock]:
    """The nodes that a person sees run, by path: those within components too, and repeated components, after their inside."""
    found: dict[str, NodeBlock] = {}
    for node, block in document.nodes.items():
        if block.inside is not None:
            found |= shown_nodes(block.inside, f"{prefix}{node}/")
        if block.inside is None or block.repeat is not None:
            found[prefix + node] = block
    return found


def path_of(step: str) -> str:
    """The path of the node that a step comes from: `tune/3/learner` gives `tune/learner`."""
    return "/".join(part for part in step.split("/") if part[0].isalpha()) if "/" in step else step


def run_of(step: str) -> str:
    """The path of the innermost run that a step belongs to (`tune/3`), empty where it belongs to none."""
    parts = step.split("/")
    last = max((i for i, part in enumerate(parts) if part.isdigit()), default=None)
    return "" if last is None else "/".join(parts[: last + 1])


def _unrolled(document: Document, prefix: str, known: _Known, found: Unrolled) -> Document:
    nodes: dict[str, NodeBlock] = {}
    for node, block in document.nodes.items():
        path = prefix + node
        if block.inside is None:
            nodes[node] = block
        elif block.repeat is None:
            nodes[node] = block.with_(inside=_unrolled(block.inside, f"{path}/", known, found))
        else:
            nodes[node] = block.with_(inside=_spelled_out(block, block.inside, block.repeat, path, known, found))
    if all(nodes[node] is block for node, block in document.nodes.items()):
        return document
    changed: Document = document.with_(nodes=nodes)
    return changed


def _spelled_out(
    block: NodeBlock, inside: Document, repeat: Repeat, path: str, known: _Known, found: Unrolled
) -> Document:
    shown = exposed(inside)
    parts = f"{path}/{_PARTS_ID}"
    told = runs_of(repeat)
    runs: Sequence[Row] | None = known.decided.get(parts) if told is None else told
    supposed = 0
    loop = _Loop(block, repeat, shown, path)
    if parted_input(repeat) is not None:
        loop.take_apart()
    if runs is None:
        found.undecided[parts] = path
        return loop.closed(WAIT, [])
    for number, row in enumerate(runs, start=1):
        here = f"{path}/{number}"
        outer = found.labels.get(run_of(path), "")
        found.labels[here] = ", ".join(filter(None, [outer, label_of(row)]))
        loop.add_run(number, row, _unrolled(inside, f"{here}/", known, found))
        if not isinstance(repeat, Rounds) or repeat.until is None or number == len(runs):
            continue
        asked = f"{path}/{loop.ask(number, repeat.until)}"
        if asked not in known.decided:
            found.undecided[asked] = path
            if supposed >= known.ahead.get(path, 0):
                return loop.closed(WAIT, [row])
            supposed += 1
        elif not known.decided[asked]:
            return loop.closed(COLLECT, [row])
    return loop.closed(COLLECT, list(runs))


class _Loop:
    """The inside of a repeated component, put together piece by piece."""

    def __init__(self, block: NodeBlock, repeat: Repeat, shown: Exposed, path: str) -> None:
        self._block = block
        self._repeat = repeat
        self._shown = shown
        self._path = path
        self._nodes: dict[str, NodeBlock] = {}
        self._wires: list[Wire] = []
        self._last, self._asked = "", ""

    def take_apart(self) -> None:
        """A step that numbers the parts of the input."""
        repeat, settings = self._repeat, dict[str, Value]()
        if isinstance(repeat, Groups):
            settings["columns"] = list(repeat.columns)
        elif isinstance(repeat, Chunks):
            settings["rows"] = repeat.rows
        self._nodes[_PARTS_ID] = self._step(PARTS, settings)
        self._wire("", parted_input(repeat) or "", _PARTS_ID, "table")

    def add_run(self, number: int, row: Row, inside: Document) -> None:
        """A copy of the inside with the values of one run."""
        run, parted = str(number), parted_input(self._repeat)
        given = {name: value for name, value in row.items() if name in self._shown.settings}
        copy = NodeBlock(type=COMPONENT, inside=inside, settings={**self._block.settings, **given})
        self._nodes[run] = copy
        for name in self._shown.inputs:
            if isinstance(self._repeat, Rounds) and name == self._repeat.input and number > 1:
                self._wire(str(number - 1), self._repeat.output, run, name)
                continue
            if name != parted:
                self._wire("", name, run, name)
                continue
            pick = f":{run}"
            self._nodes[pick] = self._step(PICK, {"number": number})
            self._wire(_PARTS_ID, "table", pick, "table")
            self._wire(pick, "table", run, name)
        for name in self._shown.settings:
            if name not in given:
                self._wire("", SETTINGS + name, run, SETTINGS + name)
        self._last = run
        for name in self._shown.outputs:
            if not isinstance(self._repeat, Rounds):
                self._wire(run, name, _COLLECT_ID, name)

    def ask(self, number: int, until: str) -> str:
        """A step that tells whether another round follows this one; its name."""
        name = f":again{number}"
        self._nodes[name] = self._step(AGAIN, {"number": number})
        self._wire(str(number), until, name, "until")
        self._asked = name
        return name

    def closed(self, kind: str, runs: list[Row]) -> Document:
        """The whole inside, with the step that collects the runs (or waits until it is known what they are)."""
        outputs = list(self._shown.outputs)
        if outputs:
            columns = list(self._repeat.columns) if isinstance(self._repeat, Groups) else []
            rows: list[Value] = [dict(row) for row in runs]
            names: list[Value] = list(names_of(self._repeat))
            settings: dict[str, Value] = {
                "runs": rows,
                "names": names,
                "columns": list(columns),
                "outputs": list(outputs),
            }
            best, lowest = best_of(self._repeat)
            if best is not None:
                settings |= {"best": best, "lowest": lowest}
            if isinstance(self._repeat, Rounds):
                settings |= {"last": True, "runs": rows[-1:]}
                for name in outputs:
                    self._wire(self._last, name, _COLLECT_ID, name)
                if self._asked:
                    self._wire(self._asked, "runs", _COLLECT_ID, _PARTS_ID)
            self._nodes[_COLLECT_ID] = self._step(kind, settings)
            if _PARTS_ID in self._nodes:
                self._wire(_PARTS_ID, "table", _COLLECT_ID, _PARTS_ID)
            for name in outputs:
                self._wire(_COLLECT_ID, name, "", name)
        return Document.model_construct(nodes=self._nodes, wires=tuple(self._wires))

    def _step(self, kind: str, settings: dict[str, Value]) -> NodeBlock:
        title = self._block.title or self._path.rpartition("/")[2]
        return NodeBlock(type=kind, title=title, settings=settings, pinned=kind == COLLECT and self._block.pinned)

    def _wire(self, source: str, output: str, target: str, port: str) -> None:
        self._wires.append(Wire(source, output, target, port))
