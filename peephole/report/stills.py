"""Still pictures of figures, kept beside the stored figure: drawing them takes longer than all the rest of a report."""

from __future__ import annotations

import contextlib
import hashlib
import os
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import peephole.figures
from peephole.core.types import Figure


def still(figure: Figure, folder: Path | None = None) -> str:
    """The figure as SVG without its title; nothing where matplotlib is missing or cannot draw it.

    folder: of the stored figure; a picture that is kept there is used again.
    """
    kept = folder / f"still-{_drawn_by()}.svg" if folder is not None else None
    if kept is not None and kept.is_file():
        return kept.read_text("utf-8")
    picture = _drawn(figure)
    if kept is not None and picture:
        with contextlib.suppress(OSError):  # a store that cannot be written to: draw again next time
            _keep(kept, picture)
    return picture


def _drawn(figure: Figure) -> str:
    try:
        from peephole.figures.static import svg

        return svg(figure, title=False)
    except ImportError:
        return ""
    except (
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
    ):  # an option of another package's: the live chart stands
        return ""


def _keep(path: Path, picture: str) -> None:
    """Whole or not at all."""
    with NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False, encoding="utf-8") as part:
        part.write(picture)
    os.replace(part.name, path)


@cache
def _drawn_by() -> str:
    """Changes with the code that draws."""
    digest = hashlib.sha256()
    for source in sorted(Path(peephole.figures.__path__[0]).glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]
