"""What a check finds, worded for the person."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Finding(BaseModel):
    """Something that is wrong.  node: its path (`component/inner`), "" for the whole workflow.  wire: as in the document.

    position: where in a formula it goes wrong, the index of a character.

    id: loop, no-node, no-port, no-setting, open-end, port-type, port-taken, wire-twice, input-missing, setting,
    unset (needed, and not set yet), column, unknown-type, newer-node, newer-block, migration,
    ahead (said by a node before it runs).
    """

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: str
    severity: Literal["error", "warning"]
    node: str
    what: str
    remedy: str = ""
    setting: str | None = None
    position: int | None = None
    wire: str | None = None

    def __str__(self) -> str:
        return f"{self.node + ': ' if self.node else ''}{self.what} {self.remedy}".strip()
