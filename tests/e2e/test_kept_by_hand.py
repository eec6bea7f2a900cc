"""A training that the person has enough of: stopped and kept, used by what follows, and gone on with."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from playwright.sync_api import Page, expect
from studio_page import LONG, Editor

NODES = {
    "read": {"type": "read_parquet", "title": "Waves", "settings": {"path": "waves.parquet"}},
    "input": {"type": "sequence_input", "title": "Sequence", "settings": {"columns": ["a"], "steps": 8}},
    "lstm": {"type": "lstm", "title": "Memory", "settings": {"units": 5}},
    "last": {"type": "last_step", "title": "Last"},
    "out": {"type": "number_output", "title": "Out", "settings": {"targets": ["later"]}},
    "train": {"type": "train_network", "title": "Train it", "settings": {"epochs": 100_000}},
    "predict": {"type": "predict_network", "title": "Predict with it"},
}
WIRES = [
    "read.table -> input.table",
    "input.network -> lstm.network",
    "lstm.network -> last.network",
    "last.network -> out.network",
    "read.table -> out.table",
    "out.network -> train.network",
    "read.table -> train.table",
    "read.table -> predict.table",
    "train.network -> predict.network",
]
LAYOUT = {name: [260 * (k % 4), 220 * (k // 4)] for k, name in enumerate(NODES)}


def test_a_network_shows_the_figures_of_the_epoch_that_was_kept(editor: Editor) -> None:
    """Answers that follow from nothing: the more of them are learnt by heart, the worse the rows held back."""
    page, some = editor.page, np.random.default_rng(7)
    frame = pd.DataFrame({"a": some.normal(size=60), "later": some.normal(size=60)})
    frame.to_parquet(editor.served.folder / "waves.parquet")
    settings = {"epochs": 40, "hold_back": 0.3, "learning_rate": 0.05}
    nodes = {name: node for name, node in NODES.items() if name != "predict"}
    nodes["train"] = {"type": "train_network", "title": "Train it", "settings": settings}
    wires = [wire for wire in WIRES if "predict" not in wire]
    editor.open({"nodes": nodes, "wires": wires, "layout": {name: LAYOUT[name] for name in nodes}})
    editor.node("Train it").click()
    editor.run(LONG)
    card = editor.node("Train it").get_by_role("img", name=re.compile("loss"))
    expect(card).to_have_accessible_name(re.compile(r"^loss .*, validation loss .*, epoch \d+ of 40 kept$"))
    told = re.fullmatch(r"loss (\S+), validation loss (\S+), (epoch .*) kept", card.get_attribute("aria-label") or "")
    assert told is not None
    panel = page.get_by_role("region", name="What lies at the port")
    panel.get_by_role("tab", name="Network").click()
    for name, words in zip(("loss", "validation loss", "weights kept"), told.groups(), strict=True):
        fact = panel.locator("dt").filter(has_text=re.compile(f"^{name}$"))
        expect(fact.locator("+ dd")).to_have_text(words)
    editor.shot("network")
    panel.get_by_role("tab", name="Curves").click()
    expect(panel.get_by_role("img", name="Learning curves")).to_be_visible()
    editor.shot("curves")
    words = card.get_attribute("aria-label") or ""
    another = {"nodes": nodes, "wires": wires, "layout": {name: LAYOUT[name] for name in nodes}}
    editor.open(another, "another.peep.json")  # in which nothing has run
    editor.expect_state("Train it", "Done")
    expect(editor.node("Train it").get_by_role("img", name=words, exact=True)).to_be_visible()
    editor.node("Train it").click()
    panel.get_by_role("tab", name="Curves").click()
    expect(panel.get_by_role("img", name="Learning curves")).to_be_visible()
    editor.shot("curves from the store")


def training_begun(editor: Editor) -> Page:
    """A training that nobody would wait for, on its way."""
    t = np.arange(60)
    frame = pd.DataFrame({"a": np.sin(t / 3), "later": np.sin((t + 1) / 3)})
    frame.to_parquet(editor.served.folder / "waves.parquet")
    editor.open({"nodes": NODES, "wires": WIRES, "layout": LAYOUT})
    editor.node("Train it").click()
    editor.page.get_by_role("button", name="Run", exact=True).click()
    return editor.page


def test_a_training_is_stopped_and_kept_and_gone_on_with(editor: Editor) -> None:
    page = training_begun(editor)
    editor.expect_state("Train it", "Running")
    expect(editor.node("Train it").get_by_role("progressbar")).to_be_visible(timeout=LONG)
    keep = page.get_by_role("banner").get_by_role("button", name="Stop and keep")
    editor.shot("running")
    keep.click()
    editor.expect_state("Predict with it", "Done")
    editor.expect_state("Train it", "Done")
    expect(keep).to_be_hidden()
    expect(editor.node("Train it")).to_contain_text(re.compile(r"for now.*stopped by hand after epoch \d+ of 100000"))
    editor.shot("kept")
    panel = page.get_by_role("region", name="What lies at the port")
    expect(panel.get_by_text("done for now")).to_be_visible()
    panel.get_by_role("tab", name="Messages").click()
    expect(panel.get_by_text("Stopped by hand after epoch").first).to_be_visible()
    panel.get_by_role("button", name="Go on", exact=True).click()
    editor.expect_state("Train it", "Running")
    page.get_by_role("button", name="Stop", exact=True).click()
    editor.expect_idle()


def test_what_was_stopped_is_kept_for_good_without_more_training(editor: Editor) -> None:
    page = training_begun(editor)
    expect(editor.node("Train it").get_by_role("progressbar")).to_be_visible(timeout=LONG)
    page.get_by_role("banner").get_by_role("button", name="Stop and keep").click()
    editor.expect_state("Predict with it", "Done")
    panel = page.get_by_role("region", name="What lies at the port")
    keep = panel.get_by_role("button", name=re.compile(r"^Keep at \d+ epochs?$"))
    expect(keep).to_be_visible()
    editor.shot("offered")
    count = re.findall(r"\d+", keep.inner_text())[0]
    keep.click()
    epochs = page.get_by_role("textbox", name="Epochs")
    expect(epochs).to_have_value(count)
    expect(panel.get_by_text("done for now")).to_be_hidden()
    editor.expect_state("Train it", "Done")
    expect(keep).to_be_hidden()
    expect(editor.node("Train it")).not_to_contain_text("stopped by hand")
    panel.get_by_role("tab", name="Messages").click()
    expect(panel.get_by_text(f"Taken up after epoch {count}, where an earlier training stood.")).to_be_visible()
    editor.shot("kept for good")
    editor.node("Train it").click()
    page.keyboard.press("Control+z")
    expect(epochs).to_have_value("100000")
    expect(panel.get_by_text("done for now")).to_be_visible()
