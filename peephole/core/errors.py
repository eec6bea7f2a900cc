"""Every failure a person can meet. Each says what, where, what was got, and the remedy.

PeepholeError
├── DeclarationError      a node or port type is declared incompletely (raised at import)
├── DocumentError         a workflow file cannot be read or written
├── EditError             an edit that cannot be applied to the document
├── SettingError          a setting has a value it may not have
│   ├── UnsetError        a setting that is needed is not set yet
│   └── ColumnError       a setting names a column that is not there, or of the wrong type
├── FormulaError          a formula that is wrong or not allowed (with its position)
├── DataError             the data hold something the node cannot work with
│   └── SourceError       a file or database cannot be read
├── MissingLibraryError   an optional library is not installed
├── StoreError            results cannot be stored or read back
├── OutOfMemoryError      the work needs more memory than there is
├── RunError              a run could not be carried out
└── Cancelled             the person asked to stop
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, ClassVar


class PeepholeError(Exception):
    """A failure told to the person: what happened and where, what was got, and the remedy.

    what: one sentence.  remedy: what to do about it.  setting: path of the setting to mend ("keys", "compute[0].column").
    """

    id: ClassVar[str] = "error"

    def __init__(self, what: str, *, remedy: str = "", setting: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.setting = setting

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}".strip()

    def to_json(self) -> dict[str, Any]:
        """As plain data, for events and stored messages."""
        return {"id": self.id, "what": self.what, "remedy": self.remedy, "setting": self.setting}


class DeclarationError(PeepholeError):
    """A node or a port type is declared incompletely."""

    id = "declaration"


class DocumentError(PeepholeError):
    """A workflow document cannot be read or written."""

    id = "document"


class EditError(PeepholeError):
    """An edit that cannot be applied to this document."""

    id = "edit"


class SettingError(PeepholeError, ValueError):
    """A setting has a value that it may not have, or none where one is needed."""

    id = "setting"


class UnsetError(SettingError):
    """A setting that is needed is not set yet: still to be done, and no mistake."""

    id = "unset"


class ColumnError(SettingError):
    """A setting names a column that the incoming table does not have, or one of the wrong type."""

    id = "column"


class FormulaError(PeepholeError, ValueError):
    """A formula is wrong or not allowed.  position: index of the character where it goes wrong, if known."""

    id = "formula"

    def __init__(self, what: str, *, remedy: str = "", setting: str | None = None, position: int | None = None) -> None:
        super().__init__(what, remedy=remedy, setting=setting)
        self.position = position

    def to_json(self) -> dict[str, Any]:
        """As plain data, with the position."""
        return {**super().to_json(), "position": self.position}


class DataError(PeepholeError, ValueError):
    """The data hold something that the node cannot work with."""

    id = "data"


class SourceError(DataError):
    """A file or database cannot be read."""

    id = "source"


class MissingLibraryError(PeepholeError, ImportError):
    """An optional library is needed and not installed."""

    id = "missing-library"


class StoreError(PeepholeError):
    """Results cannot be stored, or read back."""

    id = "store"


class OutOfMemoryError(PeepholeError):
    """The work needs more memory than there is."""

    id = "memory"


class RunError(PeepholeError):
    """A run could not be carried out."""

    id = "run"


class Cancelled(PeepholeError):  # noqa: N818 - not an error to the person who asked for it
    """The person asked to stop."""

    id = "cancelled"

    def __init__(self, what: str = "Cancelled.") -> None:
        super().__init__(what)


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint `Did you mean "departure"?` for a misspelt name, or nothing."""
    names = list(known)
    folded = {n.casefold(): n for n in names}
    found = get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return f'Did you mean "{folded[found[0]]}"?' if found else ""


def listing(names: Iterable[str], most: int = 12) -> str:
    """Names for a message, the long list cut: `a, b, c ... (40 in all)`."""
    all_names = list(names)
    if len(all_names) <= most:
        return ", ".join(all_names) or "none"
    return f"{', '.join(all_names[:most])} ... ({len(all_names)} in all)"
