"""Networks opened in the side process: found, run at one row, and kept open while they are looked at."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from peephole.core.errors import SettingError
from peephole.engine.side.frames import NotThereError, frame_of, source_at
from peephole.engine.side.networks import Found, network_at
from peephole.engine.side.planning import Desk, Planned
from peephole.engine.store import Store
from peephole.ports.network import NetworkCodec
from peephole.tables.order import order_columns
from peephole.tables.session import use_session

if TYPE_CHECKING:
    import pyarrow as pa

    from peephole.neural.trained import TrainedNetwork
    from peephole.neural.view.opened import OpenTrace, Question

MOST_ROWS = 2_000_000
PAGE = 200  # row numbers that are offered at a time

T = TypeVar("T")


class Kept:
    """The things used last, by key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[Any, Any] = OrderedDict()

    def get(self, key: Any, make: Callable[[], T]) -> T:
        """The thing, made if it is not there."""
        found: T = self._things.pop(key) if key in self._things else make()
        self._things[key] = found
        while len(self._things) > self._most:
            self._things.popitem(last=False)
        return found


class Traces:
    """Answers about opened networks.  desk: its session is used by this alone."""

    def __init__(self, desk: Desk, store: Store) -> None:
        self._desk = desk
        self._store = store
        self._networks = Kept(4)
        self._tables = Kept(3)
        self._rows = Kept(6)
        self._starts = Kept(6)
        self._opened = Kept(4)

    def answer(self, planned: Planned, asked: dict[str, Any]) -> Any:
        """What is asked of the network at a node: `about` it, the `values` of a row, the `head` of its trace, or a `slice`."""
        match asked["what"]:
            case "about":
                return self.about(planned, asked)
            case "values":
                return self.values(planned, asked)
            case "head":
                return self.opened(planned, asked).head()
            case _:
                return self.opened(planned, asked).ask(_question(asked["question"]))

    def about(self, planned: Planned, asked: dict[str, Any]) -> dict[str, Any]:
        """Which layers can be unfolded, which tables and rows can be run, and what has to be typed in for a row of one's own.

        first, count: where the page of row numbers begins, and how many there are.  start: the place among them of the first
        that has its answer too.  steps: of a column, the rows that make one
        example, 0 where it is one row.  trainer: the node that trained it, or does.
        """
        from peephole.neural.view.of_network import spans_of

        found = network_at(planned.plan, asked["node"], self._store)
        net = self._network(found)
        rows = self._whole_rows(planned, found, net, asked)
        start = self._start(planned, found, net, asked) if rows else 0
        first = start // PAGE * PAGE if asked.get("first") is None else int(asked["first"])
        graph = net.graph
        spans = spans_of(net)
        return {
            "title": found.step.title,
            "layers": [{"id": layer, "title": graph.layers[layer].title} for layer in net.recurrent_layers()],
            "layer": _layer(net, found, asked),
            "tables": [{"node": t.node, "port": t.port, "title": t.title} for t in found.tables],
            "rows": rows[first : first + PAGE],
            "first": first,
            "start": start,
            "count": len(rows),
            "columns": [
                {"name": name, "type": kind, "steps": spans.get(name, 0)} for name, kind in graph.columns().items()
            ],
            "training": found.training,
            "trainer": found.step.id,
            "epochs": len(net.history),
            "version": found.stored.key,
        }

    def values(self, planned: Planned, asked: dict[str, Any]) -> dict[str, Any]:
        """What the network reads of a row, as it would be typed in."""
        from peephole.neural.view.of_network import as_typed

        found = network_at(planned.plan, asked["node"], self._store)
        net = self._network(found)
        _, table = self._table(planned, found, net, asked)
        return as_typed(net, table, int(asked["row"]))

    def opened(self, planned: Planned, asked: dict[str, Any]) -> OpenTrace:
        """The network at one row (by number, the first whole one unless given), or at a row typed in."""
        from peephole.neural.view.of_network import open_network, typed

        found = network_at(planned.plan, asked["node"], self._store)
        net = self._network(found)
        layer, follow = _layer(net, found, asked), str(asked.get("follow") or "")
        title = found.step.title
        if layer is not None and layer in net.graph.layers:
            title += f": {net.graph.layers[layer].title}"
        if asked.get("typed"):
            values = _typed_values(str(asked["typed"]))
            key = (found.stored.key, layer, follow, "typed", json.dumps(values, sort_keys=True))

            def by_hand() -> OpenTrace:
                table = typed(net, values)
                last, name = table.num_rows - 1, "a row typed in"
                return open_network(net, table, row=last, layer=layer, title=title, row_name=name, follow=follow)

            return self._opened.get(key, by_hand)
        table_key, table = self._table(planned, found, net, asked)
        row = asked.get("row")
        number = int(row) if row is not None else self._first_whole(planned, found, net, asked)
        return self._opened.get(
            (found.stored.key, layer, follow, table_key, number),
            lambda: open_network(net, table, row=number, layer=layer, title=title, follow=follow),
        )

    def close(self) -> None:
        """Let go of the files."""
        if self._desk.session is not None:
            self._desk.session.close()

    def _network(self, found: Found) -> TrainedNetwork:
        def load() -> TrainedNetwork:
            from peephole.neural.trained import TrainedNetwork
            from peephole.neural.training.unfinished import unfinished

            if found.training:
                return unfinished(found.stored.folder)
            network = NetworkCodec().load(found.stored.folder)
            if not isinstance(network, TrainedNetwork):
                raise NotThereError(f'The network of "{found.step.title}" is not trained yet.', remedy="Run Train.")
            return network

        return self._networks.get(found.stored.key, load)

    def _table(
        self, planned: Planned, found: Found, net: TrainedNetwork, asked: dict[str, Any]
    ) -> tuple[str, pa.Table]:
        """The rows of the table chosen, those columns only that the network reads or answers, in reading order."""
        if not found.tables:
            raise NotThereError("No table is connected whose rows could be run.", remedy="Type a row in.")
        index = int(asked.get("table") or 0)
        if not 0 <= index < len(found.tables):
            raise SettingError(f"There is no table {index}.", remedy="Choose another.", setting="table")
        example = found.tables[index]
        source = source_at(planned, example.node, example.port)

        def read() -> pa.Table:
            session = self._desk.open_for(planned.plan)
            with use_session(session):
                frame = frame_of(planned, source, session)
                sorted_rows = frame.sort(*order_columns(frame)).head(MOST_ROWS)
                there = sorted_rows.collect_schema().names()
                wanted = dict.fromkeys([*net.graph.all_columns(), *_targets(net)])
                rows: pa.Table = sorted_rows.select(*(n for n in wanted if n in there)).collect("pyarrow").to_native()
                return rows

        return source.key, self._tables.get((source.key, found.stored.key), read)

    def _whole_rows(self, planned: Planned, found: Found, net: TrainedNetwork, asked: dict[str, Any]) -> list[int]:
        from peephole.neural.view.of_network import whole_rows

        key, table = self._table(planned, found, net, asked)
        return self._rows.get((key, found.stored.key), lambda: whole_rows(net, table))

    def _first_whole(self, planned: Planned, found: Found, net: TrainedNetwork, asked: dict[str, Any]) -> int:
        rows = self._whole_rows(planned, found, net, asked)
        if not rows:
            raise NotThereError("No row has everything that the network reads.", remedy="Choose another table.")
        return rows[self._start(planned, found, net, asked)]

    def _start(self, planned: Planned, found: Found, net: TrainedNetwork, asked: dict[str, Any]) -> int:
        """The place, among the rows that can be opened, of the first that has its answer; else of the first."""
        from peephole.neural.view.of_network import answered_rows

        key, table = self._table(planned, found, net, asked)
        rows = self._whole_rows(planned, found, net, asked)
        first: int | None = self._starts.get(
            (key, found.stored.key), lambda: next(iter(answered_rows(net, table)), None)
        )
        return rows.index(first) if first is not None else 0


def _layer(net: TrainedNetwork, found: Found, asked: dict[str, Any]) -> str | None:
    """The layer asked for; or the one whose node was meant; or the first recurrent one."""
    layers = net.recurrent_layers()
    wanted = asked.get("layer")
    if wanted:
        return str(wanted)
    meant = [
        name for name in layers if name == found.name or (not found.name and net.graph.layers[name].kind == found.kind)
    ]
    return next(iter([*meant, *layers]), None)


def _targets(net: TrainedNetwork) -> list[str]:
    return list(net.graph.layers[net.graph.output].settings["targets"]) if net.graph.ends else []


def _typed_values(text: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise SettingError("What was typed in is no row.", remedy="Fill in every field.", setting="typed")
    return values


def _question(given: dict[str, Any]) -> Question:
    """What the browser asks, checked. Raises SettingError."""
    from peephole.neural.view.opened import Question

    try:
        return Question.model_validate(given)
    except ValidationError as error:
        wrong = error.errors()[0]
        raise SettingError(f"{'.'.join(map(str, wrong['loc']))}: {wrong['msg']}.", remedy="Reload the page.") from None
