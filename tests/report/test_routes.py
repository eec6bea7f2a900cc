"""Wires of a thumbnail run behind nothing, and take the route that the canvas takes."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from peephole.report.routes import Obstacle, aside, course

UI = Path(__file__).parents[2] / "ui"


def test_with_nothing_in_its_way_a_wire_is_a_plain_curve() -> None:
    boxes = [Obstacle(0, 0, 200, 80), Obstacle(400, 120, 200, 80)]
    assert course((200, 40), (400, 160), boxes) == "M200.0 40.0C300.0 40.0 300.0 160.0 400.0 160.0"


def test_it_runs_around_a_box_between_its_ends() -> None:
    boxes = [Obstacle(x, 0, 200, 80) for x in (0, 300, 600)]
    way = course((200, 40), (600, 40), boxes)
    assert "C" not in way
    assert " -14.0" in way, "above it"


def test_wires_of_an_output_keep_to_one_lane() -> None:
    assert aside("sort.out:table") == aside("sort.out:table")
    for port in ("table", "model", "train"):  # of numbered copies too, which differ in one letter
        offsets = {aside(f"sort_{k}.out:{port}") for k in range(2, 6)}
        assert offsets <= {0, 5, 10, 15}
        assert len(offsets) > 2


@pytest.mark.skipif(
    shutil.which("npx") is None or not (UI / "node_modules").is_dir(), reason="the browser side is not installed"
)
def test_the_canvas_takes_the_same_course(tmp_path: Path) -> None:
    chance = random.Random(3)
    cases = []
    for _ in range(300):
        cells = chance.sample(range(25), chance.randint(2, 20))
        boxes = [Obstacle(cell % 5 * 310, cell // 5 * 130, 200, chance.choice([70, 90, 160])) for cell in cells]
        (a, b), name = boxes[:2], f"n{chance.randint(0, 99)}.out:table"
        start, end = (a.x + a.width, a.y + a.height / 2), (b.x, b.y + b.height / 2)
        case = {"start": start, "end": end, "boxes": boxes, "source": name}
        cases.append({**case, "path": course(start, end, boxes, aside(name))})
    assert {("Q" in one["path"], "C" in one["path"]) for one in cases} == {(True, False), (False, True)}
    file = tmp_path / "courses.json"
    file.write_text(json.dumps(cases))
    done = subprocess.run(
        ["npx", "vitest", "run", "src/graph/courses.test.ts"],
        cwd=UI,
        env={**os.environ, "PEEPHOLE_COURSES": str(file)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "1 passed" in done.stdout
