"""The browser's types are those of the server."""

from pydantic import TypeAdapter

from peephole.studio import messages, typescript
from peephole.workflow import edit


def test_the_checked_in_types_are_those_of_the_models():
    """Make them anew: python -m peephole.studio.typescript."""
    assert typescript.target().read_text(encoding="utf-8") == typescript.generate()


def test_every_message_and_edit_has_a_type():
    text = typescript.generate()
    for union in (messages.ServerMessage, messages.ClientMessage):
        for name in TypeAdapter(union).json_schema()["$defs"]:
            assert name == "JsonValue" or f" {name}" in text
    for op in (*edit.Plain.__args__, edit.Batch):
        assert f"export interface {op.__name__}Op {{" in text


def test_what_is_sent_may_leave_out_defaults_and_what_is_told_has_them():
    text = typescript.generate()
    sent = text.partition("export interface NodeBlockInput {")[2].partition("\n}")[0]
    told = text.partition("export interface NodeBlock {")[2].partition("\n}")[0]
    assert "settings?: { [key: string]: Json };" in sent
    assert "settings: { [key: string]: Json };" in told
