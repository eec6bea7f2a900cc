"""Whether groups differ by more than chance, by ranks: no matter how their numbers are spread."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import narwhals as nw

from peephole.core.errors import DataError, SettingError
from peephole.core.node import node
from peephole.core.settings import Column, NumberColumn
from peephole.core.types import Table
from peephole.nodes.statistics._results import NUMBER, TEXT, WHOLE, collected, number, small_table
from peephole.tables.values import names_of

_MOST_GROUPS = 1000
_GROUP, _VALUE, _RANK = "__group__", "__value__", "__rank__"


class RankTest(NamedTuple):
    """What `rank_test` gives."""

    test: Table
    groups: Table


@node(
    family="statistics",
    icon="statistics",
    says="{column} by {groups}",
    outside=True,
    needs=("scipy",),
    pack="statistics",
    also=("Mann-Whitney U test", "Wilcoxon rank-sum", "Kruskal-Wallis test", "Non-parametric test"),
)
def rank_test(table: Table, *, column: NumberColumn, groups: Column) -> RankTest:
    """Whether the numbers of one group tend to be larger than those of another (Mann-Whitney, Kruskal-Wallis).

    Only the order of the numbers counts, so far-off values and skewed columns do no harm. Rows where the number or the group is
    missing are left out.

    table: rows with numbers.
    column: the numbers.
    groups: the column whose values make the groups; two are compared by Mann and Whitney's test, more by Kruskal and Wallis'.
    test: which test, how many values, its statistic (U or H), the degrees of freedom, the probability of such a statistic by
        chance (p), and how strong the difference is: for two groups the chance that a value of the first is larger than one of
        the second (a half: no difference), for more the share of the spread of ranks (epsilon squared).
    groups: for each group how many values, their median and their mean rank.
    """
    if column == groups:
        raise SettingError("The groups are the numbers themselves.", remedy="Choose two columns.", setting="groups")
    value = nw.col(column).cast(nw.Float64)
    there = table.filter(~nw.col(column).is_null(), ~nw.col(groups).is_null())
    ranked = there.select(nw.col(groups).alias(_GROUP), value.alias(_VALUE), value.rank("average").alias(_RANK))
    rank, known = nw.col(_RANK).cast(nw.Float64), nw.col(_VALUE)
    made = ranked.group_by(_GROUP).agg(count=nw.len().cast(nw.Int64), ranks=rank.sum(), median=known.median())
    found = sorted(collected(made.head(_MOST_GROUPS + 1)), key=lambda f: f[_GROUP])
    if not 2 <= len(found) <= _MOST_GROUPS:
        raise DataError(
            f'"{groups}" has {len(found)} values that have numbers.',
            remedy=f"Choose a column with two to {_MOST_GROUPS} groups.",
            setting="groups",
        )
    tied = ranked.group_by(_VALUE).agg(n=nw.len().cast(nw.Float64)).select(ties=(nw.col("n") ** 3 - nw.col("n")).sum())
    row = _tested(found, number(collected(tied)[0]["ties"]))
    kinds = {"test": TEXT, "count": WHOLE, "statistic": NUMBER, "df": WHOLE, "p": NUMBER, "effect": NUMBER}
    each = [
        {"group": name, "count": f["count"], "median": f["median"], "mean rank": f["ranks"] / f["count"]}
        for name, f in zip(names_of([f[_GROUP] for f in found], []), found, strict=True)
    ]
    return RankTest(
        small_table([row], kinds),
        small_table(each, {"group": TEXT, "count": WHOLE, "median": NUMBER, "mean rank": NUMBER}),
    )


def _tested(found: list[dict[str, Any]], ties: float) -> dict[str, Any]:
    total = sum(f["count"] for f in found)
    row: dict[str, Any] = {"count": total}
    if ties >= total**3 - total:  # all the same
        return {**row, "test": "Mann-Whitney" if len(found) == 2 else "Kruskal-Wallis"}
    return row | (_mann_whitney(found, total, ties) if len(found) == 2 else _kruskal_wallis(found, total, ties))


def _mann_whitney(found: list[dict[str, Any]], total: int, ties: float) -> dict[str, Any]:
    """Mann and Whitney (1947): by the normal distribution, corrected for ties and for the steps of U."""
    from scipy.special import ndtr

    n, m = found[0]["count"], found[1]["count"]
    u = found[0]["ranks"] - n * (n + 1) / 2
    deviation = math.sqrt(n * m / 12 * ((total + 1) - ties / (total * (total - 1))))
    z = (max(u, n * m - u) - n * m / 2 - 0.5) / deviation
    p = min(1.0, 2 * float(ndtr(-z)))
    return {"test": "Mann-Whitney", "statistic": u, "p": p, "effect": u / (n * m)}


def _kruskal_wallis(found: list[dict[str, Any]], total: int, ties: float) -> dict[str, Any]:
    """Kruskal and Wallis (1952), corrected for ties."""
    from scipy.special import chdtrc

    squares = math.fsum(f["ranks"] ** 2 / f["count"] for f in found)
    h = (12 / (total * (total + 1)) * squares - 3 * (total + 1)) / (1 - ties / (total**3 - total))
    df = len(found) - 1
    p = float(chdtrc(df, h))
    return {"test": "Kruskal-Wallis", "statistic": h, "df": df, "p": p, "effect": h / (total - 1)}
