"""Reports on disk: a JSON list of parts; figures in folders and tables in Arrow files beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peephole.core.errors import SettingError, StoreError
from peephole.core.types import Figure, Report
from peephole.ports.figure import FigureCodec, arrow_hash, read_arrow, write_arrow

_FILE = "report.json"


class ReportCodec:
    """Keeps a Report as report.json, with `part-3/` for a figure and `part-3.arrow` for a table."""

    def save(self, value: Report, folder: Path) -> None:
        """Write the report into an empty folder; raises StoreError for a part that is no text, figure or table."""
        parts = [_save_part(part, folder, f"part-{i}") for i, part in enumerate(value.parts)]
        text = json.dumps({"title": value.title, "parts": parts}, indent=1, ensure_ascii=False)
        (folder / _FILE).write_text(text + "\n", encoding="utf-8")

    def load(self, folder: Path) -> Report:
        """Read it back."""
        saved = _saved(folder)
        return Report(saved["title"], [_load_part(part, folder) for part in saved["parts"]])

    def content_key(self, folder: Path) -> str:
        """Hash of the title and of every part's content."""
        saved = _saved(folder)
        digest = hashlib.sha256(saved["title"].encode())
        for part in saved["parts"]:
            digest.update(json.dumps(part, sort_keys=True).encode())
            if part["kind"] == "figure":
                digest.update(FigureCodec().content_key(folder / part["at"]).encode())
            elif part["kind"] == "table":
                digest.update(arrow_hash(read_arrow(folder / part["at"])))
        return digest.hexdigest()

    def summary(self, folder: Path) -> dict[str, Any]:
        """Its title and how many parts it has."""
        saved = _saved(folder)
        return {"title": saved["title"], "parts": len(saved["parts"])}

    def adapt(self, value: Any) -> tuple[Report, Callable[[Any], Any]]:
        """A Report as it is."""
        if not isinstance(value, Report):
            raise SettingError(f"A report is needed, and {type(value).__name__} was given.", remedy="Give a Report.")
        return value, lambda result: result


def _save_part(part: Any, folder: Path, name: str) -> dict[str, str]:
    import pyarrow as pa

    if isinstance(part, str):
        return {"kind": "text", "text": part}
    if isinstance(part, Figure):
        (folder / name).mkdir()
        FigureCodec().save(part, folder / name)
        return {"kind": "figure", "at": name}
    if isinstance(part, pa.Table):
        write_arrow(part, folder / f"{name}.arrow")
        return {"kind": "table", "at": f"{name}.arrow"}
    raise StoreError(
        f"A report cannot hold a {type(part).__name__}.",
        remedy="Its parts are Markdown text, figures and Arrow tables.",
    )


def _load_part(part: dict[str, str], folder: Path) -> Any:
    if part["kind"] == "text":
        return part["text"]
    if Path(part["at"]).name != part["at"]:  # never out of the folder
        raise StoreError(f"The report names {part['at']!r} as a part.", remedy="Run the node again.")
    if part["kind"] == "figure":
        return FigureCodec().load(folder / part["at"])
    return read_arrow(folder / part["at"])


def _saved(folder: Path) -> dict[str, Any]:
    try:
        saved: dict[str, Any] = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        if not {"title", "parts"} <= saved.keys():
            raise ValueError("something is missing")
    except (OSError, ValueError, AttributeError) as error:
        raise StoreError(f"The report's {_FILE} cannot be read: {error}", remedy="Run the node again.") from error
    return saved
