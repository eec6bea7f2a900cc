"""Plans of steps and the threads' blocks of rows."""

from itertools import pairwise

import torch
from hypothesis import given
from hypothesis import strategies as st

from peephole.neural.kernels._parallel import blocks
from peephole.neural.kernels._plan import Plan

SIZES = st.lists(st.integers(1, 40), min_size=1, max_size=30).map(lambda sizes: tuple(sorted(sizes, reverse=True)))


def _naive_before(sizes):
    starts = [sum(sizes[:t]) for t in range(len(sizes))]
    return [starts[t - 1] + r for t in range(1, len(sizes)) for r in range(sizes[t])]


@given(SIZES, st.integers(1, 50))
def test_chunks_cover_all_rows_and_know_the_rows_before(sizes, rows):
    plan = Plan.of(torch.empty(sum(sizes), 1), sizes)
    chunks = plan.chunks(rows)
    assert [chunk.start for chunk in chunks] == [0, *(chunk.end for chunk in chunks[:-1])]
    assert chunks[-1].end == sum(sizes)
    values = torch.arange(sum(sizes)).unsqueeze(1)
    assert torch.cat([plan.before(values, chunk) for chunk in chunks]).flatten().tolist() == _naive_before(sizes)


@given(SIZES, st.integers(1, 50))
def test_final_states_are_each_sequences_last_row(sizes, rows):
    plan = Plan.of(torch.empty(sum(sizes), 1), sizes)
    values = torch.arange(sum(sizes)).unsqueeze(1)
    lengths = [sum(size > r for size in sizes) for r in range(sizes[0])]
    expected = [sum(sizes[: length - 1]) + r for r, length in enumerate(lengths)]
    assert plan.final_states(values).flatten().tolist() == expected
    states = torch.full((sizes[0], 1), -1)
    for chunk in plan.chunks(rows):
        plan.finish(states, values[chunk.rows], chunk)
    assert states.flatten().tolist() == expected


@given(SIZES, st.integers(1, 9))
def test_blocks_share_the_rows_out(sizes, threads):
    bounds = blocks(sizes, threads)
    assert bounds[0] == 0
    assert bounds[-1] == sizes[0]
    assert all(low < high for low, high in pairwise(bounds))
    assert len(bounds) - 1 <= threads


def test_blocks_of_ragged_sequences_have_even_work():
    sizes = [8] * 10 + [4] * 30  # rows 0-3 have 40 steps, rows 4-7 have 10
    low, middle, high = blocks(sizes, 2)
    assert (low, high) == (0, 8)
    assert middle == 3  # 120 of 200 steps; at 2 it would be 80
