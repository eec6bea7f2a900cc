"""Variables on disk: one JSON value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peephole.core.errors import StoreError
from peephole.core.types import Variable

_FILE = "variable.json"


class VariableCodec:
    """Keeps a Variable as JSON."""

    def save(self, value: Variable, folder: Path) -> None:
        """Write the value into an empty folder."""
        (folder / _FILE).write_text(json.dumps(value.value, ensure_ascii=False, allow_nan=False), encoding="utf-8")

    def load(self, folder: Path) -> Variable:
        """Read it back."""
        try:
            return Variable(json.loads((folder / _FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise StoreError(f"{folder / _FILE} cannot be read: {error}", remedy="Run the node again.") from error

    def content_key(self, folder: Path) -> str:
        """Hash of the JSON."""
        return hashlib.sha256((folder / _FILE).read_bytes()).hexdigest()

    def summary(self, folder: Path) -> dict[str, Any]:
        """The value itself."""
        return {"value": self.load(folder).value}

    def adapt(self, value: Any) -> tuple[Variable, Callable[[Any], Any]]:
        """A bare value becomes a Variable; results give the bare value back."""
        if isinstance(value, Variable):
            return value, lambda result: result
        return Variable(value), lambda result: result.value
