"""Lanes side by side: a request goes by one plan, a stopped one takes no other along, two make the same view at once."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from engine_flows import flow, until

from peephole.engine.side import __main__ as process
from peephole.engine.side import service as subject
from peephole.engine.side.__main__ import Side
from peephole.engine.side.service import Answer, Service
from peephole.engine.side.views import Views, Wish
from peephole.tables import duck_writing
from peephole.tables.session import open_session, use_session
from peephole.workflow.document import Document


def numbers(rows: int) -> Document:
    return flow({"n": ("numbers", {"rows": rows}), "a": "add"}, "n a")


def plan(service: Service, document: Document, folder: Path) -> None:
    asked = {"document": document.model_dump(mode="json"), "folder": str(folder), "name": "flow", "read": True}
    service.answer("plan", {"ask": "plan", **asked})


def rows(service: Service, **wish: str) -> int:
    asked = {"ask": "rows", "node": "a", "port": "table", "offset": 0, "limit": 100, **wish}
    return int(service.answer("rows", asked).facts["rows"])


def test_rows_are_those_of_one_plan_even_where_an_edit_comes_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, look = Service(tmp_path / "store"), subject.source_at

    def and_then_it_is_edited(*what: Any) -> Any:
        monkeypatch.setattr(subject, "source_at", look)
        found = look(*what)
        plan(service, numbers(5), tmp_path)
        return found

    plan(service, numbers(3), tmp_path)
    monkeypatch.setattr(subject, "source_at", and_then_it_is_edited)
    assert rows(service) == 3
    assert rows(service) == 5
    plan(service, numbers(3), tmp_path)
    assert rows(service) == 3, "what was kept under the name of the first plan is of the second"
    service.close()


def test_two_threads_that_ask_for_a_lanes_desk_get_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service, made = Service(tmp_path / "store"), subject.Desk

    def and_another_asks(*what: Any) -> Any:
        monkeypatch.setattr(subject, "Desk", made)
        others.append(service._desk("rows"))
        return made(*what)

    others: list[Any] = []
    monkeypatch.setattr(subject, "Desk", and_another_asks)
    assert service._desk("rows") is others[0]
    assert service._desk("rows") is others[0]
    service.close()


class Halting(Service):
    """Each answer waits until it is let go; to interrupt lets go of the first, and then tells what is being worked on."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.go = {number: threading.Event() for number in (1, 2)}
        self.begun = {number: threading.Event() for number in (1, 2)}
        self.hit: list[int] = []

    def lane(self, asked: dict[str, Any]) -> str:
        return str(asked["ask"])

    def answer(self, lane: str, asked: dict[str, Any]) -> Answer:
        self.begun[asked["id"]].set()
        self.go[asked["id"]].wait(10)
        return Answer(asked["id"])

    def interrupt(self, lane: str) -> None:
        self.go[1].set()
        self.hit.append(2 if self.begun[2].wait(0.5) else 1)


class Listener:
    """The answers, as whoever asked reads them."""

    def __init__(self) -> None:
        ours, theirs = os.pipe()
        self.output, self._input = os.fdopen(theirs, "wb"), os.fdopen(ours, "rb")

    def next(self) -> dict[str, Any]:
        head: dict[str, Any] = json.loads(self._input.readline())
        self._input.read(head["bytes"])
        return head

    def close(self) -> None:
        self.output.close()
        self._input.close()


def test_what_follows_a_stopped_request_is_not_interrupted_in_its_place(tmp_path: Path) -> None:
    service, listener = Halting(tmp_path / "store"), Listener()
    side = Side(listener.output, service)
    for number in (1, 2):
        side.obey(json.dumps({"id": number, "ask": "rows"}).encode())
    service.begun[1].wait(10)
    side.obey(json.dumps({"stop": 1}).encode())
    service.go[2].set()
    assert [listener.next()["id"] for _ in range(2)] == [1, 2]
    assert service.hit == [1]
    listener.close()
    service.close()


def test_a_stop_between_two_queries_comes_again_until_it_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deaf(Halting):
        def interrupt(self, lane: str) -> None:
            self.hit.append(1)
            if len(self.hit) == 3:  # what came before came to nothing
                self.go[1].set()

    monkeypatch.setattr(process, "INTERRUPT_EVERY", 0.01)
    service, listener = Deaf(tmp_path / "store"), Listener()
    side = Side(listener.output, service)
    side.obey(json.dumps({"id": 1, "ask": "rows"}).encode())
    service.begun[1].wait(10)
    side.obey(json.dumps({"stop": 1}).encode())
    assert listener.next()["id"] == 1
    assert until(lambda: not any(isinstance(one, threading.Timer) for one in threading.enumerate()))
    assert len(service.hit) >= 3
    listener.close()
    service.close()


def test_two_lanes_make_the_same_view_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the statistics of a table that is not stored, and its rows beyond the first ones."""
    path, copy = tmp_path / "a.parquet", duck_writing.copy
    pq.write_table(pa.table({"n": [3, 1, 2]}), path)
    (tmp_path / "views").mkdir()
    views, read = Views(tmp_path / "views"), [tmp_path]

    def make() -> list[int]:
        with use_session(open_session(read=read, write=read)) as session:
            view = views.make("key", Wish("n"), None, lambda: session.scan_parquet(path), session)
            session.close()
        return list(pq.read_table(view.path)["n"].to_pylist())

    def and_another_is_quicker(*what: Any) -> int:
        monkeypatch.setattr(duck_writing, "copy", copy)
        rows = copy(*what)
        found.append(make())
        return rows

    found: list[list[int]] = []
    monkeypatch.setattr(duck_writing, "copy", and_another_is_quicker)
    assert make() == [1, 2, 3]
    assert found == [[1, 2, 3]]
    assert [one.name for one in (tmp_path / "views").iterdir()] == [f"{views.known('key', Wish('n')).key}.parquet"]
