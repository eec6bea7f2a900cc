"""Every number of docs/understanding-bptt.md is printed by the code beside it."""

import json
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "understanding-bptt.md"


@pytest.fixture(scope="module")
def blocks(pages, tmp_path_factory):
    pytest.importorskip("matplotlib")
    folder = tmp_path_factory.mktemp("page")
    return folder, list(pages.run(PAGE, folder))


def test_the_outputs_on_the_page_are_those_of_its_code(pages, blocks):
    for block in blocks[1]:
        assert (block.wanted is not None) == bool(block.got), f"line {block.line}: {block.got}"
        if block.wanted is not None:
            assert pages.same(block.wanted, block.got, tolerance=0.02), (
                f"line {block.line}: the code prints\n{block.got}"
            )


def output_of(blocks, text):
    return next(block.got for block in blocks[1] if text in block.code)


def numbers(text):
    return [float(n) for n in re.findall(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", text)]


def test_what_the_text_says_is_so(blocks):
    routes = [numbers(line)[-2:] for line in output_of(blocks, "def slope(").splitlines()[1:7]]
    assert all(share == pytest.approx(nudged, abs=2e-6) for share, nudged in routes)
    fourth, swapped, nudged = numbers(output_of(blocks, "swapped =").splitlines()[0])
    assert fourth == nudged != swapped
    highway = [numbers(line) for line in output_of(blocks, "span_norms").splitlines()[1:]]
    assert highway[0][2] > 0.9, "the best keeps most from step to step"
    assert highway[-1][2] > 0.05
    assert highway[2][3] < 1e-3, "the worst forgets"
    assert highway[-1][1] >= highway[0][1], "the last cell still feels the first as strongly as its neighbour"
    assert numbers(output_of(blocks, "product ="))[0] > 0.01
    for _, truth, bound, power in map(numbers, output_of(blocks, "def simple(").splitlines()[2:]):
        assert truth <= bound <= 1.02 * power
    weak, strong = output_of(blocks, "trace_ =").splitlines()
    assert numbers(weak)[-1] > 10
    assert numbers(strong)[-1] < 1e-6
    by_bias = [numbers(line)[-3:] for line in output_of(blocks, "forget_bias=bias").splitlines()[1:]]
    assert [row[0] for row in by_bias] == sorted(row[0] for row in by_bias)
    assert by_bias[0][0] < 1e-20
    assert by_bias[-1][0] > 1
    simple, lstm = (numbers(line)[0] for line in output_of(blocks, "maps =").splitlines())
    assert simple < 1e-5
    assert lstm > 1
    exploding, vanishing = (numbers(line)[1] for line in output_of(blocks, "changed = clip_by_value").splitlines()[2:])
    assert exploding > 1 > vanishing


def test_the_figure_is_drawn_and_stands_beside_the_page(blocks):
    names = re.findall(r"!\[[^\]]+\]\((\S+)\)", PAGE.read_text(encoding="utf-8"))
    assert names
    for name in names:
        assert (blocks[0] / name).read_text(encoding="utf-8").lstrip().startswith("<?xml")
        assert (DOCS / name).exists()


def test_the_networks_on_the_page_are_learnt(load):
    training = load("understanding_bptt_training")
    stored = json.loads(training.WEIGHTS.read_text(encoding="utf-8"))
    for name, layer in training.networks().items():
        network, losses = training.learn(layer, 12)
        assert losses[-1] < losses[0]
        state = network.state_dict()
        assert {key: value.numel() for key, value in state.items()} == {k: len(v) for k, v in stored[name].items()}


def test_outputs_are_compared_with_sense(pages):
    assert pages.same("a 1.00 b\n", "a 1.01  b", 0.001)
    assert not pages.same("a 1.00", "a 1.03", 0.001)
    assert not pages.same("a 1.00", "b 1.00", 0.001)
    assert not pages.same("576 steps", "574 steps", 0.001)
    assert pages.same("1.2e-05", "1.3e-05", 0.001)
    assert not pages.same("1.2e-05", "1.2e-04", 0.001)
