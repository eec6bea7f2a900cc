"""The adding problem and the copy task: a simple RNN against the peephole LSTM, and how far the error travels in each.

python -m benchmarks.long_memory                all lengths, 5 seeds; writes docs/benchmarks/long_memory.md and its figures
python -m benchmarks.long_memory --quick        the shortest length, two seeds, few updates; writes nothing
python -m benchmarks.long_memory --report-only  write the page from docs/benchmarks/long_memory.json

A run that was cut resumes: finished networks are in docs/benchmarks/long_memory.json.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NamedTuple

import torch

from benchmarks import _memory_maps, _results
from benchmarks._memory_page import page
from benchmarks._memory_tasks import TASKS
from benchmarks._memory_training import CARRIED, Settings, run
from benchmarks.recurrent_measure import machine
from peephole.neural.errors import DivergedError

LENGTHS = (50, 100, 200, 400)
SEEDS = (1, 2, 3, 4, 5)
SETTINGS = {
    ("adding", "RNN"): Settings(hidden=32, learning_rate=3e-3, batch=32, updates=1000),
    ("adding", "LSTM"): Settings(hidden=32, learning_rate=1e-2, batch=32, updates=1000),
    ("copy", "RNN"): Settings(hidden=64, learning_rate=3e-3, batch=32, updates=500, decays=True),
    ("copy", "LSTM"): Settings(hidden=64, learning_rate=1e-2, batch=32, updates=500, decays=True),
}
COPY_UPDATES = {50: 1500, 100: 900, 200: 500, 400: 300}  # about the same processor time at every length
MAPPED = 100  # the length whose maps are drawn, of the first seed
CACHE = Path(".peephole/benchmarks")

Results = dict[str, Any]


class Network(NamedTuple):
    """One network to be trained."""

    task: str
    cell: str
    T: int
    seed: int

    @property
    def id(self) -> str:
        """Its name among the results."""
        return f"{self.task} {self.cell} T={self.T} seed={self.seed}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, keep, write."""
    options = _options(arguments)
    torch.set_num_threads(1)
    if options.quick:
        print(page(_quick(options.updates or 100)))
        return
    kept = options.output / "long_memory.json"
    results: Results = _results.read(kept) or {"networks": {}}
    if not options.report_only:
        results["machine"] = machine()
        for network in _networks(options.lengths, SEEDS):
            if _train(network, _settings(network, options.updates), results, options.cache):
                _results.keep(kept, results)
    _draw(options.cache, options.output)
    (options.output / "long_memory.md").write_text(page(results), encoding="utf-8")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the shortest length, two seeds, few updates")
    parser.add_argument("--lengths", type=int, nargs="+", default=list(LENGTHS), help=f"default: {LENGTHS}")
    parser.add_argument("--updates", type=int, help="at most, for every network (default: see the page)")
    parser.add_argument("--report-only", action="store_true", help="train nothing, write the page anew")
    parser.add_argument("--cache", type=Path, default=CACHE, help=f"where the maps are kept (default {CACHE})")
    parser.add_argument("--output", type=Path, default=_results.DOCS, help="folder of the page, figures and results")
    return parser.parse_args(arguments)


def _networks(lengths: Sequence[int], seeds: Sequence[int]) -> Iterator[Network]:
    """Task by task, and seed by seed, so that a cut leaves every length about as many."""
    for task in TASKS:
        for seed in seeds:
            for T in lengths:
                for cell in CARRIED:
                    yield Network(task, cell, T, seed)


def _settings(network: Network, updates: int | None) -> Settings:
    chosen = SETTINGS[network.task, network.cell]
    if network.task == "copy":
        chosen = replace(chosen, updates=COPY_UPDATES.get(network.T, chosen.updates))
    return chosen if updates is None else replace(chosen, updates=updates)


def _train(network: Network, settings: Settings, results: Results, cache: Path | None) -> bool:
    """Train it, unless its record is there; whether it was trained."""
    found = results["networks"].get(network.id)
    if found is not None and found["settings"] == asdict(settings):
        return False
    try:
        record, flows = run(TASKS[network.task], network.cell, network.T, network.seed, settings)
    except DivergedError as error:
        record, flows = {"settings": asdict(settings), "diverged": str(error)}, {}
    results["networks"][network.id] = network._asdict() | record
    if flows and cache and (network.T, network.seed) == (MAPPED, SEEDS[0]):
        _memory_maps.keep(_map(cache, network.task, network.cell), flows)
    print(network.id, {key: value for key, value in record.items() if key != "settings"}, flush=True)
    return True


def _draw(cache: Path, output: Path) -> None:
    """The figures whose maps are there."""
    for task in TASKS:
        rnn, lstm = (_map(cache, task, cell) for cell in CARRIED)
        if rnn.exists() and lstm.exists():
            title = f"{task.capitalize()}, T = {MAPPED}: how far the error of an answer travels"
            _memory_maps.draw(rnn, lstm, output / f"long_memory_{task}.svg", title)


def _map(cache: Path, task: str, cell: str) -> Path:
    return cache / f"long_memory_{task}_{cell}.npz"


def _quick(updates: int) -> Results:
    results: Results = {"networks": {}, "machine": machine()}
    for network in _networks(LENGTHS[:1], SEEDS[:2]):
        _train(network, _settings(network, updates), results, None)
    return results


if __name__ == "__main__":
    main()
