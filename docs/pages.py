"""Runs the Python blocks of a documentation page, in order, and compares or writes what they print.

A ```python block that prints is followed by a ```text block with its output. `python docs/pages.py PAGE.md` writes the
outputs and figures into the page; tests/docs runs the same blocks and compares, so that no number on a page is typed in.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

_BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<output>.*?)^```\n)?", re.MULTILINE | re.DOTALL)
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


@dataclass(frozen=True)
class Block:
    """A block as run.  line: where it begins.  wanted: the output on the page; None where there is none.  got: its output."""

    line: int
    code: str
    wanted: str | None
    got: str


def run(page: Path, folder: Path) -> Iterator[Block]:
    """Run the page's blocks in one namespace and in `folder`, which gets the page's data (PAGE-*.json) and their figures."""
    text = page.read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for data in page.parent.glob(f"{page.stem}-*.json"):
        shutil.copy(data, folder)
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start()) + 2
        code = compile("\n" * (line - 1) + match["code"], str(page), "exec")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.chdir(folder):
            exec(code, names)  # noqa: S102 - the page's own code
        yield Block(line, match["code"], match["output"], printed.getvalue())


def same(wanted: str, got: str, tolerance: float | None) -> bool:
    """Whether two outputs agree: text exactly, numbers to a relative tolerance or one unit of their last digit.

    tolerance: None lets any number stand for any other.
    """
    if _NUMBER.sub("#", " ".join(wanted.split())) != _NUMBER.sub("#", " ".join(got.split())):
        return False
    if tolerance is None:
        return True
    pairs = zip(_NUMBER.findall(wanted), _NUMBER.findall(got), strict=True)
    return all(abs(float(a) - float(b)) <= max(tolerance * abs(float(a)), _last_digit(a) * 1.01) for a, b in pairs)


def _last_digit(number: str) -> float:
    mantissa, _, exponent = number.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 10.0 ** (int(exponent or 0) - decimals) if decimals or exponent else 0.0


def write(page: Path, *, keep_files: bool = True) -> None:
    """Put every block's output into the page, and (keep_files) its figures beside it."""
    with TemporaryDirectory() as folder:
        outputs = iter([block.got for block in run(page, Path(folder))])

        def filled(match: re.Match[str]) -> str:
            got = next(outputs)
            return f"```python\n{match['code']}```\n" + (f"\n```text\n{got}```\n" if got else "")

        page.write_text(_BLOCK.sub(filled, page.read_text(encoding="utf-8")), encoding="utf-8")
        for name in os.listdir(folder) if keep_files else ():
            (page.parent / name).write_bytes((Path(folder) / name).read_bytes())


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        write(Path(argument))
