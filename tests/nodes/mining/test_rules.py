"""Association rules: the sets and rules of mlxtend, from each form of table; real baskets where they are there."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mlxtend.frequent_patterns import association_rules as rules_of_mlxtend
from mlxtend.frequent_patterns import fpgrowth

from peephole.core.errors import DataError, SettingError
from peephole.nodes.mining.rules import association_rules

DATA = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture
def held() -> pd.DataFrame:
    """A true or false for each of 150 baskets and each item, some of which hang together."""
    rng = np.random.default_rng(2)
    milk, bread = rng.random(150) < 0.5, rng.random(150) < 0.4
    butter = (milk & (rng.random(150) < 0.6)) | (rng.random(150) < 0.05)
    jam = bread & butter & (rng.random(150) < 0.8)
    return pd.DataFrame({"milk": milk, "bread": bread, "butter": butter, "jam": jam, "salt": rng.random(150) < 0.3})


def by_mlxtend(held: pd.DataFrame, support: float, confidence: float, size: int, one: bool = True):
    sets = fpgrowth(held, min_support=support, use_colnames=True, max_len=size)
    rules = rules_of_mlxtend(sets, metric="confidence", min_threshold=confidence)
    rules = rules[rules["lift"] >= 1]
    if one:
        rules = rules[rules["consequents"].str.len() == 1]
    named = {", ".join(sorted(s)): v for s, v in zip(sets["itemsets"], sets["support"], strict=True)}
    return named, {
        (", ".join(sorted(r.antecedents)), ", ".join(sorted(r.consequents))): r for r in rules.itertuples(index=False)
    }


def check(found, sets, rules):
    assert dict(zip(found.itemsets["items"], found.itemsets["support"], strict=True)) == pytest.approx(sets)
    assert {(r["given"], r["follows"]) for r in found.rules.to_dict("records")} == set(rules)
    for row in found.rules.to_dict("records"):
        wanted = rules[row["given"], row["follows"]]
        for measure in ("support", "confidence", "lift", "leverage"):
            assert row[measure] == pytest.approx(getattr(wanted, measure))
        if np.isfinite(wanted.conviction):
            assert row["conviction"] == pytest.approx(wanted.conviction)
        else:
            assert pd.isna(row["conviction"])
    assert found.rules["lift"].is_monotonic_decreasing


@pytest.mark.parametrize("one", [True, False])
def test_a_column_an_item_agrees_with_mlxtend(held, one):
    conclusion = "one item" if one else "any"
    found = association_rules(held, form="a row a basket", support=0.05, confidence=0.3, conclusion=conclusion)
    sets, rules = by_mlxtend(held, 0.05, 0.3, 4, one)
    assert len(rules) > 10
    check(found, sets, rules)
    assert found.figure.data.num_rows == len(rules)


def test_each_form_gives_the_same(held):
    rows = [(b, item) for b in held.index for item in held.columns if held.loc[b, item]]
    order = np.random.default_rng(0).permutation(len(rows))
    long = pd.DataFrame([rows[i] for i in order], columns=["basket", "item"])
    texts = pd.DataFrame({"items": [" ,".join(held.columns[held.loc[b]]) for b in held.index]})
    yes = held.replace({True: "yes", False: "no"})
    counts = held.astype(int) * 3
    settings = {"support": 0.1, "confidence": 0.2}
    whole = association_rules(held, form="a row a basket", **settings).rules
    assert len(whole) > 5
    for table, how in ((yes, {}), (counts, {})):
        pd.testing.assert_frame_equal(association_rules(table, form="a row a basket", **settings, **how).rules, whole)
    text = association_rules(texts, form="items in one text", item="items", **settings).rules
    pd.testing.assert_frame_equal(text, whole)
    all_baskets = pd.concat([long, pd.DataFrame({"basket": [None], "item": ["milk"]})])
    filled = held[held.any(axis=1)]
    found = association_rules(all_baskets, basket="basket", item="item", **settings).rules
    pd.testing.assert_frame_equal(found, association_rules(filled, form="a row a basket", **settings).rules)


def test_texts_of_several_values_become_items():
    table = pd.DataFrame({"colour": ["red", "red", "blue", None], "size": ["S", "S", "L", "L"]})
    found = association_rules(table, form="a row a basket", support=0.25, confidence=0.9)
    assert ("colour = red", "size = S") in set(zip(found.rules["given"], found.rules["follows"], strict=True))


def test_what_is_missing_is_named(held):
    with pytest.raises(SettingError, match="Which column holds the items"):
        association_rules(held, basket="milk")
    with pytest.raises(SettingError, match="tells the baskets apart"):
        association_rules(held, item="milk")
    with pytest.raises(SettingError, match="not in a text"):
        association_rules(held, form="items in one text", item="milk")
    with pytest.raises(DataError, match="no baskets"):
        association_rules(held.head(0), form="items in one text", item="milk")


def test_nothing_frequent_gives_empty_tables(held):
    found = association_rules(held, form="a row a basket", support=1.0)
    assert len(found.rules) == len(found.itemsets) == 0
    assert list(found.rules.columns) == ["given", "follows", "support", "confidence", "lift", "leverage", "conviction"]


def test_real_groceries_agree_with_mlxtend():
    path = DATA / "classical" / "groceries_1-7868.csv.gz"
    if not path.exists():
        pytest.skip("the real groceries are not there")
    with gzip.open(path, "rt") as file:
        baskets = [[item.strip() for item in line.split(",")] for line in file]
    items = sorted({item for basket in baskets for item in basket})
    held = pd.DataFrame({item: [item in set(basket) for basket in baskets] for item in items})
    found = association_rules(
        pd.DataFrame({"items": [",".join(b) for b in baskets]}),
        form="items in one text",
        item="items",
        support=0.01,
        confidence=0.3,
    )
    check(found, *by_mlxtend(held, 0.01, 0.3, 4))
