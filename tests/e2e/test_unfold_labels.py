"""What is written in the block can be read: no number lies under another one, and lines that pass a name do not cross it out."""

from __future__ import annotations

import torch
from opened_page import needs_page, opened, step_to
from playwright.sync_api import Page, expect
from torch import nn

from peephole.neural import LSTM, unfold
from peephole.neural.view import OpenTrace, Shown
from peephole.neural.view import page as pages

pytestmark = needs_page
OVERLAPS = """() => {
  const boxes = (query) => [...document.querySelectorAll(query)].map((one) => [one, one.getBoundingClientRect()]);
  const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return boxes(".unf-edge-numbers text").flatMap(([text, a]) =>
    boxes(".unf-chip > rect").filter(([, b]) => over(a, b)).map(() => text.dataset.term));
}"""


def test_no_number_on_a_wire_lies_under_a_value_and_names_stand_out(view: Page, tmp_path) -> None:
    torch.manual_seed(0)
    layer, readout = LSTM(2, 3, dtype=torch.float64, implementation="reference"), nn.Linear(3, 1, dtype=torch.float64)
    trace = unfold(layer, torch.randn(6, 1, 2, dtype=torch.float64), lambda y: (readout(y) ** 2).sum(-1))
    path = tmp_path / "lstm.html"
    path.write_text(pages.page([OpenTrace(trace, Shown("LSTM", "an example", [], []))]), encoding="utf-8")
    opened(view, path.as_uri())
    for drawing in ("Circuit", "Space Odyssey"):
        view.get_by_role("button", name=drawing).click()
        for t in range(6):
            step_to(view, t)
            assert view.evaluate(OVERLAPS) == [], f"{drawing}, step {t + 1}"
    view.get_by_role("button", name="Backward", exact=True).click()
    caption = view.locator(".unf-node .caption").first
    expect(caption).to_have_css("paint-order", "stroke")
    expect(caption).to_have_css("stroke-width", "4px")
