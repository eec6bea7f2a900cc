"""CUDA graphs of a time loop: hundreds of small launches recorded once and replayed as one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import NamedTuple

import torch
from torch import Tensor

KEPT = 4  # graphs; each keeps the memory of one batch


class _Recording(NamedTuple):
    graph: torch.cuda.CUDAGraph
    tensors: dict[str, Tensor]  # where the graph reads and writes


_recordings: OrderedDict[Hashable, _Recording] = OrderedDict()


def run(
    key: Hashable, loop: Callable[[dict[str, Tensor]], None], given: dict[str, Tensor], made: set[str]
) -> dict[str, Tensor]:
    """Run `loop` over the tensors by name, and return those that it writes (`made`).

    key: what the loop depends on besides its tensors.  given: its tensors, those that it writes too (in place).
    On a GPU the loop is recorded at the first call with a key and these shapes, and replayed on memory of its own from then on.
    """
    if not next(iter(given.values())).is_cuda or torch.cuda.is_current_stream_capturing():
        loop(given)
        return {name: given[name] for name in made}
    whole = (key, *((name, value.shape, value.dtype, value.device) for name, value in given.items()))
    recording = _recordings.get(whole)
    if recording is None:
        recording = _record(loop, given)
        _recordings[whole] = recording
        if len(_recordings) > KEPT:
            _recordings.popitem(last=False)
    _recordings.move_to_end(whole)
    for name, value in given.items():
        recording.tensors[name].copy_(value)
    recording.graph.replay()
    for name in made:
        given[name].copy_(recording.tensors[name])
    return {name: given[name] for name in made}


def _record(loop: Callable[[dict[str, Tensor]], None], given: dict[str, Tensor]) -> _Recording:
    tensors = {name: value.clone() for name, value in given.items()}
    aside: torch.cuda.Stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):
        loop(tensors)  # compiles the kernels and chooses the products' algorithms, which a recording must not
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        loop(tensors)
    return _Recording(graph, tensors)
