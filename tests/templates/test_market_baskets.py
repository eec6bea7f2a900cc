"""Market baskets: its figures are those it says, its rules those of mlxtend on the same baskets."""

from __future__ import annotations

import pandas as pd
import pytest
from mlxtend.frequent_patterns import association_rules, fpgrowth


@pytest.fixture(scope="module")
def done(ran):
    return ran("market-baskets", "classical/groceries_1-7868.csv.gz")


def test_the_figures_are_the_expected_ones(done):
    done.check()


def test_the_rules_are_those_of_mlxtend(done):
    texts = done.table("baskets.table").column("items").to_pylist()
    baskets = [{item.strip() for item in text.split(",") if item.strip()} for text in texts]
    items = sorted(set().union(*baskets))
    held = pd.DataFrame({item: [item in basket for basket in baskets] for item in items})
    sets = fpgrowth(held, min_support=0.005, use_colnames=True, max_len=4)
    rules = association_rules(sets, metric="confidence", min_threshold=0.3)
    rules = rules[(rules["lift"] >= 1) & (rules["consequents"].str.len() == 1)]
    wanted = {
        (", ".join(sorted(r.antecedents)), next(iter(r.consequents))): r.lift for r in rules.itertuples(index=False)
    }
    found = done.table("rules.rules").to_pandas()
    assert len(done.table("rules.itemsets")) == len(sets)
    assert dict(zip(zip(found["given"], found["follows"], strict=True), found["lift"], strict=True)) == pytest.approx(
        wanted
    )


def test_counts_are_those_of_pandas(done):
    texts = done.table("baskets.table").column("items").to_pylist()
    counts = pd.Series([item.strip() for text in texts for item in text.split(",")]).value_counts()
    found = done.table("commonest.table").to_pandas().set_index("item")["count"]
    assert found.to_dict() == counts.head(20).to_dict()
