"""Builds the browser side into the Python package: the studio's page, and the charts' script that reports carry.

Run by the Makefile and by the wheel's build. What is built is not kept in git; a stamp (the hash of the sources) says whether
it is fresh, so that a second call costs nothing.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

UI = Path(__file__).resolve().parent
STATIC = UI.parent / "peephole" / "studio" / "static"
STAMP = STATIC / "built-from.txt"
CHARTS = UI.parent / "peephole" / "report" / "assets" / "echarts.min.js"
PAGE = UI.parent / "peephole" / "neural" / "view" / "assets" / "unfold.js"
ICONS = UI.parent / "peephole" / "report" / "assets" / "icons.json"
SOURCES = (
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "vite.page.config.ts",
    "tsconfig.json",
    "index.html",
    "src",
    "public",
    "scripts",
)


def fingerprint(*names: str) -> str:
    """A hash of sources: of files, and of all files in folders."""
    found = hashlib.sha256()
    for path in (UI / name for name in names):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                found.update(file.relative_to(UI).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    found.update(ICONS.read_bytes())
    return found.hexdigest()


def is_fresh() -> bool:
    """Whether what is built was built from the sources as they are."""
    return (
        CHARTS.is_file() and PAGE.is_file() and STAMP.is_file() and STAMP.read_text().strip() == fingerprint(*SOURCES)
    )


def install() -> None:
    """The packages of package-lock.json, exactly; none of them may run a script."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit(
            "The studio's page is built with npm, which is missing. Install Node 20 or newer (https://nodejs.org)."
        )
    stamp, wanted = UI / "node_modules" / ".installed", fingerprint("package.json", "package-lock.json")
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print("Fetching the browser's libraries with npm ...", flush=True)
    subprocess.run([npm, "ci", "--ignore-scripts", "--silent", "--no-audit", "--no-fund"], cwd=UI, check=True)
    stamp.write_text(wanted)


def build() -> None:
    """Build, where something has changed."""
    if is_fresh():
        return
    install()
    print("Building the studio's page ...", flush=True)
    subprocess.run([shutil.which("npm") or "npm", "run", "--silent", "build"], cwd=UI, check=True)
    STAMP.write_text(fingerprint(*SOURCES) + "\n")


if __name__ == "__main__":
    install() if sys.argv[1:] == ["install"] else build()
