"""The ready workflows: in the package once installed, beside it in a checkout."""

from __future__ import annotations

import shutil
from pathlib import Path

import peephole
from peephole.core.errors import DocumentError, listing, nearest
from peephole.workflow.files import SUFFIX, load, save


def templates() -> dict[str, Path]:
    """Every template's folder by name."""
    package = Path(peephole.__file__).parent
    for folder in (package / "templates", package.parent / "templates"):
        found = {f.name: f for f in sorted(folder.glob("*")) if any(f.glob(f"*{SUFFIX}"))}
        if found:
            return found
    return {}


def template(name: str) -> Path:
    """The folder of a template; raises DocumentError with the nearest name."""
    found = templates()
    if name not in found:
        raise DocumentError(
            f'There is no template "{name}".', remedy=f"{nearest(name, found)} Templates: {listing(found)}.".strip()
        )
    return found[name]


def workflow_of(folder: Path) -> Path:
    """The workflow in a template's folder."""
    return next(iter(sorted(folder.glob(f"*{SUFFIX}"))))


def copy_template(name: str, path: Path, title: str = "") -> None:
    """Put the template's workflow at `path` and what else it brings beside it, but nothing over what is there.

    title: what the copy is called; as the template if empty.
    """
    folder = template(name)
    source = workflow_of(folder)
    whole = load(source)
    save(whole.model_copy(update={"title": title or whole.title}), path)
    for extra in folder.iterdir():
        target = path.absolute().parent / extra.name
        if extra == source or extra.name == "README.md" or target.exists():
            continue
        if extra.is_dir():
            shutil.copytree(extra, target)
        else:
            shutil.copyfile(extra, target)
