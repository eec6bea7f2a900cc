"""What opening a network needs is made ready before anybody opens one, and only where there is one."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from peephole.engine.side import warming
from peephole.engine.side.service import Service

EMPTY = {"format": "peephole-workflow", "version": 1}


@pytest.mark.parametrize("trained", [True, False])
def test_it_is_made_ready_once_where_there_is_a_network(
    trained: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    times: list[str] = []
    there = threading.Event()

    def taken() -> None:
        times.append("ready")
        there.set()

    monkeypatch.setattr(warming, "AFTER", 0)
    monkeypatch.setattr(warming, "_open", taken)
    monkeypatch.setattr(warming, "any_trained", lambda plan, store: trained)
    service = Service(tmp_path)
    asked = {"ask": "plan", "document": EMPTY, "folder": str(tmp_path), "name": "flow", "read": True}
    service.answer("plan", asked)
    service.answer("plan", asked)
    assert there.wait(5 if trained else 0.2) is trained
    service.close()
    assert times == (["ready"] if trained else [])
