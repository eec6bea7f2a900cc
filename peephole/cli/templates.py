"""Where the ready workflows are: in the package once installed, beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

import peephole
from peephole.cli.errors import UsageError
from peephole.core.errors import listing, nearest

SUFFIX = ".peep.json"


def templates() -> dict[str, Path]:
    """Every template's folder by name."""
    package = Path(peephole.__file__).parent
    for folder in (package / "templates", package.parent / "templates"):
        found = {f.name: f for f in sorted(folder.glob("*")) if any(f.glob(f"*{SUFFIX}"))}
        if found:
            return found
    return {}


def template(name: str) -> Path:
    """The folder of a template; raises UsageError with the nearest name."""
    found = templates()
    if name not in found:
        raise UsageError(
            f'There is no template "{name}".', remedy=f"{nearest(name, found)} Templates: {listing(found)}.".strip()
        )
    return found[name]


def workflow_of(folder: Path) -> Path:
    """The workflow in a template's folder."""
    return next(iter(sorted(folder.glob(f"*{SUFFIX}"))))
