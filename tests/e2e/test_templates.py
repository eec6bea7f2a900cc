"""Every template, opened from the start page and run; networks for one epoch, set in their forms. (The flights have a story of
their own, and whether the figures are right is tested without a browser, in tests/templates.)"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from studio_page import SAVED, TRAINING, Editor
from test_first_steps import data

ROOT = Path(__file__).parents[2] / "templates"
SHOWN = {
    "an-rnn-is-only-a-mapping": "How well: one to one",
    "autoencoder-4-2-4": "The code as points",
    "churn-service": "How good is it?",
    "customer-churn": "ROC: four models",
    "graduate-admission": "Chance with and without research",
    "market-baskets": "Strongest rules",
    "temperature-at-jena": "Who is off by how much",
    "temperature-in-24-hours": "Who is off by how much",
    "through-the-peephole": "Routes with peepholes",
    "where-the-error-goes": "Where the error goes",
}


def document_of(name: str) -> dict[str, Any]:
    text = (ROOT / name / f"{name}.peep.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def test_every_template_has_a_story() -> None:
    assert {*SHOWN, "flight-delays"} == {one.name for one in ROOT.iterdir() if one.is_dir()}


@pytest.mark.parametrize("name", SHOWN)
def test_a_template_runs(editor: Editor, name: str) -> None:
    drawn = document_of(name)
    for node in drawn["nodes"].values():
        if node["type"] == "data_set":
            data(node["settings"]["name"])
    page = editor.page
    page.get_by_role("button", name=re.compile(f"^The workflow “{re.escape(drawn['title'])}”")).click()
    expect(page.get_by_label("Title of the workflow")).to_have_value(drawn["title"])
    editor.shot("1-opened")
    trainings = [one["title"] for one in drawn["nodes"].values() if one["type"] == "train_network"]
    for title in trainings:
        editor.canvas.focus()
        page.keyboard.press("0")  # all of it in sight, also after the panel below has opened
        editor.node(title).click()
        expect(page.get_by_role("textbox", name=re.compile("^Title of this"))).to_have_value(title)
        epochs = page.get_by_role("textbox", name="Epochs", exact=True)
        epochs.fill("1")
        page.keyboard.press("Tab")  # what is typed takes effect when the field is left, at the latest
        expect(epochs).to_have_value("1")
    expect(page.get_by_text(SAVED)).to_be_visible()
    for node in editor.document()["nodes"].values():
        assert node["type"] != "train_network" or node["settings"]["epochs"] == 1
    editor.run(TRAINING)
    page.keyboard.press("Escape")
    editor.shot("2-done")
    one = page.url.rsplit("/", 1)[1]
    snapshot = page.request.get(f"{editor.served.origin}/api/documents/{one}").json()
    assert {path: node for path, node in snapshot["nodes"].items() if node["state"] != "done"} == {}

    title = SHOWN[name]
    editor.canvas.focus()
    page.keyboard.press("0")
    editor.node(title).click()
    panel = page.get_by_role("region", name="What lies at the port")
    expect(panel.get_by_role("heading", name=title)).to_be_visible()
    shown = panel.get_by_role("img", name=re.compile("^Chart")).or_(panel.get_by_role("gridcell").first)
    expect(shown.first).to_be_visible()
    editor.shot("3-looked-at")
