"""A served studio, and its page as a person uses it: by roles, labels and the pointer."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

import peephole

STATIC = Path(peephole.__file__).parent / "studio" / "static"
ARTEFACTS = Path(__file__).parents[2] / "artefacts" / "e2e"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000  # milliseconds
expect.set_options(timeout=PATIENCE)
SAVED = re.compile("^(Saved|Kept, no file yet)$")  # without a name it lies in the user's data folder
LONG = 90_000  # milliseconds; for a run on a busy machine
TRAINING = 300_000  # milliseconds; for a run that trains networks there
# Waits until the canvas stands still: it says that nothing is on its way, and four frames show the same, as what a change of its
# size brings about begins a frame later. Gives whether it did within so many milliseconds.
STILL = """async patience => {
  const seen = () => {
    const canvas = document.querySelector("[data-canvas]"), view = canvas?.querySelector(".react-flow__viewport");
    if (!view || canvas.dataset.moving !== "false") return null;
    const { x, y, width, height } = canvas.getBoundingClientRect();
    return [x, y, width, height, view.style.transform].join();
  };
  const until = performance.now() + patience;
  for (let before = null, same = 0; same < 3; ) {
    if (performance.now() > until) return false;
    await new Promise(requestAnimationFrame);
    const now = seen();
    same = now !== null && now === before ? same + 1 : 0;
    before = now;
  }
  return true;
}"""


class Served:
    """`peephole studio`, running.  folder: whose files it may use."""

    def __init__(self, process: subprocess.Popen[str], address: str, folder: Path) -> None:
        self.process = process
        self.address = address
        self.folder = folder

    @property
    def origin(self) -> str:
        """Its own address, without the token."""
        return self.address.split("/?")[0]

    def write(self, document: dict[str, Any], name: str = "flow.peep.json") -> Path:
        """A workflow's file in the folder."""
        path = self.folder / name
        path.write_text(json.dumps({"format": "peephole-workflow", "version": 1, **document}), encoding="utf-8")
        return path

    def workers(self) -> list[int]:
        """Process numbers of the workers that run nodes for it."""
        found = []
        for child in _children(self.process.pid):
            with suppress(FileNotFoundError, ProcessLookupError):  # it may have gone since it was listed
                if b"peephole.engine.worker" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
                    found.append(child)
        return found

    def kill_workers(self) -> None:
        """As the system does when memory runs out."""
        for pid in self.workers():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has ended since
            found += map(int, Path(f"/proc/{pid}/task/{task}/children").read_text().split())
    return found


@contextmanager
def serve(home: Path, *, store: Path | None = None, port: int = 0) -> Iterator[Served]:
    """A studio started as a person does.  home: a folder for all that it keeps."""
    folder = home / "work"
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "peephole.cli.main", "studio", "--no-browser", "--port", str(port)]
    env = {**os.environ, "PEEPHOLE_STUDIO": str(home / "studio")}
    process = subprocess.Popen(
        [*command, "--folder", str(folder), "--store", str(store or home / "store")],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        address = re.search(r"http\S+", said)
        assert address is not None, f"the studio did not start: {said}"
        yield Served(process, address[0], folder)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


class Editor:
    """The page in one tab.  errors: what its scripts complained of."""

    def __init__(self, page: Page, served: Served, name: str) -> None:
        self.page = page
        self.served = served
        self.name = re.sub(r"\W+", "-", name)
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)

    def _console(self, message: ConsoleMessage) -> None:
        # an answer of 400 or more is told in the page; Chromium also writes it to the console
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def enter(self) -> None:
        """Come in through the address with the token."""
        self.page.goto(self.served.address)

    def open(self, document: dict[str, Any] | None = None, name: str = "flow.peep.json") -> str:
        """Show a workflow: from a file in the studio's folder, or a new one. Gives its id."""
        wanted = {} if document is None else {"path": str(self.served.write(document, name))}
        answer = self.page.request.post(
            f"{self.served.origin}/api/documents", data=wanted, headers={"Origin": self.served.origin}
        )
        assert answer.ok, answer.text()
        one = str(answer.json()["id"])
        self.show(one)
        return one

    def show(self, one: str) -> None:
        """Show a document that is open."""
        self.page.goto(f"{self.served.origin}/d/{one}")
        self.arrived()

    def reload(self) -> None:
        """Load the page of the document anew."""
        self.page.reload()
        self.arrived()

    def arrived(self) -> None:
        """Wait until the document is shown, and the canvas and the panel below stand where they stay."""
        expect(self.canvas).to_be_visible()
        expect(self.page.get_by_text(SAVED)).to_be_visible()
        expect(self.page.get_by_role("region", name="What lies at the port")).to_be_visible()
        self.settle()

    def shot(self, what: str) -> None:
        """Keep a picture."""
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{self.name}-{what}.png")

    @property
    def canvas(self) -> Locator:
        """The canvas."""
        return self.page.locator("[data-canvas]")

    def node(self, title: str) -> Locator:
        """The box of a node, by its title."""
        return self.page.get_by_role("group", name=f"Node {title}", exact=True)

    @property
    def nodes(self) -> Locator:
        """All boxes of nodes."""
        return self.page.locator(".react-flow__node-box")

    @property
    def wires(self) -> Locator:
        """All wires."""
        return self.page.locator(".react-flow__edge")

    def port(self, side: str, port: str, title: str) -> Locator:
        """A port.  side: Input or Output."""
        return self.page.get_by_role(
            "button", name=re.compile(rf"^{side} {re.escape(port)} of {re.escape(title)}( \(|$)")
        )

    def expect_state(self, title: str, state: str, timeout: int = LONG) -> None:
        """Wait until a node's light says so ("Done", "Failed" ...)."""
        expect(self.node(title).get_by_role("img", name=state, exact=True)).to_be_visible(timeout=timeout)

    def run(self, timeout: int = LONG) -> None:
        """Press Run, and wait until this run is over: the page counts those that it saw end."""
        counted = self.page.locator("[data-runs]")
        before = int(counted.get_attribute("data-runs") or "")
        self.page.get_by_role("button", name="Run", exact=True).click()
        expect(counted).to_have_attribute("data-runs", str(before + 1), timeout=timeout)
        self.expect_idle()

    def expect_idle(self) -> None:
        """Wait until no run is on."""
        expect(self.page.get_by_role("button", name="Run", exact=True)).to_be_visible(timeout=LONG)

    def answered(self, act: Callable[[], None]) -> None:
        """Do what only the studio can answer, as to undo, and wait until the page has its answer."""
        before = self.canvas.get_attribute("data-revision") or ""
        act()
        expect(self.canvas).not_to_have_attribute("data-revision", before)

    def drag(self, source: Locator, target: Locator | tuple[float, float]) -> None:
        """Drag with the pointer, in steps, as a hand does."""
        self.hold(source, target)
        self.page.mouse.up()

    def hold(self, source: Locator, target: Locator | tuple[float, float]) -> None:
        """Drag, and do not let go. Nobody aims at what still moves: the panel below may be rising, and the canvas make room."""
        self.settle()
        from_x, from_y = middle(source)
        to_x, to_y = target if isinstance(target, tuple) else middle(target)
        self.page.mouse.move(from_x, from_y)
        self.page.mouse.down()
        self.page.mouse.move((from_x + to_x) / 2, (from_y + to_y) / 2, steps=8)
        self.page.mouse.move(to_x, to_y, steps=8)

    def settle(self) -> None:
        """Wait until the canvas stands still."""
        assert self.page.evaluate(STILL, PATIENCE), "the canvas does not come to rest"

    def wire(self, source: tuple[str, str], target: tuple[str, str]) -> None:
        """Draw a wire from an output to an input, both (title of the node, port)."""
        self.settle()
        count = self.wires.count()
        self.drag(self.port("Output", source[1], source[0]), self.port("Input", target[1], target[0]))
        expect(self.wires).to_have_count(count + 1)

    def add(self, what: str, at: tuple[float, float]) -> None:
        """Double-click a point of the canvas (a share of its width and height), search, and take the first."""
        self.settle()
        box = self.canvas.bounding_box()
        assert box is not None
        count = len(self.document()["nodes"])  # what is out of sight is not drawn
        self.page.mouse.dblclick(box["x"] + at[0] * box["width"], box["y"] + at[1] * box["height"])
        self.page.get_by_role("combobox", name="Add a node").fill(what)
        self.page.keyboard.press("Enter")
        for _ in range(200):
            if len(self.document()["nodes"]) == count + 1:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{what} is not added")

    def document(self) -> dict[str, Any]:
        """The workflow as the server has it, once it has all edits of this page; where it cannot have them, without."""
        self.page.evaluate(
            "dispatchEvent(new Event('beforeunload'))"
        )  # what was just typed takes effect a moment later, or now
        cut_off = self.page.get_by_role("alert").filter(has_text="cannot be reached")
        expect(self.page.get_by_text(SAVED).or_(cut_off).first).to_be_visible()
        one = self.page.url.rsplit("/", 1)[1]
        snapshot: dict[str, Any] = self.page.request.get(f"{self.served.origin}/api/documents/{one}").json()
        found: dict[str, Any] = snapshot["document"]
        return found


def middle(locator: Locator) -> tuple[float, float]:
    """The middle of an element on the screen."""
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
