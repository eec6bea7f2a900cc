"""Random search over the settings of one variant, trial by trial, kept in a journal so that it resumes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import optuna
from optuna.samplers import RandomSampler
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, TrialState

from benchmarks._chorale_model import EPOCHS, Settings, train
from benchmarks._chorales import Chorales
from peephole.neural.errors import DivergedError, NetworkInputError

SEED = 0  # of the model, in all trials
NUMBER, FIGURES = "number", "figures"


class Search:
    """Up to any number of trials.

    Trial n draws the same settings for every variant, so that all are tried at the same points.
    """

    def __init__(self, variant: str, journal: Path, epochs: int = EPOCHS) -> None:
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        journal.parent.mkdir(parents=True, exist_ok=True)
        self.variant, self._epochs = variant, epochs
        self._study = optuna.create_study(
            study_name=variant,
            storage=JournalStorage(JournalFileBackend(str(journal))),
            load_if_exists=True,
        )

    def try_out(self, number: int, chorales: Chorales) -> None:
        """Run trial `number`, unless it has been finished before."""
        if number in {trial.user_attrs[NUMBER] for trial in self._finished()}:
            return
        self._study.sampler = RandomSampler(seed=number)
        self._study.optimize(lambda trial: self._trial(trial, number, chorales), n_trials=1)
        last = self._study.trials[-1]
        print(f"{self.variant} trial {number}: {last.state.name} {last.value} {last.params}", flush=True)

    def best(self) -> Settings | None:
        """The settings with the best validation figure."""
        complete = [trial for trial in self._finished() if trial.state == TrialState.COMPLETE]
        return settings_of(min(complete, key=lambda trial: trial.value or 0.0).params) if complete else None

    def told(self) -> list[dict[str, Any]]:
        """Every finished trial: its settings, state and figures."""
        return [
            {"number": trial.user_attrs[NUMBER], "state": trial.state.name, "valid": trial.value, **trial.params}
            | trial.user_attrs.get(FIGURES, {})
            for trial in self._finished()
        ]

    def _finished(self) -> list[FrozenTrial]:
        """Complete ones and those that diverged, not those that were cut."""
        every = self._study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED))
        return [trial for trial in every if FIGURES in trial.user_attrs]

    def _trial(self, trial: optuna.Trial, number: int, chorales: Chorales) -> float:
        trial.set_user_attr(NUMBER, number)
        try:
            outcome = train(self.variant, draw(trial), chorales, SEED, self._epochs)
        except (DivergedError, NetworkInputError) as error:
            trial.set_user_attr(FIGURES, {"diverged": str(error)})
            raise optuna.TrialPruned from error
        trial.set_user_attr(FIGURES, vars(outcome))
        return outcome.valid


def draw(trial: optuna.Trial) -> Settings:
    """The space that is searched."""
    return settings_of(
        {
            "hidden": trial.suggest_int("hidden", 20, 200, log=True),
            "learning_rate": trial.suggest_float("learning_rate", 1e-3, 2e-2, log=True),
            "one_minus_momentum": trial.suggest_float("one_minus_momentum", 0.01, 1.0, log=True),
            "noise": trial.suggest_float("noise", 0.0, 1.0),
        }
    )


def settings_of(params: dict[str, Any]) -> Settings:
    """As drawn."""
    return Settings(params["hidden"], params["learning_rate"], 1 - params["one_minus_momentum"], params["noise"])
