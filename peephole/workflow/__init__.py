"""What a workflow is: documents, edits, checks, order, files. Pure but for files.py; imports no data library.

The edits are classes in `peephole.workflow.edit`. What only an editor needs is imported when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from peephole.workflow.check import check, check_columns
from peephole.workflow.describe import describe
from peephole.workflow.document import Document, Frame, NodeBlock, Note, Wire, exposed, fresh_id
from peephole.workflow.files import SUFFIX, load, save, workflow_path
from peephole.workflow.findings import Finding
from peephole.workflow.migrate import upgrade
from peephole.workflow.order import FlatGraph, ancestors, descendants, flatten, loops, order
from peephole.workflow.text import dumps, from_json, loads, to_json

if TYPE_CHECKING:
    from peephole.workflow.applying import apply, spelled_out
    from peephole.workflow.clipboard import copied, pasted
    from peephole.workflow.edit import Op, parse_op
    from peephole.workflow.history import History

_LATER = {
    "History": "history",
    "Op": "edit",
    "apply": "applying",
    "copied": "clipboard",
    "parse_op": "edit",
    "pasted": "clipboard",
    "spelled_out": "applying",
}

__all__ = [
    "SUFFIX",
    "Document",
    "Finding",
    "FlatGraph",
    "Frame",
    "History",
    "NodeBlock",
    "Note",
    "Op",
    "Wire",
    "ancestors",
    "apply",
    "check",
    "check_columns",
    "copied",
    "descendants",
    "describe",
    "dumps",
    "exposed",
    "flatten",
    "fresh_id",
    "from_json",
    "load",
    "loads",
    "loops",
    "order",
    "parse_op",
    "pasted",
    "save",
    "spelled_out",
    "to_json",
    "upgrade",
    "workflow_path",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f'peephole.workflow has no name "{name}"')
    return getattr(import_module(f"peephole.workflow.{_LATER[name]}"), name)
