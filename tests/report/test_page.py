"""The page: well-formed, complete, escaped, asks for nothing from outside."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from report_samples import STILL, bar_option, failed, report

from peephole.report.model import Chart, Column, NodeReport, Output, Score, TableHead, Text
from peephole.report.page import chart_library, render
from peephole.report.sketch import Sketch

VOID = {"meta", "img", "br", "hr", "link", "input", "rect", "path", "circle", "polygon"}


class Page(HTMLParser):
    """Reads a page, and complains where tags do not close in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(text)
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1] in self.raw:
            self.raw[self.stack[-1]].append(data)
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render(report(), live=False))


def test_it_is_well_formed_and_has_its_parts(page: Page) -> None:
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    for part in ("scores", "workflow", "views", "tables", "messages", "nodes", "page-page"):
        assert part in ids
    assert page.named("html")[0]["lang"] == "en"
    assert len(page.named("h1")) == 1


def test_every_link_leads_somewhere(page: Page) -> None:
    ids = {a["id"] for _, a in page.tags if "id" in a}
    links = [a["href"] for a in page.named("a")]
    assert links
    assert {link for link in links if link.removeprefix("#") not in ids} == set()


def test_nothing_is_asked_from_outside() -> None:
    text = render(report())
    page = Page(text)
    for _, attributes in page.tags:
        for name in ("src", "href", "srcset", "poster", "data", "action"):
            assert attributes.get(name, "#").startswith(("#", "data:"))
    assert not page.named("link")
    for sheet in page.raw["style"]:
        assert "@import" not in sheet
        assert "url(" not in sheet


def policy(page: Page) -> dict[str, str]:
    content = next(m["content"] for m in page.named("meta") if m.get("http-equiv") == "Content-Security-Policy")
    return dict(part.strip().partition(" ")[::2] for part in content.split(";"))


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("live", [True, False])
def test_only_our_own_scripts_and_styles_run(live: bool) -> None:
    text = render(report(), live=live)
    found = policy(Page(text))
    assert found["default-src"] == "'none'"
    assert "unsafe-eval" not in text.split("<title>")[0]
    assert "unsafe-inline" not in found["script-src"] + found["style-src"] + found["style-src-elem"]
    for style in re.findall(r"<style>(.*?)</style>", text, re.S):
        assert digest(style) in found["style-src-elem"]
    scripts = re.findall(r"<script>(.*?)</script>", text, re.S)
    assert bool(scripts) == (live and bool(chart_library()))
    assert found["script-src"] == (" ".join(digest(s) for s in scripts) or "'none'")


def test_each_figure_is_there_as_a_picture_and_with_scripts_as_a_chart(page: Page) -> None:
    charts = [p for n in report().nodes for o in n.outputs for p in o.parts if isinstance(p, Chart)]
    assert len([i for i in page.named("img") if i.get("class") == "still"]) == len(charts) == 4
    assert all(i["alt"].startswith("Chart: ") for i in page.named("img"))
    if chart_library():
        live = Page(render(report()))
        options = [json.loads(s) for s in live.raw["script"] if s.startswith("{")]
        assert options == [c.option for c in charts]


def test_a_still_picture_is_kept_apart_from_the_page(page: Page) -> None:
    source = next(i["src"] for i in page.named("img"))
    assert base64.b64decode(source.removeprefix("data:image/svg+xml;base64,")).decode() == STILL


def test_scores_tables_messages_and_reasons_are_there(page: Page) -> None:
    for said in (
        "0.811",
        "AUC",
        "98,204",
        "16 rows × 3 columns",
        "6 more rows",
        "9,430 rows had no delay",
        "The setting late changed",
    ):
        assert said in page.text


def test_a_failure_says_what_and_the_remedy() -> None:
    page = Page(render(failed(), live=False))
    assert 'there is no column "precip"' in page.text
    assert 'Did you mean "precip_mm"?' in page.text
    assert "Some of it failed" in page.text
    assert "1 interrupted" in page.text
    assert "Traceback" in page.text  # one click away
    assert any(a.get("id") == "problems" for _, a in page.tags)


NASTY = '</script><script>alert("x")</script><img src=x onerror=alert(1)>&amp;\u2028'


def nasty_report() -> str:
    head = TableHead((Column(NASTY, NASTY),), ((NASTY,), (None,)), 2, NASTY)
    option = bar_option() | {"title": {"text": NASTY}}
    parts = (head, Chart(NASTY, option, "", NASTY), (Score(NASTY, NASTY),), Text(NASTY))
    outputs = (
        Output("a", "Table", NASTY, parts),
        Output("b", "Report", "", parts),
        Output("c", "Figure", "", parts[1:2]),
    )
    node = NodeReport(
        "n", NASTY, NASTY, NASTY, NASTY, NASTY, NASTY, ((NASTY, NASTY),), "done", NASTY, 1.0, (NASTY,), None, outputs
    )  # fmt: skip
    words = {"title": NASTY, "description": NASTY, "source": NASTY, "engine": NASTY, "notes": (NASTY,)}
    return render(report(nodes=(node,), sketch=Sketch(()), **words))


def test_whatever_people_or_data_say_is_text() -> None:
    text = nasty_report()
    page = Page(text)
    assert not any("onerror" in a for _, a in page.tags)
    assert not any(i.get("src", "").startswith("x") for i in page.named("img"))
    assert '<script>alert("x")' not in text
    scripts = re.findall(r"<script>(.*?)</script>", text, re.S)
    assert policy(page)["script-src"] == (" ".join(digest(s) for s in scripts) or "'none'")
    assert 'alert("x")' in page.text


def test_people_may_write_markdown_but_no_markup_and_no_pictures() -> None:
    text = render(
        report(description="**bold** ![p](https://x.example/p.png) <b>no</b> [l](javascript:alert(1))"), live=False
    )
    page = Page(text)
    assert "<strong>bold</strong>" in text
    assert not any("javascript" in a.get("href", "") for a in page.named("a"))
    assert "<b>no</b>" in page.text
    assert not any("x.example" in i.get("src", "") for i in page.named("img"))


def test_it_prints_well() -> None:
    sheet = re.sub(r"\s+", "", "".join(Page(render(report(), live=False)).raw["style"]))
    printed = sheet.partition("@mediaprint{:root")[2]
    assert "@page{size:A4" in sheet
    for rule in (
        "break-inside:avoid",
        "break-after:avoid",
        ".chart.has-still.live{display:none!important}",
        "background:#fff",
    ):
        assert rule in printed


def test_it_follows_the_readers_light_or_dark() -> None:
    text = render(report(), live=False)
    assert '<meta name="color-scheme" content="light dark">' in text
    assert "@media screen and (prefers-color-scheme:dark)" in text


def test_an_empty_run_is_a_page_too() -> None:
    page = Page(render(report(nodes=(), sketch=Sketch(()), status="cancelled"), live=False))
    assert "Cancelled" in page.text


def test_the_same_report_is_the_same_page() -> None:
    assert render(report()) == render(report())
