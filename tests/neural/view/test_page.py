"""The page that carries an opened network: complete, closed to the outside, and asked by the browser's own keys."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
import torch

from peephole.core.errors import StoreError
from peephole.neural import LSTM, unfold
from peephole.neural.view import OpenTrace, Shown
from peephole.neural.view import page as pages
from peephole.neural.view.page import page, question_key

KEYS = Path(__file__).with_name("question_keys.json")


@pytest.fixture(autouse=True)
def _built(monkeypatch):
    """The browser's part as a short stand-in: what it does is tested in a browser."""
    monkeypatch.setattr(pages, "_asset", lambda name: f"/* {name} */")


def opened(T=12, H=6, title="A </script><b>title"):
    torch.manual_seed(1)
    layer = LSTM(2, H, dtype=torch.float64)
    x = torch.randn(T, 1, 2, dtype=torch.float64)
    return OpenTrace(unfold(layer, x, lambda y: y.square().sum(-1)), Shown(title=title))


def carried(html):
    found = re.search(r'<script type="application/json" id="traces">(.*?)</script>', html, re.DOTALL)
    return json.loads(found.group(1))


def test_the_browser_writes_the_same_keys():
    for case in json.loads(KEYS.read_text()):
        assert question_key(case["question"]) == case["key"]


def test_everything_of_every_unit_of_a_small_trace_is_in_the_page():
    (trace,) = carried(page([opened()]))
    assert trace["head"]["offered"]["units"] == list(range(6))
    assert trace["head"]["offered"]["entries"] == [0, 1]
    assert 11 in trace["head"]["offered"]["losses"]
    for unit in range(6):
        key = question_key({"slice": "unit", "unit": unit, "start": 0, "stop": 12})
        assert set(trace["answers"][key]["values"]) >= {"c", "y"}
    followed = question_key({"slice": "unit", "unit": 2, "loss_at": 11, "start": 0, "stop": 12})
    assert followed in trace["answers"]


def test_a_large_trace_keeps_within_the_budget_and_its_strongest_units(monkeypatch):
    monkeypatch.setattr(pages, "BUDGET", 1_500_000)
    large = opened(T=60, H=64)
    html = page([large])
    (trace,) = carried(html)
    units = trace["head"]["offered"]["units"]
    assert 16 <= len(units) < 64
    errors = torch.linalg.vector_norm(large.trace.error("y")[:, 0], dim=0)
    assert int(errors.argmax()) in units
    assert len(html) < 3_000_000


def test_nothing_can_break_out_and_nothing_is_loaded():
    html = page([opened(), opened(title="other")])
    assert "<b>title" not in html
    assert "default-src 'none'" in unescape(html)
    assert "http" not in re.sub(r"http-equiv", "", html)
    assert len(carried(html)) == 2


def test_without_the_browsers_part_the_remedy_is_told(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(pages, "files", lambda _: Path("/nowhere"))
    with pytest.raises(StoreError, match="make ui"):
        page([opened()])
