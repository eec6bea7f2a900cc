"""A network node opened in the studio: double click, another row, a row typed in, two networks side by side, and back."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect
from studio_page import TRAINING, Editor

NODES = {
    "read": {"type": "read_parquet", "title": "Waves", "settings": {"path": "waves.parquet"}},
    "input": {"type": "sequence_input", "title": "Sequence", "settings": {"columns": ["a"], "steps": 8}},
    "lstm": {"type": "lstm", "title": "Memory", "settings": {"units": 5}},
    "last": {"type": "last_step", "title": "Last"},
    "out": {"type": "number_output", "title": "Out", "settings": {"targets": ["later"]}},
    "train": {"type": "train_network", "title": "Train it", "settings": {"epochs": 1}},
    "rnn": {"type": "simple_rnn", "title": "Simple", "settings": {"units": 4}},
    "last2": {"type": "last_step", "title": "Last too"},
    "out2": {"type": "number_output", "title": "Out too", "settings": {"targets": ["later"]}},
    "train2": {"type": "train_network", "title": "Train the other", "settings": {"epochs": 1}},
}
WIRES = [
    "read.table -> input.table",
    "input.network -> lstm.network",
    "lstm.network -> last.network",
    "last.network -> out.network",
    "read.table -> out.table",
    "out.network -> train.network",
    "read.table -> train.table",
    "input.network -> rnn.network",
    "rnn.network -> last2.network",
    "last2.network -> out2.network",
    "read.table -> out2.table",
    "out2.network -> train2.network",
    "read.table -> train2.table",
]
LAYOUT = {name: [260 * (k % 5), 220 * (k // 5)] for k, name in enumerate(NODES)}


def at_level(page: Page, name: str) -> None:
    page.get_by_role("group", name="Level").get_by_role("button", name=name).click()
    expect(page.locator(f'.unf-level[data-name="{name}"]').first).to_be_visible()


def cell(page: Page) -> Locator:
    return page.locator('[data-shown="value:c@0"]')


def test_a_network_is_opened_where_it_is_drawn(editor: Editor) -> None:
    page, t = editor.page, np.arange(60)
    frame = pd.DataFrame({"a": np.sin(t / 3), "later": np.sin((t + 1) / 3)})
    frame["later"] = frame["later"].where(t < 59)  # what follows the last row is not known
    frame.to_parquet(editor.served.folder / "waves.parquet")
    one = editor.open({"nodes": NODES, "wires": WIRES, "layout": LAYOUT})
    editor.node("Memory").dblclick()
    expect(page.get_by_text("not trained yet")).to_be_visible()
    page.get_by_role("button", name="Back to the workflow").click()
    editor.run(TRAINING)
    editor.expect_state("Train it", "Done")
    editor.node("Memory").dblclick()
    expect(page).to_have_url(re.compile(f"/d/{one}/unfold/lstm$"))
    expect(page.locator('.unf-level[data-name="Time"]')).to_be_visible()
    editor.shot("time")
    at_level(page, "Block")
    expect(cell(page)).to_have_attribute("data-value", re.compile(r"^-?\d"))
    first = cell(page).get_attribute("data-value")
    page.get_by_role("button", name="The next row").click()
    expect(page.get_by_text(re.compile("^row 9 of the table · later: predicted .*, actual "))).to_be_visible()
    expect(cell(page)).not_to_have_attribute("data-value", str(first))
    editor.shot("block")
    typed_in(page, frame["a"][1:9].tolist(), frame["a"][0:8].tolist())
    # the same window as that of the first row
    expect(cell(page)).to_have_attribute("data-value", re.compile(rf"^{re.escape(str(first)[:6])}"))
    page.get_by_role("button", name="Back to the rows of the table").click()
    to_the_last_example(page)
    fits_a_smaller_window(page)
    page.get_by_role("combobox", name="Compare with").select_option("train2")
    expect(page.locator('.unf-level[data-name="Block"]')).to_have_count(2)
    expect(page.get_by_role("region", name="Train the other: Simple RNN")).to_be_visible()
    editor.shot("compared")
    page.get_by_role("button", name="Back to the workflow").click()
    expect(editor.node("Memory")).to_be_visible()


def to_the_last_example(page: Page) -> None:
    """Those that are counted can be opened, the last one too, of which the answer is not known."""
    example = page.get_by_role("spinbutton", name="Example")
    expect(example.locator("..")).to_contain_text("of 53")
    example.fill("99999")
    expect(example).to_have_value("53")
    expect(
        page.get_by_text(re.compile("^row 60 of the table · later: predicted .* · no answer is known$"))
    ).to_be_visible()
    expect(page.locator('.unf-level[data-name="Block"]')).to_be_visible()


def test_an_example_without_its_answer_is_open_at_every_level(editor: Editor) -> None:
    """Forward whole; backward an output is followed instead of the loss, and it says so; of others either can be chosen."""
    page, t = editor.page, np.arange(60)
    frame = pd.DataFrame({"a": np.sin(t / 3), "later": np.sin((t + 1) / 3)})
    frame["later"] = frame["later"].where(t < 59)
    frame.to_parquet(editor.served.folder / "waves.parquet")
    settings = {name: node for name, node in NODES.items() if not name.endswith("2") and name != "rnn"}
    wires = [w for w in WIRES if not any(other in w for other in ("2", "rnn"))]
    editor.open({"nodes": settings, "wires": wires, "layout": {name: LAYOUT[name] for name in settings}})
    editor.run(TRAINING)
    editor.node("Memory").dblclick()
    example = page.get_by_role("spinbutton", name="Example")
    example.fill("53")
    expect(page.get_by_text(re.compile("^row 60 of the table .* no answer is known$"))).to_be_visible()
    for level in ("Layers", "Time", "Block", "Neuron"):
        at_level(page, level)
        editor.shot(f"forward {level}")
    at_level(page, "Block")
    expect(cell(page)).to_have_attribute("data-value", re.compile(r"^-?\d"))
    page.get_by_role("button", name="Backward").click()
    followed = page.get_by_role("combobox", name="What is followed back")
    expect(followed).to_have_value("later")
    expect(followed.locator("option[value=task]")).to_be_disabled()
    expect(page.get_by_text('how the output "later" changes with c(t)')).to_be_visible()
    total = page.locator(".unf-sum")
    expect(total).to_have_attribute("data-whole", re.compile(r"^-?\d"))
    assert float(total.get_attribute("data-sum") or 0) == pytest.approx(
        float(total.get_attribute("data-whole") or 1), rel=1e-4
    )
    for tab in ("Error flow", "Jacobian", "Gradient", "Equation"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel").locator("section").first).to_be_visible()
        editor.shot(f"backward {tab}")
    example.fill("1")
    expect(page.get_by_text(re.compile("^row 8 of the table .* actual "))).to_be_visible()
    expect(followed).to_have_value("task")
    expect(page.get_by_text("how the loss changes with c(t)")).to_be_visible()
    of_loss = total.get_attribute("data-whole")
    followed.select_option("later")
    expect(page.get_by_text('how the output "later" changes with c(t)')).to_be_visible()
    expect(total).not_to_have_attribute("data-whole", str(of_loss))


def fits_a_smaller_window(page: Page) -> None:
    """At every level nothing lies beyond a window that was larger when the network was opened."""
    large = page.viewport_size
    assert large is not None
    for level in ("Layers", "Time", "Block", "Neuron", "Block"):
        page.set_viewport_size(large)
        at_level(page, level)
        expect(page.locator(".unf-stage")).to_have_attribute("data-moving", "false")
        page.set_viewport_size({"width": 1280, "height": 720})
        for part in (page.get_by_role("button", name="Type in a row"), page.locator(".unf-count")):
            expect(part).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.scrollingElement.scrollWidth") == 1280
    page.set_viewport_size(large)


def typed_in(page: Page, before: list[float], values: list[float]) -> None:
    page.get_by_role("button", name="Type in a row").click()
    dialog = page.get_by_role("dialog")
    field = dialog.get_by_label("a", exact=True)
    expect(dialog.get_by_text("8 values, one a step, the earliest first")).to_be_visible()
    expect(field).to_have_value(", ".join(str(value) for value in before))  # the example that is open
    for written, told in (("one two", "takes numbers"), ("1 2 3", "takes 8 values, one a step, and here are 3")):
        field.fill(written)
        dialog.get_by_role("button", name="Open it").click()
        expect(dialog.get_by_role("alert")).to_contain_text(told)
    field.fill(", ".join(str(value) for value in values))
    dialog.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("button", name="Back to the rows of the table")).to_be_visible()


def test_the_keyboard_opens_it_too(editor: Editor) -> None:
    editor.open({"nodes": {"lstm": NODES["lstm"]}, "layout": {"lstm": [0, 0]}})
    editor.node("Memory").click()
    editor.page.keyboard.press("o")
    expect(editor.page).to_have_url(re.compile("/unfold/lstm$"))
    expect(editor.page.get_by_text("cannot be opened yet")).to_be_visible()
