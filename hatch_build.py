"""The wheel's build: makes the browser side first, so that an installed Peephole needs no Node."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BrowserSide(BuildHookInterface[Any]):
    """Runs ui/build.py before files are gathered; an editable install leaves it to the Makefile."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling."""
        if version != "editable":
            subprocess.run([sys.executable, str(Path(self.root) / "ui" / "build.py")], check=True)
