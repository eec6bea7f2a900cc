"""Nodes are found under the names that people bring from other programs."""

from __future__ import annotations

import pytest

from peephole.core.find import find
from peephole.engine.catalog import catalog


def found(text: str) -> list[str]:
    return [spec.type for spec in find(text, catalog().specs.values())]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Joiner", "join"),
        ("merge data", "join"),
        ("groupby", "group_by"),
        ("Duplicate Row Filter", "remove_duplicates"),
        ("row filter", "filter_rows"),
        ("melt", "unpivot"),
        ("k-means", "k_means"),
        ("lag column", "lag"),
        ("peephole", "lstm"),
        ("forget gate", "lstm"),
        ("softmax", "class_output"),
        ("cross entropy", "class_output"),
        ("classifier", "class_output"),
        ("loss", "class_output"),
        ("cnn", "convolution_1d"),
        ("autoencoder", "network_errors"),
        ("bptt", "train_network"),
        ("backprop", "train_network"),
    ],
)
def test_the_node_known_by_another_name_comes_first(text, first):
    assert found(text)[0] == first


def test_the_node_called_just_that_comes_before_those_that_are_called_so_elsewhere():
    assert found("merge")[:2] == ["merge_layers", "join"]


def test_words_begin_words_of_names_or_of_the_summary():
    assert "sort" in found("sort")
    assert "group_by" in found("combinat key")
    assert found("no such thing") == []
    assert len(found("")) == len(catalog().specs)
