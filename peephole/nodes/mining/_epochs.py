"""Fitting a perceptron so that its loss is seen and it can be stopped."""

from __future__ import annotations

import warnings
from typing import Any

from sklearn.exceptions import ConvergenceWarning

from peephole.core.progress import advance, message, metric
from peephole.nodes.mining._dense import fit_encoder
from peephole.nodes.mining._watching import watched


def fit_epochs(estimator: Any, matrix: Any, values: Any) -> None:
    """Fit; says when it stopped before its last epoch, and when it was still moving at that."""
    network = estimator[-1]
    inputs = fit_encoder(estimator[0], matrix)
    told = 0

    def look() -> None:
        nonlocal told
        losses = list(getattr(network, "loss_curve_", []))
        for loss in losses[told:]:
            metric("epoch", loss=float(loss))
        told = len(losses)
        advance(told, network.max_iter, "Epochs")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        watched(lambda: network.fit(inputs, values), look, rows=len(matrix))
    look()
    if network.n_iter_ < network.max_iter:
        message(f"Stopped after {network.n_iter_} epochs: {network.n_iter_no_change} brought nothing.")
    else:
        message("The loss still fell at the last epoch: allow more epochs.", "warning")
    # Only learning on needs these, and they would have to be trusted in a saved model.
    del network._optimizer, network._random_state
