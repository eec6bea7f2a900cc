"""Opened networks of other kinds: one number as loss, pixels as inputs, every cell."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from opened_page import needs_page, opened
from playwright.sync_api import Page, expect

from peephole.neural import GRU, LSTM, RNN, unfold
from peephole.neural.view import OpenTrace, Series, Shown
from peephole.neural.view import page as pages

pytestmark = needs_page


def test_one_number_as_loss_has_its_way_back_too(view: Page, tmp_path: Path) -> None:
    torch.manual_seed(1)
    trace = unfold(RNN(2, 4), torch.randn(9, 1, 2), lambda y: y[-1].square().sum())
    path = tmp_path / "one.html"
    path.write_text(pages.page([OpenTrace(trace)]), encoding="utf-8")
    opened(view, path.as_uri(), "Time")
    view.get_by_role("tab", name="Error flow").click()
    expect(view.get_by_role("heading", name="How much of ∂J reaches h(k)")).to_be_visible()
    expect(view.get_by_text("what it cannot exceed")).to_be_visible()


def test_pixel_columns_are_drawn_as_an_image(view: Page, tmp_path: Path) -> None:
    torch.manual_seed(2)
    pixels = torch.zeros(12, 16)
    pixels[3, 0] = 1  # the fourth step's topmost pixel
    trace = unfold(LSTM(16, 4), pixels.unsqueeze(1), lambda y: y.square().sum())
    shown_ = Shown("Digits", "one", [Series(pixels, [f"pixel {k}" for k in range(16)], "column")])
    path = tmp_path / "pixels.html"
    path.write_text(pages.page([OpenTrace(trace, shown_)]), encoding="utf-8")
    opened(view, path.as_uri(), "Time")
    place = """canvas => {
        const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const dark = [];
        for (let k = 0; k < width * height; k++) if (data[4 * k] < 60) dark.push([k % width + 0.5, Math.floor(k / width) + 0.5]);
        if (dark.length === 0) return null; // not drawn yet
        const middle = axis => dark.reduce((sum, at) => sum + at[axis], 0) / dark.length;
        return [12 * middle(0) / width, 16 * middle(1) / height];
    }"""
    drawn = view.wait_for_function(f'() => ({place})(document.querySelector(".unf-pixels"))')
    column, line = drawn.json_value()
    assert (column, line) == (pytest.approx(3.5, abs=0.1), pytest.approx(0.5, abs=0.1))


def test_every_cell_opens_in_both_drawings(view: Page, tmp_path: Path) -> None:
    torch.manual_seed(3)
    cells = [LSTM(2, 4, variant=v) for v in ("vanilla", "NIG", "NFG", "NOG", "NIAF", "NOAF", "NP", "CIFG", "FGR")]
    for cell in [*cells, GRU(2, 4), RNN(2, 4)]:
        trace = unfold(cell, torch.randn(5, 1, 2), lambda y: y.square().sum(-1))
        path = tmp_path / "cell.html"
        path.write_text(pages.page([OpenTrace(trace)]), encoding="utf-8")
        opened(view, path.as_uri())
        for drawing in ("Circuit", "Space Odyssey"):
            view.get_by_role("button", name=drawing).click()
            for name in trace.variables[1:]:
                said = f"{trace.spec.variant}, {drawing}: {name}"
                expect(view.locator(f'[data-shown="value:{name}@0"]'), said).to_have_count(1)
