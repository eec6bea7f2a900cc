import pytest
from some_nodes import SPECS

from peephole.workflow.describe import WIDTH, describe


@pytest.mark.parametrize(
    ("node", "settings", "expected"),
    [
        ("read", {}, ""),
        ("read", {"path": "flights.csv"}, "flights.csv"),
        ("read", {"path": "flights.csv", "rows": 10}, "flights.csv"),
        ("read", {"path": "flights.csv", "rows": 5}, "flights.csv, rows 5"),
        (
            "group",
            {"compute": [{"how": "mean", "column": "dep_delay"}], "keys": ["origin", "month"]},
            "origin, month -> mean of dep_delay",
        ),
        ("group", {"keys": ["a"], "compute": [{"how": "sum"}], "sort": True}, "a -> sum, in order"),  # not complete yet
        ("group", {"keys": [], "compute": [{"how": "sum", "column": "a"}]}, "sum of a"),
        ("group", {"keys": ["a"], "sort": True, "amount": None}, "a, sort"),
        ("join", {"on": ["a"], "how": "left"}, "a, how left"),
        ("part", {}, "50 % and the rest"),
        ("part", {"share": 0.125}, "12.5 % and the rest"),
        ("learn", {"depth": 1}, "1 level"),
        ("learn", {}, "3 levels"),
        ("learn", {"depth": "deep"}, "deep"),
        ("keep", {"limit": 0, "columns": []}, "limit 0"),
        ("keep", {"limit": "  a\n  b  "}, "a b"),
        ("keep", {"limit": {"odd": [1, {"x": None}]}, "columns": 7}, "odd: 1, columns 7"),
        ("keep", {"unknown": 1}, ""),
    ],
)
def test_one_line(node, settings, expected):
    assert describe(SPECS[node], settings) == expected


def test_long_ones_are_cut():
    line = describe(SPECS["group"], {"keys": [f"column {i}" for i in range(50)]})
    assert len(line) <= WIDTH
    assert line.endswith("…")
