"""Finding nodes by the words a person knows: their names here and in other programs, and what they say they do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peephole.core.node import NodeSpec


def find(text: str, specs: Iterable[NodeSpec]) -> list[NodeSpec]:
    """The nodes in which each word of the text begins some word, those with the best fitting name first."""
    wanted = _words(text)
    ranked = [(rank, spec) for spec in specs if (rank := _rank(wanted, spec)) is not None]
    return [spec for _, spec in sorted(ranked, key=lambda pair: (pair[0], pair[1].title.casefold()))]


def _rank(wanted: list[str], spec: NodeSpec) -> int | None:
    """0 and 1 where the title or another name is just that, 2 and 3 where the words begin those of one, 4 of the summary."""
    names = [_words(name) for name in (spec.title, spec.type.replace("_", " "), *spec.also)]
    if not wanted or wanted == names[0]:
        return 0
    if wanted in names:
        return 1
    if _fit(wanted, names[0]) or _fit(wanted, names[1]):
        return 2
    if any(_fit(wanted, name) for name in names[2:]):
        return 3
    everything = [*(word for name in names for word in name), *_words(spec.summary), *_words(spec.family)]
    return 4 if _fit(wanted, everything) else None


def _fit(wanted: list[str], words: list[str]) -> bool:
    return all(any(word.startswith(start) for word in words) for start in wanted)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())
