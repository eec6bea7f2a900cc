"""What a workflow is: documents, edits, checks, order, files. Pure but for files.py; imports no data library."""

from peephole.workflow.document import Document, Frame, NodeBlock, Note, Wire, exposed, fresh_id
from peephole.workflow.files import SUFFIX, load, save, workflow_path
from peephole.workflow.order import FlatGraph, ancestors, descendants, flatten, loops, order
from peephole.workflow.text import dumps, from_json, loads, to_json

__all__ = [
    "SUFFIX",
    "Document",
    "FlatGraph",
    "Frame",
    "NodeBlock",
    "Note",
    "Wire",
    "ancestors",
    "descendants",
    "dumps",
    "exposed",
    "flatten",
    "fresh_id",
    "from_json",
    "load",
    "loads",
    "loops",
    "order",
    "save",
    "to_json",
    "workflow_path",
]
