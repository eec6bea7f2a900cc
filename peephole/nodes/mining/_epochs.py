"""Fitting a perceptron one epoch at a time, so that its loss is seen and it can be stopped."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.neural_network import MLPClassifier

from peephole.core.progress import message, metric, progress
from peephole.nodes.mining._dense import fit_encoder
from peephole.nodes.mining._threads import fitting_threads


def fit_epochs(estimator: Any, matrix: Any, values: Any) -> None:
    """Fit as the estimator's own `fit` does, and stop where `n_iter_no_change` epochs brought less than `tol`."""
    network = estimator[-1]
    inputs = fit_encoder(estimator[0], matrix)
    seed = network.random_state
    network.random_state = np.random.RandomState(seed)  # one stream: a number would start it anew at each epoch
    try:
        with fitting_threads(len(matrix)):
            _run(network, inputs, values)
    finally:
        network.random_state = seed
    # Only learning on needs these, and they would have to be trusted in a saved model.
    del network._optimizer, network._random_state


def _run(network: Any, inputs: Any, values: Any) -> None:
    more = {"classes": np.unique(values)} if isinstance(network, MLPClassifier) else {}
    best, idle = np.inf, 0
    for epoch in progress(range(network.max_iter), "Epochs"):
        network.partial_fit(inputs, values, **(more if epoch == 0 else {}))
        loss = float(network.loss_)
        metric(loss=loss)
        idle = idle + 1 if loss > best - network.tol else 0
        best = min(best, loss)
        if idle > network.n_iter_no_change:
            message(f"Stopped after {epoch + 1} epochs: {idle} brought nothing.")
            return
    message("The loss still fell at the last epoch: allow more epochs.", "warning")
