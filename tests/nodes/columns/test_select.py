from __future__ import annotations

import pytest

from peephole.core.errors import ColumnError, SettingError
from peephole.nodes.columns.select import select

ROW = {"k": "a", "g": 1, "v": 0.5, "i": 3, "b": True}


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({}, "kgvib"),
        ({"columns": ["v", "k"]}, "vk"),
        ({"columns": ["v", "k"], "mode": "drop"}, "gib"),
        ({"first": ["b"]}, "bkgvi"),
        ({"columns": ["v", "k"], "first": ["k"]}, "kv"),
        ({"columns": ["v", "k"], "rename": {"v": "w"}}, "wk"),
        ({"rename": {"v": "k", "k": "v"}}, "vgkib"),
    ],
)
def test_columns_in_order(on, settings, names):
    assert "".join(on.rows(select(on.frame([ROW]), **settings))[0]) == names


def test_swapped_names_swap_the_values(on):
    assert on.rows(select(on.frame([ROW]), columns=["v", "k"], rename={"v": "k", "k": "v"})) == [{"k": 0.5, "v": "a"}]


@pytest.mark.parametrize(
    "settings", [{"rename": {"v": "K"}}, {"columns": list("kgvib"), "mode": "drop"}, {"rename": {"v": " "}}]
)
def test_impossible_names(on, settings):
    with pytest.raises(SettingError):
        select(on.frame([ROW]), **settings)


def test_unknown_column_in_a_rename(on):
    with pytest.raises(ColumnError, match=r'no column "vv"'):
        select(on.frame([ROW]), rename={"vv": "w"})
