"""Next-step prediction of the JSB chorales by the LSTM and its eight variants.

python -m benchmarks.jsb                      search, re-run the best over 5 seeds, write docs/benchmarks/jsb.md
python -m benchmarks.jsb --trials 5 --variants vanilla NFG
python -m benchmarks.jsb --report-only        write the page from docs/benchmarks/jsb.json

A run that was cut resumes: finished trials and re-runs are kept in docs/benchmarks/jsb.json.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any

import torch

from benchmarks import _chorales, _results
from benchmarks._chorale_model import Settings, frequency_nll, train
from benchmarks._chorale_page import page
from benchmarks._chorale_search import Search
from benchmarks.recurrent_measure import machine
from peephole.neural.cells.variants import VARIANTS
from peephole.neural.errors import DivergedError

NAMES = tuple(VARIANTS)
SEEDS = range(1, 6)
TRIALS = 20

Results = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """Search, re-run, write."""
    options = _options(arguments)
    kept = options.output / "jsb.json"
    results: Results = _results.read(kept) or {"trials": {}, "reruns": {}}
    if not options.report_only:
        missing = _chorales.why_missing(options.data)
        if missing:
            print(f"Skipped: {missing}.")
            return
        torch.set_num_threads(1)
        _run(options, results, kept)
    (options.output / "jsb.md").write_text(page(results), encoding="utf-8")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--trials", type=int, default=TRIALS, help=f"of the search, for each variant (default {TRIALS})"
    )
    parser.add_argument("--variants", nargs="+", choices=NAMES, default=list(NAMES), help="default: all nine")
    parser.add_argument("--minutes", type=float, help="begin no new trial after so many minutes; re-runs still follow")
    parser.add_argument("--report-only", action="store_true", help="run nothing, write the page anew")
    parser.add_argument("--data", type=Path, default=_chorales.DATA, help="the chorales' file")
    parser.add_argument("--output", type=Path, default=_results.DOCS, help="folder of jsb.json and jsb.md")
    return parser.parse_args(arguments)


def _run(options: argparse.Namespace, results: Results, kept: Path) -> None:
    chorales = _chorales.load(options.data)
    results["machine"] = machine()
    results["frequency_nll"] = frequency_nll(chorales)
    searches = {variant: Search(variant, results["trials"].setdefault(variant, [])) for variant in options.variants}
    until = monotonic() + 60 * options.minutes if options.minutes is not None else float("inf")
    for number in range(options.trials):  # a cut leaves every variant about as many
        for search in searches.values():
            if monotonic() < until and search.try_out(number, chorales):
                _results.keep(kept, results)
    _results.keep(kept, results)
    for seed in SEEDS:
        for variant, search in searches.items():
            best = search.best()
            if best is not None:
                _rerun(variant, best, chorales, seed, results)
                _results.keep(kept, results)


def _rerun(variant: str, best: Settings, chorales: _chorales.Chorales, seed: int, results: Results) -> None:
    """One seed's figures with the best settings, unless they are there."""
    mine = results["reruns"].get(variant)
    if mine is None or mine["settings"] != asdict(best):
        mine = results["reruns"][variant] = {"settings": asdict(best), "seeds": {}}
    if str(seed) in mine["seeds"]:
        return
    try:
        mine["seeds"][str(seed)] = asdict(train(variant, best, chorales, seed))
    except DivergedError as error:
        mine["seeds"][str(seed)] = {"diverged": str(error)}
    print(f"{variant} seed {seed}: {mine['seeds'][str(seed)]}", flush=True)


if __name__ == "__main__":
    main()
