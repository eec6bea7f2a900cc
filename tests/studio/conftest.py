"""A studio for the tests: one for all that leave it as it is, or one of their own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
from studio_support import Studio, serving


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """A studio of the test's own."""
    (tmp_path / "work").mkdir()
    with serving(tmp_path / "work", tmp_path / "state", tmp_path / "store") as served:
        yield served


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio that a file's tests share."""
    folder = tmp_path_factory.mktemp("studio")
    (folder / "work").mkdir()
    static = folder / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<!doctype html><title>the page</title>")
    (static / "assets" / "main-abc123.js").write_text("// the script")
    (folder / "secret.txt").write_text("nobody may see this")
    with serving(folder / "work", folder / "state", folder / "store", static) as served:
        yield served
