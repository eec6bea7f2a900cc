"""Stopping a request while its lane changes to another session."""

from __future__ import annotations

from pathlib import Path

from peephole.engine.side.service import Service

EMPTY = {"format": "peephole-workflow", "version": 1}


def test_a_session_that_is_closed_already_is_left_alone(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.answer("plan", {"ask": "plan", "document": EMPTY, "folder": str(tmp_path), "name": "flow", "read": True})
    session = service._desk("plan").session
    assert session is not None
    service.interrupt("plan")
    session.close()
    service.interrupt("plan")
    service.close()
