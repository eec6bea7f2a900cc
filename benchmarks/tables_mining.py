"""One learner, as our node or as scikit-learn called by hand, in this process: `python -m benchmarks.tables_mining NAME node`.

Both get the same rows as a pandas frame. The node also checks the columns, keeps what it learnt about them, and looks after
missing values and categories.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any


def frame(rows: int, columns: int) -> Any:
    """Numbers, and a class that hangs on some of them."""
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(1)
    numbers = random.normal(size=(rows, columns))
    made = pd.DataFrame(numbers, columns=[f"c{i}" for i in range(columns)])
    score = numbers[:, :5].sum(axis=1) + random.normal(size=rows)
    made["y"] = np.where(score > 1, "high", np.where(score < -1, "low", "middle"))
    return made


def _tree(table: Any) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(max_depth=10, min_samples_leaf=5, random_state=0).fit(*_parts(table))


def _forest(table: Any) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    learner = RandomForestClassifier(n_estimators=20, max_depth=12, random_state=0, n_jobs=_cores())
    return learner.fit(*_parts(table))


def _boosting(table: Any) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    learner = HistGradientBoostingClassifier(max_iter=30, early_stopping=False, random_state=0)
    return learner.fit(*_parts(table))


def _logistic(table: Any) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(*_parts(table))


def _k_means(table: Any) -> Any:
    from sklearn.cluster import KMeans
    from sklearn.preprocessing import StandardScaler

    scaled = StandardScaler().fit_transform(_parts(table)[0])
    found = KMeans(5, n_init=3, random_state=0).fit(scaled)
    return table.assign(cluster=found.labels_ + 1)


def _linear(table: Any) -> Any:
    from sklearn.linear_model import LinearRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LinearRegression()).fit(*_numbers(table))


def _bayes(table: Any) -> Any:
    from sklearn.naive_bayes import GaussianNB

    return GaussianNB().fit(*_parts(table))


def _pca(table: Any) -> Any:
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import StandardScaler

    scaled = StandardScaler().fit_transform(_parts(table)[0])
    found = PCA().fit(scaled)  # every component, as the node tells the share of each
    scores = found.transform(scaled)
    return table.assign(PC1=scores[:, 0], PC2=scores[:, 1])


def _numbers(table: Any) -> tuple[Any, Any]:
    """Without the class, the first column as target."""
    return table.drop(columns=["y", "c0"]).to_numpy(), table["c0"].to_numpy()


def _parts(table: Any) -> tuple[Any, Any]:
    return table.drop(columns="y").to_numpy(), table["y"].to_numpy()


def _cores() -> int:
    from peephole.engine.resources import cores

    return cores()


def _node(table: Any, name: str, **settings: Any) -> Any:
    from peephole.engine.catalog import catalog

    return catalog().require(name)(table, **settings)


LEARNERS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "decision tree": (lambda t: _node(t, "decision_tree_learner", target="y"), _tree),
    "random forest": (lambda t: _node(t, "random_forest_learner", target="y", trees=20, depth=12), _forest),
    "gradient boosting": (lambda t: _node(t, "gradient_boosting_learner", target="y", trees=30), _boosting),
    "logistic regression": (lambda t: _node(t, "logistic_regression_learner", target="y"), _logistic),
    "linear regression": (
        lambda t: _node(t.drop(columns="y"), "linear_regression_learner", target="c0"),
        _linear,
    ),
    "naive Bayes": (lambda t: _node(t, "naive_bayes_learner", target="y"), _bayes),
    "PCA": (lambda t: _node(t.drop(columns="y"), "pca"), _pca),
    "k-means": (lambda t: _node(t.drop(columns="y"), "k_means", clusters=5, starts=3), _k_means),
}


def main() -> None:
    """Learn once and print seconds and peak memory."""
    name, who, rows, columns = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    table = frame(rows, columns)
    learn = LEARNERS[name][0 if who == "node" else 1]
    learn(table.head(500))  # imports, and compiled code, are not what is measured
    start = time.perf_counter()
    made = learn(table)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "made": type(made).__name__}))


if __name__ == "__main__":
    main()
