"""An opened network in the browser: how long until it is there, and the frames while time is scrubbed.

Writes docs/benchmarks/unfold_page.md. Chromium without a graphics card. Run it: python -m benchmarks.unfold_page
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "e2e"))
from playwright.sync_api import Page
from studio_page import Editor, Served, serve

from benchmarks._machine import machine, quiet
from benchmarks.studio import FRAMES, STOP, page_of

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks" / "unfold_page.md"
SIZES = ((100, 128), (1000, 512))  # steps, units
SWEEP = 160  # places of the pointer along the scrubber
# Something is drawn on every strip, and all of time stands below.
THERE = """() => document.querySelector('.unf-level[data-name="Time"]')
  && document.querySelector('.unf-scrubber path')
  && [...document.querySelectorAll('.unf-field')].length > 0
  && [...document.querySelectorAll('.unf-field')].every((one) => one.width > 1
    && one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some((value) => value > 0))"""


def workflow(folder: Path, steps: int, units: int) -> dict[str, Any]:
    """A trained LSTM over so many steps; the rows lie in a file."""
    t = np.arange(steps + 12)
    frame = pd.DataFrame({"a": np.sin(t / 9), "b": np.cos(t / 23), "later": np.sin((t + 1) / 9)})
    frame.to_parquet(folder / f"waves-{steps}.parquet")
    nodes = {
        "read": {"type": "read_parquet", "title": "Waves", "settings": {"path": f"waves-{steps}.parquet"}},
        "input": {"type": "sequence_input", "title": "Sequence", "settings": {"columns": ["a", "b"], "steps": steps}},
        "lstm": {"type": "lstm", "title": "Memory", "settings": {"units": units}},
        "last": {"type": "last_step", "title": "Last"},
        "out": {"type": "number_output", "title": "Out", "settings": {"targets": ["later"]}},
        "train": {"type": "train_network", "title": "Train", "settings": {"epochs": 1}},
    }
    path = ["input", "lstm", "last", "out", "train"]
    wires = ["read.table -> input.table", "read.table -> out.table", "read.table -> train.table"]
    wires += [f"{a}.network -> {b}.network" for a, b in pairwise(path)]
    layout = {name: [260 * k, 0] for k, name in enumerate(nodes)}
    return {"title": f"{steps} steps", "nodes": nodes, "wires": wires, "layout": layout}


def opening(page: Page, act: Any) -> float:
    """Milliseconds from a deed to the network that stands there."""
    start = perf_counter()
    act()
    page.wait_for_function(THERE, polling="raf")
    return (perf_counter() - start) * 1000


def scrubbing(page: Page) -> list[float]:
    """Milliseconds between frames while the pointer is dragged along all of time and back."""
    box = page.locator(".unf-scrubber").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 12, y)
    page.mouse.down()
    page.evaluate(FRAMES)
    for move in range(SWEEP):
        share = 1 - abs(2 * move / SWEEP - 1)
        page.mouse.move(box["x"] + 12 + share * (box["width"] - 24), y)
    times: list[float] = page.evaluate(STOP)
    page.mouse.up()
    return times


def row(what: str, times: list[float]) -> str:
    """Median and 95th percentile of frames."""
    return f"| {what} | {median(times):.1f} | {quantiles(times, n=20)[-1]:.1f} | {len(times)} |"


def one_size(served: Served, editor: Editor, steps: int, units: int) -> tuple[list[str], list[str]]:
    """Opening for the first time and again at other rows; scrubbing in the levels that show time."""
    page, name = editor.page, f"T = {steps}, H = {units}"
    editor.open(workflow(served.folder, steps, units), f"steps-{steps}.peep.json")
    editor.run()
    editor.expect_state("Train", "Done")
    page.wait_for_timeout(3000)
    first = opening(page, editor.node("Memory").dblclick)
    again = []
    for _ in range(5):
        page.get_by_role("button", name="Back to the workflow").click()
        page.wait_for_timeout(500)
        again.append(opening(page, editor.node("Memory").dblclick))
    rows = []
    for _ in range(5):
        said = page.locator(".unf-example").inner_text()

        def next_row(said: str = said) -> None:
            page.get_by_role("button", name="The next row").click()
            page.wait_for_function("said => document.querySelector('.unf-example').innerText !== said", arg=said)

        rows.append(opening(page, next_row))
    opened = [f"| {name} | {first:.0f} | {median(again):.0f} | {median(rows):.0f} |"]
    frames = []
    for level in ("Time", "Block", "Neuron"):
        page.get_by_role("group", name="Level").get_by_role("button", name=level).click()
        page.wait_for_timeout(1500)
        for backward in (False, True):
            page.get_by_role("button", name="Backward" if backward else "Forward", exact=True).first.click()
            page.wait_for_timeout(800)
            frames.append(row(f"{name}: {level}, {'backward' if backward else 'forward'}", scrubbing(page)))
    return opened, frames


def main() -> None:
    """Measure, and write the page."""
    before = quiet()
    opened: list[str] = []
    frames: list[str] = []
    with TemporaryDirectory() as folder, serve(Path(folder)) as served:
        for steps, units in SIZES:
            with page_of(served) as editor:
                more_opened, more_frames = one_size(served, editor, steps, units)
                opened += more_opened
                frames += more_frames
    lines = [
        "# An opened network in the browser",
        "",
        "Written by `python -m benchmarks.unfold_page`: Chromium without a graphics card, 1440 × 900, the studio beside it.",
        f"Machine: {machine()}, {before}.",
        "",
        "Milliseconds from the double click to all strips drawn. Goal: 1000 for T = 100, H = 128.",
        "",
        "| one LSTM | the first time | again, median of 5 | another row, median of 5 |",
        "|---|---:|---:|---:|",
        *opened,
        "",
        "Milliseconds between frames while the pointer is dragged along all of time. Goal: 17 for T = 1000, H = 512.",
        "",
        "| level | median | 95th percentile | frames |",
        "|---|---:|---:|---:|",
        *frames,
    ]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
