"""One learner, as our node or as scikit-learn called by hand: `python -m benchmarks.tables_mining NAME node FILE SMALL`.

Both read the same Parquet file and give the same: the fitted model in memory, tables written as Parquet. By hand missing
values are looked after as in the node where the learner cannot take them: by the median.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
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


def files(folder: Path, rows: int, columns: int) -> tuple[Path, Path]:
    """The rows as a file, and a few of them to make ready with; each is made once."""
    made = []
    for count in (rows, 500):
        path = folder / f"learn_{count}x{columns}.parquet"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            frame(count, columns).to_parquet(path, index=False)
        made.append(path)
    return made[0], made[1]


def _tree(table: Any, _out: Path) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(max_depth=10, min_samples_leaf=5, random_state=0).fit(*_parts(table))


def _forest(table: Any, _out: Path) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    learner = RandomForestClassifier(n_estimators=20, max_depth=12, random_state=0, n_jobs=_cores())
    return learner.fit(*_parts(table))


def _boosting(table: Any, _out: Path) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    learner = HistGradientBoostingClassifier(max_iter=30, early_stopping=False, random_state=0)
    return learner.fit(*_parts(table))


def _logistic(table: Any, out: Path) -> Any:
    from sklearn.linear_model import LogisticRegression

    numbers = _whole(table.drop(columns="y"))
    found = _scaled(LogisticRegression(max_iter=1000)).fit(numbers.to_numpy(), table["y"].to_numpy())
    _coefficients(found, numbers.columns).to_parquet(out / "coefficients.parquet")
    return found


def _linear(table: Any, out: Path) -> Any:
    from sklearn.linear_model import LinearRegression

    numbers, target = _whole(table.drop(columns=["y", "c0"])), table["c0"]
    found = _scaled(LinearRegression()).fit(numbers.to_numpy(), target.to_numpy())
    _coefficients(found, numbers.columns).to_parquet(out / "coefficients.parquet")
    return found


def _coefficients(found: Any, names: Any) -> Any:
    """A column's weight in its own unit and for a deviation."""
    import numpy as np
    import pandas as pd

    weights = np.atleast_2d(found[-1].coef_)
    made = {"column": np.tile(names, len(weights)), "standardised": weights.ravel()}
    return pd.DataFrame({**made, "weight": (weights / found[0].scale_).ravel()})


def _bayes(table: Any, _out: Path) -> Any:
    from sklearn.naive_bayes import GaussianNB

    return GaussianNB().fit(*_parts(table))


def _pca(table: Any, out: Path) -> Any:
    import pandas as pd
    from sklearn.decomposition import PCA

    numbers = table.drop(columns="y")
    prepare = _scaled()
    scaled = prepare.fit_transform(_whole(numbers).to_numpy())
    found = PCA().fit(scaled)  # every component, as the node tells the share of each
    scores = (scaled - found.mean_) @ found.components_[:2].T
    numbers.assign(PC1=scores[:, 0], PC2=scores[:, 1]).to_parquet(out / "scores.parquet")
    loadings = dict(zip(("PC1", "PC2"), found.components_, strict=False))
    pd.DataFrame({"column": numbers.columns, **loadings}).to_parquet(out / "loadings.parquet")
    shares = found.explained_variance_ratio_
    pd.DataFrame({"share": shares, "up to here": shares.cumsum()}).to_parquet(out / "variance.parquet")
    return prepare, found


def _k_means(table: Any, out: Path) -> Any:
    from sklearn.cluster import KMeans

    numbers = table.drop(columns="y")
    found = _scaled(KMeans(5, n_init=3, random_state=0)).fit(_whole(numbers).to_numpy())
    clustered = numbers.assign(cluster=found[-1].labels_ + 1)
    clustered.to_parquet(out / "clustered.parquet")
    groups = clustered.groupby("cluster")
    groups.mean().assign(rows=groups.size()).to_parquet(out / "centres.parquet")
    return found


def _whole(numbers: Any) -> Any:
    """Missing numbers become the median, quicker than by SimpleImputer."""
    return numbers.fillna(numbers.median())


def _scaled(*learner: Any) -> Any:
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), *learner)


def _parts(table: Any) -> tuple[Any, Any]:
    return table.drop(columns="y").to_numpy(), table["y"].to_numpy()


def _cores() -> int:
    from peephole.engine.resources import cores

    return cores()


def _node(file: Path, out: Path, name: str, without: tuple[str, ...] = (), **settings: Any) -> Any:
    import narwhals as nw

    from peephole.engine.catalog import catalog
    from peephole.tables.session import current_session

    session = current_session()
    found = catalog().require(name)(session.scan_parquet(file, number_rows=True).drop(*without), **settings)
    for number, one in enumerate(found if isinstance(found, tuple) else [found]):
        if isinstance(one, nw.LazyFrame):
            session.write_parquet(one, out / f"{number}.parquet")
    return found


def _hand(learn: Callable[[Any, Path], Any]) -> Callable[[Path, Path], Any]:
    def read_and_learn(file: Path, out: Path) -> Any:
        import pandas as pd

        return learn(pd.read_parquet(file), out)

    return read_and_learn


LEARNERS: dict[str, tuple[Callable[[Path, Path], Any], Callable[[Path, Path], Any]]] = {
    "decision tree": (lambda f, out: _node(f, out, "decision_tree_learner", target="y"), _hand(_tree)),
    "random forest": (
        lambda f, out: _node(f, out, "random_forest_learner", target="y", trees=20, depth=12),
        _hand(_forest),
    ),
    "gradient boosting": (
        lambda f, out: _node(f, out, "gradient_boosting_learner", target="y", trees=30),
        _hand(_boosting),
    ),
    "logistic regression": (lambda f, out: _node(f, out, "logistic_regression_learner", target="y"), _hand(_logistic)),
    "linear regression": (
        lambda f, out: _node(f, out, "linear_regression_learner", ("y",), target="c0"),
        _hand(_linear),
    ),
    "naive Bayes": (lambda f, out: _node(f, out, "naive_bayes_learner", target="y"), _hand(_bayes)),
    "PCA": (lambda f, out: _node(f, out, "pca", ("y",)), _hand(_pca)),
    "k-means": (lambda f, out: _node(f, out, "k_means", ("y",), clusters=5, starts=3), _hand(_k_means)),
}


def main() -> None:
    """Learn once and print seconds and peak memory."""
    name, who, file, small = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    learn = LEARNERS[name][0 if who == "node" else 1]
    with TemporaryDirectory() as folder:
        learn(small, Path(folder))  # imports, and compiled code, are not what is measured
        start = time.perf_counter()
        made = learn(file, Path(folder))
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "made": type(made).__name__}))


if __name__ == "__main__":
    main()
