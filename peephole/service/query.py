"""What a request runs, laid out once for each session: queries stay as they are, and each request puts its rows under them.

Building a query takes longer than running it on a few rows. So the tables where rows come to lie (inputs, and what
a node computes outside the engine) get names in the session, and a query over names is built once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import narwhals as nw
import pyarrow as pa

from peephole.core.errors import PeepholeError
from peephole.core.schema import ROW
from peephole.engine.frames import Results, call
from peephole.engine.problems import problem_of
from peephole.engine.steps import Link, Step
from peephole.tables.duck import DuckSession
from peephole.tables.duck_errors import explained
from peephole.tables.order import reading_order, without_rows

Place = tuple[str, str]  # a step and its output


class ComputeError(PeepholeError):
    """A node failed on the rows of a request."""

    id = "compute"


class RequestSession(DuckSession):
    """Remembers the rows that a node outside the engine has just handed back, so that no query fetches them again."""

    _handed: tuple[Any, Any] = (None, None)

    def from_arrow(self, table: pa.Table) -> nw.LazyFrame[Any]:
        """A frame over rows in memory."""
        frame = super().from_arrow(table)
        self._handed = (frame, table)
        return frame

    def rows_of(self, frame: nw.LazyFrame[Any]) -> pa.Table:
        """All rows of a frame."""
        made, table = self._handed
        if frame is made:
            return table
        with explained():
            rows: pa.Table = frame.collect("pyarrow").to_native()
        return rows


class LaidOut:
    """The steps of a request in one session.

    inputs: step -> the input it is.  outputs: by name, the step that gives the rows.  fixed: what lies before the steps.
    """

    def __init__(
        self,
        session: RequestSession,
        steps: Sequence[Step],
        inputs: Mapping[str, str],
        outputs: Mapping[str, Step],
        results: Results,
        fixed: Callable[[Link, DuckSession], Any],
    ) -> None:
        self.session = session
        self._steps, self._inputs, self._outputs = steps, inputs, outputs
        self._results, self._fixed = results, fixed
        self._values: dict[Place, Any] = {}
        self._schemas: dict[Place, pa.Schema] = {}
        self._answers: dict[str, nw.LazyFrame[Any]] = {}
        self._changed: set[str] = set()  # steps that gave something else than a table under its old name

    def answer(self, given: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
        """The rows of each output for the rows of each input.  Raises ComputeError where a node fails on them."""
        self._changed.clear()
        for step in self._steps:
            with _blamed_on(step):
                self._run(step, given)
        return {name: self._shown(name, step) for name, step in self._outputs.items()}

    def _run(self, step: Step, given: Mapping[str, pa.Table]) -> None:
        if step.id in self._inputs:
            rows = given[self._inputs[step.id]]
            self._put((step.id, "table"), rows.append_column(ROW, pa.array(range(rows.num_rows), pa.int64())))
            return
        stands = _is_query(step) and all((step.id, port.name) in self._values for port in _spec(step).outputs)
        if stands and self._changed.isdisjoint(step.sources):
            return
        for port, value in call(step, self._value, self._results).items():
            if _is_query(step) or not isinstance(value, nw.LazyFrame):
                self._values[step.id, port] = value
                self._changed.add(step.id)
            else:
                self._put((step.id, port), self.session.rows_of(value))

    def _put(self, place: Place, rows: pa.Table) -> None:
        """Rows under the place's name; where their columns are other ones, what hangs on them is built anew."""
        name = f"{place[0]} {place[1]}"
        self.session.put(name, rows)
        if self._schemas.get(place) != rows.schema:
            self._schemas[place], self._values[place] = rows.schema, self.session.named(name)
            self._changed.add(place[0])

    def _value(self, link: Link) -> Any:
        place = (link.source, link.output)
        return self._values[place] if place in self._values else self._fixed(link, self.session)

    def _shown(self, name: str, step: Step) -> pa.Table:
        with _blamed_on(step):
            if name not in self._answers or step.id in self._changed:
                self._answers[name] = without_rows(reading_order(self._values[step.id, "table"]))
            return self.session.rows_of(self._answers[name])


def _spec(step: Step) -> Any:
    assert step.spec is not None  # checked when the service starts  # noqa: S101
    return step.spec


def _is_query(step: Step) -> bool:
    """Whether a step only builds a query, whatever the rows are."""
    spec = _spec(step)
    return spec.runs == "engine" and not spec.data_dependent


@contextmanager
def _blamed_on(step: Step) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        problem = problem_of(error, step.title)
        known = isinstance(error, PeepholeError) or type(error).__module__.lstrip("_").startswith("duckdb")
        what = problem.what if problem.what.startswith(step.title) else f"{step.title}: {problem.what}"
        raise (ComputeError(what, remedy=problem.remedy) if known else error) from error
