"""The page of an opened network as a person uses it, and its numbers as it writes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from peephole.neural.view import page as pages

BUILT = Path(pages.__file__).with_name("assets") / "unfold.js"
needs_page = pytest.mark.skipif(not BUILT.is_file(), reason="the page is not built: make ui")


def opened(page: Page, address: str, level: str = "Block") -> None:
    page.goto(address)
    page.get_by_role("group", name="Level").get_by_role("button", name=level).click()
    expect(page.locator(f'.unf-level[data-name="{level}"]')).to_be_visible()
    expect(page.locator(".unf-stage")).to_have_attribute("data-moving", "false")


def step_to(page: Page, t: int) -> None:
    slider = page.get_by_role("slider", name="Time step")
    slider.focus()
    page.keyboard.press("Home")
    for _ in range(t):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", str(t + 1))  # people count from 1


def number(located: Locator) -> float:
    return float(located.get_attribute("data-value") or "nan")


def shown(value: float, digits: int = 3) -> str:
    """A number as the page writes it on a wire, made anew here."""
    mantissa, exponent = f"{abs(value):.{digits - 1}e}".split("e")
    sign, power = "−" if value < 0 else "", int(exponent)
    if value == 0:
        return "0"
    if power < -3 or power >= 5:
        raised = str(abs(power)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"{sign}{mantissa}·10{'⁻' if power < 0 else ''}{raised}"
    return f"{sign}{abs(value):.{max(0, digits - 1 - power)}f}"


def choose_unit(page: Page, unit: int) -> None:
    page.get_by_role("combobox", name="Unit", exact=True).select_option(str(unit + 1))
