"""Whether means differ by more than chance."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import narwhals as nw

from peephole.core.errors import DataError, SettingError
from peephole.core.node import node
from peephole.core.settings import Between, Column, NumberColumn
from peephole.core.types import Table
from peephole.nodes.statistics._results import NUMBER, TEXT, WHOLE, collected, figures, number, small_table

_NEEDS = ("scipy",)
_MOST_GROUPS = 10_000
_N, _MEAN, _STD = "__n__", "__mean__", "__std__"


@node(
    family="statistics",
    icon="statistics",
    says="{column}[ by {groups}]",
    title="t-test",
    outside=True,
    needs=_NEEDS,
    pack="statistics",
    also=("Independent Groups t-test", "Paired t-test", "Single Sample t-test"),
)
def t_test(
    table: Table,
    *,
    column: NumberColumn,
    kind: Literal["one sample", "two samples", "paired"] = "two samples",
    groups: Column | None = None,
    other: NumberColumn | None = None,
    mean: float = 0,
    equal_variances: bool = False,
    confidence: Annotated[float, Between(0.5, 0.9999)] = 0.95,
) -> Table:
    """Whether a mean differs from a number, or two means from each other, by more than chance (Student's and Welch's t).

    Missing values are left out; of pairs, those where either is missing.

    table: rows with numbers.
    column: the numbers.
    kind: against a number (one sample), between two groups of rows (two samples), or between two columns (paired).
    groups: for two samples, the column that tells the groups apart; it must have two values.
    other: for pairs, the column to compare with.
    mean: the number that the mean, or the difference of the means, is compared with.
    equal_variances: for two samples, whether both groups spread alike (Student); if not, Welch's test is made.
    confidence: how sure the limits of the difference are to hold it.
    returns: one row: what was compared, how many values, the mean or the difference of means, t, the degrees of freedom, the
        two-sided probability of such a t by chance (p), and limits between which the difference lies.
    """
    value = nw.col(column).cast(nw.Float64)
    if kind == "two samples":
        compared, difference, error, df, count = _two(table, column, groups, equal_variances)
    else:
        if kind == "paired":
            if other is None:
                raise SettingError("t-test: a pair has two columns.", remedy="Choose the other one.", setting="other")
            value = value - nw.col(other).cast(nw.Float64)
        found = figures(table, value.count().alias(_N), value.mean().alias(_MEAN), value.std().alias(_STD))
        compared = column if kind == "one sample" else f"{column} - {other}"
        count, df = int(found[_N]), float(found[_N] - 1)
        difference = number(found[_MEAN])
        error = number(found[_STD]) / math.sqrt(count) if count else math.nan
    return _tested(compared, difference, error, df, count, mean, confidence)


def _two(table: Table, column: str, groups: str | None, equal: bool) -> tuple[str, float, float, float, int]:
    if groups is None:
        raise SettingError("t-test: two samples of what?", remedy="Choose the column of groups.", setting="groups")
    found = _by_group(table, column, groups)
    if len(found) != 2:
        raise DataError(
            f'"{groups}" has {len(found)} values that have numbers, and a t-test compares two.',
            remedy="Filter the rows to two groups, or use ANOVA.",
            setting="groups",
        )
    (n, one, s), (m, two, r) = ((f[_N], f[_MEAN], number(f[_STD])) for f in found)
    if equal:
        df = float(n + m - 2)
        pooled = ((n - 1) * s * s + (m - 1) * r * r) / df if n > 1 and m > 1 else math.nan
        error = math.sqrt(pooled * (1 / n + 1 / m))
    else:
        a, b = s * s / n, r * r / m
        error = math.sqrt(a + b)
        df = (a + b) ** 2 / (a * a / (n - 1) + b * b / (m - 1)) if a + b > 0 else math.nan
    return f"{found[0][groups]} - {found[1][groups]}", one - two, error, df, int(n + m)


def _by_group(table: Table, column: str, groups: str) -> list[dict[str, Any]]:
    """Count, mean and deviation of each group that has numbers, in the order of the groups."""
    there = table.filter(~nw.col(column).is_null(), ~nw.col(groups).is_null())
    if column == groups:
        raise SettingError("The groups are the numbers themselves.", remedy="Choose two columns.", setting="groups")
    value = nw.col(column).cast(nw.Float64)
    made = there.group_by(groups).agg(
        value.count().cast(nw.Int64).alias(_N), value.mean().alias(_MEAN), value.std().alias(_STD)
    )
    found = collected(made.head(_MOST_GROUPS + 1))
    if len(found) > _MOST_GROUPS:
        raise DataError(
            f'"{groups}" has more than {_MOST_GROUPS} values.', remedy="Choose a column with fewer.", setting="groups"
        )
    return sorted(found, key=lambda f: f[groups])


def _tested(compared: str, mean: float, error: float, df: float, count: int, at: float, sure: float) -> Table:
    from scipy.special import stdtr, stdtrit

    types = {"compared": TEXT, "count": WHOLE, **dict.fromkeys(("mean", "t", "df", "p", "low", "high"), NUMBER)}
    row: dict[str, Any] = {"compared": compared, "count": count, "mean": mean}
    if error > 0:
        t = (mean - at) / error
        reach = float(stdtrit(df, (1 + sure) / 2)) * error
        row |= {"t": t, "df": df, "p": 2 * float(stdtr(df, -abs(t))), "low": mean - reach, "high": mean + reach}
    return small_table([row], types)


@node(
    family="statistics",
    icon="statistics",
    says="{column} by {groups}",
    title="ANOVA",
    outside=True,
    needs=_NEEDS,
    pack="statistics",
    also=("One-way ANOVA", "Analysis of variance"),
)
def anova(table: Table, *, column: NumberColumn, groups: Column) -> Table:
    """Whether the means of several groups differ by more than chance (one-way analysis of variance).

    Rows where the number or the group is missing are left out.

    table: rows with numbers.
    column: the numbers.
    groups: the column whose values make the groups.
    returns: three rows, for the spread between the groups, within them, and in all: sum of squares, degrees of freedom, mean
        square; for the first also F, the probability of such an F by chance (p), and the share of the spread (eta_squared).
    """
    from scipy.special import fdtrc

    found = _by_group(table, column, groups)
    count = sum(f[_N] for f in found)
    centre = sum(f[_N] * f[_MEAN] for f in found) / count if count else math.nan
    between = math.fsum(f[_N] * (f[_MEAN] - centre) ** 2 for f in found)
    within = math.fsum((f[_N] - 1) * (f[_STD] or 0.0) ** 2 for f in found)
    first, second = max(len(found) - 1, 0), max(count - len(found), 0)
    rows: list[dict[str, Any]] = [
        {"source": "between", "sum_of_squares": between, "df": first},
        {"source": "within", "sum_of_squares": within, "df": second},
        {"source": "total", "sum_of_squares": between + within, "df": first + second},
    ]
    for row in rows[:2]:
        row["mean_square"] = row["sum_of_squares"] / row["df"] if row["df"] else None
    if first and second and within > 0:
        f = rows[0]["mean_square"] / rows[1]["mean_square"]
        rows[0] |= {"f": f, "p": float(fdtrc(first, second, f)), "eta_squared": between / (between + within)}
    numbers = dict.fromkeys(("mean_square", "f", "p", "eta_squared"), NUMBER)
    return small_table(rows, {"source": TEXT, "sum_of_squares": NUMBER, "df": WHOLE, **numbers})
