"""The node reference says what the nodes say, and its examples print what stands under them."""

import re

import pytest

FAMILIES = ("io", "rows", "columns", "tables", "statistics", "mining", "views", "networks", "control")
REMAKE = "make the pages anew: python docs/reference.py"
# What is learnt differs in its numbers from processor to processor; there the words and the shape are compared.
LEARNT = {"mining", "networks", "views"}


def without_outputs(text):
    return re.sub(r"\n```text\n.*?^```\n", "", text, flags=re.DOTALL | re.MULTILINE)


def test_every_family_has_its_page(reference):
    made = reference.specs_by_family()
    assert set(made) == set(FAMILIES)
    assert {page.stem for page in reference.FOLDER.glob("*.md")} == {*FAMILIES, "README"}
    assert (reference.FOLDER / "README.md").read_text(encoding="utf-8") == reference.index(made), REMAKE
    assert reference.FORMULAS.read_text(encoding="utf-8") == reference.formulas(), REMAKE


@pytest.mark.parametrize("family", FAMILIES)
def test_the_page_is_the_nodes_own(reference, family):
    found = (reference.FOLDER / f"{family}.md").read_text(encoding="utf-8")
    wanted = reference.page(family, reference.specs_by_family()[family], reference.load_examples())
    assert without_outputs(found) == without_outputs(wanted), REMAKE


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("family", FAMILIES)
def test_the_examples_print_what_the_page_says(pages, reference, family, tmp_path, monkeypatch):
    monkeypatch.setenv("PEEPHOLE_CACHE", str(tmp_path / "cache"))
    (tmp_path / "here").mkdir()
    tolerance = None if family in LEARNT else 1e-6
    for block in pages.run(reference.FOLDER / f"{family}.md", tmp_path / "here"):
        assert (block.wanted is not None) == bool(block.got), f"line {block.line}: {block.got}"
        if block.wanted is not None:
            assert pages.same(block.wanted, block.got, tolerance), (
                f"line {block.line}: it prints\n{block.got}\n{REMAKE}"
            )
