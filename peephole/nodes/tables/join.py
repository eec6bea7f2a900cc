"""Two tables made one by equal values."""

from __future__ import annotations

from typing import Annotated, Literal

import narwhals as nw

from peephole.core.errors import ColumnError, SettingError
from peephole.core.node import node
from peephole.core.schema import visible
from peephole.core.settings import ColumnPicker, Group
from peephole.core.types import Table
from peephole.tables.engines_meet import on_engine_of
from peephole.tables.order import without_rows
from peephole.tables.schema import schema_of

_KINDS = {"integer": "number"}


class KeyPair(Group):
    """A column of each table that must be equal."""

    left: Annotated[str, ColumnPicker(port="left")]
    right: Annotated[str, ColumnPicker(port="right")]

    def words(self) -> str:
        """As the canvas says it."""
        return self.left if self.left == self.right else f"{self.left} = {self.right}"


@node(
    family="tables",
    icon="join",
    says="{how} join[ on {keys}]",
    also=("Joiner", "Merge Data", "Merge", "Cross Joiner", "Reference Row Filter"),
)
def join(
    left: Table,
    right: Table,
    *,
    keys: list[KeyPair] = [],  # noqa: B006 - never changed
    how: Literal["inner", "left", "right", "full", "semi", "anti", "cross"] = "inner",
    suffix: str = "_right",
) -> Table:
    """Each row of one table beside the rows of the other that fit it.

    inner: rows that fit. left: all rows of the left table. right: all of the right one. full: all rows of both. semi: rows of the
    left table that fit some row of the right one. anti: those that fit none. cross: every row with every row.
    A missing value fits nothing, not even another one. The result has no order, but for semi and anti: Sort puts it in one, by a
    Row number given to the left table where it is to be as before. A row that fits several
    comes several times, and nothing says which rows fit none: the node *Unmatched rows* counts and lists those of both tables.

    left: the first table.
    right: the second table.
    keys: pairs of columns that must be equal; the result has the left one's name.
    how: which rows to keep.
    suffix: what is put to the name of a right column that the left table has too.
    returns: the left table's columns, then the right one's without its keys.
    """
    right = without_rows(on_engine_of(left, right))
    if how == "cross":
        return without_rows(left).join(renamed(left, right, [], suffix, "Join"), how="cross")
    if not keys:
        raise SettingError("Join: there are no keys.", remedy="Choose the columns that must be equal.", setting="keys")
    check_kinds(left, right, keys, "Join")
    left_on, right_on = [k.left for k in keys], [k.right for k in keys]
    if how in ("semi", "anti"):
        return left.join(right.select(*dict.fromkeys(right_on)), left_on=left_on, right_on=right_on, how=how)
    left, right = without_rows(left), renamed(left, right, right_on, suffix, "Join")
    hidden = [f"__key_{i}__" for i in range(len(keys))]
    keyed = right.with_columns(nw.col(key).alias(name) for key, name in zip(right_on, hidden, strict=True))
    keyed = keyed.drop(*dict.fromkeys(right_on))
    kept = [*left.collect_schema().names(), *(n for n in keyed.collect_schema().names() if n not in hidden)]
    left, left_on = _each_once(left, left_on)
    if how == "right":
        found = keyed.join(left, left_on=hidden, right_on=left_on, how="left")
        return found.with_columns(nw.col(h).alias(key) for h, key in zip(hidden, left_on, strict=True)).select(kept)
    joined = left.join(keyed, left_on=left_on, right_on=hidden, how=how)
    if how == "full":  # Narwhals keeps the right keys of a full join, and drops those of the others
        pairs = zip(left_on, hidden, strict=True)
        joined = joined.with_columns(nw.coalesce(nw.col(key), nw.col(h)).alias(key) for key, h in pairs)
    return joined.select(kept)


def _each_once(table: Table, names: list[str]) -> tuple[Table, list[str]]:
    """Keys with other names for those that occur again: not every engine joins one column with two."""
    called = [f"__again_{i}__" if name in names[:i] else name for i, name in enumerate(names)]
    copies = [nw.col(old).alias(new) for old, new in zip(names, called, strict=True) if old != new]
    return (table.with_columns(*copies) if copies else table), called


def check_kinds(left: Table, right: Table, keys: list[KeyPair], title: str) -> None:
    """Raise ColumnError where two keys are of types that are never equal."""
    lefts, rights = schema_of(left), schema_of(right)
    for position, key in enumerate(keys):
        a, b = lefts[key.left], rights[key.right]
        if _KINDS.get(a, a) != _KINDS.get(b, b):
            raise ColumnError(
                f'{title}: "{key.left}" is of type {a}, and "{key.right}" of type {b}: they are never equal.',
                remedy="Cast one of them, or choose another column.",
                setting=f"keys[{position}]",
            )


def renamed(left: Table, right: Table, keys: list[str], suffix: str, title: str) -> Table:
    """The right table with other names for the columns that the left one has too."""
    taken = {name.casefold() for name in left.collect_schema().names()}
    names = [name for name in visible(right.collect_schema().names()) if name not in keys]
    new = {name: name + suffix for name in names if name.casefold() in taken}
    called = [new.get(name, name).casefold() for name in names]
    clash = next((n for n in called if n in taken or called.count(n) > 1), None)
    if clash is not None:
        raise SettingError(
            f'{title}: two columns would be called "{clash}".', remedy="Choose another suffix.", setting="suffix"
        )
    return right.rename(new) if new else right
