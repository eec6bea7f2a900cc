"""Models on disk: the estimator as a skops file, and a card that says in plain JSON what it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any

from peephole.core.errors import SettingError, StoreError
from peephole.core.types import Model
from peephole.ports.model_contents import CONTENTS_FORMAT, UntoldError, contents

_FILE = "model.skops"
_CARD = "card.json"
_CONTENTS = "contents.json"
_FORMAT = 1
_LIBRARIES = ("peephole", "scikit-learn", "skops", "numpy")
_MEANING = ("task", "target", "features", "classes")


class ModelCodec:
    """Keeps a Model as a skops file, a JSON card, and what it has learnt in JSON."""

    def save(self, value: Model, folder: Path) -> None:
        """Write the model into an empty folder; raises StoreError where it holds types that could not be loaded."""
        from peephole.ports import _skops

        _skops.dump(value.estimator, folder / _FILE)
        card = {
            "format": _FORMAT,
            "title": value.title,
            "task": value.task,
            "target": value.target,
            "features": value.features,
            "classes": value.classes,
            "notes": value.notes,
            "libraries": {name: metadata.version(name) for name in _LIBRARIES},
        }
        text = json.dumps(card, indent=1, ensure_ascii=False, allow_nan=False)
        (folder / _CARD).write_text(text + "\n", encoding="utf-8")
        with suppress(UntoldError, ValueError, TypeError):  # whoever looks is told why; the last two: what JSON has not
            told = {"format": CONTENTS_FORMAT, **contents(value)}
            (folder / _CONTENTS).write_text(json.dumps(told, ensure_ascii=False, allow_nan=False), encoding="utf-8")

    def load(self, folder: Path) -> Model:
        """Read it back; raises StoreError for a damaged file or types that are not known to be safe."""
        from peephole.ports import _skops

        card = _card(folder)
        return Model(
            estimator=_skops.load(folder / _FILE),
            task=card["task"],
            target=card["target"],
            features=card["features"],
            classes=card["classes"],
            title=card["title"],
            notes=card["notes"],
        )

    def contents(self, folder: Path) -> dict[str, Any]:
        """What the model has learnt, in plain data: as told when it was saved, which needs none of its libraries.

        Raises UntoldError where its estimator does not let it be told.
        """
        with suppress(OSError, ValueError):
            told = json.loads((folder / _CONTENTS).read_text(encoding="utf-8"))
            if isinstance(told, dict) and told.pop("format", None) == CONTENTS_FORMAT:
                return told
        return contents(self.load(folder))

    def content_key(self, folder: Path) -> str:
        """Hash of the fitted estimator and of what it predicts from what; equal for two fits that came out equal."""
        from peephole.ports import _skops

        card = _card(folder)
        meaning = json.dumps([card[key] for key in _MEANING], ensure_ascii=False)
        return hashlib.sha256((meaning + _skops.fingerprint(folder / _FILE)).encode()).hexdigest()

    def summary(self, folder: Path) -> dict[str, Any]:
        """What it predicts, of what kind, from how many columns, learnt from how many rows."""
        card = _card(folder)
        facts = {
            "title": card["title"],
            "task": card["task"],
            "target": card["target"],
            "features": len(card["features"]),
            "classes": len(card["classes"]) or None,
            "rows": card["notes"].get("rows"),
        }
        return {name: fact for name, fact in facts.items() if fact is not None}

    def adapt(self, value: Any) -> tuple[Model, Callable[[Any], Any]]:
        """A Model as it is."""
        if not isinstance(value, Model):
            raise SettingError(
                f"A model is needed, and {type(value).__name__} was given.", remedy="Give what a learner returns."
            )
        return value, lambda result: result


def _card(folder: Path) -> dict[str, Any]:
    path = folder / _CARD
    try:
        card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        missing = [key for key in (*_MEANING, "title", "notes") if key not in card]
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(
            f"The model's card {path.name} cannot be read: {error}", remedy="Run the learner again."
        ) from error
    if card.get("format") != _FORMAT or missing:
        raise StoreError(
            f"The model's card is of format {card.get('format')!r}, and this version reads {_FORMAT}.",
            remedy="Run the learner again.",
        )
    return card
