"""The browser applies the same edits to the same result: `ui/src/graph` mirrors `peephole.workflow`."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Annotated, get_args

import pytest
from any_workflow import documents, edits, examples
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter

from peephole.core.errors import EditError
from peephole.workflow.applying import apply
from peephole.workflow.document import Document, Frame, Note
from peephole.workflow.edit import ChangeId, Collapse, Disconnect, EditFrame, EditNote, Expand, Plain

KINDS = {kind.model_fields["op"].default for kind in get_args(Plain)}
UI = Path(__file__).parents[2] / "ui"

# Holds the ids that edits name, so that most of them fit.
INSIDE = {"nodes": {"a": {"type": "read"}, "b": {"type": "filter"}}, "notes": {"d": {}}, "layout": {"a": [3, 8]}}
RICH = Document.model_validate(
    {
        "nodes": {
            "a": {"type": "component", "settings": {"limit": 5}, "inside": {**INSIDE, "wires": [".x -> b.table"]}},
            "b": {"type": "join", "settings": {"keys": [1], "limit": 2}},
            "part": {
                "type": "component",
                "settings": {"limit": 3},
                "inside": {
                    **INSIDE,
                    "wires": ["a.table -> b.table", ".settings.limit -> b.settings.keys", "b.model -> .table"],
                },
            },
            "c": {"type": "limit"},
        },
        "wires": ["b.table -> part.table", "part.table -> c.table", "a.model -> c.left", "b.left -> c.settings.limit"],
        "notes": {"n1": {"text": "hm"}, "d": {}},
        "frames": {"f1": {"title": "all"}, "e": {}},
        "layout": {"a": [1, 2], "part": [30, 41], "f1": [0, 0, 90, 90], "c": [50, 60]},
    }
)
# Each of these fits, so that the cases say something of every kind.
EACH_KIND = TypeAdapter(list[Annotated[Plain, Field(discriminator="op")]]).validate_python(
    [
        {"op": "entitle", "title": "whole"},
        {"op": "add", "id": "d1", "node": {"type": "sort"}, "at": [7, 8]},
        {"op": "connect", "wire": "c.table -> d1.table"},
        {"op": "set", "node": "d1", "setting": "keys", "value": [1, "ü"]},
        {"op": "unset", "node": "c", "setting": "limit"},
        {"op": "rename", "node": "d1", "title": "Sort"},
        {"op": "annotate", "node": "d1", "note": "so"},
        {"op": "pin", "node": "d1", "pinned": True},
        {"op": "move", "layout": {"d1": [9, 9]}},
        {"op": "replace", "id": "d1", "node": {"type": "filter"}},
        {"op": "change-id", "node": "d1", "to": "d2"},
        {"op": "repeat", "node": "part", "repeat": {"over": "count", "times": 3}},
        {"op": "insert", "nodes": {"x": {"type": "read"}}, "wires": ["x.table -> d2.table"], "layout": {"x": [1, 1]}},
        {"op": "add-note", "id": "n2", "note": {"text": "hm"}},
        {"op": "edit-note", "id": "n2", "note": {"text": "ho"}},
        {"op": "add-frame", "id": "f2", "frame": {"title": "some"}},
        {"op": "edit-frame", "id": "f2", "frame": {"title": "more"}},
        {"op": "disconnect", "wire": "b.table -> part.table"},
        {"op": "collapse", "ids": ["b", "c"], "id": "both"},
        {"op": "expand", "id": "both"},
        {"op": "remove", "ids": ["d2", "n2"]},
    ]
)


@pytest.mark.skipif(
    shutil.which("npx") is None or not (UI / "node_modules").is_dir(), reason="the browser side is not installed"
)
def test_server_and_browser_apply_the_same_edits_to_the_same_result(tmp_path):
    cases = []

    @examples(300)
    @example(RICH, [Disconnect(wire=RICH.wires[1]), Disconnect(wire=RICH.wires[2], index=9)])
    @example(RICH, [EditFrame(id="f1", frame=Frame(title="some")), EditNote(id="d", note=Note(text="so"))])
    @example(RICH, [Collapse(ids=("c", "f1"), id="whole"), Expand(id="part"), ChangeId(node="b", to="x")])
    @example(RICH, EACH_KIND)
    @given(st.just(RICH) | documents(), st.lists(edits(), min_size=5, max_size=25))
    def gather(document, ops):
        steps = []
        case = {"document": document.model_dump(mode="json"), "steps": steps}
        for op in ops:
            try:
                document, inverse = apply(document, op)
            except EditError as error:
                steps.append({"op": op.model_dump(mode="json"), "refused": error.what})
                continue
            after, back = document.model_dump(mode="json"), inverse.model_dump(mode="json")
            steps.append({"op": op.model_dump(mode="json"), "after": after, "inverse": back})
        cases.append(case)

    gather()
    applied = {step["op"]["op"] for case in cases for step in case["steps"] if "after" in step}
    assert applied == KINDS, "some kind of edit never fitted: the cases say nothing of it"
    file = tmp_path / "cases.json"
    file.write_text(json.dumps(cases))
    done = subprocess.run(
        ["npx", "vitest", "run", "src/graph/agrees.test.ts"],
        cwd=UI,
        env={**os.environ, "PEEPHOLE_CASES": str(file)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "1 passed" in done.stdout
