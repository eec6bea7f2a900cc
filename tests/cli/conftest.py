"""Runs the command as a person does, with the test nodes and a store of its own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from peephole.cli.main import main

sys.path.append(str(Path(__file__).parent))
from cli_support import NODES, Peephole, Said


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A store of its own, a known width, no colours."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PEEPHOLE_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(tmp_path)
    return dict(os.environ)


@pytest.fixture
def peephole(environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Peephole:
    """Runs a command in this process; the worker is a process of its own as always."""

    def run(*arguments: str) -> Said:
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
        return Said(code, *capsys.readouterr())

    return run


@pytest.fixture
def workflow(tmp_path: Path) -> Callable[..., Path]:
    """Writes a chain of test nodes: `workflow(add={}, slow={"seconds": 2})` after a source of numbers."""

    def write(**nodes: dict[str, Any]) -> Path:
        blocks: dict[str, Any] = {"numbers": {"type": f"{NODES}numbers", "settings": {"rows": 20}}}
        for name, settings in nodes.items():
            blocks[name] = {"type": NODES + name.rstrip("_0123456789"), "title": f"The {name}", "settings": settings}
        ids = list(blocks)
        wires = [f"{a}.table -> {b}.table" for a, b in pairwise(ids)]
        path = tmp_path / "small.peep.json"
        document = {
            "format": "peephole-workflow",
            "version": 1,
            "title": "A small one",
            "nodes": blocks,
            "wires": wires,
        }
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return write
