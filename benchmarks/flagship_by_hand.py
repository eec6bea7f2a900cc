"""The steps of templates/flight-delays as a data scientist would write them with pandas and scikit-learn, for comparison.

Run it: python -m benchmarks.flagship_by_hand. It prints its scores and the seconds of each part, as JSON on the last line.
"""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.inspection import permutation_importance
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OrdinalEncoder
from sklearn.tree import DecisionTreeClassifier

from peephole.data import get

WEATHER = ["temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib"]
CATEGORIES = ["carrier", "origin", "dest"]
FEATURES = ["month", "day", "hour", "distance", *CATEGORIES, *WEATHER]


def prepare() -> pd.DataFrame:
    """Read, join, clean, derive."""
    flights = pd.read_csv(get("flights"), parse_dates=["time_hour"])
    weather = pd.read_csv(get("flights-weather"), parse_dates=["time_hour"])
    weather = weather[["origin", "time_hour", *WEATHER]]
    joined = flights.merge(weather, on=["origin", "time_hour"], how="left")
    joined = joined[joined["arr_delay"].notna()].copy()
    joined[WEATHER] = joined[WEATHER].fillna(joined[WEATHER].median())
    joined["late"] = np.where(joined["arr_delay"] > 15, "late", "on time")
    joined["part_of_day"] = pd.cut(joined["hour"], [0, 6, 12, 18, 24], right=False)
    return joined


def summarise(joined: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables behind the views."""
    airlines = pd.read_csv(get("flights-airlines"))
    by_month = joined.groupby(["origin", "month"], as_index=False)["arr_delay"].mean()
    by_carrier = joined.groupby("carrier", as_index=False).agg(
        delay=("arr_delay", "mean"), flights=("arr_delay", "size")
    )
    by_carrier = by_carrier.merge(airlines, on="carrier").sort_values("delay")
    by_hour = joined.groupby(["hour", "month"], as_index=False)["arr_delay"].mean()
    pivot = joined.pivot_table(index="origin", columns="part_of_day", values="arr_delay", aggfunc="mean", observed=True)
    return {"by_month": by_month, "by_carrier": by_carrier, "by_hour": by_hour, "pivot": pivot}


def learn(joined: pd.DataFrame) -> dict[str, Any]:
    """Partition, train both learners, score them, and see what matters."""
    x, y = joined[FEATURES], joined["late"]
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.25, stratify=y, random_state=0)
    encode = make_column_transformer(
        (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), CATEGORIES), remainder="passthrough"
    )
    a_train, a_test = encode.fit_transform(x_train), encode.transform(x_test)
    scores: dict[str, Any] = {}
    models = {
        "tree": DecisionTreeClassifier(max_depth=8, min_samples_leaf=50, random_state=0),
        "boosting": HistGradientBoostingClassifier(max_iter=100, random_state=0, categorical_features=[0, 1, 2]),
    }
    for name, model in models.items():
        model.fit(a_train, y_train)
        predicted, chance = model.predict(a_test), model.predict_proba(a_test)[:, 0]
        scores[name] = {
            "accuracy": accuracy_score(y_test, predicted),
            "f1": f1_score(y_test, predicted, pos_label="late"),
            "auc": roc_auc_score(y_test == "late", chance),
            "confusion": confusion_matrix(y_test, predicted).tolist(),
        }
    few = np.random.default_rng(0).choice(len(a_test), 10_000, replace=False)
    importance = permutation_importance(
        models["boosting"], a_test[few], y_test.to_numpy()[few], n_repeats=3, random_state=0, scoring="roc_auc"
    )
    names = CATEGORIES + [f for f in FEATURES if f not in CATEGORIES]
    scores["importance"] = dict(zip(names, importance.importances_mean, strict=True))
    return scores


def main() -> None:
    """Do it all, and say how long each part took."""
    start = time.perf_counter()
    joined = prepare()
    prepared = time.perf_counter()
    summarise(joined)
    summarised = time.perf_counter()
    scores = learn(joined)
    end = time.perf_counter()
    seconds = {
        "prepare": prepared - start,
        "summarise": summarised - prepared,
        "learn": end - summarised,
        "all": end - start,
    }
    print(json.dumps({"rows": len(joined), "seconds": seconds, "scores": scores}))


if __name__ == "__main__":
    main()
