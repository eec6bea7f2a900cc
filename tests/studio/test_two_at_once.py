"""Within the studio: what comes while something else is half way."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from peephole.core.errors import DocumentError
from peephole.studio import saving
from peephole.studio.checking import Checker
from peephole.studio.config import Config
from peephole.studio.desk import Desk
from peephole.studio.folders import Folders
from peephole.studio.messages import SavedNow, Told
from peephole.studio.saving import Saver, saved_now
from peephole.studio.side import SideDiedError, SideError, SideProcess
from peephole.workflow.document import Document
from peephole.workflow.files import load, save

SOON = 0.3  # seconds, in which what must not go on would have


@dataclass
class Edited:
    """A document and its saver."""

    path: Path
    revision: int = 0
    document: Document = field(default_factory=Document)
    told: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        save(self.document, self.path)
        self.saver = Saver(self, self.path, self.told.append, self._now, lambda _: None)

    def _now(self) -> SavedNow:
        return saved_now(self.path, "", saved=self.saver.saved)

    def entitle(self, title: str) -> None:
        self.revision += 1
        self.document = self.document.model_copy(update={"title": title})
        self.saver.edited()


@dataclass
class Slow:
    """The first saving waits until it is let go."""

    begun: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def __call__(self, document: Document, path: Path) -> None:
        first = not self.begun.is_set()
        self.begun.set()
        if first:
            self.go.wait(10)
        save(document, path)
        if first:
            self.over.set()


def in_loop(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """In a thread of its own: browser stories that ran before in this process have left a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(asyncio.wait_for(work(), 30))).result()


def test_closing_amid_a_saving_neither_loses_the_last_edit_nor_makes_a_second_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow()
    monkeypatch.setattr(saving, "save", slow)

    async def work() -> None:
        edited = Edited(tmp_path / "a.peep.json")
        edited.entitle("one")
        await asyncio.to_thread(slow.begun.wait)
        edited.entitle("two")
        closing = asyncio.create_task(edited.saver.close())
        await asyncio.wait([closing], timeout=SOON)
        slow.go.set()
        await closing
        await asyncio.to_thread(slow.over.wait)
        assert edited.saver.saved

    in_loop(work)
    assert load(tmp_path / "a.peep.json").title == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["a.peep.json"]


def test_a_saving_that_nobody_waits_for_any_more_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow()
    monkeypatch.setattr(saving, "save", slow)

    async def work() -> None:
        edited = Edited(tmp_path / "a.peep.json")
        other = tmp_path / "b.peep.json"
        asked = asyncio.create_task(edited.saver.to(other))
        await asyncio.to_thread(slow.begun.wait)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        slow.go.set()
        edited.entitle("two")
        await edited.saver.close()
        assert edited.saver.path == other

    in_loop(work)
    assert load(tmp_path / "b.peep.json").title == "two"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.peep.json", "b.peep.json"]


def test_where_it_cannot_be_saved_at_its_end_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(document: Document, path: Path) -> None:
        raise DocumentError("The disk is full.")

    monkeypatch.setattr(saving, "RETRY", 0.01)

    async def work() -> None:
        edited = Edited(tmp_path / "a.peep.json")
        with monkeypatch.context() as disk:
            disk.setattr(saving, "save", full)
            edited.entitle("one")
            with pytest.raises(DocumentError):
                await edited.saver.close()
        while not edited.saver.saved:
            await asyncio.sleep(0.01)
        await edited.saver.close()

    in_loop(work)
    assert load(tmp_path / "a.peep.json").title == "one"


def test_a_plan_that_trips_us_up_leaves_nobody_waiting() -> None:
    facts: dict[str, Any] = {"ports": {}}
    took: list[Mapping[str, Any]] = []

    async def plan() -> Mapping[str, Any]:
        if not tripped:
            tripped.append(1)
            raise ValueError("nobody thought of this")
        return facts

    async def work() -> None:
        checker = Checker(plan, lambda: 1, lambda found, _: took.append(found))
        for _ in range(2):
            checker.changed()
            await asyncio.wait_for(checker.fresh(), 10)
        await checker.close()

    tripped: list[int] = []
    in_loop(work)
    assert took == [facts]


def test_who_waits_for_a_plan_or_an_answer_when_the_workflow_is_closed_is_told(tmp_path: Path) -> None:
    async def never() -> Mapping[str, Any]:
        return await asyncio.get_running_loop().create_future()

    async def work() -> None:
        checker, side = Checker(never, lambda: 1, lambda *_: None), SideProcess(tmp_path / "store")
        checker.changed()
        os.kill((await side._running()).pid, signal.SIGSTOP)  # it does not answer
        waiting = [asyncio.ensure_future(one) for one in (checker.fresh(), side.ask("rows"))]
        while not side._waiting:
            await asyncio.sleep(0.01)
        await checker.close()
        await side.close()
        plan, answer = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 10)
        assert plan is None
        assert isinstance(answer, SideDiedError)
        with pytest.raises(SideError, match="has been closed"):
            await side.ask("rows")
        assert side.born == 1

    in_loop(work)


def test_a_document_that_is_taken_away_amid_a_look_at_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    path = folder / "a.peep.json"
    save(Document(), path)
    holds = Folders.holds

    def and_then_it_is_gone(self: Folders, one: Path) -> bool:
        path.unlink()
        return holds(self, one)

    async def work() -> None:
        desk = Desk(Config(port=0, folders=(folder,), state=tmp_path / "state", store=tmp_path / "store"))
        desk.memory.new(path, "A", None)
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(Folders, "holds", and_then_it_is_gone)
            assert [one.title for one in desk.recent()] == ["A"], "it was there"
        assert desk.recent() == []

    in_loop(work)


def test_a_file_that_is_renamed_amid_a_look_at_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv.part").write_text("a")
    (tmp_path / "b.csv").write_text("b")
    folders, holds = Folders([tmp_path]), Folders.holds

    def and_then_it_is_whole(self: Folders, path: Path) -> bool:
        if path.suffix == ".part":
            path.rename(tmp_path / "c.csv")
        return holds(self, path)

    monkeypatch.setattr(Folders, "holds", and_then_it_is_whole)
    assert [file.name for file in folders.list(str(tmp_path), []).files] == ["b.csv"]
