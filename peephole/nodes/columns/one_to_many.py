"""Values of a column become columns of 0 and 1."""

from __future__ import annotations

from typing import Annotated

import narwhals as nw
from pydantic import Field

from peephole.core.errors import DataError
from peephole.core.node import node
from peephole.core.schema import ROW
from peephole.core.settings import Between, ColumnPicker
from peephole.core.types import Table
from peephole.nodes._columns import arranged
from peephole.tables.values import different_values, names_of


@node(
    family="columns",
    icon="columns",
    says="{columns}[, {keep:kept as well}]",
    title="One to many",
    data_dependent=True,
    also=("One Hot", "Dummy Variables", "Continuize", "Create Indicators"),
)
def one_to_many(
    table: Table,
    *,
    columns: Annotated[list[str], ColumnPicker(types=("category",)), Field(min_length=1)],
    keep: bool = False,
    most: Annotated[int, Between(1, 10_000)] = 200,
) -> Table:
    """For each value of a column a column that is 1 where it occurs, and 0 elsewhere (one-hot).

    table: columns with categories.
    columns: the columns to spread out.
    keep: whether these columns stay beside the new ones.
    most: fail where a column has more values than this.
    returns: the table, then for each column one called "column=value" for each of its values, in their order; missing values
        make a column too.
    """
    chosen = list(dict.fromkeys(columns))
    rest = [n for n in table.collect_schema().names() if keep or n not in chosen]
    taken = [n for n in rest if n != ROW]
    made: dict[str, nw.Expr] = {}
    for column in chosen:
        values = different_values(table, column, most, title="One to many", setting="columns")
        for name, value in zip(names_of(values, [*taken, *made], f"{column}="), values, strict=True):
            here = nw.col(column).is_null() if value is None else (nw.col(column) == value).fill_null(False)
            made[name] = here.cast(nw.Int64).alias(name)
    if not made and not taken:
        raise DataError("One to many: there are no rows, and so no columns.", remedy="Keep the old columns.")
    if not made:
        return table.select(rest)
    return arranged(table.with_columns(*made.values()), table.select(rest), list(made))
