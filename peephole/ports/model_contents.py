"""What a fitted model has learnt, read off its estimator as plain data: a tree's questions, a linear model's weights."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from peephole.core.errors import DataError
from peephole.core.types import Model

CATEGORIES, NUMBERS, MISSING = "categories", "numbers", "missing"  # the parts of an encoder
CONTENTS_FORMAT = 2  # raised when what is told changes
MOST_LEVELS = 8  # of a tree that are shown
MOST_WEIGHTS = 500
MOST_LISTED = 6  # categories in a question
_LEAF = -1


class UntoldError(DataError):
    """What a model has learnt cannot be told."""


def contents(model: Model) -> dict[str, Any]:
    """Everything a person wants to see of a model; `tree`, `coefficients`, `importance` are None where it has none.

    Raises UntoldError where the estimator is not what it looks like.
    """
    try:
        return _contents(model)
    except Exception as error:  # an estimator of another package may raise anything
        raise UntoldError(
            f"{model.title or 'The model'}: what it has learnt cannot be told ({type(error).__name__}: {error}).",
            remedy="It predicts all the same.",
        ) from error


def _contents(model: Model) -> dict[str, Any]:
    learnt = _learnt(model.estimator)
    return {
        "title": model.title,
        "task": model.task,
        "target": model.target,
        "features": list(model.features.items()),
        "classes": [str(c) for c in model.classes],
        "estimator": _kind(model, learnt),
        "facts": _facts(model, learnt),
        "importance": _importance(model, learnt),
        "tree": _tree(model, learnt),
        "coefficients": _coefficients(model, learnt),
    }


def column_names(prepare: Any, encode: Any) -> list[str]:
    """What the columns behind a fitted encoder are called: `colour = red`, `size`, `size^2`, `size is missing`."""
    names = prepare.names()
    categorical = prepare.categorical_
    fitted = encode.named_transformers_
    found = []
    if categorical:
        for column, codes in zip(prepare.columns_, fitted[CATEGORIES].categories_, strict=False):
            label = dict(zip(column["codes"], column["categories"], strict=True))
            found += [f"{column['name']} = {_label(label, code)}" for code in codes]
    numbers = names[categorical:]
    if numbers:
        powers = fitted[NUMBERS].named_steps.get("powers")
        found += numbers if powers is None else list(powers.get_feature_names_out(numbers))
    if MISSING in fitted:
        found += [f"{numbers[i]} is missing" for i in fitted[MISSING].features_]
    return found


def _label(label: Mapping[int, str], code: float) -> str:
    return "missing" if math.isnan(code) else label.get(int(code), "other")


def _parts(estimator: Any) -> Iterator[Any]:
    """The steps of a pipeline and of those within it, in order."""
    for _, step in getattr(estimator, "steps", [("", estimator)]):
        if hasattr(step, "steps"):
            yield from _parts(step)
        else:
            yield step


def _learnt(estimator: Any) -> Any:
    return list(_parts(estimator))[-1]


def _names(model: Model) -> list[str]:
    """What the columns are called that the last step sees; nothing where that cannot be told."""
    steps = list(_parts(model.estimator))
    prepare = next((s for s in steps if hasattr(s, "columns_") and hasattr(s, "names")), None)
    if prepare is None:
        return []
    encode = next((s for s in steps if hasattr(s, "named_transformers_")), None)
    return list(prepare.names()) if encode is None else column_names(prepare, encode)


def _kind(model: Model, learnt: Any) -> str:
    """What it is, by the name its learner goes by: `Gradient boosting, 100 trees`."""
    told = str(model.notes.get("learner") or _spoken(type(learnt).__name__))
    trees, clusters = _trees(learnt), getattr(learnt, "n_clusters", None)
    if trees:
        return f"{told}, {_counted(trees, 'tree')}"
    if hasattr(learnt, "tree_"):
        return f"{told}, {_counted(int(learnt.tree_.n_leaves), 'leaf', 'leaves')}"
    return f"{told}, {_counted(clusters, 'cluster')}" if isinstance(clusters, int) else told


def _spoken(name: str) -> str:
    """A class name as words: `ExtraTreesClassifier` gives `Extra trees classifier`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(word if word.isupper() or not i else word.lower() for i, word in enumerate(words.split()))


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def _trees(learnt: Any) -> int:
    """How many trees it adds up, 0 for what is no ensemble."""
    count = getattr(learnt, "n_iter_", 0) if hasattr(learnt, "_predictors") else len(getattr(learnt, "estimators_", ()))
    return int(count)


def _facts(model: Model, learnt: Any) -> dict[str, str]:
    """A few facts in words."""
    facts = {}
    if model.notes.get("rows") is not None:
        facts["rows"] = _text(model.notes["rows"])
    settings = model.notes.get("settings")
    if isinstance(settings, Mapping):
        facts |= {str(name).replace("_", " "): _text(value) for name, value in settings.items() if value is not None}
    trees = _trees(learnt)
    if trees:
        facts["trees"] = _text(trees)
    left_out = model.notes.get("left_out")
    if isinstance(left_out, Mapping) and left_out:
        facts["left out"] = ", ".join(f"{name} ({why})" for name, why in left_out.items())
    return facts


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _importance(model: Model, learnt: Any) -> list[dict[str, Any]] | None:
    """How much each table column matters, as the estimator itself tells it."""
    values = getattr(learnt, "feature_importances_", None)
    names = _names(model)
    if values is None or len(values) != len(names):
        return None
    found: dict[str, float] = {}
    for name, value in zip(names, values, strict=True):
        source = _source(name, model.features)
        found[source] = found.get(source, 0.0) + float(value)
    ordered = sorted(found.items(), key=lambda item: -item[1])
    return [{"feature": name, "value": value} for name, value in ordered]


def _source(name: str, features: Mapping[str, str]) -> str:
    """The table column that a matrix column was made from."""
    if name in features:
        return name
    made = [f for f in features if name.startswith((f"{f} = ", f"{f} (", f"{f} is missing", f"{f}^"))]
    return max(made, key=len, default=name)


def _coefficients(model: Model, learnt: Any) -> list[dict[str, Any]] | None:
    """The weights, each in its column's own unit, and what they start from."""
    weights, names = getattr(learnt, "coef_", None), _names(model)
    if weights is None or not hasattr(weights, "ndim"):
        return None
    rows = weights.reshape(1, -1) if weights.ndim == 1 else weights
    if rows.shape[1] != len(names):
        return None
    base: Any = getattr(learnt, "intercept_", 0.0)
    bases = [float(b) for b in base] if getattr(base, "ndim", 0) else [float(base)] * len(rows)
    # with two classes there is one set of weights, and it speaks for the second
    classes = [str(c) for c in model.classes]
    targets: list[str | None] = [None] if not classes else [*(classes if len(classes) == len(rows) else classes[-1:])]
    scaling = _scaling(model, len(names))
    found = []
    for target, row, start in zip(targets, rows, bases, strict=False):
        own = [float(weight) / scale for weight, (_, scale) in zip(row, scaling, strict=True)]
        taken_off = sum(weight * mean for weight, (mean, _) in zip(own, scaling, strict=True))
        pairs = [("(intercept)", start - taken_off), *zip(names, own, strict=True)]
        found += [{"feature": name, "target": target, "value": value} for name, value in pairs[:MOST_WEIGHTS]]
    return found


def _scaling(model: Model, width: int) -> list[tuple[float, float]]:
    """What was taken off each column and what it was divided by; 0 and 1 for those not scaled."""
    found = [(0.0, 1.0)] * width
    encode = next((s for s in _parts(model.estimator) if hasattr(s, "named_transformers_")), None)
    numbers = getattr(encode, "named_transformers_", {}).get(NUMBERS)
    scaler = getattr(numbers, "named_steps", {}).get("scale")
    if encode is not None and scaler is not None:
        found[encode.output_indices_[NUMBERS]] = zip(map(float, scaler.mean_), map(float, scaler.scale_), strict=True)
    return found


def _tree(model: Model, learnt: Any) -> dict[str, Any] | None:
    tree = getattr(learnt, "tree_", None)
    steps = list(_parts(model.estimator))
    prepare = next((s for s in steps if hasattr(s, "columns_") and hasattr(s, "names")), None)
    names = _names(model)
    if tree is None or prepare is None or len(names) != tree.n_features:
        return None
    reader = _TreeReader(tree, names, _categories(prepare, names), [str(c) for c in model.classes])
    depth = int(tree.max_depth)
    return {
        "root": reader.node(0, 0),
        "depth": depth,
        "shown": min(depth, MOST_LEVELS),
        "leaves": int(tree.n_leaves),
    }


def _categories(prepare: Any, names: Sequence[str]) -> dict[str, dict[int, str]]:
    """For columns of codes, the category behind each code."""
    return {
        c["name"]: dict(zip(c["codes"], c["categories"], strict=True))
        for c in prepare.columns_
        if c["role"] == "category" and c["name"] in names
    }


class _TreeReader:
    """Reads scikit-learn's arrays of a fitted tree (tree_.children_left ...) node by node."""

    def __init__(
        self, tree: Any, names: Sequence[str], categories: Mapping[str, Mapping[int, str]], classes: Sequence[str]
    ) -> None:
        self._tree = tree
        self._names = names
        self._categories = categories
        self._classes = classes

    def node(self, at: int, level: int) -> dict[str, Any]:
        """A node with all that is shown below it."""
        tree = self._tree
        left, right = int(tree.children_left[at]), int(tree.children_right[at])
        leaf = left == _LEAF
        shown = not leaf and level < MOST_LEVELS
        name = None if leaf else self._names[tree.feature[at]]
        return {
            "feature": name,
            "threshold": None if leaf else float(tree.threshold[at]),
            "question": "" if name is None else self._question(name, float(tree.threshold[at])),
            "rows": float(tree.weighted_n_node_samples[at]),
            "impurity": float(tree.impurity[at]),
            **self._prediction(at),
            "left": self.node(left, level + 1) if shown else None,
            "right": self.node(right, level + 1) if shown else None,
        }

    def _prediction(self, at: int) -> dict[str, Any]:
        values = self._tree.value[at][0]
        if not self._classes:
            return {"value": float(values[0]), "shares": None}
        total = float(values.sum()) or 1.0
        shares = [float(v) / total for v in values]
        return {"value": self._classes[shares.index(max(shares))], "shares": shares}

    def _question(self, name: str, threshold: float) -> str:
        codes = self._categories.get(name)
        if codes is None:
            return f"{name} ≤ {threshold:.6g}"
        below = [label for code, label in sorted(codes.items()) if code <= threshold]
        above = [label for code, label in sorted(codes.items()) if code > threshold]
        if len(above) < len(below):
            return f"{name} is not {_listed(above)}"
        return f"{name} is {_listed(below)}"


def _listed(labels: Sequence[str]) -> str:
    if len(labels) <= MOST_LISTED:
        return " or ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels) or "another"
    return f"one of {len(labels)}: {', '.join(labels[:MOST_LISTED])}, …"
