"""How quick the studio is in a real browser. Writes docs/benchmarks/studio.md.

Chromium without a graphics card, so that every frame is painted by the processor. Run it: python -m benchmarks.studio
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "e2e"))
from playwright.sync_api import Page, expect, sync_playwright
from studio_page import CHROMIUM, FLAGS, STATIC, Editor, Served, middle, serve

from benchmarks._machine import machine, quiet
from benchmarks._studio_flows import BIG_ROWS, big, many, small

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks" / "studio.md"
MOVES = 120
FRAMES = """() => {
  window.frames_ = []; let last = performance.now(); window.counting_ = true;
  const step = (now) => { window.frames_.push(now - last); last = now; if (window.counting_) requestAnimationFrame(step); };
  requestAnimationFrame(step);
}"""
STOP = "() => { window.counting_ = false; return window.frames_.slice(2); }"
# A point of the canvas where nothing stands, in its left half and not at its very edge.
EMPTY = """() => {
  const box = document.querySelector("[data-canvas]").getBoundingClientRect();
  const empty = (x, y) => document.elementFromPoint(x, y)?.classList.contains("react-flow__pane");
  for (let y = box.bottom - 90; y > box.top + 60; y -= 7)
    for (let x = box.left + 60; x < box.left + box.width / 2; x += 11)
      if (empty(x, y) && empty(x + 5, y + 5)) return [x, y];
  throw new Error("nothing is empty");
}"""
VIEWPORT = "document.querySelector('.react-flow__viewport').style.transform"
# Asks at every frame whether it is so, from the moment it is called; gives the milliseconds until then.
UNTIL = """([act, so, given]) => new Promise((done) => {
  const acts = new Function("given", act), asks = new Function("given", "return " + so);
  const start = performance.now();
  acts(given);
  const look = () => (asks(given) ? done(performance.now() - start) : requestAnimationFrame(look));
  requestAnimationFrame(look);
})"""


@contextmanager
def page_of(served: Served) -> Iterator[Editor]:
    """A fresh browser on the studio."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        # the page itself forbids `new Function`; the measurements need it
        context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True)
        editor = Editor(context.new_page(), served, "benchmark")
        editor.enter()
        yield editor
        browser.close()


def first_paint(served: Served, path: str) -> tuple[float, float]:
    """Milliseconds to the first contentful paint, median of 5 loads, and kilobytes of JavaScript, gzipped, that came."""
    with page_of(served) as editor:
        paints = []
        for _ in range(5):
            editor.page.goto(served.origin + path)
            editor.page.wait_for_load_state("networkidle")
            paints.append(editor.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        names = editor.page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    scripts = {name.rsplit("/", 1)[1] for name in names if name.endswith(".js") and "/assets/" in name}
    kilobytes = sum(len(gzip.compress((STATIC / "assets" / one).read_bytes(), 9)) for one in scripts) / 1000
    return median(paints), kilobytes


def frames(page: Page, work: Callable[[], None]) -> str:
    """Median and 95th percentile of the milliseconds between frames while something is done."""
    page.evaluate(FRAMES)
    work()
    times: list[float] = page.evaluate(STOP)
    return f"{median(times):.1f} | {quantiles(times, n=20)[-1]:.1f} | {len(times)}"


def sweep(page: Page, start: tuple[float, float]) -> None:
    """Press, move to and fro, let go."""
    x, y = start
    page.mouse.move(x, y)
    page.mouse.down()
    for move in range(MOVES):
        way = move if move < MOVES / 2 else MOVES - move
        page.mouse.move(x + way * 3, y + way * 1.5)
        page.wait_for_timeout(8)
    page.mouse.up()


def pan(page: Page) -> None:
    """Push the canvas about by a point where nothing stands."""
    start = page.evaluate(EMPTY)
    page.mouse.move(*start)
    page.mouse.down()
    before = page.evaluate(VIEWPORT)
    page.mouse.move(start[0] + 30, start[1] + 15, steps=3)
    page.wait_for_function(f"before => {VIEWPORT} !== before", arg=before)
    page.mouse.up()
    sweep(page, start)


@contextmanager
def busy() -> Iterator[None]:
    """Other work on every core, as while a network trains."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def canvas(served: Served, count: int) -> list[str]:
    """Drag and pan, near and far out; pan too while every core is busy."""
    rows = []
    with page_of(served) as editor:
        page = editor.page
        editor.open(many(count), f"many-{count}.peep.json")
        page.wait_for_timeout(4000)
        page.get_by_role("button", name="Natural size").click()
        page.wait_for_timeout(800)
        node = editor.nodes.first
        rows.append(f"| {count} nodes: drag one | {frames(page, lambda: sweep(page, middle(node)))} |")
        editor.settle()  # the panel below rises, and the canvas makes room
        rows.append(f"| {count} nodes: pan | {frames(page, lambda: pan(page))} |")
        editor.settle()
        with busy():
            rows.append(f"| {count} nodes: pan, every core busy | {frames(page, lambda: pan(page))} |")
        page.get_by_role("button", name="Show everything").click()
        page.wait_for_timeout(1500)
        rows.append(f"| {count} nodes: pan, zoomed out to all | {frames(page, lambda: pan(page))} |")
        with busy():
            rows.append(f"| {count} nodes: pan, zoomed out, every core busy | {frames(page, lambda: pan(page))} |")
        far = editor.nodes.nth(count // 2)
        rows.append(f"| {count} nodes: drag one, zoomed out | {frames(page, lambda: sweep(page, middle(far)))} |")
    return rows


def effect(served: Served) -> float:
    """Milliseconds from a changed setting to the changed table, median of 12."""
    first = "document.querySelector('[role=grid] [role=row][aria-rowindex=\"2\"] [role=gridcell]')?.textContent"
    times = []
    with page_of(served) as editor:
        editor.open(small(), "small.peep.json")
        editor.node("Sorted").click()
        expect(editor.page.get_by_role("gridcell").first).to_have_text("0")
        switch = editor.page.get_by_role("complementary").get_by_label("Descending").first
        expect(switch).to_be_visible()
        handle = switch.evaluate_handle("one => { window.switch_ = one; return one; }")
        assert handle is not None
        for turn in range(12):
            wanted = "0" if turn % 2 else "99"
            given: dict[str, Any] = {"wanted": wanted}
            times.append(editor.page.evaluate(UNTIL, ["window.switch_.click()", f"{first} === given.wanted", given]))
            editor.page.wait_for_timeout(300)
    return median(times)


def scrolling(served: Served) -> tuple[float, float]:
    """Milliseconds until rows anywhere in ten million are shown: median and the slowest of 30."""
    random = Random(7)
    times = []
    with page_of(served) as editor:
        editor.open(big(served.folder), "big.peep.json")
        editor.run()
        editor.node("Big").click()
        expect(editor.page.get_by_text(f"{BIG_ROWS:,} rows").first).to_be_visible()
        expect(editor.page.get_by_role("gridcell").first).to_have_text("1")
        scroll = "const grid = document.querySelector('[role=grid]'); grid.scrollTop = given.share * grid.scrollHeight;"
        seen = (
            "[...document.querySelectorAll('[role=grid] [role=row]')].some((row) => Number(row.ariaRowIndex) > 9 && (() => {\
            const cell = row.querySelector('[role=gridcell]')?.textContent.replace(/\\D/g, ''); \
            const far = Math.abs(Number(cell) / given.rows - given.share) < 0.02; \
            return cell && far && Number(row.ariaRowIndex) === Number(cell) + 1; })())"
        )
        for _ in range(30):
            given = {"share": random.uniform(0.02, 0.97), "rows": BIG_ROWS}
            times.append(editor.page.evaluate(UNTIL, [scroll, seen, given]))
            editor.page.wait_for_timeout(200)
    return median(times), max(times)


Waits = tuple[tuple[float, float], tuple[float, float], float, tuple[float, float]]


def waits(served: Served) -> Waits:
    """First paint and JavaScript of the start page and of a workflow, a setting's effect, rows anywhere."""
    with page_of(served) as editor:
        one = editor.open(small(), "first.peep.json")
    return first_paint(served, "/"), first_paint(served, f"/d/{one}"), effect(served), scrolling(served)


def written(before: str, found: Waits, rows: list[str]) -> str:
    """The page.  before: how idle the machine was."""
    (start, start_size), (opened, opened_size), changed, (middle_time, slowest) = found
    lines = [
        "# The studio in the browser",
        "",
        "Written by `make bench-studio`: Chromium without a graphics card, 1440 × 900, the studio on the same machine.",
        f"Machine: {machine()}, {before}.",
        "",
        "| what | measured | goal |",
        "|---|---|---|",
        f"| First paint, start page | {start:.0f} ms | 1000 |",
        f"| First paint, a workflow | {opened:.0f} ms | 1000 |",
        f"| JavaScript for the start page, gzipped | {start_size:.0f} kB | 400 |",
        f"| JavaScript for a workflow, canvas and settings, gzipped | {opened_size:.0f} kB | 400 |",
        f"| A changed setting to the changed table (100 rows), median of 12 | {changed:.0f} ms | 200 |",
        f"| Rows anywhere in {BIG_ROWS:,}, median of 30 | {middle_time:.0f} ms | 150 |",
        f"| the slowest of the 30 | {slowest:.0f} ms | |",
        "",
        "Milliseconds between frames. Goal: 17 and 35 with 300 nodes, 35 and 60 with 1000.",
        "Every core busy: a process on each that computes without pause, as while a network trains.",
        "",
        "| what | median | 95th percentile | frames |",
        "|---|---:|---:|---:|",
        *rows,
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, and write the page."""
    before = quiet()
    with TemporaryDirectory() as folder, serve(Path(folder)) as served:
        text = written(before, waits(served), [*canvas(served, 300), *canvas(served, 1000)])
    PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
