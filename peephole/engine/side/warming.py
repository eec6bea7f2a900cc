"""Makes ready for opening a network before anybody opens one: the first would wait seconds for imports."""

from __future__ import annotations

import threading
from importlib import import_module

from peephole.engine.plan import Plan
from peephole.engine.side.networks import any_trained
from peephole.engine.store import Store

AFTER = 0.3  # seconds: what a page asks for at its beginning goes first


class Warmer:
    """Does so once, as soon as there is a trained network."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._done = False

    def warm_for(self, plan: Plan) -> None:
        """plan: whose results may be looked at."""
        if self._done or not any_trained(plan, self._store):
            return
        self._done = True
        later = threading.Timer(AFTER, _open)
        later.daemon = True
        later.start()


def _open() -> None:
    import_module("peephole.neural.view.of_network").make_ready()
