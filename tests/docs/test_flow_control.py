"""What the page on loops shows is what a document may say."""

import json
import re
from pathlib import Path

from pydantic import TypeAdapter

from peephole.workflow.document import NodeBlock
from peephole.workflow.repeat import Repeat, plain_repeat

PAGE = (Path(__file__).parents[2] / "docs" / "flow-control.md").read_text("utf-8")


def test_every_loop_on_the_page_is_one():
    adapter = TypeAdapter(Repeat)
    shown = [json.loads(text) for text in re.findall(r"\| `(\{.*?\})` \|", PAGE)]
    assert [one["over"] for one in shown] == ["count", "values", "columns", "groups", "chunks", "rounds"]
    for one in shown:
        made = adapter.validate_python(one)
        assert plain_repeat(made) == {n: v for n, v in one.items() if n == "over" or v not in ("column", "table")}


def test_the_block_on_the_page_can_be_read():
    block = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1]
    made = NodeBlock.model_validate(json.loads(f"{{{block}}}")["tune"])
    assert made.repeat.over == "values"
    assert len(made.inside.wires) == 2
