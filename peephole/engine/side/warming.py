"""Makes ready for a look at a model or network before anybody looks: the first look would wait seconds for imports."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from importlib import import_module

from peephole.engine.plan import Plan
from peephole.engine.side import values
from peephole.engine.side.networks import any_trained
from peephole.engine.store import Store, StoredOutput

AFTER = 0.3  # seconds: what a page asks for at its beginning goes first


class Warmer:
    """Does so once for models, once for networks: as soon as there is one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._done: set[str] = set()

    def warm_for(self, plan: Plan) -> None:
        """plan: whose results may be looked at."""
        model = next(_models(plan), None)
        if model is not None:
            self._soon("model", partial(_look, model))
        if any_trained(plan, self._store):
            self._soon("network", _open)

    def _soon(self, what: str, ready: Callable[[], None]) -> None:
        if what not in self._done:
            self._done.add(what)
            later = threading.Timer(AFTER, ready)
            later.daemon = True
            later.start()


def _models(plan: Plan) -> Iterator[StoredOutput]:
    for step in plan.steps.values():
        if step.result is not None:
            yield from (stored for stored in step.result.outputs.values() if stored.type == "Model")


def _look(model: StoredOutput) -> None:
    with suppress(Exception):  # whoever looks is told what is wrong with it
        values.described(model)


def _open() -> None:
    import_module("peephole.neural.view.of_network").make_ready()
