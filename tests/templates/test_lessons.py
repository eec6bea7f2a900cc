"""The lessons: their figures are those they say, and what their notes tell is so."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture(scope="module")
def mapping(ran):
    return ran("an-rnn-is-only-a-mapping")


@pytest.fixture(scope="module")
def flow(ran):
    return ran("where-the-error-goes")


@pytest.fixture(scope="module")
def peephole(ran):
    return ran("through-the-peephole")


def test_the_same_cell_does_all_four(mapping):
    mapping.check()
    shapes = {k: mapping.result.nodes[f"{k}_cell"].outputs["network"].facts["shape"] for k in ("one_one", "one_many")}
    assert shapes == {"one_one": "1 step x 16", "one_many": "12 steps x 16"}


def test_one_learns_and_the_other_guesses(flow):
    flow.check()


def test_the_error_dies_in_one_and_travels_in_the_other(flow):
    rows = flow.table("flows.table").to_pandas().pivot_table(index="t", columns="network", values="error, power of ten")
    lost = rows.loc[31] - rows.loc[1]
    assert lost["Simple RNN"] > 12
    assert lost["LSTM"] < 3
    assert np.all(np.diff(rows["Simple RNN"]) > 0)


def test_both_keep_time(peephole):
    peephole.check()
    rows = peephole.table("now.table").to_pandas()
    rings = np.flatnonzero(rows["bell"] == 1)
    since = np.array([n - rings[rings <= n].max() if (rings <= n).any() else -1 for n in range(len(rows))])
    assert ((rows["now"] == "now") == (since == 9)).all()


def test_peepholes_bring_three_routes_more(peephole):
    by = {s: peephole.table(f"{s}_routes.table").to_pandas() for s in ("with", "without")}
    routes = {s: set(rows["name"]) for s, rows in by.items()}
    assert routes["without"] < routes["with"]
    assert len(routes["with"] - routes["without"]) == 3
    assert all("peephole" in name for name in routes["with"] - routes["without"])
    assert by["with"].groupby("name")["share"].apply(lambda s: s.abs().max())["final state"] == 0
