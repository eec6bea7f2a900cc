"""A service runs for months beside runs and whoever clears the store: what it needs stays its own."""

from __future__ import annotations

import pyarrow as pa
import pytest

from peephole.engine.store import Store
from peephole.service.program import prepare
from peephole.workflow.document import Document

PRICES = {"columns": [{"name": "city"}, {"name": "price", "type": "integer"}], "rows": [["Ulm", 3], ["Bern", 4]]}
SAMPLE = {"columns": [{"name": "city"}], "rows": [["Ulm"]]}


@pytest.fixture
def document() -> Document:
    nodes = {
        "prices": {"type": "table_by_hand", "settings": PRICES},
        "sample": {"type": "table_by_hand", "settings": SAMPLE},
        "in": {"type": "service_input", "settings": {"name": "wishes"}},
        "join": {"type": "join", "settings": {"keys": [{"left": "city", "right": "city"}]}},
        "out": {"type": "service_output", "settings": {"name": "offers"}},
    }
    wires = [
        "sample.table -> in.table",
        "in.table -> join.left",
        "prices.table -> join.right",
        "join.table -> out.table",
    ]
    return Document.model_validate({"nodes": nodes, "wires": wires})


@pytest.mark.parametrize("how", [Store.clear, lambda store: store.tidy(limit=0)])
def test_what_a_service_reads_is_there_when_the_store_is_emptied(document, tmp_path, how):
    store = Store(tmp_path / "store")
    program = prepare(document, tmp_path / "d.peep.json", store=store)
    asked = {"wishes": pa.table({"city": ["Bern"]})}
    assert program.answer(asked)["offers"]["price"].to_pylist() == [4]
    assert how(store) > 0
    assert not list((store.folder / "objects").glob("*/*"))
    assert program.answer(asked)["offers"]["price"].to_pylist() == [4]
    program.close()
    assert not list((store.folder / "tmp").iterdir())
