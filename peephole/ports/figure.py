"""Figures on disk: the option as JSON, the data as Arrow; the still picture is drawn when somebody asks for it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from peephole.core.errors import SettingError, StoreError
from peephole.core.types import Figure

if TYPE_CHECKING:
    import pyarrow as pa

_OPTION = "option.json"
_DATA = "data.arrow"
_IMAGE = "image.svg"


class FigureCodec:
    """Keeps a Figure as option.json and data.arrow (an IPC file); image.svg appears on demand."""

    def save(self, value: Figure, folder: Path) -> None:
        """Write the figure into an empty folder."""
        described = {"title": value.title, "option": value.option}
        text = json.dumps(described, indent=1, ensure_ascii=False, allow_nan=False)
        (folder / _OPTION).write_text(text + "\n", encoding="utf-8")
        write_arrow(value.data, folder / _DATA)

    def load(self, folder: Path) -> Figure:
        """Read it back."""
        described = _described(folder)
        return Figure(described["option"], read_arrow(folder / _DATA), described["title"])

    def image(self, folder: Path) -> Path:
        """The still picture of a saved figure, as an SVG file; drawn the first time it is asked for."""
        path = folder / _IMAGE
        if not path.exists():
            from peephole.figures.static import svg

            drawn = svg(self.load(folder))
            with NamedTemporaryFile("w", dir=folder, suffix=".part", delete=False, encoding="utf-8") as part:
                part.write(drawn)
            os.replace(part.name, path)
        return path

    def content_key(self, folder: Path) -> str:
        """Hash of the option and of the data's names, types and values."""
        digest = hashlib.sha256(json.dumps(_described(folder), sort_keys=True, ensure_ascii=False).encode())
        digest.update(arrow_hash(read_arrow(folder / _DATA)))
        return digest.hexdigest()

    def summary(self, folder: Path) -> dict[str, Any]:
        """Its title, the kinds of its series, and how many rows it draws."""
        described = _described(folder)
        kinds = list(dict.fromkeys(s["type"] for s in described["option"].get("series", [])))
        return {"title": described["title"], "kinds": kinds, "rows": read_arrow(folder / _DATA).num_rows}

    def adapt(self, value: Any) -> tuple[Figure, Callable[[Any], Any]]:
        """A Figure as it is."""
        if not isinstance(value, Figure):
            raise SettingError(
                f"A figure is needed, and {type(value).__name__} was given.", remedy="Give what a view returns."
            )
        return value, lambda result: result


def write_arrow(table: pa.Table, path: Path) -> None:
    """Write a table as an Arrow IPC file."""
    import pyarrow as pa

    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_arrow(path: Path) -> pa.Table:
    """Read an Arrow IPC file. Raises StoreError where that cannot be."""
    import pyarrow as pa

    try:
        with pa.OSFile(str(path), "rb") as source:
            return pa.ipc.open_file(source).read_all()
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"{path.name} cannot be read: {error}", remedy="Run the node again.") from error


def arrow_hash(table: pa.Table) -> bytes:
    """Hash of a small table's names, types and values."""
    columns = [[name, str(column.type), [str(v) for v in column.to_pylist()]] for name, column in _columns(table)]
    return hashlib.sha256(json.dumps(columns, ensure_ascii=False).encode()).digest()


def _columns(table: pa.Table) -> list[tuple[str, Any]]:
    return list(zip(table.column_names, table.columns, strict=True))


def _described(folder: Path) -> dict[str, Any]:
    try:
        described: dict[str, Any] = json.loads((folder / _OPTION).read_text(encoding="utf-8"))
        if not {"option", "title"} <= described.keys():
            raise ValueError("something is missing")
    except (OSError, ValueError, AttributeError) as error:
        raise StoreError(f"The figure's {_OPTION} cannot be read: {error}", remedy="Run the node again.") from error
    return described
