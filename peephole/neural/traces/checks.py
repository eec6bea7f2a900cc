"""The checks of what a trace is asked for; each failure says what, where, what was got, and the remedy."""

from __future__ import annotations

from collections.abc import Iterable

from peephole.core.errors import listing, nearest
from peephole.neural.cells.spec import CellSpec
from peephole.neural.errors import NetworkSettingError
from peephole.neural.layers.recurrent import Direction
from peephole.neural.traces.stack import Place, Stack


def check_place(stack: Stack, layer: int, direction: str) -> Place:
    """That there is such a cell."""
    if not 0 <= layer < stack.layers:
        raise NetworkSettingError(
            f"There is no layer {layer}: the trace has {stack.layers}.",
            remedy=f"Layers: 0 to {stack.layers - 1}.",
            setting="layer",
        )
    found: list[Direction] = [d for d in stack.directions if d == direction]
    if not found:
        raise NetworkSettingError(
            f"There is no direction {direction!r}.",
            remedy=f"Directions: {listing(stack.directions)}.",
            setting="direction",
        )
    return layer, found[0]


def check_variable(spec: CellSpec, name: str, known: Iterable[str] | None = None) -> str:
    """That the cell has such a variable; `known`: only these are meant."""
    names = [variable.id for variable in spec.variables] if known is None else list(known)
    return _check_name("variable", _full_name(spec), name, names)


def check_parameter(spec: CellSpec, name: str, present: Iterable[str]) -> str:
    """That the cell has such a parameter."""
    return _check_name("parameter", _full_name(spec), name, list(present))


def _full_name(spec: CellSpec) -> str:
    return " ".join(filter(None, (spec.kind.upper(), spec.variant)))


def _check_name(what: str, cell: str, name: str, known: list[str]) -> str:
    if name not in known:
        remedy = f"{nearest(str(name), known)} There is: {listing(known, 40)}.".strip()
        raise NetworkSettingError(f'{cell}: there is no {what} "{name}" here.', remedy=remedy, setting=what)
    return name


def check_index(setting: str, index: int, size: int, what: str) -> int:
    """That an index is from 0 to size - 1."""
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < size:
        raise NetworkSettingError(
            f"{setting} should be a whole number from 0 to {size - 1} ({what}), got {index!r}.",
            remedy="Count from 0.",
            setting=setting,
        )
    return index


def check_own_step(stack: Stack, place: Place, t: int, batch: int) -> int:
    """A step of the input that the sequence has, as a step of the cell's own time."""
    check_index("batch", batch, stack.layout.B, "the sequences of the batch")
    length = int(stack.layout.lengths[batch])
    check_index("t", t, length, f"the steps of sequence {batch}")
    return length - 1 - t if place[1] == "reverse" else t


def check_since(stack: Stack, place: Place, t: int, since: int | None, batch: int) -> int:
    """The step that a Jacobian starts from, in the cell's own time; by default the one before t. -1: the initial state."""
    own = check_own_step(stack, place, t, batch)
    if since is None:
        return own - 1
    length = int(stack.layout.lengths[batch])
    reverse = place[1] == "reverse"
    found = length - 1 - since if reverse else since
    if not -1 <= found <= own:
        allowed = f"from {t} to {length} ({length}" if reverse else f"from -1 to {t} (-1"
        raise NetworkSettingError(
            f"since should be {allowed} is the initial state), got {since!r}.",
            remedy="Errors travel against the cell's own time.",
            setting="since",
        )
    return found


def check_through(through: str) -> None:
    """That a Jacobian is asked for through every route or the highway."""
    if through not in ("all", "highway"):
        raise NetworkSettingError(
            f'through should be "all" or "highway", got {through!r}.', remedy="Shares: see routes.", setting="through"
        )


def check_rows(stack: Stack, rows: object) -> list[int]:
    """Steps t for an error map: a number of evenly spaced ones, "all", or the steps themselves."""
    T = int(stack.layout.lengths.max())
    if rows == "all":
        return list(range(T))
    if isinstance(rows, int) and not isinstance(rows, bool) and rows > 0:
        count = min(rows, T)
        return sorted({T - 1 - (k * T) // count for k in range(count)})
    if isinstance(rows, Iterable) and not isinstance(rows, str):
        steps = [check_index("rows", step, T, "the steps of the input") for step in rows]
        if steps:
            return steps
    raise NetworkSettingError(
        f'rows should be how many steps, "all", or the steps themselves, got {rows!r}.',
        remedy="For example rows=64.",
        setting="rows",
    )
