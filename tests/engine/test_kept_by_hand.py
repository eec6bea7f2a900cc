"""A training that the person has enough of: kept as it is, used by what follows, gone on with by the next run."""

from __future__ import annotations

import threading
from queue import SimpleQueue

import pytest
from engine_flows import flow, keys, plan_of, table_of
from small_training import NODES, WIRES, write_rows

from peephole.engine.run import run
from peephole.engine.store import Store
from peephole.engine.teller import Teller
from peephole.workflow.document import Document

EPOCHS = 300


@pytest.fixture
def folder(tmp_path):
    return write_rows(tmp_path)


def document(epochs: int = EPOCHS, **train) -> Document:
    nodes = NODES | {
        "train": ("train_network", {"epochs": epochs, **train}),
        "sorted": ("sort", {"by": [{"column": "prediction"}]}),
    }
    blocks = {name: {"type": kind, "settings": settings} for name, (kind, settings) in nodes.items()}
    return Document.model_validate({"nodes": blocks, "wires": [*WIRES, "predict.table -> sorted.table"]})


def go(folder, store, epochs=EPOCHS, enough_at=0):
    """Run in a worker.  enough_at: after so many epochs the person has enough.  Gives the result and how many were trained."""
    points, wishes = [], SimpleQueue()

    def listen(event):
        if event.event == "metric":
            points.append(event)
            if len(points) == enough_at:
                wishes.put("train")

    result = run(document(epochs), path=folder / "n.peep.json", store=store, on_event=listen, enough=wishes)
    assert result.status == "done", result.problems
    return result, len(points)


def test_it_is_kept_used_and_gone_on_with_to_the_same_result(folder):
    store = Store(folder / "store")
    first, trained = go(folder, store, enough_at=3)
    assert 3 <= trained < EPOCHS
    output = first.nodes["train"].outputs["network"]
    assert output.facts["stopped"] == f"by hand after epoch {trained} of {EPOCHS}"
    assert output.facts["epochs"] == trained
    assert any(f"after epoch {trained} of {EPOCHS}" in text for text in first.nodes["train"].messages)
    assert first.nodes["sorted"].outputs["table"].facts["rows"] == 60
    whole, _ = go(folder, Store(folder / "whole"))
    assert keys(first)["train"]["network"] != keys(whole)["train"]["network"]
    on, more = go(folder, store)
    assert trained + more == EPOCHS, "the next run goes on from there"
    assert keys(on) == keys(whole)
    again, none = go(folder, store)
    assert none == 0
    assert all(node.cached for node in again.nodes.values())


def test_whoever_hears_that_it_begins_may_have_enough_at_once():
    def hear(event):
        if event.event == "started":
            teller.have_enough("n")

    teller = Teller(hear, threading.Event())
    teller.expect(plan_of(flow({"n": "numbers"})), [])
    teller.start(["n"])
    assert teller.reporter("n").enough()


def test_left_at_that_it_is_what_a_training_of_that_length_gives(folder):
    store = Store(folder / "store")
    _, trained = go(folder, store, enough_at=2)
    left, none = go(folder, store, epochs=trained)
    assert none == 0
    short, _ = go(folder, Store(folder / "short"), epochs=trained)
    assert keys(left) == keys(short)
    assert "stopped" not in left.nodes["train"].outputs["network"].facts


def test_another_store_or_document_does_not_take_it_for_the_whole(folder):
    store = Store(folder / "store")
    go(folder, store, enough_at=2)
    other = folder / "other.peep.json"
    result = run(document(), path=other, store=store, targets=["train"])
    assert result.nodes["train"].outputs["network"].facts["epochs"] == EPOCHS


def test_made_anew_it_takes_nothing_that_is_kept(folder):
    store, points = Store(folder / "store"), []
    first, _ = go(folder, store, epochs=4)
    again = run(
        document(4),
        path=folder / "n.peep.json",
        store=store,
        targets=["train"],
        again=True,
        on_event=lambda event: points.append(event) if event.event == "metric" else None,
    )
    assert len(points) == 4
    assert keys(again)["train"] == keys(first)["train"]


def test_more_epochs_go_on_from_what_is_kept(folder):
    store = Store(folder / "store")
    go(folder, store, epochs=5)
    more, trained = go(folder, store, epochs=9)
    assert trained == 4
    whole, _ = go(folder, Store(folder / "whole"), epochs=9)
    assert keys(more) == keys(whole)
    assert table_of(more, "train", "history").exists()
