"""A straight line through numbers, with everything known about it."""

from __future__ import annotations

import math
from typing import Annotated, Any, NamedTuple

import narwhals as nw
from pydantic import Field

from peephole.core.errors import DataError, SettingError, listing
from peephole.core.node import node
from peephole.core.progress import message
from peephole.core.settings import Between, NumberColumn, NumberColumns
from peephole.core.types import Table
from peephole.nodes.statistics._results import NUMBER, TEXT, WHOLE, figures, number, small_table

_TERM = dict.fromkeys(("estimate", "std_error", "t", "p", "low", "high"), NUMBER)
_FIT = dict.fromkeys(("r_squared", "adjusted_r_squared", "std_error", "f", "p"), NUMBER)


class LinearRegression(NamedTuple):
    """What `linear_regression` gives."""

    coefficients: Table
    fit: Table


@node(
    family="statistics",
    icon="statistics",
    says="{target} from {features}",
    title="Linear regression",
    outside=True,
    needs=("numpy", "scipy"),
    pack="statistics",
    also=("Ordinary least squares", "OLS"),
)
def linear_regression(
    table: Table,
    *,
    target: NumberColumn,
    features: Annotated[NumberColumns, Field(min_length=1)],
    confidence: Annotated[float, Between(0.5, 0.9999)] = 0.95,
) -> LinearRegression:
    """The straight line that comes nearest to a column of numbers, by least squares, with its table of coefficients.

    Rows where any of the columns is missing are left out.

    table: rows with numbers.
    target: the column to explain.
    features: the columns to explain it with.
    confidence: how sure the limits of each coefficient are to hold it.
    coefficients: the intercept and each feature: its estimate, standard error, t, the probability of such a t if the true
        coefficient were 0 (p), and its limits.
    fit: rows used, degrees of freedom, R2 and adjusted R2, standard error of the residuals, F and its probability.
    """
    names = list(dict.fromkeys(features))
    if target in names:
        raise SettingError(
            f'Linear regression: "{target}" would explain itself.', remedy="Take it out.", setting="features"
        )
    complete = table.filter(*(~nw.col(name).is_null() for name in (*names, target)))
    rows = int(figures(table, nw.len().alias("rows"))["rows"])
    count, means, products = _products(complete, [*names, target])
    if count <= len(names) + 1:
        raise DataError(
            f"Linear regression: {count} complete rows are too few for {len(names)} features and an intercept.",
            remedy="Take more rows or fewer features, or fill missing values first.",
        )
    if count < rows:
        message(f"{rows - count:,} of {rows:,} rows are left out: a column is missing there.")
    return _fitted(names, count, means, products, confidence)


def _products(table: Table, names: list[str]) -> tuple[int, list[float], list[list[float]]]:
    """Rows, means, and sums of products about the means: in two passes, so that no digits are lost."""
    value = [nw.col(name).cast(nw.Float64) for name in names]
    first = figures(table, nw.len().alias("rows"), *(v.mean().alias(f"{i}") for i, v in enumerate(value)))
    count, means = int(first["rows"]), [number(first[f"{i}"]) for i in range(len(names))]
    if not count:
        return 0, means, []
    size = range(len(names))
    off = [v - m for v, m in zip(value, means, strict=True)]
    found = figures(table, *((off[i] * off[j]).sum().alias(f"{i} {j}") for i in size for j in size if j >= i))
    return count, means, [[number(found[f"{min(i, j)} {max(i, j)}"]) for j in size] for i in size]


def _fitted(
    names: list[str], count: int, means: list[float], products: list[list[float]], sure: float
) -> LinearRegression:
    import numpy as np
    from scipy.special import fdtrc, stdtr, stdtrit

    whole = np.array(products)
    inside, along, total = whole[:-1, :-1], whole[:-1, -1], float(whole[-1, -1])
    inverse = _inverse(inside, names)
    slopes = inverse @ along
    residual = max(total - float(slopes @ along), 0.0)
    df = count - len(names) - 1
    variance = residual / df
    centre = np.array(means[:-1])
    estimates = [means[-1] - float(slopes @ centre), *map(float, slopes)]
    spread = [1 / count + float(centre @ inverse @ centre), *map(float, np.diag(inverse))]
    reach = float(stdtrit(df, (1 + sure) / 2))
    rows: list[dict[str, Any]] = []
    for term, estimate, share in zip(["(intercept)", *names], estimates, spread, strict=True):
        error = math.sqrt(variance * share)
        t = estimate / error if error > 0 else math.nan
        row = {"term": term, "estimate": estimate, "std_error": error, "t": t, "p": 2 * float(stdtr(df, -abs(t)))}
        rows.append({**row, "low": estimate - reach * error, "high": estimate + reach * error})
    fit: dict[str, Any] = {"rows": count, "df": df, "std_error": math.sqrt(variance)}
    if total > 0:
        r2 = 1 - residual / total
        fit |= {"r_squared": r2, "adjusted_r_squared": 1 - (1 - r2) * (count - 1) / df}
        if residual > 0:
            fit["f"] = (total - residual) / len(names) / variance
            fit["p"] = float(fdtrc(len(names), df, fit["f"]))
    return LinearRegression(
        small_table(rows, {"term": TEXT, **_TERM}), small_table([fit], {"rows": WHOLE, "df": WHOLE, **_FIT})
    )


def _inverse(inside: Any, names: list[str]) -> Any:
    """The inverse of the features' products; raises DataError where they do not tell their parts apart."""
    import numpy as np

    scale = np.sqrt(np.diag(inside))
    flat = [name for name, s in zip(names, scale, strict=True) if not s > 0]
    if flat:
        raise DataError(
            f"Linear regression: {listing(flat)} has the same value in every row.",
            remedy="Take it out.",
            setting="features",
        )
    alike = inside / np.outer(scale, scale)
    if np.linalg.cond(alike) > 1e12:
        raise DataError(
            f"Linear regression: one of {listing(names)} follows from the others.",
            remedy="Take out a feature that says the same as others; Correlation matrix shows which.",
            setting="features",
        )
    return np.linalg.inv(alike) / np.outer(scale, scale)
