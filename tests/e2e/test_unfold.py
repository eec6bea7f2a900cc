"""The opened network in a real browser: what stands on the page is what the trace says, and it can be used without a mouse."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from opened_page import choose_unit, needs_page, number, opened, shown, step_to
from playwright.sync_api import Browser, Page, expect
from torch import nn

from peephole.neural import LSTM, RNN, Trace, unfold
from peephole.neural.view import OpenTrace, Series, Shown, Words
from peephole.neural.view import page as pages

T, H = 30, 8
DOCS = Path(__file__).parents[2] / "docs"

pytestmark = needs_page


def trained(kind: type[LSTM] | type[RNN]) -> tuple[nn.Module, nn.Module]:
    layer = kind(2, H, dtype=torch.float64, implementation="reference")
    network = nn.ModuleDict({"layer": layer, "readout": nn.Linear(H, 1, dtype=torch.float64)})
    stored = json.loads((DOCS / "understanding-bptt-weights.json").read_text())[kind.__name__]
    like = network.state_dict()
    network.load_state_dict({name: torch.tensor(stored[name]).view(like[name].shape) for name in like})
    return layer, network["readout"]


def example(kind: type[LSTM] | type[RNN]) -> tuple[Trace, Shown]:
    torch.manual_seed(5)
    x = torch.rand(T, 1, 2, dtype=torch.float64) * 2 - 1
    x[:, :, 1] = 0
    x[0, :, 1] = 1
    layer, readout = trained(kind)
    trace = unfold(layer, x, lambda y: ((readout(y) - x[0, :, :1]) ** 2).sum(-1))
    answers = readout(layer(x)[0]).detach()[:, 0]
    below = [Series(x[:, 0], ["number", "marked"], "input"), Words([f"word{t}" for t in range(T)], "word")]
    return trace, Shown(kind.__name__, "an example", below, [Series(answers, ["answer"], "answer")])


@pytest.fixture(scope="module")
def lstm() -> tuple[Trace, Shown]:
    return example(LSTM)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, lstm: tuple[Trace, Shown]) -> str:
    path = tmp_path_factory.mktemp("page") / "lstm.html"
    path.write_text(pages.page([OpenTrace(*lstm)]), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("drawing", ["Circuit", "Space Odyssey"])
def test_every_value_in_the_drawing_is_the_traces(
    view: Page, address: str, lstm: tuple[Trace, Shown], drawing: str
) -> None:
    trace, unit = lstm[0], 3
    opened(view, address)
    view.get_by_role("button", name=drawing).click()
    choose_unit(view, unit)
    for t in (0, 7, T - 1):
        step_to(view, t)
        for name in trace.variables:
            if name == "x":
                continue
            chip = view.locator(f'[data-shown="value:{name}@0"]')
            value = trace.value(name)[t, 0, unit].item()
            assert number(chip) == value
            assert chip.text_content() == shown(value)
        before = view.locator('[data-shown="value:c@-1"]').first
        expected = trace.value("c")[t - 1, 0, unit].item() if t else trace.initial("c")[0, unit].item()
        assert number(before) == expected


def test_what_each_wire_brings_adds_up_to_the_bar(view: Page, address: str, lstm: tuple[Trace, Shown]) -> None:
    trace, unit, t = lstm[0], 2, 11
    opened(view, address)
    choose_unit(view, unit)
    step_to(view, t)
    for bar in ("z_bar", "i_bar", "f_bar", "o_bar"):
        wires = view.locator(f'.unf-edge-numbers [data-term^="{bar}."]')
        total = sum(number(wires.nth(k)) for k in range(wires.count()))
        assert total == pytest.approx(trace.value(bar)[t, 0, unit].item(), rel=1e-12)


@pytest.mark.parametrize("drawing", ["Circuit", "Space Odyssey"])
def test_the_routes_are_the_traces_and_add_up_to_the_error(
    view: Page, address: str, lstm: tuple[Trace, Shown], drawing: str
) -> None:
    trace, unit = lstm[0], 4
    opened(view, address)
    view.get_by_role("button", name=drawing).click()
    view.get_by_role("button", name="Backward", exact=True).click()
    choose_unit(view, unit)
    for t in (5, T - 1):
        step_to(view, t)
        for name in ("c", "y", "i_bar", "o", "z"):
            label = trace.spec.variable(name).label
            view.get_by_role("group", name="Variable").get_by_role("button", name=label, exact=True).click()
            routes = {route: share[t, 0, unit].item() for route, share in trace.routes(name).items()}
            delta = trace.error(name)[t, 0, unit].item()
            assert number(view.locator(f'[data-shown="error:{name}@0"]')) == delta
            terms = view.locator(".unf-terms [data-term]")
            listed = {terms.nth(k).get_attribute("data-term"): number(terms.nth(k)) for k in range(terms.count())}
            assert listed == {route: share for route, share in routes.items() if route != "final_state" or share}
            assert sum(listed.values()) == pytest.approx(delta, rel=1e-12)
            assert number(view.locator(".unf-sum output")) == pytest.approx(delta, rel=1e-12)
            assert view.locator(".unf-sum output").inner_text() == shown(delta, 4)
            drawn = view.locator(".unf-share [data-share]")
            for k in range(drawn.count()):
                assert number(drawn.nth(k)) == routes[drawn.nth(k).get_attribute("data-share") or ""]
            assert drawn.count() == sum(share != 0 for share in routes.values())


def test_the_sum_stays_in_sight_and_covers_no_route(view: Page, address: str) -> None:
    opened(view, address)
    view.get_by_role("button", name="Backward", exact=True).click()
    step_to(view, 9)
    panel = view.get_by_role("tabpanel")
    assert panel.evaluate("one => one.scrollHeight <= one.clientHeight")
    terms = view.locator(".unf-terms [data-term]")
    assert terms.count() == 5
    for term in terms.all():
        term.scroll_into_view_if_needed()
        expect(view.locator(".unf-sum")).to_be_in_viewport(ratio=1)
        place, sum_ = term.bounding_box(), view.locator(".unf-sum").bounding_box()
        assert place is not None
        assert sum_ is not None
        assert place["y"] + place["height"] <= sum_["y"]


def test_one_steps_loss_alone_can_be_followed(view: Page, address: str, lstm: tuple[Trace, Shown]) -> None:
    trace, unit, t = lstm[0], 1, 9
    opened(view, address)
    view.get_by_role("button", name="Backward", exact=True).click()
    choose_unit(view, unit)
    step_to(view, t)
    view.get_by_role("combobox", name="Which loss").select_option("one")
    view.get_by_role("combobox", name="Step s").select_option(str(T))
    delta = trace.error("c", loss_at=T - 1)[t, 0, unit].item()
    expect(view.locator('[data-shown="error:c@0"]')).to_have_attribute("data-value", str(delta))
    assert number(view.locator(".unf-sum output")) == pytest.approx(delta, rel=1e-12)


def test_the_equations_are_the_traces_own(view: Page, address: str, lstm: tuple[Trace, Shown]) -> None:
    trace, unit, t = lstm[0], 6, 8
    opened(view, address)
    choose_unit(view, unit)
    step_to(view, t)
    for backward in (False, True):
        view.get_by_role("button", name="Backward" if backward else "Forward", exact=True).click()
        for name in ("c", "f_bar", "y", "o"):
            label = trace.spec.variable(name).label
            view.get_by_role("group", name="Variable").get_by_role("button", name=label, exact=True).click()
            written = (trace.error_equation if backward else trace.equation)(name, t, unit)
            for term in written.terms:
                if term.id == "final_state":
                    continue
                place = view.locator(f'.unf-terms [data-term="{term.id}"]')
                symbols, numbers = (
                    place.locator(f".{part} annotation").text_content() for part in ("symbols", "numbers")
                )
                assert symbols == term.symbols
                assert numbers == re.sub(r"^\\underbrace\{(.*?)\}_\{.*$", r"\1", term.numbers)


def test_all_units_show_the_norm_and_parts_that_add_up_to_it(
    view: Page, address: str, lstm: tuple[Trace, Shown]
) -> None:
    trace, t = lstm[0], 12
    opened(view, address)
    view.get_by_role("button", name="Backward", exact=True).click()
    view.get_by_role("combobox", name="Units").select_option("all")
    step_to(view, t)
    norm = torch.linalg.vector_norm(trace.error("c")[t, 0]).item()
    assert number(view.locator(".unf-sum output")) == pytest.approx(norm, rel=1e-12)
    assert view.locator(".unf-strip").count() >= 10


def test_time_shows_norms_and_what_stands_at_each_step(view: Page, address: str, lstm: tuple[Trace, Shown]) -> None:
    trace, t = lstm[0], 21
    opened(view, address, "Time")
    step_to(view, t)
    for kind, read in (("value", trace.value), ("error", trace.error)):
        for name in ("y", "c"):
            norm = torch.linalg.vector_norm(read(name)[t, 0]).item()
            assert number(view.locator(f'[data-shown="norm:{kind}:{name}"]')) == norm
    expect(view.get_by_role("img", name=re.compile("word0 .*word29"))).to_be_visible()


def test_curves_of_one_unit_tell_the_numbers_at_the_step(view: Page, address: str, lstm: tuple[Trace, Shown]) -> None:
    trace, unit, t = lstm[0], 5, 17
    opened(view, address, "Neuron")
    choose_unit(view, unit)
    step_to(view, t)
    for name in ("c", "y", "i", "f", "o"):
        assert number(view.locator(f'[data-curve="{name}"]').first) == trace.value(name)[t, 0, unit].item()
        assert number(view.locator(f'[data-curve="δ{name}"]').first) == trace.error(name)[t, 0, unit].item()


def test_the_errors_of_a_unit_are_drawn_in_powers_of_ten(view: Page, address: str) -> None:
    opened(view, address, "Neuron")
    for title, said in (
        ("State", False),
        ("Error of the state", True),
        ("Gates", False),
        ("Errors of the gates", True),
    ):
        chart = view.locator(".unf-chart", has=view.get_by_text(title, exact=True))
        expect(chart.get_by_text("powers of ten, above and below zero")).to_have_count(int(said))


def test_hovering_a_term_lights_its_wire_and_the_other_way_round(view: Page, address: str) -> None:
    opened(view, address)
    view.locator('.unf-terms [data-term="z*i"]').hover()
    expect(view.locator('[data-wire="i>c*z.i"]')).to_have_class(re.compile(r"\blit\b"))
    expect(view.locator('[data-wire="c-1>c*c.f"]')).not_to_have_class(re.compile(r"\blit\b"))
    view.locator('[data-wire="f>c*c.f"] .line').hover(force=True)
    expect(view.locator('.unf-terms [data-term="c*f"]')).to_have_class(re.compile("lit"))


def test_the_clipping_line_is_moved_by_keys_and_tells_what_is_left(
    view: Page, address: str, lstm: tuple[Trace, Shown]
) -> None:
    trace = lstm[0]
    opened(view, address)
    view.get_by_role("tab", name="Gradient").click()
    line = view.get_by_role("slider", name="Clipping threshold")
    whole = sum(torch.linalg.vector_norm(trace.gradient(name)).item() ** 2 for name in trace.parameters()) ** 0.5
    assert float(line.get_attribute("aria-valuenow") or 0) == pytest.approx(whole)
    line.focus()
    for _ in range(3):
        view.keyboard.press("PageDown")
    threshold = float(line.get_attribute("aria-valuenow") or 0)
    assert threshold < whole
    left = float(view.locator("[data-clip]").get_attribute("data-clip") or 0)
    assert left == pytest.approx(threshold / whole)


def test_everything_can_be_reached_by_keyboard(view: Page, address: str) -> None:
    view.goto(address)
    view.get_by_role("slider", name="Time step").focus()
    view.keyboard.press("3")
    expect(view.locator('.unf-level[data-name="Block"]')).to_be_visible()
    expect(view.locator(".unf-stage")).to_have_attribute("data-moving", "false")
    view.keyboard.press("b")
    expect(view.get_by_role("button", name="Backward", exact=True)).to_have_attribute("aria-pressed", "true")
    view.keyboard.press("d")
    expect(view.locator(".unf-block")).to_have_attribute("data-drawing", "odyssey")
    gate = view.get_by_role("button", name="forget gate f(t)", exact=True)
    gate.focus()
    view.keyboard.press("Enter")
    expect(gate).to_have_attribute("aria-pressed", "true")
    view.keyboard.press("4")
    expect(view.locator('.unf-level[data-name="Neuron"]')).to_be_visible()


def test_each_level_says_what_it_shows_and_how_to_go_on(view: Page, address: str) -> None:
    opened(view, address, "Layers")
    expect(view.get_by_role("heading", name="Layers")).to_be_visible()
    expect(view.locator(".unf-colours")).to_have_text([re.compile("values:"), re.compile("gradients:")])
    hint = view.get_by_text("double-click to unfold it in time.")
    assert hint.evaluate("one => one.scrollWidth <= one.clientWidth")  # not cut
    opened(view, address, "Time")
    expect(view.get_by_role("heading", name=f"LSTM, {T} steps")).to_be_visible()
    step_to(view, 6)
    expect(view.get_by_text(f"step 7 of {T}", exact=True)).to_be_visible()
    view.keyboard.press("3")
    expect(view.get_by_role("heading", name=f"Step 7 of {T}")).to_be_visible()
    for text in ("step 6", "step t = 7", "step 8"):
        expect(view.locator(".unf-frame").get_by_text(text, exact=True)).to_be_visible()
    view.keyboard.press("4")
    choose_unit(view, 2)
    expect(view.get_by_role("heading", name=f"Unit 3 of {H}")).to_be_visible()
    view.get_by_role("slider", name="Time step").focus()
    view.keyboard.press("Escape")
    expect(view.get_by_role("heading", name=f"Step 7 of {T}")).to_be_visible()
    view.get_by_text("Keys", exact=True).click()
    expect(view.get_by_text("circuit or Space Odyssey drawing")).to_be_visible()


def test_every_variable_says_what_it_is_for(view: Page, address: str, lstm: tuple[Trace, Shown]) -> None:
    opened(view, address)
    for variable in lstm[0].spec.variables:
        choice = view.get_by_role("group", name="Variable").get_by_role("button", name=variable.label, exact=True)
        expect(choice).to_have_attribute("title", f"{variable.label}: {variable.meaning}")
        choice.click()
        expect(view.get_by_text(f"{variable.meaning}.", exact=True)).to_be_visible()
    drawn = view.locator('[data-node="f"] > title')
    expect(drawn).to_have_text("forget gate: how much of the last step's cell is kept: 0 nothing, 1 all")


def test_the_numbers_of_a_curve_stand_beside_it_not_over_it(view: Page, address: str) -> None:
    opened(view, address, "Time")
    numbers = view.locator('[data-shown^="norm:"]')
    expect(numbers.first).to_be_visible()
    for number_ in numbers.all():
        box = number_.bounding_box()
        plot = view.locator(".unf-norms").first.bounding_box()
        assert box is not None
        assert plot is not None
        assert box["x"] + box["width"] <= plot["x"]


def test_the_numbers_of_a_picture_are_gone_through_with_the_arrow_keys(
    view: Page, address: str, lstm: tuple[Trace, Shown]
) -> None:
    opened(view, address, "Layers")
    view.locator('[data-box="input"]').click()
    figure = view.locator(".unf-pictures figure").filter(has_text=re.compile("^numbers"))
    said, picture = figure.locator("small"), figure.get_by_role("img")
    expect(said).to_have_text(f"2 × {T}")
    x = lstm[0].value("x")[:, 0]
    picture.focus()
    for key, row, column in (("ArrowRight", 0, 1), ("ArrowDown", 1, 1), ("ArrowDown", 1, 1), ("ArrowLeft", 1, 0)):
        view.keyboard.press(key)
        place = f"row {row + 1}, column {column + 1}: "
        expect(said).to_have_text(place + shown(x[column, row].item()))
    picture.hover(position={"x": 1, "y": 1})
    expect(said).to_have_text("row 1, column 1: " + shown(x[0, 0].item()))
    view.keyboard.press("Tab")
    view.mouse.move(0, 0)
    expect(said).to_have_text(f"2 × {T}")


def test_playing_moves_forward_and_the_error_moves_back(view: Page, address: str) -> None:
    opened(view, address, "Time")
    step_to(view, 3)
    slider = view.get_by_role("slider", name="Time step")
    view.get_by_role("button", name="Play forward").click()
    expect(slider).to_have_attribute("aria-valuenow", str(T), timeout=20_000)
    view.get_by_role("button", name="Backward", exact=True).click()
    view.get_by_role("button", name="Play backward").click()
    expect(slider).to_have_attribute("aria-valuenow", "1", timeout=20_000)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_serious_fault_of_accessibility(chromium: Browser, address: str, theme: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, color_scheme=theme, reduced_motion="reduce")
    page = context.new_page()
    for level in ("Layers", "Time", "Block", "Neuron"):
        opened(page, address, level)
        if level == "Block":
            page.get_by_role("button", name="Backward", exact=True).click()
        found = Axe().run(page).response["violations"]
        serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
        assert serious == [], level
    context.close()


def test_two_networks_stand_side_by_side_at_the_same_step(
    view: Page, tmp_path: Path, lstm: tuple[Trace, Shown]
) -> None:
    rnn = example(RNN)
    path = tmp_path / "both.html"
    path.write_text(pages.page([OpenTrace(*lstm), OpenTrace(*rnn)]), encoding="utf-8")
    opened_both(view, path.as_uri())
    step_to(view, 10)
    for (trace, shown_), name in ((lstm, "y"), (rnn, "h")):
        part = view.get_by_role("region", name=shown_.title)
        whole, row = part.bounding_box(), part.locator(".unf-losses").bounding_box()
        assert whole is not None
        assert row is not None
        assert row["x"] + row["width"] <= whole["x"] + whole["width"]  # all steps are seen
        norm = torch.linalg.vector_norm(trace.value(name)[10, 0]).item()
        assert number(part.locator(f'[data-shown="norm:value:{name}"]')) == norm


def opened_both(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator('.unf-level[data-name="Time"]')).to_have_count(2)
