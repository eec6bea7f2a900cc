"""What a workflow from elsewhere may not do before the person has looked at it.

Dangerous are nodes that hold code, nodes that change something outside (write files), and settings that name a file or
address outside the studio's folders. A workflow made here is trusted. One that is opened from a file is trusted where it
holds nothing dangerous, or nothing but what it held when the person trusted it or last worked with it here: a fingerprint
of its dangerous nodes is kept, so that a file changed by somebody else in the meantime has to be trusted anew.
What the person then adds with their own hands, pasting included, is theirs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from peephole.core.node import NodeSpec
from peephole.core.settings import FilePath
from peephole.engine.ingredients import marked
from peephole.studio.folders import Folders
from peephole.workflow.document import Document, NodeBlock
from peephole.workflow.order import flatten


def dangers(document: Document, specs: Mapping[str, NodeSpec], folder: Path, folders: Folders) -> dict[str, Any]:
    """The dangerous nodes by path: type and settings.  folder: where relative paths start."""
    return {
        node: [block.type, block.settings]
        for node, block in flatten(document).nodes.items()
        if any(_reasons(block, specs.get(block.type), folder, folders))
    }


def fingerprint(found: Mapping[str, Any]) -> str:
    """A hash of dangerous nodes; "" where there are none."""
    if not found:
        return ""
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode(errors="surrogatepass")).hexdigest()


def _reasons(block: NodeBlock, spec: NodeSpec | None, folder: Path, folders: Folders) -> Iterator[str]:
    if spec is None:
        return  # it cannot run
    if spec.code:
        yield "holds code"
    if spec.effect:
        yield "changes something outside"
    for writes in (False, True):
        for path in _texts(marked(spec, block.settings, FilePath, writes=writes)):
            if "://" in path or not folders.holds(folder / path):
                yield f"names {path}"


def _texts(values: list[Any]) -> Iterator[str]:
    """The texts among what stands in path settings; a document may hold anything there."""
    return (value for value in values if isinstance(value, str))
