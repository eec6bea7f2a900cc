"""The studio in a real browser: `peephole studio` as a person starts it, and Chromium driven by Playwright.

Screenshots are kept under artefacts/e2e/. A script error in the page fails the test.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
sys.path.append(str(Path(__file__).parent))
from studio_page import CHROMIUM, FLAGS, STATIC, Editor, Served, serve  # noqa: E402


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What drives a browser runs in one process of the test run, so that two cores suffice."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[playwright.Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    if not (STATIC / "index.html").is_file():
        pytest.skip("the studio's page is not built: make ui")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results that stories share, so that the flights are computed once."""
    return tmp_path_factory.mktemp("e2e-store")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A studio of the test's own, its folder empty, its store too."""
    with serve(tmp_path) as studio:
        yield studio


@pytest.fixture
def context(chromium: playwright.Browser) -> Iterator[playwright.BrowserContext]:
    made = chromium.new_context(
        viewport={"width": 1440, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    made.set_default_timeout(20_000)
    yield made
    made.close()


@pytest.fixture
def editor(served: Served, context: playwright.BrowserContext, request: pytest.FixtureRequest) -> Iterator[Editor]:
    """A page of the studio; `editor.open(document)` shows a workflow in it."""
    made = Editor(context.new_page(), served, request.node.name)
    made.enter()
    yield made
    made.shot("end")
    assert made.errors == []


@pytest.fixture
def view(chromium: playwright.Browser) -> Iterator[playwright.Page]:
    """A page for an opened network's own file; a script error in it fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert faults == []
