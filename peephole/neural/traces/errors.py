"""What can go wrong with a trace, in words: what, where, what was got, the remedy."""

from __future__ import annotations

from peephole.core.errors import PeepholeError


class LossError(PeepholeError, ValueError):
    """The loss given to `unfold` cannot be followed, or not for the single step asked for."""

    id = "trace-loss"
