"""The page in a real browser: charts come to life, nothing is refused by the page's own policy, it prints on A4."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from report_samples import failed, report

from peephole.report.page import chart_library, render

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")


def browse(page: Path, folder: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    command = [str(CHROMIUM), *quiet, f"--user-data-dir={folder}", "--virtual-time-budget=3000", *flags, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.skipif(not chart_library(), reason="needs the charts' script (make assets)")
def test_charts_come_to_life_and_nothing_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(render(report()), encoding="utf-8")
    result = browse(page, tmp_path / "profile", "--dump-dom", "--enable-logging=stderr")
    assert len(re.findall(r'<figure class="chart has-still is-live"', result.stdout)) == 4
    assert len(re.findall(r'<svg[^>]* baseProfile="full"', result.stdout)) == 4
    assert [line for line in result.stderr.splitlines() if "CONSOLE" in line] == []


def test_it_prints_on_a4_and_the_words_can_be_searched(tmp_path: Path) -> None:
    page, paper = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_text(render(failed()), encoding="utf-8")
    browse(page, tmp_path / "profile", f"--print-to-pdf={paper}", "--no-pdf-header-footer")
    content = paper.read_bytes()
    boxes = re.findall(rb"/MediaBox \[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", content)
    assert boxes
    assert all((round(float(w)), round(float(h))) in ((595, 842), (596, 842)) for w, h in boxes)
    if shutil.which("pdftotext"):
        told = subprocess.run(["pdftotext", str(paper), "-"], capture_output=True, text=True, timeout=30, check=True)
        for said in ("Flight delays in New York", "Did you mean", "Score the tree", "left out in print"):
            assert said in told.stdout
