"""Random search over the settings of one variant, trial by trial; finished trials are told, so that it resumes from them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, FloatDistribution, IntDistribution
from optuna.samplers import RandomSampler

from benchmarks._chorale_model import EPOCHS, Settings, train
from benchmarks._chorales import Chorales
from peephole.neural.errors import DivergedError, NetworkInputError

SEED = 0  # of the model, in all trials
COMPLETE, DIVERGED = "COMPLETE", "PRUNED"
SPACE: dict[str, BaseDistribution] = {
    "hidden": IntDistribution(20, 200, log=True),
    "learning_rate": FloatDistribution(1e-3, 2e-2, log=True),
    "one_minus_momentum": FloatDistribution(0.01, 1.0, log=True),
    "noise": FloatDistribution(0.0, 1.0),
}


class Search:
    """Up to any number of trials.

    Trial n draws the same settings for every variant, so that all are tried at the same points.
    told: the trials finished so far (settings, state and figures); new ones are added to this very list.
    """

    def __init__(self, variant: str, told: list[dict[str, Any]], epochs: int = EPOCHS) -> None:
        self.variant, self.told, self._epochs = variant, told, epochs

    def try_out(self, number: int, chorales: Chorales) -> bool:
        """Run trial `number`; False where it has been finished before."""
        if number in {trial["number"] for trial in self.told}:
            return False
        params = drawn(number)
        trial = {"number": number, "state": COMPLETE, "valid": None, **params}
        try:
            trial |= asdict(train(self.variant, settings_of(params), chorales, SEED, self._epochs))
        except (DivergedError, NetworkInputError) as error:
            trial |= {"state": DIVERGED, "diverged": str(error)}
        self.told.append(trial)
        print(f"{self.variant} trial {number}: {trial['state']} {trial['valid']} {params}", flush=True)
        return True

    def best(self) -> Settings | None:
        """The settings with the best validation figure."""
        complete = [trial for trial in self.told if trial["state"] == COMPLETE]
        return settings_of(min(complete, key=lambda trial: trial["valid"])) if complete else None


def drawn(number: int) -> dict[str, Any]:
    """The settings of trial `number`."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna.create_study(sampler=RandomSampler(seed=number)).ask(SPACE).params


def settings_of(params: dict[str, Any]) -> Settings:
    """As drawn."""
    return Settings(params["hidden"], params["learning_rate"], 1 - params["one_minus_momentum"], params["noise"])
