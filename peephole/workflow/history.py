"""Undo and redo: what was done, kept as edits."""

from __future__ import annotations

from dataclasses import dataclass

from peephole.workflow.applying import apply
from peephole.workflow.document import Document
from peephole.workflow.edit import Annotate, Batch, EditFrame, EditNote, Entitle, Move, Op, Plain, Rename, Set


@dataclass(frozen=True)
class _Step:
    """undo: the edit that leads back.  did: what was done, for merging.  group: edits of one group are one step."""

    undo: Op
    did: Op
    group: str


class History:
    """A document and the way it came about, as far back as `limit` steps.

    document: as it is now.
    """

    def __init__(self, document: Document, limit: int = 1000) -> None:
        self.document = document
        self.limit = limit
        self._done: list[_Step] = []
        self._undone: list[_Step] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return bool(self._undone)

    def do(self, op: Op, group: str = "") -> Op:
        """Apply an edit and remember it; gives the edit that undoes it. Raises EditError, and nothing has changed.

        group: edits done one after the other with the same (not empty) group are undone together; typing in one field
        gives them the same group, a new visit to the field another one.
        """
        self.document, undo = apply(self.document, op)
        self._undone.clear()
        last = self._done[-1] if self._done else None
        if last is not None and group and last.group == group:
            # Typing overwrites the same field: the first way back is enough, however long the text gets.
            same = _same_field(last.did, op)
            if same and op == last.undo:  # it is as it was before: nothing is left to undo
                self._done.pop()
            else:
                self._done[-1] = _Step(last.undo if same else _joined(undo, last.undo), op, group)
        else:
            self._done.append(_Step(undo, op, group))
            del self._done[: max(0, len(self._done) - self.limit)]
        return undo

    def undo(self) -> Op | None:
        """Take back the last step; gives the edit that did so, for others who watch, or None where nothing is left."""
        return self._back(self._done, self._undone)

    def redo(self) -> Op | None:
        """Do again what was taken back last; gives the edit that did so, or None."""
        return self._back(self._undone, self._done)

    def _back(self, source: list[_Step], target: list[_Step]) -> Op | None:
        if not source:
            return None
        step = source[-1]
        self.document, again = apply(self.document, step.undo)
        source.pop()
        target.append(_Step(again, step.undo, ""))  # what was undone and redone merges with nothing
        return step.undo


def _same_field(first: Op, second: Op) -> bool:
    """Whether the second edit overwrites all that the first one changed, and nothing else."""
    if isinstance(first, Batch) or isinstance(second, Batch) or first.within != second.within:
        return False
    return type(first) is type(second) and _field(first) is not None and _field(first) == _field(second)


def _field(op: Plain) -> object:
    """What an edit overwrites, for those that overwrite one thing only."""
    match op:
        case Set():
            return op.node, op.setting
        case Rename() | Annotate():
            return op.node
        case EditNote() | EditFrame():
            return op.id
        case Move():
            return frozenset(op.layout)
        case Entitle():
            return op.title is None, op.description is None
    return None


def _joined(first: Op, second: Op) -> Op:
    def steps(op: Op) -> tuple[Plain, ...]:
        return op.ops if isinstance(op, Batch) else (op,)

    return Batch(ops=(*steps(first), *steps(second)))
