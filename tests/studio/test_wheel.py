"""A wheel, built as `pip wheel` does: everything the studio serves is in it, so that it needs no Node where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytest.importorskip("hatchling", reason="the build's backend is not installed")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    if shutil.which("npm") is None and not (ROOT / "peephole" / "studio" / "static" / "index.html").is_file():
        pytest.skip("the studio's page is not built and npm is missing")
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    [built] = folder.glob("peephole-*.whl")
    with zipfile.ZipFile(built) as found:
        yield found


def test_the_page_and_every_part_it_names_are_in_it(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    page = wheel.read("peephole/studio/static/index.html").decode()
    named = set(re.findall(r'(?:src|href)="/([^"]+)"', page))
    assert any(one.endswith(".js") for one in named)
    assert any(one.endswith(".css") for one in named)
    assert {f"peephole/studio/static/{one}" for one in named} <= names
    for script in (one for one in names if one.startswith("peephole/studio/static/assets/") and one.endswith(".js")):
        parts = re.findall(r'"(?:\./|assets/)([\w.-]+\.(?:js|css|woff2))"', wheel.read(script).decode())
        assert {f"peephole/studio/static/assets/{one}" for one in parts} <= names, script


def test_what_reports_and_opened_networks_carry_is_in_it(wheel: zipfile.ZipFile) -> None:
    for name in ("report/assets/echarts.min.js", "neural/view/assets/unfold.js", "neural/view/assets/unfold.css"):
        assert wheel.getinfo(f"peephole/{name}").file_size > 10_000


def test_every_template_is_in_it_and_no_test(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    for template in (ROOT / "templates").iterdir():
        assert f"peephole/templates/{template.name}/{template.name}.peep.json" in names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "ui/"))]
    assert not [name for name in names if name.endswith((".pyc", ".tsx", ".nbi", ".nbc"))]
