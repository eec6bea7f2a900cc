"""The peephole LSTM against torch.nn.LSTM, the obvious ways to write one, and the floor.

python -m benchmarks.recurrent            all sizes, one thread and all; writes docs/benchmarks/recurrent.md
python -m benchmarks.recurrent --quick    the first two sizes, few rounds; writes nothing
python -m benchmarks.recurrent --sizes 2 4 --threads 1
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import torch

from benchmarks import recurrent_measure as measure
from benchmarks.recurrent_contestants import (
    FLOOR,
    KERAS,
    MAINSTREAM,
    NAIVE,
    PEEPHOLE,
    SIZES,
    Contestant,
    packed,
    padded,
    why_no_keras,
)

OUTPUT = Path("docs/benchmarks/recurrent.md")

# At most this share of torch.nn.LSTM's time (the floor's, its memory) is to be reached, by size; None: no promise.
REACH = {
    "training": (0.75, 1.0, 1.0, 1.0, 1.15),
    "training / floor": (1.2, 1.2, 1.2, 1.2, 1.2),
    "inference": (0.85, 0.85, 1.1, 1.1, None),
    "packed training": (None, 0.35, 0.35, 0.35, None),
    "memory": (1.0, 1.0, 1.0, 1.0, 1.0),
}


KERAS_TRAINS_UP_TO = 3  # the size's number; from there on its training step would take most of the benchmark's time


class Line(NamedTuple):
    """The times in seconds of every contestant for one size."""

    number: int  # of the size, from 1
    times: dict[str, float]

    def ratio(self, name: str, to: str) -> float | None:
        """A contestant's time as a multiple of another's."""
        return self.times[name] / self.times[to] if name in self.times and to in self.times else None


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write the page."""
    options = _options(arguments)
    numbers = options.sizes or ([1, 2] if options.quick else [1, 2, 3, 4, 5])
    everything = torch.get_num_threads()
    threads = options.threads or sorted({1, everything})
    parts = [_head(measure.machine(), options.cpu_time)]
    for count in threads:
        torch.set_num_threads(count)
        parts.append(f"## {_threads(count)}\n")
        for what in ("training", "inference"):
            lines = [_padded(number, what, options) for number in numbers]
            parts.append(_padded_table(what, lines))
        parts.append(_packed_table([_packed(number, options) for number in numbers]))
    torch.set_num_threads(everything)
    parts.append(_memory_table(numbers))
    parts.append(_GPU)
    page = "\n".join(parts)
    print(page)
    if options.output or not (options.quick or options.sizes or options.threads):
        target = options.output or OUTPUT
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page, encoding="utf-8")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the first two sizes and few rounds")
    parser.add_argument("--sizes", type=int, nargs="+", choices=range(1, 6), help="which of the five sizes")
    parser.add_argument("--threads", type=int, nargs="+", help="numbers of threads (default: one and all)")
    parser.add_argument(
        "--cpu-time", action="store_true", help="one thread: count the thread's own time (busy machine)"
    )
    parser.add_argument("--output", type=Path, help=f"where the page goes (default: {OUTPUT}, for a full run)")
    return parser.parse_args(arguments)


def _rounds(number: int, quick: bool) -> int:
    return 5 if quick else (41, 31, 21, 7, 5)[number - 1]


def _run(number: int, contestants: Sequence[Contestant], what: str, how: argparse.Namespace) -> Line:
    calls = [(c.train if what == "training" else c.infer, c.slow) for c in contestants]
    busy = how.cpu_time and torch.get_num_threads() == 1
    times = measure.interleaved(calls, _rounds(number, how.quick), time.thread_time if busy else time.perf_counter)
    return Line(number, dict(zip((c.name for c in contestants), times, strict=True)))


def _padded(number: int, what: str, how: argparse.Namespace) -> Line:
    contestants = padded(SIZES[number - 1])
    if what == "training" and number > KERAS_TRAINS_UP_TO:
        contestants = [found for found in contestants if found.name != KERAS]
    return _run(number, contestants, what, how)


def _packed(number: int, how: argparse.Namespace) -> Line:
    return _run(number, packed(SIZES[number - 1]), "training", how)


def _padded_table(what: str, lines: list[Line]) -> str:
    title = "Training step (forward + backward)" if what == "training" else "Inference"
    heads = [
        "size (B, T, I, H)",
        "Peephole, ms",
        "/ torch.nn.LSTM",
        "reach",
        "/ floor",
        "Python loop",
        "Keras",
        "torch / floor",
    ]
    rows = []
    for line in lines:
        ratios = [
            _verdict(what, line.number, line.ratio(PEEPHOLE, MAINSTREAM)),
            _number(line.ratio(PEEPHOLE, FLOOR)),
            _number(line.ratio(NAIVE, MAINSTREAM)),
            _number(line.ratio(KERAS, MAINSTREAM)),
            _number(line.ratio(MAINSTREAM, FLOOR)),
        ]
        rows.append([str(SIZES[line.number - 1]), f"{line.times[PEEPHOLE] * 1e3:.2f}", *_flat(ratios)])
    middle = median([line.ratio(PEEPHOLE, MAINSTREAM) or 0 for line in lines])
    note = (
        f"\nMedian over the sizes: {middle:.2f} of torch.nn.LSTM's time (to be reached: 0.96).\n"
        if what == "training"
        else ""
    )
    return f"### {title}\n\n{_table(heads, rows)}{note}"


def _packed_table(lines: list[Line]) -> str:
    heads = ["size (B, T, I, H)", "Peephole, ms", "/ torch.nn.LSTM", "reach"]
    rows = [
        [
            str(SIZES[line.number - 1]),
            f"{line.times[PEEPHOLE] * 1e3:.2f}",
            *_verdict("packed training", line.number, line.ratio(PEEPHOLE, MAINSTREAM)),
        ]
        for line in lines
    ]
    return f"### Training step on packed sequences, two thirds filled\n\n{_table(heads, rows)}"


def _memory_table(numbers: Sequence[int]) -> str:
    heads = ["size (B, T, I, H)", "Peephole, MiB", "torch.nn.LSTM, MiB", "ratio", "reach"]
    rows = []
    for number in numbers:
        own, other = (measure.memory_of_training_step(name, SIZES[number - 1]) for name in (PEEPHOLE, MAINSTREAM))
        if own is None or other is None:
            return "## Memory of a training step\n\nNot measured: this system does not tell a process's peak.\n"
        ratio = own / other if other else None
        rows.append([str(SIZES[number - 1]), f"{own:.1f}", f"{other:.1f}", *_verdict("memory", number, ratio)])
    return f"## Memory of a training step\n\nPeak of the process above what it held before, one thread.\n\n{_table(heads, rows)}"


def _verdict(what: str, number: int, ratio: float | None) -> list[str]:
    """The ratio, and what is to be reached with whether it is."""
    reach = REACH[what][number - 1]
    if ratio is None or reach is None:
        return [_number(ratio), ""]
    return [_number(ratio), f"{reach} {'✓' if ratio <= reach else '✗'}"]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _flat(cells: list[list[str] | str]) -> list[str]:
    return [text for cell in cells for text in (cell if isinstance(cell, list) else [cell])]


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _threads(count: int) -> str:
    return "One thread" if count == 1 else f"{count} threads"


def _head(machine: str, cpu_time: bool) -> str:
    keras = why_no_keras()
    return f"""# The recurrent core against its peers

Written by `make bench-recurrent`. Float32; median times; all contestants take turns in one process, so that a slow moment
hits all alike. A training step gives the gradients of the input and of every parameter. `torch.nn.LSTM` and Keras have no
peepholes, so they do less work. Ratios are of times: under 1 is faster. The floor is the matrix products alone, the recurrent
ones and smaller weights' gradients in compiled loops. Columns "Python loop" (a peephole cell in a loop, gradients by autograd)
and "Keras" are multiples of `torch.nn.LSTM`'s time. Keras does not train the two largest sizes: at (64, 200, 128, 512) its step
took 15 times `torch.nn.LSTM`'s.{f" No Keras column: {keras}." if keras else ""}

Machine: {machine}.{" One thread: the thread's own processor time, since the machine was busy." if cpu_time else ""}
"""


_GPU = """## GPU

Unmeasured: no GPU was at hand.
"""

if __name__ == "__main__":
    main()
