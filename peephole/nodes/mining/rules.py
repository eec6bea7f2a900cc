"""Association rules: what goes together in the same basket."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from peephole.core.node import node
from peephole.core.settings import Between, Column, Columns
from peephole.core.types import Figure, Table

Share = Annotated[float, Field(gt=0, le=1)]


class Rules(NamedTuple):
    """What `association_rules` gives."""

    rules: Table
    itemsets: Table
    figure: Figure


@node(
    family="mining",
    icon="link",
    outside=True,
    data_dependent=True,
    needs=("numpy",),
    pack="mining",
    also=("Association Rule Learner", "Apriori", "FP-Growth", "Frequent Itemsets", "Market basket analysis"),
)
def association_rules(
    table: Table,
    *,
    form: Literal["a row an item", "a row a basket", "items in one text"] = "a row an item",
    basket: Column | None = None,
    item: Column | None = None,
    columns: Columns = [],  # noqa: B006 - validated and frozen
    separator: Annotated[str, Field(min_length=1)] = ",",
    support: Share = 0.01,
    confidence: Annotated[float, Between(0, 1)] = 0.5,
    lift: Annotated[float, Between(0)] = 1.0,
    size: Annotated[int, Between(1, 12)] = 4,
    conclusion: Literal["one item", "any"] = "one item",
) -> Rules:
    """Find what is bought, or happens, together: rules as "who has butter and yogurt has milk too".

    table: the baskets.
    form: whether each row is one item of a basket, a whole basket with a column for each item (true, or a number above 0, or
        a text such as "yes" taken with its column's name), or a whole basket as one text with the items in it.
    basket: for a row an item, the column that tells which basket it is.
    item: the column with the item, or with the text of items.
    columns: for a row a basket, the columns that are looked at; none chosen: all.
    separator: what stands between the items in one text.
    support: the share of baskets that must hold all items of a set; lower finds more, and takes longer.
    confidence: the share of the baskets with the first part that must hold the second too.
    lift: how many times likelier the second part must be where the first is there; 1: no likelier than anywhere.
    size: at most so many items in a set.
    conclusion: whether the second part of a rule is one item, or may be several.
    rules: what is given, what follows from it, the share of baskets with both (support), confidence, lift, leverage and
        conviction; those with the highest lift first.
    itemsets: each set of items that is frequent enough, with its support.
    figure: a point for each rule: support, confidence, and lift as its colour.
    """
    from peephole.nodes.mining import _baskets as work
    from peephole.nodes.mining import _rules as rules

    baskets = work.read_baskets(table, form=form, basket=basket, item=item, columns=columns, separator=separator)
    sets = rules.frequent(baskets, support, size)
    found = rules.rules_of(sets, confidence, lift, conclusion == "one item")
    return Rules(rules.rules_table(found), rules.sets_table(sets), rules.figure(found))
